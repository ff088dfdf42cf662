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

# Multinomial, ordinal and Tobit models: scores and information by numerical differentiation of the log-likelihood, at the
# coefficients of the reference files; Tobit by sandwich and survival besides. numDeriv 2016.8-1.1, survival 3.5-3.
suppressMessages({library(survival); library(numDeriv); library(sandwich)})
best <- function(f, start) { for (i in 1:30) { step <- solve(hessian(f, start), grad(f, start)); start <- start - step }; start }
vector_robust <- function(name, rows, start) {
  total <- function(b) sum(rows(b))
  b <- best(total, start); p <- length(b)
  u <- jacobian(rows, b); n <- nrow(u); bread <- solve(-hessian(total, b)); g <- rowsum(u, (seq_len(n) - 1) %% 7)
  v <- diag(bread %*% crossprod(u) %*% bread); c <- diag(bread %*% crossprod(g) %*% bread)
  show(paste(name, "estimates"), b); show(paste(name, "HC0"), sqrt(v)); show(paste(name, "HC1"), sqrt(v * n / (n - p)))
  show(paste(name, "Groups"), sqrt(c * 7 / 6)); show(paste(name, "GroupsAndRows"), sqrt(c * 7 / 6 * (n - 1) / (n - p)))
}
tobin <- data("tobin")
vector_robust("tobit", function(b) {
  eta <- b[1] + b[2] * tobin$age + b[3] * tobin$quant; s <- exp(b[4])
  ifelse(tobin$durable > 0, dnorm(tobin$durable, eta, s, log = TRUE), pnorm(-eta / s, log.p = TRUE))
}, c(15.1448663615, -0.1290592819, -0.0455416547, 1.7178575))
limited <- survreg(Surv(durable, durable > 0, type = "left") ~ age + quant, tobin, dist = "gaussian", control = survreg.control(rel.tolerance = 1e-14, maxiter = 200))
show("sandwich of survreg", sqrt(diag(sandwich(limited))))
wine <- data("wine_ordinal")
vector_robust("ordinal", function(b) {
  eta <- b[5] * (wine$temp == "warm") + b[6] * (wine$contact == "yes"); cuts <- c(-Inf, b[1:4], Inf)
  log(plogis(cuts[wine$rating + 1] - eta) - plogis(cuts[wine$rating] - eta))
}, c(-1.34, 1.25, 3.47, 5.00, 2.50, 1.53))
women <- data("womenlf"); x <- cbind(1, women$hincome, women$children == "present")
place <- match(women$partic, c("not.work", "parttime", "fulltime"))
vector_robust("multinomial", function(b) {
  eta <- cbind(0, x %*% b[1:3], x %*% b[4:6])
  eta[cbind(seq_along(place), place)] - log(rowSums(exp(eta)))
}, c(-1.43, 0.007, 0.02, 1.98, -0.097, -2.56))
