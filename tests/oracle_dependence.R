# Reference values of fits with nested ids that restart, and of fits with a given sampling covariance, from metafor.
# Run in this folder:   Rscript oracle_dependence.R
# It reads published/konstantopoulos2011.csv and volume_size_effects.csv, and writes published/metafor_dependence.json.
# Control is tightened as in oracle_metafor.R.
suppressMessages({
  library(metafor)
  library(clubSandwich)
  library(jsonlite)
})
control <- list(optimizer = "uobyqa", rhoend = 1e-10, maxfun = 50000)
read <- function(name) read.csv(file.path("published", name), stringsAsFactors = FALSE, comment.char = "#")
schools <- read("konstantopoulos2011.csv")
volume <- read("volume_size_effects.csv")
schools$school <- ave(schools$study, schools$district, FUN = seq_along)  # 1, 2, ... in every district
volume$effect <- ave(volume$es_id, volume$study, FUN = seq_along)
volume$group <- as.integer(ave(volume$arm, volume$study, FUN = function(x) match(x, unique(x))))

vec <- function(x) as.numeric(x)
out <- list(versions = list(R = R.version.string, metafor = as.character(packageVersion("metafor")),
                            clubSandwich = as.character(packageVersion("clubSandwich"))))
add <- function(name, fit, cluster, slope = FALSE) {
  cat(name, "\n")
  t <- coef_test(fit, vcov = "CR2", cluster = cluster, test = "Satterthwaite")
  out[[name]] <<- list(beta = vec(fit$beta), se = vec(fit$se), loglik = as.numeric(logLik(fit)), qe = fit$QE,
                       sigma2 = vec(fit$sigma2), robust = list(se = vec(t$SE), df = vec(t$df_Satt)))
}
add("schools restarting", rma.mv(yi, vi, mods = ~ year, random = ~ 1 | district/school, data = schools,
    control = control), schools$district)
add("volume restarting", rma.mv(yi, vi, mods = ~ weekly_sets, random = ~ 1 | study/group/effect, data = volume,
    control = control), volume$study)

# one correlation within arms and another between the arms of a study; blocks cross the level of arms
same_study <- outer(volume$study, volume$study, "==")
same_arm <- same_study & outer(volume$group, volume$group, "==")
V <- (0.7 * same_arm + 0.3 * (same_study & !same_arm)) * sqrt(outer(volume$vi, volume$vi))
diag(V) <- volume$vi
add("volume V", rma.mv(yi, V, mods = ~ weekly_sets, random = ~ 1 | study/effect, data = volume,
    control = control), volume$study)
add("volume V arms", rma.mv(yi, V, mods = ~ weekly_sets, random = ~ 1 | study/group, data = volume,
    control = control), volume$study)
add("volume V arms ML", rma.mv(yi, V, mods = ~ weekly_sets, random = ~ 1 | study/group/effect, data = volume,
    method = "ML", control = control), volume$study)
slope <- rma.mv(yi, V, mods = ~ weekly_sets, random = list(~ weekly_sets | study, ~ 1 | es_id), struct = "GEN",
                data = volume, control = control)
add("volume V slope", slope, volume$study)
out[["volume V slope"]]$g <- unname(as.matrix(slope$G))
# a different correlation for every pair: falls with the distance of rows, alternating in sign
distance <- abs(outer(volume$effect, volume$effect, "-"))
V <- same_study * (-0.6)^distance * sqrt(outer(volume$vi, volume$vi))
add("volume V falling", rma.mv(yi, V, mods = ~ weekly_sets, random = ~ 1 | study/effect, data = volume,
    control = control), volume$study)
# the covariance that vcalc makes of the same rule: arms as subgroups, rho of effects within an arm
out$vcalc <- unname(as.matrix(vcalc(vi, cluster = study, subgroup = group, obs = effect, rho = 0.6,
    data = volume))[1:12, 1:12])
# shared control, correlations by sizes alone: three arms of 10, 20 and 15 against 12
shared <- data.frame(study = 1, arm = 1:3, control = 9, n = c(10, 20, 15), nc = 12)
shared$vi <- 1 / shared$n + 1 / shared$nc
out$shared <- unname(as.matrix(vcalc(vi, cluster = study, grp1 = arm, w1 = n, grp2 = control, w2 = nc, data = shared)))
write_json(out, "published/metafor_dependence.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
