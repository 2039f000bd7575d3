d <- read("days"); x <- d$count; n <- d$size; k <- nrow(d)
limits <- function(center, sigma, most = Inf) c(rep(center, length.out = k), pmax(center - 3 * sigma, 0), pmin(center + 3 * sigma, most))
u <- sum(x) / sum(n); su <- sqrt(u / n); sp <- sqrt(u * (1 - u) / n)
z <- function(s) mean(abs(diff((x / n - u) / s))) / 1.128
tell(u = limits(u, su), p = limits(u, sp, 1), u_prime = limits(u, su * z(su)), p_prime = limits(u, sp * z(sp), 1), sigma_z = c(z(su), z(sp)))
c1 <- mean(x); tell(c = limits(c1, rep(sqrt(c1), k)))
m <- mean(d$wait); s <- rep(mean(abs(diff(d$wait))) / 1.128, k)
tell(xmr = c(rep(m, k), m - 3 * s, m + 3 * s))
f <- sum(x[1:12]) / sum(n[1:12]); tell(frozen = limits(f, sqrt(f / n)))

z <- read("drift")$z
side <- function(i, beyond, wanted, of) { # this point lies beyond, and so many of the last few on its side
  if (i < of) return(any(sapply(c(-1, 1), function(s) s * z[i] > beyond && sum(s * z[1:i] > beyond) >= wanted)))
  any(sapply(c(-1, 1), function(s) s * z[i] > beyond && sum(s * z[(i - of + 1):i] > beyond) >= wanted)) }
at <- seq_along(z)
tell(rules = c(which(abs(z) > 3), at[sapply(at, side, 2, 2, 3)], at[sapply(at, side, 1, 4, 5)], at[sapply(at, side, 0, 8, 8)]))
score <- function(x, n) sapply(c(-1, 1), function(s) uniroot(function(l) (x - l) / sqrt(l) + s * qnorm(0.975), c(1e-9, 2 * x + 50), tol = 1e-13)$root) / n
tell(level = c(u, sort(score(sum(x), sum(n)))))

w <- c(10, 1, 5); c3 <- as.matrix(d[, c("lost", "late", "damaged")]); r <- colSums(c3) / sum(n)
tell(demerits = 1000 * limits(sum(w * r), sqrt(sum(w^2 * r) / n)))
points <- sum(c3 %*% w); v <- sum(c3 %*% w^2)
tell(points = c(points, v, 1000 * points / sum(n)))
a <- v / points # so many equal failures vary as much
tell(points_ends = 1000 * a * sort(score(points / a, sum(n))))
