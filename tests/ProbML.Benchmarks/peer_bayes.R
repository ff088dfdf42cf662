# rstanarm's NUTS on the rows that the benchmark wrote: Rscript peer_bayes.R FOLDER
suppressMessages(library(rstanarm))
data <- read.csv(file.path(commandArgs(TRUE)[1], "bayes_logistic.csv"))
for (run in 1:2) {
  time <- system.time(fit <- stan_glm(y ~ ., binomial(), data, prior = normal(0, 2.5, autoscale = FALSE),
    prior_intercept = normal(0, 2.5, autoscale = FALSE), chains = 4, cores = 2, iter = 2000, seed = run, refresh = 0))[["elapsed"]]
  draws <- as.array(fit)
  bulk <- min(apply(draws[, , 1:11], 3, rstan::ess_bulk))
  cat(sprintf("rstanarm %s: %.2f s, smallest bulk ESS %.0f (%.0f a second, adaptation included)\n",
    packageVersion("rstanarm"), time, bulk, bulk / time))
}
