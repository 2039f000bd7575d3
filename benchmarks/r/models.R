library(relaimpo); library(sandwich); library(psych)
names4 <- c("desk", "room", "lift", "bar")
shares <- function(v, suffix) {
  l <- calc.relimp(v, type = c("lmg", "first", "last", "pratt", "genizi", "car"))
  b <- solve(cov2cor(v)[-1, -1], cov2cor(v)[-1, 1])
  out <- list(r2 = l$R2, lmg = l$lmg, first = c(l$first, l$last), beta = c(b, l$pratt, l$car), johnson = l$genizi)
  do.call(tell, setNames(out, paste0(names(out), suffix))) }
d <- read("rated"); h <- read("holed"); order <- c("whole", names4)
shares(cov(d[, order]), "")
shares(cov(h[, order], use = "pairwise.complete.obs"), "_pairs")
tell(groups = calc.relimp(cov(d[, order]), type = "lmg", groups = list(c("desk", "room")))$lmg[c("G1", "lift", "bar")])
tell(vif = diag(solve(cor(d[, names4]))))
z <- do.call(cbind, lapply(names4, function(n) setNames(data.frame(!is.na(h[[n]]), ifelse(is.na(h[[n]]), 0, h[[n]] - mean(h[[n]], na.rm = TRUE))) * 1, paste0(c("v_", "z_"), n))))
m <- lm(h$whole ~ ., z); l <- calc.relimp(m, type = c("lmg", "first", "last"), groups = split(names(z), rep(1:4, each = 2)), groupnames = names4)
tell(visited = c(l$R2, l$lmg, l$first, l$last), visited_lm = c(coef(m)[paste0("v_", names4)], (coef(m)[-1] * sapply(z, sd) / sd(h$whole))[paste0("z_", names4)]))
tell(spearman = sapply(names4, function(n) cor(h[[n]], h$whole, method = "spearman", use = "complete.obs")))
set.seed(1)
b <- booteval.relimp(boot.relimp(d[, order], b = 2000, type = "lmg"), bty = "perc", level = 0.95)
tell(bootstrap = rbind(b$lmg.lower, b$lmg.upper))

x <- do.call(cbind, lapply(names4, function(n) setNames(data.frame(d[[n]] <= 2, d[[n]] >= 5) * 1, paste0(c("low_", "high_"), n))))
l <- lm(d$whole ~ ., x); v <- vcovHC(l, "HC3"); b <- coef(l); q <- qt(0.975, l$df.residual)
tell(impact = b[-1], impact_hc3 = rbind(b - q * sqrt(diag(v)), b + q * sqrt(diag(v)))[, -1])
each <- function(f) unlist(lapply(names4, function(n) f(b[paste0(c("low_", "high_"), n)], v[paste0(c("low_", "high_"), n), paste0(c("low_", "high_"), n)])))
tell(riocs = each(function(b, v) { r <- b[2] - b[1]; s <- sqrt(sum(diag(v)) - 2 * v[1, 2]); c(r, r - q * s, r + q * s) }))
tell(symmetry = each(function(b, v) { t <- sum(b) / sqrt(sum(v)); c(t, 2 * pt(-abs(t), l$df.residual)) }))
pr <- b[c("low_room", "high_room")]; w <- v[c("low_room", "high_room"), c("low_room", "high_room")]
ia <- sum(pr) / (pr[2] - pr[1])
off <- function(r) { k <- c(1 + r, 1 - r); abs(sum(k * pr)) - q * sqrt(k %*% w %*% k) } # the ratios at which sum - r * range may be 0
tell(asymmetry = c(ia, uniroot(off, c(ia - 3, ia), tol = 1e-13)$root, uniroot(off, c(ia, ia + 3), tol = 1e-13)$root))

u <- setNames(l$coefficients[-1] * sapply(x, sd) / sd(d$whole), NULL)
tell(standardised = u)
x <- do.call(cbind, lapply(names4, function(n) setNames(data.frame(h[[n]] %in% 1:2, h[[n]] %in% 5, is.na(h[[n]])) * 1, paste0(c("low_", "high_", "away_"), n))))
l <- lm(h$whole ~ ., x); keep <- grep("low_|high_", names(coef(l))); b <- coef(l)[keep]; s <- sqrt(diag(vcovHC(l, "HC3")))[keep]; q <- qt(0.975, l$df.residual)
tell(away = b, away_hc3 = rbind(b - q * s, b + q * s))

t <- read("visits")
of <- function(value) do.call(rbind, lapply(split(data.frame(at = t$at, v = value), t$visit), function(o) data.frame(
  peak = max(o$v), end = tail(o$v, 1), mean = mean(o$v), trough = min(o$v), start = o$v[1], sd = sd(o$v), duration = nrow(o),
  slope = coef(lm(v ~ at, o))[2], peak_end = (max(o$v) + tail(o$v, 1)) / 2)))
f <- of(t$value); f$y <- as.numeric(tapply(t$remembered, t$visit, head, 1))
tell(features = sapply(c("peak_end", "mean", "trough", "start", "sd", "slope"), function(n) cor(f[[n]], f$y)), fisher = cor.test(f$peak_end, f$y)$conf.int)
r <- r.test(n = 80, r12 = cor(f$y, f$peak_end), r13 = cor(f$y, f$mean), r23 = cor(f$peak_end, f$mean))
tell(williams = c(r$t, r$p))
m <- list(y ~ peak + end, y ~ peak_end, y ~ mean, y ~ peak + end + mean, y ~ peak + end + duration, y ~ peak + end + mean + duration)
m <- lapply(m, lm, data = f)
tell(coefficients = lapply(m, coef), hc3 = lapply(m, function(l) sqrt(diag(vcovHC(l, "HC3")))[-1]), adjusted = sapply(m, function(l) summary(l)$adj.r.squared))
alone <- function(l) sqrt(mean(sapply(1:80, function(i) f$y[i] - predict(lm(formula(l), f[-i, ]), f[i, ]))^2))
tell(loo = sapply(m, alone), aic = sapply(m, function(l) c(AIC(l), BIC(l))))
a <- anova(m[[1]], m[[4]]); b <- anova(m[[3]], m[[4]])
tell(nested = c(a$F[2], a$`Pr(>F)`[2], b$F[2], b$`Pr(>F)`[2]))
tell(memory_lmg = calc.relimp(y ~ peak + end + mean, f, type = "lmg")$lmg)
raise <- function(which) { # one moment of each visit raised by one, no further than seven; of equals the first
  at <- unlist(lapply(split(seq_len(nrow(t)), t$visit), function(i) i[which(t$value[i])])); v <- t$value; v[at] <- pmin(v[at] + 1, 7); v }
change <- function(which) mean(predict(m[[1]], of(raise(which))) - predict(m[[1]], f))
f$far <- sapply(split(t$value, t$visit), function(v) { away <- abs(v - 4); v[max(which(away == max(away)))] }) # of equals the later
tell(worst = c(cor((f$trough + f$end) / 2, f$y), cor((f$far + f$end) / 2, f$y)))
l <- lm(y ~ far + end, f); e <- residuals(l) / (1 - hatvalues(l))
tell(farthest = c(coef(l), sqrt(diag(vcovHC(l, "HC3")))[-1], sqrt(mean(e^2))))
tell(what_if = sapply(list(length, which.max, which.min, function(v) 1), change))

s <- read("stated")
tell(performance = sapply(names4, function(n) { p <- s[[paste0("p_", n)]]; i <- s[[paste0("i_", n)]]
  c(mean(p), t.test(p)$conf.int, mean(i), t.test(i)$conf.int) }))
i <- colMeans(s[, paste0("i_", names4)]); p <- colMeans(s[, paste0("p_", names4)])
tell(cross = c(mean(i), mean(p), p - i))
