# The numbers of the dose-response report worked with metafor and clubSandwich; nothing of repdose is called.
# The trials are exported first, as the package reads them (corrections applied, nothing computed); then, in this folder:
#   python -c 'from repdose import evidence; evidence.trials("volume").to_csv("rows.csv", index=False)'
#   Rscript oracle_dose_response.R rows.csv
# It writes published/reports_dose_response.csv. Optimisers as in oracle_metafor.R.
suppressMessages({
  library(metafor)
  library(clubSandwich)
})
control <- list(optimizer = "uobyqa", rhoend = 1e-10, maxfun = 50000)
trials <- read.csv(commandArgs(trailingOnly = TRUE)[1], stringsAsFactors = FALSE)
number <- function(...) data.frame(..., stringsAsFactors = FALSE)

worked <- function(domain, r, rho = 0.6, limbs = 0.6, low = 5, high = 10, ratio = FALSE) {
  kept <- trials$domain == domain & trials$control_arm == "False" & trials$authors_excluded == "False"
  d <- trials[kept & !(ratio & is.na(trials$sd_post)), ]
  m <- d$n - 1
  j <- exp(lgamma(m / 2) - lgamma((m - 1) / 2)) / sqrt(m / 2)
  d$yi <- j * (d$mean_post - d$mean_pre) / d$sd_pre
  exact <- function(at) j^2 * (m / (m - 2)) * (2 * (1 - r) / d$n + at^2) - at^2
  # rows of one arm are of the same people, and so are arms of one sex where arms are limbs
  d$people <- ifelse(d$allocation_design == "within", paste(d$study, d$sex), d$arm)
  of_test <- paste(d$arm, d$outcome, d$weeks)
  d$test <- paste(d$outcome, d$weeks, ave(seq_along(of_test), of_test, FUN = seq_along))
  correlation <- outer(d$people, d$people, "==") * ifelse(outer(d$arm, d$arm, "=="), 1, limbs) *
    ifelse(outer(d$test, d$test, "=="), 1, rho)
  covariance <- function(vi) correlation * sqrt(outer(vi, vi))
  fit <- function(X, vi, method = "REML") {
    rma.mv(yi, covariance(vi), mods = X, intercept = FALSE, random = ~ 1 | study/arm/es_id, data = d,
           method = method, control = control, sparse = FALSE)
  }
  if (ratio) {
    d$yi <- log(d$mean_post / d$mean_pre)
    before <- d$sd_pre / d$mean_pre
    after <- d$sd_post / d$mean_post
    vi <- (before^2 + after^2 - 2 * r * before * after) / d$n
  } else {
    # the common effect: from the plain mean, fitted once
    at <- as.numeric(fit(cbind(rep(1, nrow(d))), exact(mean(d$yi)))$beta)
    vi <- exact(at)
  }
  x <- d$weekly_sets
  knots <- quantile(x, c(.1, .5, .9), names = FALSE)
  cubic <- function(u) pmax(u, 0)^3
  spline <- function(x) {
    (cubic(x - knots[1]) - cubic(x - knots[2]) * (knots[3] - knots[1]) / (knots[3] - knots[2]) +
      cubic(x - knots[3]) * (knots[2] - knots[1]) / (knots[3] - knots[2])) / (knots[3] - knots[1])^2
  }
  bases <- list(
    constant = function(x) cbind(rep(1, length(x))),
    linear = function(x) cbind(1, x),
    root = function(x) cbind(1, sqrt(x)),
    log = function(x) cbind(1, log1p(x)),
    quadratic = function(x) cbind(1, x, x^2),
    spline = function(x) cbind(1, x, spline(x))
  )
  k <- length(unique(d$study))
  contrast <- function(f, robust, c) {
    estimate <- sum(c * f$beta)
    if (all(c == 0)) return(c(0, 0, Inf))
    t <- linear_contrast(f, vcov = robust, contrasts = matrix(c, 1), level = .95, test = "Satterthwaite")
    c(estimate, t$SE, t$df)
  }
  aic <- gains <- differences <- spread <- degrees <- c()
  for (base in bases) {
    X <- base(x)
    f <- fit(X, vi)
    likely <- fit(X, vi, "ML")
    robust <- vcovCR(f, cluster = d$study, type = "CR2")
    aic <- c(aic, AIC(likely))
    at_high <- as.numeric(base(high)); at_low <- as.numeric(base(low))
    gains <- rbind(gains, contrast(f, robust, at_high))
    differences <- rbind(differences, contrast(f, robust, at_high - at_low))
    spread <- c(spread, sum(f$sigma2)); degrees <- c(degrees, k - ncol(X) - 1)
  }
  w <- exp(-(aic - min(aic)) / 2); w <- w / sum(w)
  # a form without error is a point: 0 / 0 there is taken as reached
  mixture <- function(mean, se, df, share) {
    cdf <- function(y) sum(w * ifelse(se == 0, y >= mean, pt((y - mean) / pmax(se, 1e-300), df))) - share
    uniroot(cdf, c(-10, 10), tol = 1e-13)$root
  }
  averaged <- function(parts) {
    c(sum(w * parts[, 1]), mixture(parts[, 1], parts[, 2], parts[, 3], .025), mixture(parts[, 1], parts[, 2], parts[, 3], .975))
  }
  ahead <- function(share) mixture(gains[, 1], sqrt(gains[, 2]^2 + spread), degrees, share)
  gain <- averaged(gains)
  difference <- averaged(differences)
  # within and between, column by column of a form
  split <- function(base) {
    columns <- base(x)[, -1, drop = FALSE]
    between <- apply(columns, 2, function(column) {
      of_arm <- aggregate(column ~ study + arm, cbind(d, column = column), mean)
      as.numeric(tapply(of_arm$column, of_arm$study, mean)[d$study])
    })
    f <- fit(cbind(1, columns - between, between), vi)
    robust <- vcovCR(f, cluster = d$study, type = "CR2")
    interval <- function(c) { s <- contrast(f, robust, c); h <- s[2] * qt(.975, s[3]); c(s[1], s[1] - h, s[1] + h) }
    rise <- as.numeric(base(high))[-1] - as.numeric(base(low))[-1]
    list(interval = interval, difference = interval(c(0, rise, 0 * rise)))
  }
  bent <- split(bases$spline)
  if (ratio) {
    percent <- number(id = "difference_percent", t(100 * expm1(bent$difference)), unit = "%", decimals = 2)
    names(percent)[2:4] <- c("value", "low", "high")
    return(percent)
  }
  line <- split(bases$linear)
  slope <- line$interval
  v0 <- median(j^2 * (m / (m - 2)) * 2 * (1 - r) / d$n)
  step <- (qnorm(.975) + qnorm(.8)) * sqrt(2 * v0)
  out <- rbind(
    number(id = "slope_within", t(slope(c(0, 1, 0))), unit = "pre-test SD per set", decimals = 4),
    number(id = "slope_between", t(slope(c(0, 0, 1))), unit = "pre-test SD per set", decimals = 4),
    number(id = "slope_difference", t(slope(c(0, 1, -1))), unit = "pre-test SD per set", decimals = 4),
    number(id = "gain", t(gain), unit = "pre-test SD", decimals = 2),
    number(id = "gain_of_a_new_arm", t(c(gain[1], ahead(.025), ahead(.975))), unit = "pre-test SD",
           decimals = 2),
    number(id = "difference", t(bent$difference), unit = "pre-test SD", decimals = 3),
    number(id = "difference_straight", t(line$difference), unit = "pre-test SD", decimals = 3),
    number(id = "difference_averaged", t(difference), unit = "pre-test SD", decimals = 3),
    number(id = "smallest_detectable_effect", t(c(step, NA, NA)), unit = "pre-test SD", decimals = 2)
  )
  names(out)[2:4] <- c("value", "low", "high")
  cat(domain, "common effect", at, "weights", w, "variance of true effects", sum(w * spread), "\n")
  out
}

of <- function(scenario, domain, r) {
  cbind(scenario = scenario, rbind(worked(domain, r), worked(domain, r, ratio = TRUE)))
}
table <- rbind(of("foundation", "size", 0.9), of("strength", "strength", 0.8))
for (column in c("value", "low", "high")) table[[column]] <- signif(table[[column]], 10)
versions <- c(as.character(getRversion()), as.character(packageVersion("metafor")), as.character(packageVersion("clubSandwich")))
table$computed_by <- sprintf("R %s with metafor %s and clubSandwich %s", versions[1], versions[2], versions[3])
write.csv(table, "published/reports_dose_response.csv", row.names = FALSE, na = "", quote = FALSE)
print(table)
