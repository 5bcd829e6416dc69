# Three-level REML with CR2 by metafor and clubSandwich: prints seconds of one run, slope, its CR2
# error and degrees of freedom, and the versions.
# Usage: Rscript metaregression.R TABLE.csv
suppressMessages({
  library(metafor)
  library(clubSandwich)
})
data <- read.csv(commandArgs(TRUE)[1])
began <- proc.time()[["elapsed"]]
fit <- rma.mv(yi, vi, mods = ~ weekly_sets, random = ~ 1 | study/es_id, data = data, sparse = TRUE)
robust <- coef_test(fit, vcov = "CR2", cluster = data$study)
seconds <- proc.time()[["elapsed"]] - began
cat(seconds, fit$beta[2], robust$SE[2], robust$df_Satt[2], "\n")
cat(R.version$major, ".", R.version$minor, ", metafor ", as.character(packageVersion("metafor")),
    ", clubSandwich ", as.character(packageVersion("clubSandwich")), "\n", sep = "")
