# Reference values of grouped dose-response from metafor.
# Run in this folder:   Rscript oracle_grouped.R
# It reads published/moore2012.csv and writes published/metafor_grouped.json.
#
# rma.mv without intercept, the dose's columns as random effects (struct "GEN", unstructured) and the covariance of
# Greenland and Longnecker given as V is the one-stage model. Doses are divided by 100 for the search and the results
# taken back; uobyqa is run to 1e-10, since it uses no gradient.
suppressMessages({
  library(metafor)
  library(jsonlite)
})
control <- list(optimizer = "uobyqa", rhoend = 1e-10, maxfun = 5000)
z <- qnorm(0.975)

# Kamada 2017 table 2, Patel 2020 table 3
strength <- function() {
  ratio <- list(c(1, .73, .71, .81, 1.10), c(1, .88, .90, 1.01))
  low <- list(c(NA, .65, .62, .67, .77), c(NA, .82, .84, .93))
  high <- list(c(NA, .82, .82, .97, 1.56), c(NA, .94, .97, 1.09))
  n <- list(c(271749, 20224, 19319, 23035, 12515), c(706525, 55001, 55322, 42355))
  dose <- list(c(0, 10, 39.5, 104.5, 195), c(0, 30, 90, 150))
  blocks <- list(); y <- x <- study <- c()
  for (i in 1:2) {
    u <- 1 / (ratio[[i]] * n[[i]])
    v <- (log(high[[i]] / low[[i]]) / (2 * z))[-1]
    s <- sqrt(u[1] + u[-1])
    r <- u[1] / outer(s, s); diag(r) <- 1
    blocks[[i]] <- r * outer(v, v)
    y <- c(y, log(ratio[[i]][-1])); x <- c(x, dose[[i]][-1]); study <- c(study, rep(i, length(v)))
  }
  list(y = y, V = bldiag(blocks), x = x, from = rep(0, length(x)), study = study, all = unlist(dose))
}

moore <- function() {
  d <- read.csv(file.path("published", "moore2012.csv"), stringsAsFactors = FALSE)
  d$dose <- (d$dose_low + d$dose_high) / 2
  open <- is.na(d$dose_high)
  d$dose[open] <- 22.5 + (22.4 - 15.0) / 2
  own <- d$hr != 1 | !is.na(d$ci_low)
  list(y = log(d$hr[own]), V = diag((log(d$ci_high[own] / d$ci_low[own]) / (2 * z))^2), x = d$dose[own],
       from = rep(0, sum(own)), study = d$cohort[own], all = d$dose)
}

cube <- function(x) pmax(x, 0)^3
spline <- function(x, t) {
  cbind(x, (cube(x - t[1]) - (cube(x - t[2]) * (t[3] - t[1]) - cube(x - t[3]) * (t[2] - t[1])) / (t[3] - t[2])) /
          (t[3] - t[1])^2)
}

one <- function(name, shape, method) {
  t <- if (name == "strength") strength() else moore()
  knots <- quantile(t$all, c(.1, .5, .9), names = FALSE)
  X <- switch(shape, linear = cbind(t$x), quadratic = cbind(t$x, t$x^2), "rcs(3)" = spline(t$x, knots))
  scale <- if (shape == "quadratic") c(100, 1e4) else rep(100, ncol(X))
  Z <- sweep(X, 2, scale, "/")
  d <- data.frame(y = t$y, study = t$study, Z)
  names(d)[-(1:2)] <- paste0("x", seq_len(ncol(Z)))
  right <- paste("~ 0 +", paste(names(d)[-(1:2)], collapse = " + "))
  f <- rma.mv(y, t$V, mods = as.formula(right), random = as.formula(paste(right, "| study")), struct = "GEN",
              data = d, method = method, control = control)
  list(name = unbox(paste(name, shape, method)), table = unbox(name), shape = unbox(shape), method = unbox(method),
       beta = as.numeric(coef(f)) / scale, se = f$se / scale, psi = unname(f$G) / outer(scale, scale),
       loglik = unbox(as.numeric(logLik(f))))
}

cases <- list()
for (name in c("strength", "moore")) for (shape in c("linear", "quadratic", "rcs(3)")) for (method in c("REML", "ML"))
  cases[[length(cases) + 1]] <- one(name, shape, method)
versions <- list(R = unbox(as.character(getRversion())), metafor = unbox(as.character(packageVersion("metafor"))))
write(toJSON(list(made_by = versions, fits = cases), auto_unbox = FALSE, digits = 14, pretty = TRUE,
             always_decimal = TRUE), "published/metafor_grouped.json")
