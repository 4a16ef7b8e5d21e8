# Rscript metafor.R POOL_TOOL [SETS [SEED]]: pools random sets of effects with R's
# metafor and with ours, number by number. metafor stops its scoring at an
# absolute step of 1e-5 in tau2; here it is told to go on, so that both have
# converged. Where it says that it did not, the set is counted and passed over.
suppressPackageStartupMessages(library(metafor))
args <- commandArgs(TRUE)
tool <- args[1]
sets <- if (length(args) > 1) as.integer(args[2]) else 100L
seed <- if (length(args) > 2) as.integer(args[3]) else
  as.integer(Sys.time()) %% 100000L
cat("seed", seed, "\n")
set.seed(seed)

make <- function(i) {
  k <- sample(c(3:12, 20, 40, 80), 1)
  m <- sample(2:max(2, min(k, 12)), 1)
  cluster <- sort(sample(rep_len(seq_len(m), k)))
  v <- exp(runif(k, log(0.002), log(0.3)))
  scale <- sample(c(1, 1, 1, 100, 0.01), 1)
  tau <- sample(c(0, 0.1, 0.3, 1), 1)
  x <- round(runif(k, 0, 40))
  x[1:2] <- c(0, 7)
  y <- rnorm(1, 0.2, 0.3) + rnorm(m, 0, tau)[cluster] + rnorm(k, 0, tau / 2) +
    0.005 * x + rnorm(k, 0, sqrt(v))
  list(y = y * scale, v = v * scale^2, x = x, cluster = cluster - 1)
}
data <- lapply(seq_len(sets), make)

numbers <- function(a) paste0("[", paste(sprintf("%.17g", a), collapse = ","), "]")
input <- tempfile()
writeLines(paste0("[", paste(vapply(data, function(d) paste0("{",
  paste0('"', names(d), '":', vapply(d, numbers, ""), collapse = ","), "}"), ""),
  collapse = ","), "]"), input)
output <- tempfile()
stopifnot(system2(tool, stdin = input, stdout = output) == 0)
ours <- read.csv(output, header = FALSE,
  col.names = c("set", "model", "name", "value"))
ours <- setNames(ours$value, paste(ours$set, ours$model, ours$name))

worst <- data.frame()
failed <- 0
compared <- 0
skipped <- 0
higher <- 0
compare <- function(set, model, name, theirs, scale = 0, digits = 1e-6) {
  mine <- ours[paste(set, model, name)]
  if (is.na(mine) && is.na(theirs)) return(invisible())
  off <- abs(mine - theirs) / max(abs(theirs), scale, 1e-12)
  compared <<- compared + 1
  if (is.na(off) || off > digits) {
    failed <<- failed + 1
    cat(sprintf("set %d %s %s: ours %.12g, metafor %.12g\n", set, model, name,
      mine, theirs))
  } else worst <<- rbind(worst, data.frame(what = paste(model, name), off = off))
}
estimate <- function(set, model, name, f, i = 1) {
  unit <- f$se[i]
  compare(set, model, paste0(name, ".beta"), f$beta[i], unit)
  compare(set, model, paste0(name, ".se"), f$se[i])
  compare(set, model, paste0(name, ".stat"), f$zval[i], 1)
  compare(set, model, paste0(name, ".p"), f$pval[i], 1e-8)
  compare(set, model, paste0(name, ".lb"), f$ci.lb[i], unit)
  compare(set, model, paste0(name, ".ub"), f$ci.ub[i], unit)
}
# A statistic that is tested against 0 has an error of its own: its size is 1.
control <- function(d) list(threshold = 1e-13 * (mean(d$v) + var(d$y)), maxiter = 100000,
  tau2.max = 1e6 * var(d$y), tol = 1e-13 * mean(d$v))
fit <- function(d, ...) tryCatch(suppressWarnings(rma(d$y, d$v,
  control = control(d), ...)), error = function(e) NULL)

one <- function(set, d, method, test, name, mods = NULL) {
  model <- paste0(method, ".", name)
  f <- if (is.null(mods)) fit(d, method = method, test = test) else
    fit(d, method = method, test = test, mods = mods)
  if (is.null(f)) {
    skipped <<- skipped + 1
    return(invisible())
  }
  # The likelihood may have two tops: metafor rests at the one it meets first.
  ll <- as.numeric(logLik(f, REML = method == "REML"))
  if (method %in% c("REML", "ML") &&
      ours[paste(set, model, "ll")] > ll + 1e-7) {
    higher <<- higher + 1
    return(invisible())
  }
  estimate(set, model, "b0", f)
  vt <- (f$k - f$p) / (sum(1 / d$v) - sum(1 / d$v^2) / sum(1 / d$v))
  if (!is.null(mods)) {
    estimate(set, model, "b1", f, 2)
    compare(set, model, "QM", f$QM, 1)
    compare(set, model, "QMp", f$QMp, 1e-8)
  }
  compare(set, model, "tau2", f$tau2, vt)
  compare(set, model, "Q", f$QE)
  compare(set, model, "Qp", f$QEp, 1e-8)
  compare(set, model, "I2", f$I2, 1)
  compare(set, model, "H2", f$H2)
  if (method != "FE" && name != "mod") {
    p <- predict(f)
    compare(set, model, "pi.lb", p$pi.lb, p$se)
    compare(set, model, "pi.ub", p$pi.ub, p$se)
    compare(set, model, "tau2.se", f$se.tau2)
  }
  if (method %in% c("REML", "ML"))
    compare(set, model, "ll", ll, 1)
  if (method == "REML" && name == "z") {
    q <- tryCatch(suppressWarnings(confint(f,
      control = control(d))$random), error = function(e) NULL)
    if (!is.null(q)) {
      compare(set, model, "tau2.lb", q["tau^2", "ci.lb"], vt)
      compare(set, model, "tau2.ub", q["tau^2", "ci.ub"], vt)
    }
  }
}

nested <- function(set, d, method) {
  model <- paste0("nested.", method)
  id <- seq_along(d$y)
  # optim's default stops early; several starts, the best counts.
  starts <- list(c(0.5, 0.5), c(1, 0.01), c(0.01, 1))
  unit <- max(var(d$y), mean(d$v))
  fits <- lapply(starts, function(s) tryCatch(suppressWarnings(rma.mv(d$y, d$v,
    random = ~ 1 | d$cluster / id, method = method, sparse = FALSE,
    control = list(optimizer = "nlminb", rel.tol = 1e-14, x.tol = 1e-14,
      iter.max = 10000, eval.max = 10000, sigma2.init = s * unit))),
    error = function(e) NULL))
  fits <- Filter(Negate(is.null), fits)
  if (length(fits) == 0) {
    skipped <<- skipped + 1
    return(invisible())
  }
  ll <- vapply(fits, function(f) as.numeric(logLik(f)), 0)
  f <- fits[[which.max(ll)]]
  mine <- ours[paste(set, model, "ll")]
  # The likelihood is flat at its top: it is what both maximise, so ours must
  # not be lower; the place where it is reached agrees to fewer digits.
  compare(set, model, "ll", max(ll), 1, if (mine > max(ll)) 1 else 1e-8)
  if (mine > max(ll) + 1e-8) {
    higher <<- higher + 1
    return(invisible())
  }
  compare(set, model, "between", f$sigma2[1], mean(d$v), 2e-4)
  compare(set, model, "within", f$sigma2[2], mean(d$v), 2e-4)
  compare(set, model, "b0.beta", f$beta[1], f$se, 2e-4)
  compare(set, model, "b0.se", f$se, 0, 2e-4)
  if (length(unique(d$cluster)) >= 4) {
    r <- robust(f, d$cluster, adjust = TRUE)
    compare(set, model, "robust.se", r$se, 0, 2e-4)
  }
}

for (set in seq_len(sets)) {
  d <- data[[set]]
  for (method in c("FE", "DL", "PM", "REML", "ML")) {
    one(set, d, method, "z", "z")
    one(set, d, method, "knha", "knha")
    one(set, d, method, "adhoc", "adhoc")
    one(set, d, method, "z", "mod", mods = d$x)
  }
  for (method in c("REML", "ML")) nested(set, d, method)
  f <- fit(d, method = "REML")
  if (!is.null(f) && length(unique(d$cluster)) >= 4) {
    r <- robust(f, d$cluster, adjust = TRUE)
    estimate(set, "robust", "b0", r)
  }
  if (!is.null(f) && length(d$y) >= 10) {
    e <- regtest(f, model = "lm")
    compare(set, "egger", "lm.stat", e$zval, 1)
    compare(set, "egger", "lm.p", e$pval, 1e-8)
    e <- tryCatch(suppressWarnings(regtest(f)), error = function(e) NULL)
    if (!is.null(e)) compare(set, "egger", "mixed.stat", e$zval, 1)
  }
}
for (what in unique(sub("^[^ ]* ", "", worst$what)))
  cat(sprintf("%-10s worst %.1e\n", what,
    max(worst$off[sub("^[^ ]* ", "", worst$what) == what])))
cat(sprintf("metafor did not converge %d times, and rested %d times at %s\n",
  skipped, higher, "a lower likelihood than ours"))
cat(sprintf("%d passed, %d failed\n", compared - failed, failed))
quit(status = if (failed > 0) 1 else 0)
