# lme4 on the rows that the benchmark wrote: Rscript peer_hierarchical.R FOLDER
suppressMessages(library(lme4))
folder <- commandArgs(TRUE)[1]
report <- function(what, seconds, fit) {
  v <- VarCorr(fit)$g
  cat(sprintf("lme4 %s, %s: %.2f s, log-likelihood %.4f, sd %.5f %.5f, cor %.5f, b1 %.6f (%.6f)\n", packageVersion("lme4"), what, seconds,
    as.numeric(logLik(fit)), attr(v, "stddev")[1], attr(v, "stddev")[2], attr(v, "correlation")[1, 2], fixef(fit)[2], sqrt(vcov(fit)[2, 2])))
}
d <- read.csv(file.path(folder, "gaussian.csv"))
seconds <- system.time(fit <- lmer(y ~ x1 + x2 + x3 + x4 + (x1 | g), d))[["elapsed"]]
report("REML", seconds, fit)
d <- read.csv(file.path(folder, "logistic.csv"))
seconds <- system.time(fit <- glmer(y ~ x1 + x2 + x3 + x4 + (x1 | g), d, binomial))[["elapsed"]]
report("Laplace", seconds, fit)
