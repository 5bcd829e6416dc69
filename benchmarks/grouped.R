# Seconds of one-stage fits, after a line with the name of the package: Rscript grouped.R table.csv runs
# dosresmeta where it is installed; else rma.mv of metafor, the same model by a general function, timed with the
# covariances of Greenland and Longnecker made beforehand.
arguments <- commandArgs(TRUE)
data <- read.csv(arguments[1])
runs <- as.integer(arguments[2])
if (requireNamespace("dosresmeta", quietly = TRUE)) {
  suppressMessages({ library(dosresmeta); library(rms) })
  cat("dosresmeta\n")
  data$se[is.na(data$se)] <- 0
  data$type <- "ir"
  once <- function() dosresmeta(log_rr ~ rcs(dose, 3), id = study, type = type, cases = cases, n = n, se = se,
                                data = data, proc = "1stage")
} else {
  suppressMessages(library(metafor))
  cat("metafor\n")
  knots <- quantile(data$dose, c(.1, .5, .9), names = FALSE)
  cube <- function(x) pmax(x, 0)^3
  data$x1 <- data$dose / 100
  data$x2 <- (cube(data$dose - knots[1]) - (cube(data$dose - knots[2]) * (knots[3] - knots[1]) -
              cube(data$dose - knots[3]) * (knots[2] - knots[1])) / (knots[3] - knots[2])) / (knots[3] - knots[1])^2 / 100
  blocks <- lapply(split(data, data$study), function(d) {
    u <- 1 / (exp(d$log_rr) * d$n)
    s <- sqrt(u[1] + u[-1])
    r <- u[1] / outer(s, s); diag(r) <- 1
    r * outer(d$se[-1], d$se[-1])
  })
  own <- do.call(rbind, lapply(split(data, data$study), function(d) d[-1, ]))
  V <- bldiag(blocks)
  once <- function() rma.mv(log_rr, V, mods = ~ 0 + x1 + x2, random = ~ 0 + x1 + x2 | study, struct = "GEN", data = own)
}
for (run in seq_len(runs)) cat(system.time(once())[["elapsed"]], "\n")
