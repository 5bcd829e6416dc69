# Three-level REML with CR2 by metafor and clubSandwich: prints the median seconds of several runs.
# Usage: Rscript metaregression.R TABLE.csv REPEATS
suppressMessages({
  library(metafor)
  library(clubSandwich)
})
arguments <- commandArgs(TRUE)
data <- read.csv(arguments[1])
seconds <- c()
for (i in seq_len(as.integer(arguments[2]))) {
  began <- proc.time()[["elapsed"]]
  fit <- rma.mv(yi, vi, mods = ~ weekly_sets, random = ~ 1 | study/es_id, data = data, sparse = TRUE)
  robust <- coef_test(fit, vcov = "CR2", cluster = data$study)
  seconds <- c(seconds, proc.time()[["elapsed"]] - began)
}
cat(median(seconds), fit$beta[2], robust$SE[2], robust$df_Satt[2], "\n")
