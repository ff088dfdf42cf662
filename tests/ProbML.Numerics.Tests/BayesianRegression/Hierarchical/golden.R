# Reference fits of R's lme4 for HierarchicalReferenceTests: Rscript golden.R > lme4.json
# Data: sleepstudy (Belenky et al. 2003, J. Sleep Res. 12), Dyestuff2 (Box & Tiao 1973, table 5.1.4), Penicillin and Pastes (Davies &
# Goldsmith 1972, tables 6.6 and 6.5), cbpp (Lesnoff et al. 2004), grouseticks (Elston et al. 2001, Parasitology 122): small tables of
# facts from the literature as R's lme4 has them; the rest is drawn here.
suppressMessages({library(lme4); library(jsonlite)})
tightL <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-11, maxfun = 100000), calc.derivs = FALSE,
                      check.conv.singular = "ignore")
tightG <- glmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-9, maxfun = 200000), tolPwrss = 1e-13,
                       check.conv.singular = "ignore")
# Standard errors of glmer's fits: from the curvature of its own deviance, as vcov has them, but by differences of higher order.
curved <- function(fit) {
  dev <- update(fit, devFunOnly = TRUE); at <- c(getME(fit, "theta"), fixef(fit)); n <- length(at); h <- 1e-3; H <- matrix(0, n, n)
  scale <- c(rep(1, n - length(fixef(fit))), sqrt(diag(as.matrix(vcov(fit)))) * 10)
  for (i in 1:n) for (j in 1:i) {
    e <- function(a, b) { p <- at; p[i] <- p[i] + a * h * scale[i]; p[j] <- p[j] + b * h * scale[j]; dev(p) }
    H[i, j] <- H[j, i] <- if (i == j) (-e(2, 0) + 16 * e(1, 0) - 30 * dev(at) + 16 * e(-1, 0) - e(-2, 0)) / (12 * h^2)
      else (e(1, 1) - e(1, -1) - e(-1, 1) + e(-1, -1)) / (4 * h^2)
  }
  (sqrt(diag(2 * solve(H))) * scale)[-seq_len(n - length(fixef(fit)))]
}
case <- function(name, fit, data, features, groups, y, weights = NULL, offset = NULL, extra = list()) {
  v <- lapply(VarCorr(fit), function(m) list(sd = as.numeric(attr(m, "stddev")), correlation = matrix(attr(m, "correlation"), nrow(m))))
  re <- ranef(fit, condVar = TRUE)
  blups <- lapply(re, function(r) list(levels = rownames(r), names = I(names(r)), mean = as.matrix(r)))
  cond <- lapply(re, function(r) { p <- attr(r, "postVar")
    if (is.list(p)) NULL else lapply(seq_len(dim(p)[3]), function(k) matrix(p[, , k], dim(p)[1])) })
  c(list(name = name, family = family(fit)$family, features = as.matrix(data[features]), feature_names = features,
         groups = lapply(data[groups], as.character), y = data[[y]], weights = weights, offset = offset,
         fixed = as.numeric(fixef(fit)), fixed_names = names(fixef(fit)), se = if (isGLMM(fit)) curved(fit) else sqrt(diag(as.matrix(vcov(fit)))),
         sigma = sigma(fit), components = v, blups = blups, conditional_variance = cond,
         log_likelihood = as.numeric(logLik(fit)), aic = AIC(fit), singular = isSingular(fit),
         fitted = as.numeric(fitted(fit))), extra)
}
cases <- list()
add <- function(...) cases[[length(cases) + 1]] <<- case(...)

add("sleepstudy, correlated, REML", lmer(Reaction ~ Days + (Days | Subject), sleepstudy, control = tightL), sleepstudy, "Days", "Subject",
    "Reaction", extra = list(inference = "reml", slopes = list(Subject = I("Days")), correlated = TRUE))
add("sleepstudy, correlated, ML", lmer(Reaction ~ Days + (Days | Subject), sleepstudy, REML = FALSE, control = tightL), sleepstudy, "Days",
    "Subject", "Reaction", extra = list(inference = "ml", slopes = list(Subject = I("Days")), correlated = TRUE))
indep <- lmer(Reaction ~ Days + (1 | Subject) + (0 + Days | Subject), sleepstudy, control = tightL)
cases[[length(cases) + 1]] <- list(name = "sleepstudy, independent, REML", family = "gaussian", features = as.matrix(sleepstudy["Days"]),
    feature_names = "Days", groups = list(Subject = as.character(sleepstudy$Subject)), y = sleepstudy$Reaction, weights = NULL, offset = NULL,
    fixed = as.numeric(fixef(indep)), fixed_names = names(fixef(indep)), se = sqrt(diag(as.matrix(vcov(indep)))), sigma = sigma(indep),
    components = list(Subject = list(sd = as.numeric(sapply(VarCorr(indep), function(m) attr(m, "stddev"))), correlation = diag(2))),
    blups = list(Subject = list(levels = rownames(ranef(indep)$Subject), names = names(ranef(indep)$Subject), mean = as.matrix(ranef(indep)$Subject))),
    conditional_variance = NULL, log_likelihood = as.numeric(logLik(indep)), aic = AIC(indep), singular = FALSE,
    fitted = as.numeric(fitted(indep)), inference = "reml", slopes = list(Subject = I("Days")), correlated = FALSE)

set.seed(11)
n <- 240
weighted <- data.frame(x1 = round(rnorm(n), 2), x2 = round(runif(n), 2), g = factor(sample(sprintf("g%02d", 1:20), n, TRUE)))
b <- matrix(rnorm(40), 20)
i <- as.integer(weighted$g)
w <- round(runif(n, 0.5, 3), 1)
o <- round(runif(n, -1, 1), 2)
weighted$y <- round(1 + o + 2 * weighted$x1 - weighted$x2 + 0.8 * b[i, 1] + (0.5 * b[i, 2] + 0.3 * b[i, 1]) * weighted$x1 + rnorm(n) / sqrt(w), 3)
add("drawn, weights and offset, REML", lmer(y ~ x1 + x2 + (x1 | g), weighted, weights = w, offset = o, control = tightL), weighted,
    c("x1", "x2"), "g", "y", weights = w, offset = o, extra = list(inference = "reml", slopes = list(g = I("x1")), correlated = TRUE))
add("Dyestuff2, singular, REML", lmer(Yield ~ 1 + (1 | Batch), Dyestuff2, control = tightL), cbind(Dyestuff2), character(), "Batch", "Yield",
    extra = list(inference = "reml", slopes = list(), correlated = TRUE))
add("Penicillin, crossed, REML", lmer(diameter ~ 1 + (1 | plate) + (1 | sample), Penicillin, control = tightL), Penicillin, character(),
    c("plate", "sample"), "diameter", extra = list(inference = "reml", slopes = list(), correlated = TRUE))
Pastes$batch <- factor(Pastes$batch)
add("Pastes, nested, ML", lmer(strength ~ 1 + (1 | sample) + (1 | batch), Pastes, REML = FALSE, control = tightL), Pastes, character(),
    c("sample", "batch"), "strength", extra = list(inference = "ml", slopes = list(), correlated = TRUE))

rows <- do.call(rbind, lapply(seq_len(nrow(cbpp)), function(k) with(cbpp[k, ], data.frame(herd, period, y = c(1, 0), w = c(incidence, size - incidence)))))
rows <- rows[rows$w > 0, ]
for (p in 2:4) rows[[paste0("period", p)]] <- as.numeric(rows$period == p)
add("cbpp, Laplace", glmer(y ~ period2 + period3 + period4 + (1 | herd), rows, binomial, weights = w, control = tightG), rows,
    paste0("period", 2:4), "herd", "y", weights = rows$w, extra = list(inference = "laplace", slopes = list(), correlated = TRUE))
add("cbpp, quadrature of 9", glmer(y ~ period2 + period3 + period4 + (1 | herd), rows, binomial, weights = w, control = tightG, nAGQ = 9), rows,
    paste0("period", 2:4), "herd", "y", weights = rows$w, extra = list(inference = "quadrature", slopes = list(), correlated = TRUE))

set.seed(12)
n <- 360
slopes <- data.frame(x1 = round(rnorm(n), 2), x2 = round(runif(n), 2), g = factor(sample(sprintf("g%02d", 1:24), n, TRUE)))
b <- matrix(rnorm(48), 24)
i <- as.integer(slopes$g)
eta <- 0.3 + 0.8 * slopes$x1 - slopes$x2 + b[i, 1] + (0.6 * b[i, 2] - 0.3 * b[i, 1]) * slopes$x1
slopes$y <- rbinom(n, 1, plogis(eta))
add("drawn, logistic with slopes, Laplace", glmer(y ~ x1 + x2 + (x1 | g), slopes, binomial, control = tightG), slopes, c("x1", "x2"), "g",
    "y", extra = list(inference = "laplace", slopes = list(g = I("x1")), correlated = TRUE))
e <- round(runif(n, -0.5, 1), 2)
slopes$c <- rpois(n, exp(e + 0.5 * eta))
add("drawn, Poisson with slopes and offset, Laplace", glmer(c ~ x1 + x2 + (x1 | g), slopes, poisson, offset = e, control = tightG), slopes,
    c("x1", "x2"), "g", "c", offset = e, extra = list(inference = "laplace", slopes = list(g = I("x1")), correlated = TRUE))
ticks <- grouseticks
ticks$YEAR96 <- as.numeric(ticks$YEAR == 96); ticks$YEAR97 <- as.numeric(ticks$YEAR == 97)
ticks$cHEIGHT <- as.numeric(ticks$cHEIGHT)
add("grouseticks, three factors, Laplace", glmer(TICKS ~ YEAR96 + YEAR97 + cHEIGHT + (1 | INDEX) + (1 | BROOD) + (1 | LOCATION), ticks, poisson, control = tightG), ticks,
    c("YEAR96", "YEAR97", "cHEIGHT"), c("INDEX", "BROOD", "LOCATION"), "TICKS", extra = list(inference = "laplace", slopes = list(), correlated = TRUE))
cat(toJSON(list(source = paste("lme4", packageVersion("lme4"), R.version.string), cases = cases), digits = NA, auto_unbox = TRUE, null = "null", matrix = "rowmajor"))
