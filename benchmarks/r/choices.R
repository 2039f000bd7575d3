p <- read("plan"); k <- nrow(p)
sets <- as.matrix(expand.grid(rep(list(0:1), k)))
allowed <- sets[, 4] == 1 & rowSums(sets[, c(2, 5, 8)]) <= 1 & sets[, 6] <= sets[, 3] & sets[, 10] <= sets[, 3]
cost <- sets %*% p$cost; value <- sets %*% p$value
best <- function(b) { i <- which(allowed & cost <= b); i <- i[order(-round(value[i], 9), cost[i])][1]; c(value[i], cost[i]) }
tell(budget = sapply(c(60, 90, 140, 200), best))
greedy <- function(b) { v <- 0; for (i in order(-p$value / p$cost)) if (p$cost[i] <= b) { b <- b - p$cost[i]; v <- v + p$value[i] }; v }
tell(greedy = sapply(c(60, 90, 140, 200), greedy))

d <- read("concepts"); r <- as.matrix(d[, c("a", "b", "c", "d", "e")]); w <- d$weight
tell(concepts = w %*% r)
set.seed(2)
leads <- function(alpha) { g <- matrix(rgamma(4 * 60000, rep(alpha, each = 60000)), ncol = 4); s <- (g / rowSums(g)) %*% r
  f <- s >= apply(s, 1, max) - 1e-9; colMeans(f / rowSums(f)) }
tell(first = c(leads(30 * w), leads(rep(1, 4))))

v <- read("providers"); b <- 0.6 * v$product + 0.4 * v$service; s <- sqrt((0.6 * v$product_se)^2 + (0.4 * v$service_se)^2)
tell(value = sapply(2:3, function(i) { t <- (b[i] / b[1]) / (v$price[i] / v$price[1]); e <- sqrt((s[i] / b[i])^2 + (s[1] / b[1])^2)
  t * exp(c(0, -1, 1) * qnorm(0.975) * e) }))
h <- read("rivals")
m <- sapply(h, function(x) colMeans(matrix(sample(x, 60 * 40000, TRUE), 60)))
f <- m >= apply(m, 1, max) - 1e-9
tell(highest = colMeans(f / rowSums(f)))

l <- 34; mu <- 4.2; c <- 9; a <- l / mu; rho <- a / c
B <- dpois(c, a) / ppois(c, a); C <- B / (1 - rho * (1 - B))
P0 <- 1 / (sum(a^(0:(c - 1)) / factorial(0:(c - 1))) + a^c / factorial(c) / (1 - rho))
Lq <- C * rho / (1 - rho)
rm(c)
tell(line = c(rho, P0, C, Lq, Lq / l, Lq + a, Lq / l + 1 / mu), longer = C * exp(-(9 * mu - l) * c(1, 5 / 60)))
tell(place = c(8 * 2.5 / 3, qgamma(c(0.5, 0.8), 8, 3 / 2.5)))
come <- dbinom(0:7, 7, 0.8)
q <- function(s) uniroot(function(t) sum(come * pgamma(t, 1:8, 3 / 2.5)) - s, c(0.01, 60), tol = 1e-13)$root
tell(no_show = c((1 + 7 * 0.8) * 2.5 / 3, q(0.5), q(0.8)))

e <- read("steps"); e <- e[order(e$visit, e$minute), ]
go <- data.frame(from = head(e$step, -1), to = tail(e$step, -1), took = diff(e$minute))[head(e$visit, -1) == tail(e$visit, -1), ]
go$key <- paste(go$from, go$to)
tell(`next` = table(go$key), minutes = tapply(go$took, go$key, mean))
one <- tapply(e$step, e$visit, head, 1); end <- tapply(e$step, e$visit, tail, 1); all <- sort(unique(e$step))
tell(ends = rbind(table(factor(one, all)), table(factor(end, all))))
way <- tapply(e$step, e$visit, paste, collapse = ">")
tell(ways = c(length(unique(way)), max(table(way)), mean(tapply(e$minute, e$visit, function(x) diff(range(x))))))
without <- sum(!tapply(e$step == "pay", e$visit, any)); n <- length(way)
tell(lost = c(without / n, prop.test(without, n, correct = FALSE)$conf.int))
