library(sandwich); library(lmtest)
d <- read("waves"); desk <- subset(d, construct == "desk"); room <- subset(d, construct == "room")
moved <- function(x) t.test(x$value[x$wave == 2025], x$value[x$wave == 2023])
m <- moved(desk)
tell(change = c(-diff(m$estimate), m$conf.int, m$p.value))
first <- desk$value[desk$wave == 2023]; last <- desk$value[desk$wave == 2025]
tell(rank = wilcox.test(last, first, exact = FALSE)$p.value, all = kruskal.test(value ~ factor(wave), desk)$p.value)
tell(holm = p.adjust(c(m$p.value, moved(room)$p.value), "holm"))
yes <- tapply(desk$value >= 4, desk$wave, sum)
tell(share = prop.test(yes[c(3, 1)], c(80, 80), correct = FALSE)$p.value, all_shares = prop.test(yes, rep(80, 3))$p.value)
r <- (rank(desk$value) - 0.5) / nrow(desk)
k <- kruskal.test(value ~ factor(wave), desk)
tell(ridit = tapply(r, desk$wave, mean), ridit_test = c(k$statistic, k$parameter, k$p.value))
tell(ridit_reference = c(mean(outer(last, first, ">") + outer(last, first, "==") / 2), wilcox.test(last, first, exact = FALSE)$p.value))

s <- read("series"); s$D <- as.numeric(s$at >= 37); s$P <- (s$at - 37) * s$D
for (k in 1:2) { s[[paste0("s", k)]] <- sin(2 * pi * k * s$at / 12); s[[paste0("c", k)]] <- cos(2 * pi * k * s$at / 12) }
ends <- function(g, name) { e <- coef(summary(g))[name, ]; exp(e[1] + c(0, -1, 1) * qnorm(0.975) * e[2]) }
g <- glm(count ~ at + D + offset(log(exposure)), quasipoisson, s)
tell(poisson = exp(coef(g)[2:3]), poisson_ends = c(ends(g, "D")[2:3], summary(g)$dispersion))
g <- glm(count ~ at + D + s1 + c1 + s2 + c2 + offset(log(exposure)), quasipoisson, s)
tell(harmonics = c(ends(g, "D"), summary(g)$dispersion))
g <- glm(count ~ at + D + P + s1 + c1 + s2 + c2 + offset(log(exposure)), quasipoisson, s)
tell(slope = ends(g, "P"))
s$rate <- 1e5 * s$count / s$exposure
l <- lm(rate ~ at + D + P, s)
nw <- function(lag, adjust) sqrt(diag(NeweyWest(l, lag = lag, prewhite = FALSE, adjust = adjust)))
v <- NeweyWest(l, lag = 3, prewhite = FALSE, adjust = TRUE)
tell(newey_west = coeftest(l, vcov. = v)[, c(1, 2, 4)], newey_west_plain = nw(3, FALSE), newey_west_12 = nw(12, TRUE))
tell(hc1 = sqrt(diag(vcovHC(l, "HC1"))), durbin = dwtest(l)$statistic, godfrey = bgtest(l, order = 12)$p.value)
tell(counterfactual = c(tail(fitted(l), 1), predict(l, data.frame(at = 60, D = 0, P = 0))))

p <- read("panel"); p$after <- as.numeric(p$period >= 2)
l <- lm(value ~ treated * after, p)
tell(did = coef(l)[4], did_ols = sqrt(diag(vcov(l)))[4], did_cluster = sqrt(diag(vcovCL(l, ~unit, type = "HC1")))[4])
l <- lm(value ~ factor(unit) + factor(period) + I(treated * after), p)
tell(did_within = sqrt(tail(diag(vcovCL(l, ~unit, type = "HC1")), 1)))
w <- aggregate(value ~ unit + treated + after, p, mean)
w <- merge(subset(w, after == 0), subset(w, after == 1), by = c("unit", "treated"))
w$change <- w$value.y - w$value.x
l <- lm(change ~ treated, w)
tell(did_change = c(sqrt(diag(vcov(l)))[2], sqrt(diag(vcovHC(l, "HC1")))[2]))
t <- t.test(w$change[w$treated == 1], w$change[w$treated == 0])
tell(did_welch = c(t$conf.int, t$p.value))
apart <- function(i) t.test(w$change[i], w$change[-i])$statistic  # studentised, so that spreads may differ
ways <- combn(nrow(w), sum(w$treated), apart)
tell(did_placebo = mean(abs(ways) >= abs(apart(which(w$treated == 1))) - 1e-12))

before <- sapply(split(subset(p, period < 2), ~unit), function(x) coef(lm(value ~ period, x))[2])
treated <- tapply(p$treated, p$unit, max) == 1
t <- t.test(before[treated], before[!treated])
tell(did_before = c(-diff(t$estimate), t$p.value))
s <- read("states"); s$D <- as.numeric(s$unit == "u00" & s$period >= 4)
l <- lm(value ~ D + factor(unit) + factor(period), s)
moved <- with(s, tapply(value[period >= 4], unit[period >= 4], mean) - tapply(value[period < 4], unit[period < 4], mean))
apart <- abs(sapply(seq_along(moved), function(i) moved[i] - mean(moved[-i])))
tell(did_one = c(coef(l)["D"], sqrt(vcovCL(l, ~unit, type = "HC1")["D", "D"]), mean(apart >= apart[1] - 1e-12)))

tell(power = c(power.prop.test(n = 400, p1 = 0.62, p2 = 0.7)$power, power.t.test(n = 150, delta = 0.3, sd = 1.1)$power,
               power.t.test(n = 90, delta = 0.3, sd = 1.1, type = "paired")$power))
need <- function(...) power.t.test(delta = 0.3, sd = 1.1, power = 0.85, ..., tol = 1e-10)$n
tell(needed = c(power.prop.test(p1 = 0.62, p2 = 0.7, power = 0.85, tol = 1e-10)$n, need(), need(type = "paired")))
ratio <- dnorm(0.5, 0, sqrt(0.04 + 0.25)) / dnorm(0.5, 0, sqrt(0.04))
tell(always = c(ratio, min(1, 1 / ratio)))
# boundaries: the density of the score process (variance = information) among those who have gone on, integrated look by look
bounds <- function(spend) {
  at <- c(0.3, 0.65, 1); fresh <- diff(c(0, spend(at))); end <- NULL
  within <- function(f, e) integrate(f, -e, e, rel.tol = 1e-11, subdivisions = 1000)$value
  density <- function(s) dnorm(s, 0, sqrt(at[1]))
  for (k in 1:3) {
    sd <- sqrt(diff(c(0, at)))[k]
    out <- if (k == 1) function(b) 2 * pnorm(-b / sd) else function(b) within(function(s) density(s) * (pnorm((s - b) / sd) + pnorm((-s - b) / sd)), end[k - 1])
    end[k] <- uniroot(function(b) out(b) - fresh[k], c(0.2, 8), tol = 1e-12)$root
    if (k == 2) density <- local({ before <- density; e <- end[1]; sd <- sd
      function(s) sapply(s, function(y) within(function(x) before(x) * dnorm(y - x, 0, sd), e)) })
  }
  end / sqrt(at)
}
tell(obrien = bounds(function(t) 4 - 4 * pnorm(qnorm(1 - 0.05 / 4) / sqrt(t))), pocock = bounds(function(t) 0.05 * log(1 + (exp(1) - 1) * t)))
