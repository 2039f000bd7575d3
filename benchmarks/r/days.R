suppressPackageStartupMessages(library(survey))
d <- read("days"); z <- qnorm(0.975); t <- qt(0.975, nrow(d) - 1)
variance <- function(top, base) { # of the ratio of sums, by taking out one day after the other
  days <- data.frame(day = seq_along(top), top = top, base = base)
  design <- svydesign(ids = ~day, data = days, weights = ~rep(1, length(top)))
  as.numeric(vcov(svyratio(~top, ~base, as.svrepdesign(design, type = "JK1", mse = TRUE)))) }
share <- function(kept, of) {
  p <- sum(kept) / sum(of); effect <- max(1, variance(kept, of) * sum(of) / (p * (1 - p))); s <- effect * (t / z)^2
  c(effect, suppressWarnings(prop.test(sum(kept) / s, sum(of) / s, correct = FALSE)$conf.int)) }
rate <- function(count, visits) {
  effect <- max(1, variance(count, visits) * sum(visits)^2 / sum(count)); s <- effect * (t / z)^2; x <- sum(count) / s
  ends <- sapply(c(-1, 1), function(side) uniroot(function(l) (x - l) / sqrt(l) + side * z, c(1e-9, 2 * x + 50), tol = 1e-13)$root)
  c(effect, sort(1000 * ends / (sum(visits) / s))) }
tell(kept = share(d$kept, d$waits), alike = share(d$alike, d$waits), failed = rate(d$late, d$visits), part = share(d$late, d$late + d$cold))
tell(apart = t.test(d$late, d$cold, paired = TRUE)$p.value)
suppressPackageStartupMessages(library(survival))
w <- read("waits"); n <- nrow(w); of_day <- aggregate(cbind(lasts, one = 1) ~ day, w, sum)
effect <- max(1, variance(of_day$lasts, of_day$one) * n / var(w$lasts))
tell(waited = c(effect, mean(w$lasts) + c(-1, 1) * t * sqrt(effect * var(w$lasts) / n)))
alone <- survfit(Surv(seen, ended) ~ 1, w); half <- summary(alone)$table[["median"]]
tell(longer = summary(survfit(Surv(seen, ended) ~ 1, w, cluster = day, robust = TRUE), times = half)$std.err)
