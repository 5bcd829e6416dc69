# Reference values of multilevel meta-regression from metafor and clubSandwich.
# Run in this folder:   Rscript oracle_metafor.R
# It reads published/bcg.csv, konstantopoulos2011.csv and volume_size_effects.csv, and writes published/metafor_*.json.
#
# Control is tightened, because the defaults stop at 1e-5 to 1e-8 of the log-likelihood: variance components then agree
# only to three or four digits. No optimizer of rma.mv uses a gradient, so rounding of the log-likelihood (1e-16 times a
# hundred) limits a variance component to about 1e-7 relative: optimizers run to the end differ by that much (uobyqa,
# nlminb and nlm on the schools: 0.06506194454, ...4428, ...4166). The tests ask for 1e-5 on variance components and
# 1e-6 on coefficients and standard errors.
suppressMessages({
  library(metafor)
  library(clubSandwich)
  library(jsonlite)
})
versions <- list(R = R.version.string, metafor = as.character(packageVersion("metafor")),
                 clubSandwich = as.character(packageVersion("clubSandwich")))
write_pins <- function(pins, name)
  write_json(c(list(versions = versions), pins), sprintf("published/metafor_%s.json", name), digits = NA,
             auto_unbox = TRUE, pretty = TRUE)
uni_control <- list(threshold = 1e-12, maxiter = 10000, tau2.max = 1000, tol = 1e-12)
mv_control <- function() list(optimizer = "uobyqa", rhoend = 1e-10, maxfun = 50000)

read <- function(name) read.csv(file.path("published", name), stringsAsFactors = FALSE, comment.char = "#")
bcg <- read("bcg.csv")
schools <- read("konstantopoulos2011.csv")
volume <- read("volume_size_effects.csv")

vec <- function(x) as.numeric(x)
# sampling covariance: correlation rho inside each group
block_v <- function(v, group, rho) {
  out <- rho * outer(group, group, "==") * sqrt(outer(v, v))
  diag(out) <- v
  out
}
robust_part <- function(fit, cluster, kinds = c("CR0", "CR1", "CR2")) {
  out <- list()
  for (kind in kinds) {
    t <- coef_test(fit, vcov = kind, cluster = cluster, test = "Satterthwaite")
    out[[kind]] <- list(se = vec(t$SE), df = vec(t$df_Satt), p = vec(t$p_Satt))
  }
  out
}
base_part <- function(fit) {
  list(k = fit$k, beta = vec(fit$beta), se = vec(fit$se), loglik = as.numeric(logLik(fit)), qe = fit$QE, qe_p = fit$QEp)
}

## one level ----------------------------------------------------------------------------------------------------------
one <- list()
for (form in c("~ 1", "~ ablat")) {
  for (method in c("REML", "ML", "DL", "HE", "SJ", "PM", "EB")) {
    f <- rma(yi, vi, mods = as.formula(form), data = bcg, method = method, control = uni_control)
    hk <- rma(yi, vi, mods = as.formula(form), data = bcg, method = method, test = "knha", control = uni_control)
    one[[paste(form, method)]] <- list(
      formula = form, method = method, tau2 = f$tau2, beta = vec(f$beta), se = vec(f$se), z = vec(f$zval), p = vec(f$pval),
      ci_low = vec(f$ci.lb), ci_high = vec(f$ci.ub), i2 = f$I2 / 100, qe = f$QE, qe_p = f$QEp, qm = f$QM, qm_p = f$QMp,
      knha_se = vec(hk$se), knha_p = vec(hk$pval), knha_ci_low = vec(hk$ci.lb),
      knha_qm = hk$QM, knha_qm_p = hk$QMp
    )
    if (method %in% c("REML", "ML")) one[[paste(form, method)]]$loglik <- as.numeric(logLik(f))
    if (method == "ML") {
      one[[paste(form, method)]]$aic <- AIC(f)
      one[[paste(form, method)]]$bic <- BIC(f)
      one[[paste(form, method)]]$aicc <- AIC(f, correct = TRUE)
    }
    if (method == "REML") one[[paste(form, method)]]$robust <- robust_part(f, bcg$trial)
  }
}
f <- rma(yi, vi, data = bcg, control = uni_control)
egger <- rma(yi, vi, mods = ~ sqrt(vi), data = bcg, control = uni_control)
peese <- rma(yi, vi, mods = ~ vi, data = bcg, control = uni_control)
one[["egger"]] <- list(beta = vec(egger$beta), se = vec(egger$se), robust = robust_part(egger, bcg$trial, "CR2"),
                       peese_beta = vec(peese$beta), peese_se = vec(peese$se))
write_pins(one, "one_level")

## several levels -----------------------------------------------------------------------------------------------------
several <- list()
add <- function(name, fit, cluster, what) {
  cat(name, "\n")
  several[[name]] <<- c(what, base_part(fit), list(robust = robust_part(fit, cluster)))
  if (length(fit$sigma2) && !fit$withG) several[[name]]$sigma2 <<- vec(fit$sigma2)
  if (fit$method == "ML") several[[name]]$aic <<- AIC(fit)
}
for (method in c("REML", "ML")) {
  f <- rma.mv(yi, vi, random = ~ 1 | district/study, data = schools, method = method, control = mv_control())
  add(paste("schools", method), f, schools$district, list(data = "konstantopoulos2011", formula = "~ 1", method = method,
      levels = c("district", "study")))
  f <- rma.mv(yi, vi, mods = ~ year, random = ~ 1 | district/study, data = schools, method = method, control = mv_control())
  add(paste("schools year", method), f, schools$district, list(data = "konstantopoulos2011", formula = "~ year", method = method,
      levels = c("district", "study")))
}
forms <- list(linear = ~ weekly_sets, log1p = ~ log1p(weekly_sets), sqrt = ~ sqrt(weekly_sets),
              quadratic = ~ weekly_sets + I(weekly_sets^2))
texts <- list(linear = "~ weekly_sets", log1p = "~ log1p(weekly_sets)", sqrt = "~ sqrt(weekly_sets)",
              quadratic = "~ weekly_sets + I(weekly_sets**2)")
for (form in names(forms)) for (method in c("REML", "ML")) {
  f <- rma.mv(yi, vi, mods = forms[[form]], random = ~ 1 | study/es_id, data = volume, method = method, control = mv_control())
  add(paste("volume", form, method), f, volume$study,
      list(data = "volume_size_effects", formula = texts[[form]], method = method, levels = c("study", "es_id")))
}
for (rho in c(0.3, 0.6, 0.9)) {
  V <- block_v(volume$vi, volume$arm, rho)
  f <- rma.mv(yi, V, mods = ~ weekly_sets, random = ~ 1 | study/es_id, data = volume, control = mv_control())
  add(paste("volume rho arm", rho), f, volume$study, list(data = "volume_size_effects", formula = "~ weekly_sets",
      method = "REML", levels = c("study", "es_id"), rho = rho, rho_within = "arm"))
  V <- block_v(volume$vi, volume$study, rho)
  f <- rma.mv(yi, V, mods = ~ weekly_sets, random = ~ 1 | study/es_id, data = volume, control = mv_control())
  add(paste("volume rho study", rho), f, volume$study, list(data = "volume_size_effects", formula = "~ weekly_sets",
      method = "REML", levels = c("study", "es_id"), rho = rho))
}
# the groups of sampling errors cross the levels: people (arm) and measured site within a study
volume$site <- paste(volume$study, volume$outcome)
V <- block_v(volume$vi, volume$site, 0.6)
f <- rma.mv(yi, V, mods = ~ weekly_sets, random = ~ 1 | study/arm/es_id, data = volume, control = mv_control())
add("volume crossed", f, volume$study, list(data = "volume_size_effects", formula = "~ weekly_sets", method = "REML",
    levels = c("study", "arm", "es_id"), rho = 0.6, rho_within = "site"))
# four levels; with the sampling correlation the variance between arms is zero
f <- rma.mv(yi, vi, mods = ~ weekly_sets, random = ~ 1 | study/arm/es_id, data = volume, control = mv_control())
add("volume arms", f, volume$study, list(data = "volume_size_effects", formula = "~ weekly_sets", method = "REML",
    levels = c("study", "arm", "es_id")))
V <- block_v(volume$vi, volume$arm, 0.6)
f <- rma.mv(yi, V, mods = ~ weekly_sets, random = ~ 1 | study/arm/es_id, data = volume, control = mv_control())
add("volume zero arm", f, volume$study, list(data = "volume_size_effects", formula = "~ weekly_sets", method = "REML",
    levels = c("study", "arm", "es_id"), rho = 0.6, rho_within = "arm"))
# all variance between effects is zero when the sampling variances are inflated
volume$vi_large <- 10 * volume$vi
f <- rma.mv(yi, vi_large, mods = ~ weekly_sets, random = ~ 1 | study/es_id, data = volume, control = mv_control())
add("volume zero effect", f, volume$study, list(data = "volume_size_effects", formula = "~ weekly_sets", method = "REML",
    levels = c("study", "es_id"), variance = "vi_large"))
# random slope, unstructured with the intercept
for (method in c("REML", "ML")) {
  f <- rma.mv(yi, vi, mods = ~ weekly_sets, random = list(~ weekly_sets | study, ~ 1 | es_id), struct = "GEN",
              data = volume, method = method, control = mv_control())
  name <- paste("volume slope", method)
  add(name, f, volume$study, list(data = "volume_size_effects", formula = "~ weekly_sets", method = method,
      levels = c("study", "es_id"), slopes = list(study = "weekly_sets")))
  several[[name]]$g <- unname(as.matrix(f$G))
  several[[name]]$sigma2_inner <- vec(f$sigma2)
}
write_pins(several, "several_levels")

## intervals, tests, influence ----------------------------------------------------------------------------------------
more <- list()
f <- rma.mv(yi, vi, random = ~ 1 | district/study, data = schools, control = mv_control())
limits <- confint(f, control = list(tol = 1e-10))
more$profile <- lapply(limits[1:2], function(x) vec(x$random[1, ]))
W <- diag(1 / schools$vi)
X <- model.matrix(f)
P <- W - W %*% X %*% solve(t(X) %*% W %*% X) %*% t(X) %*% W
more$i2 <- vec(f$sigma2 / (sum(f$sigma2) + (f$k - f$p) / sum(diag(P))))
full <- rma.mv(yi, vi, mods = ~ weekly_sets + I(weekly_sets^2), random = ~ 1 | study/es_id, data = volume, method = "ML",
               control = mv_control())
small <- rma.mv(yi, vi, random = ~ 1 | study/es_id, data = volume, method = "ML", control = mv_control())
test <- anova(full, small)
more$likelihood_ratio <- list(statistic = test$LRT, p = test$pval)
more$wald <- list(statistic = full$QM, p = full$QMp)
htz <- Wald_test(full, constraints = constrain_zero(2:3), vcov = "CR2", cluster = volume$study, test = "HTZ")
more$hotelling <- list(statistic = htz$Fstat, df = htz$df_denom, p = htz$p_val)
linear <- rma.mv(yi, vi, mods = ~ weekly_sets, random = ~ 1 | study/es_id, data = volume, control = mv_control())
at <- predict(linear, newmods = c(5, 10, 20))
more$predict <- list(estimate = vec(at$pred), se = vec(at$se), ci_low = vec(at$ci.lb))
more$cooks <- as.list(cooks.distance(linear, cluster = volume$study))
slope <- rma.mv(yi, vi, mods = ~ weekly_sets, random = list(~ weekly_sets | study, ~ 1 | es_id), struct = "GEN",
                data = volume, control = mv_control())
z <- cbind(1, c(5, 10, 20))
more$slope_between <- vec(rowSums((z %*% slope$G) * z) + slope$sigma2)
write_pins(more, "inference")
