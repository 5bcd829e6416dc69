# Seconds of one-stage fits in dosresmeta, a line a run: Rscript grouped.R table.csv runs
suppressMessages({ library(dosresmeta); library(rms) })
arguments <- commandArgs(TRUE)
data <- read.csv(arguments[1])
data$se[is.na(data$se)] <- 0
data$type <- "ir"
for (run in seq_len(as.integer(arguments[2]))) {
  seconds <- system.time(
    dosresmeta(log_rr ~ rcs(dose, 3), id = study, type = type, cases = cases, n = n, se = se, data = data, proc = "1stage")
  )[["elapsed"]]
  cat(seconds, "\n")
}
