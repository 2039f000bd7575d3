library(sandwich); library(relaimpo)
d <- read("people")
names <- c("tangibles", "reliability", "responsiveness", "assurance", "empathy")
side <- function(s, n) rowMeans(d[, grep(paste0("^", s, "_", n), names(d)), drop = FALSE])
g <- sapply(names, function(n) side("p", n) - side("e", n))
t <- lapply(names, function(n) t.test(g[, n]))
tell(gaps = colMeans(g), ends = sapply(t, function(x) x$conf.int), p = p.adjust(sapply(t, function(x) x$p.value), "holm"))
exact <- function(d) { # all signs of the ranks, ties included, for which R's own exact p is not made
  d <- d[d != 0]; r <- 2 * rank(abs(d)); w <- 1
  for (k in r) w <- (c(w, rep(0, k)) + c(rep(0, k), w)) / 2
  m <- (length(w) - 1) / 2
  sum(w[abs(seq_along(w) - 1 - m) >= abs(sum(r[d > 0]) - m) - 1e-9]) }
rank_p <- function(d) if (sum(d != 0) <= 50) exact(d) else wilcox.test(d, exact = FALSE)$p.value
tell(ranks = sapply(names, function(n) rank_p(round(g[, n], 9))))
tell(overall = c(mean(rowMeans(g)), t.test(rowMeans(g))$conf.int))
w <- as.matrix(d[, paste0("w_", names)]) / 100
own <- rowSums(w * g)
tell(weighted = c(mean(own), t.test(own)$conf.int))
all <- mean(as.matrix(d[, grep("^p_", names(d))]) - as.matrix(d[, grep("^e_", names(d))]))
tell(others = c(sum(colMeans(w) * colMeans(g)), all, mean(sapply(names, function(n) side("p", n)))))

z <- read("zones"); a <- z$perceived - z$adequate; s <- z$perceived - z$desired; w <- z$desired - z$adequate
tell(zone = sapply(list(a, s, w), function(x) c(mean(x), t.test(x)$conf.int)))
fieller <- function(top, bottom) { # the ratios that the paired t test does not refuse
  r <- mean(top) / mean(bottom)
  off <- function(x) abs(t.test(top - x * bottom)$statistic) - qt(0.975, length(top) - 1)
  c(r, uniroot(off, c(r - 0.6, r), tol = 1e-13)$root, uniroot(off, c(r, r + 0.6), tol = 1e-13)$root) }
tell(place = fieller(a, w))
r <- read("ratios")
tell(ratio = fieller(r$perceived, r$expected), mean_ratio = c(mean(r$perceived / r$expected), t.test(r$perceived / r$expected)$conf.int))
v <- cov(r[, c("perceived", "expected")]) / nrow(r); k <- c(1 / mean(r$expected), -mean(r$perceived) / mean(r$expected)^2)
tell(delta = sqrt(k %*% v %*% k))
s <- read("staff"); m <- s$value[s$who == "manager"]; x <- t.test(m, s$value[s$who == "customer"])
tell(knowledge = c(-diff(x$estimate), x$conf.int, x$parameter, x$p.value), level = c(mean(m), t.test(m)$conf.int))

u <- read("units"); five <- u[, c("gap5_a", "gap5_b", "gap5_c")]; u$y <- rowMeans(five)
l <- calc.relimp(y ~ gap1 + gap2 + gap3 + gap4, u, type = "lmg", rela = TRUE)
tell(trace = c(l$lmg, l$R2), trace_beta = coef(lm(scale(y) ~ scale(gap1) + scale(gap2) + scale(gap3) + scale(gap4), u))[-1])
tell(trace_rank = cor(u[, paste0("gap", 1:4)], u$y, method = "spearman"))
f <- friedman.test(as.matrix(five))
tell(concordance = c(f$statistic / (20 * 2), f$p.value))

p <- read("panel"); p <- p[order(p$customer, p$period), ]
e <- do.call(rbind, lapply(split(p, p$customer), function(x) { n <- nrow(x); away <- (x$perception - x$expectation)[-n]
  data.frame(customer = x$customer[-n], y = diff(x$expectation), up = pmax(0, away), down = pmin(0, away)) }))
l <- lm(y ~ 0 + up + down, e); s <- sqrt(diag(vcovCL(l, ~customer, type = "HC1"))); b <- coef(l); q <- qt(0.975, 29)
tell(ratchet = c(b, s), ratchet_ends = sapply(1:2, function(i) c(b[i] - q * s[i], b[i] + q * s[i], 2 * pt(-abs(b[i] / s[i]), 29))))
