# The numbers that the inference tests quote. R 4.2.2, sandwich 3.0-2, brglm2 0.9, MASS 7.3-58.2.
# usage: Rscript golden.R FOLDER_OF_THE_CSV_FILES
suppressMessages({library(sandwich); library(brglm2); library(MASS)})
folder <- commandArgs(TRUE)[1]
options(digits = 15)
tight <- glm.control(epsilon = 1e-15, maxit = 200)
data <- function(name) read.csv(file.path(folder, paste0(name, ".csv")), stringsAsFactors = FALSE)
show <- function(what, x) cat(what, ": ", paste(sprintf("%.13g", x), collapse = ", "), "\n", sep = "")

warp <- data("warpbreaks"); warp$wool <- relevel(factor(warp$wool), "A"); warp$tension <- factor(warp$tension, c("L", "M", "H"))
counts <- glm(breaks ~ wool + tension, poisson, warp, control = tight)
clot <- data("clotting")
times <- glm(time ~ log_conc + lot + log_conc_lot2, Gamma("log"), transform(clot, lot = relevel(factor(lot), "lot1")), control = tight)
quine <- data("quine")
wide <- glm(Days ~ Eth + Sex + Age + Lrn, poisson, quine, control = tight)

for (m in list(counts, times)) {
  for (kind in c("HC0", "HC1", "HC2", "HC3")) show(paste(family(m)$family, kind), sqrt(diag(vcovHC(m, kind))))
  group <- (seq_len(nrow(model.matrix(m))) - 1) %% 7
  show("cluster GroupsAndRows", sqrt(diag(vcovCL(m, group, type = "HC1"))))
  show("cluster Groups", sqrt(diag(vcovCL(m, group, type = "HC0"))))
  rows <- c(1, 5, nrow(model.matrix(m)))
  show("rows", rows)
  for (type in c("response", "working", "pearson", "deviance")) show(type, residuals(m, type)[rows])
  show("hat", hatvalues(m)[rows])
  show("standardised pearson", rstandard(m, type = "pearson")[rows])
  show("standardised deviance", rstandard(m)[rows])
  show("studentised", rstudent(m)[rows])
  show("cook", cooks.distance(m)[rows])
  show("dffits", dffits(m)[rows])
  show("dfbetas of the first", dfbetas(m)[1, ])
  show("largest cook", order(-cooks.distance(m))[1:5])
}
print(drop1(counts, test = "LRT"), digits = 15)
print(drop1(wide, test = "LRT"), digits = 15)
for (v in c("wool", "tension")) {
  less <- update(counts, as.formula(paste(". ~ . -", v)))
  print(anova(less, counts, test = "Rao"), digits = 15)
}
less <- update(times, . ~ . - log_conc_lot2); print(anova(less, times, test = "F"), digits = 15)
print(anova(less, times, test = "Rao"), digits = 15); print(sum(residuals(less, "pearson")^2) / less$df.residual, digits = 15)

utils::data(endometrial, package = "brglm2")
for (link in c("logit", "probit", "cloglog")) {
  f <- glm(HG ~ NV + PI + EH, binomial(link), endometrial, method = "brglmFit", type = "MPL_Jeffreys", epsilon = 1e-12, maxit = 2000)
  show(paste("firth", link), coef(f)); show("se", sqrt(diag(vcov(f))))
}
show("endometrial", t(as.matrix(endometrial)))
print(confint(times)); show("shape", gamma.shape(times, it.lim = 100, eps.max = 1e-14)$alpha)
