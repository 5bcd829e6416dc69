# Pins escalc() of metafor for tests/test_effect_sizes.py.
# Run from the repository: Rscript tests/oracle_escalc.R   (writes tests/published/escalc.json)
suppressMessages(library(metafor))
two <- data.frame(
  mean_1 = c(12.0, 105.2, 0.83, 54.4, 9.1), sd_1 = c(2.0, 14.1, 0.12, 7.2, 1.8), n_1 = c(20, 8, 143, 10, 7),
  mean_2 = c(10.0, 98.7, 0.91, 53.3, 11.9), sd_2 = c(2.5, 20.3, 0.10, 7.8, 2.9), n_2 = c(20, 11, 97, 9, 5))
pre <- data.frame(
  mean_pre = c(53.3, 38.2, 4.34, 1640.6, 97.4), sd_pre = c(7.8, 3.9, 0.95, 303.1, 33.0),
  mean_post = c(54.4, 38.4, 4.68, 1902.3, 88.1), sd_post = c(7.2, 3.9, 0.91, 403.6, 30.2),
  n = c(10, 9, 21, 7, 45), r = c(0.9, 0.8, 0.5, 0.95, -0.2))
bcg <- data.frame(events_1 = c(4, 6, 3, 62, 505), n_1 = c(123, 306, 231, 13598, 88391),
                  events_2 = c(11, 29, 11, 248, 499), n_2 = c(139, 303, 220, 12867, 88391))
pick <- function(x) list(yi = as.numeric(x$yi), vi = as.numeric(x$vi))
groups <- function(measure) pick(with(two, escalc(measure, m1i = mean_1, sd1i = sd_1, n1i = n_1,
                                                  m2i = mean_2, sd2i = sd_2, n2i = n_2)))
paired <- function(measure) pick(with(pre, escalc(measure, m1i = mean_post, sd1i = if (measure == "SMCR") sd_pre else sd_post,
                                                  m2i = mean_pre, sd2i = sd_pre, ni = n, ri = r)))
number <- function(x) if (is.list(x)) paste0("{", paste0('"', names(x), '": ', sapply(x, number), collapse = ", "), "}") else
  paste0("[", paste(sprintf("%.15g", x), collapse = ", "), "]")
out <- list(two_groups = as.list(two), before_after = as.list(pre), events = as.list(bcg),
  hedges_g = groups("SMD"), log_response_ratio = groups("ROM"), log_variability_ratio = groups("CVR"),
  smcr = paired("SMCR"), smcc = paired("SMCC"), log_response_ratio_paired = paired("ROMC"),
  log_risk_ratio = pick(with(bcg, escalc("RR", ai = events_1, n1i = n_1, ci = events_2, n2i = n_2))))
lines <- paste0(' "', names(out), '": ', sapply(out, number))
writeLines(c("{", paste0(' "versions": {"R": "', R.version.string, '", "metafor": "', packageVersion("metafor"), '"},'),
             paste0(lines, c(rep(",", length(lines) - 1), "")), "}"), "tests/published/escalc.json")
