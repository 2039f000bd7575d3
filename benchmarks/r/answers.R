library(psych); library(lavaan)
d <- read("pairs")
table <- rbind(strsplit("QAAAO", "")[[1]], strsplit("RIIIM", "")[[1]], strsplit("RIIIM", "")[[1]], strsplit("RIIIM", "")[[1]], strsplit("RRRRQ", "")[[1]])
k <- table[cbind(d$functional, d$dysfunctional)]
n <- table(factor(k, c("M", "O", "A", "I", "R", "Q")))
four <- sum(n[1:4])
wilson <- function(x, n) c(x / n, prop.test(x, n, correct = FALSE)$conf.int)
tell(better = wilson(n["A"] + n["O"], four), worse = -wilson(n["O"] + n["M"], four)[c(1, 3, 2)])
four <- k %in% c("M", "O", "A", "I")
b <- as.numeric(k %in% c("A", "O"))[four]; w <- as.numeric(k %in% c("O", "M"))[four]
tell(covariance = mean((b - mean(b)) * (w - mean(w))) / length(b))
top <- sort(n[names(n) != "Q"], decreasing = TRUE)
tell(lead = binom.test(top[1], top[1] + top[2])$p.value)
f <- c(4, 2, 0, -1, -2)[d$functional][k != "Q"]; g <- c(-2, -1, 0, 2, 4)[d$dysfunctional][k != "Q"]
tell(plane = c(mean(f), mean(g), sd(f) / sqrt(length(f)), sd(g) / sqrt(length(g))))
tell(stated = c(mean(d$importance), t.test(d$importance)$conf.int))

v <- read("waves"); m <- as.matrix(v[, c("M", "O", "A", "I")]); n <- rowSums(m)
h <- chisq.test(m)
tell(homogeneity = c(h$statistic, h$parameter, h$p.value))
up <- prop.trend.test(m[, "A"] + m[, "O"], n); down <- prop.trend.test(m[, "M"] + m[, "O"], n)
tell(trends = c(up$statistic, up$p.value, down$statistic, down$p.value))
x <- (m[, "M"] + m[, "O"])[c(1, 3)]; n <- n[c(1, 3)]
a <- wilson(x[1], n[1]); z <- wilson(x[2], n[2]); by <- z[1] - a[1]
tell(changes = c(by, by - sqrt((z[1] - z[2])^2 + (a[3] - a[1])^2), by + sqrt((z[3] - z[1])^2 + (a[1] - a[2])^2)))
p <- as.matrix(read("panel"))
away <- (rowSums(p) - colSums(p))[-1]; s <- -(p + t(p)); diag(s) <- rowSums(p) + colSums(p) - 2 * diag(p)
chi <- sum(away * solve(s[-1, -1], away))
tell(same = c(chi, pchisq(chi, 3, lower.tail = FALSE)))

cc <- read("coders")
tell(kappa = c(cohen.kappa(cc)$kappa, cohen.kappa(cc)$confid[1, c(1, 3)]))
w <- abs(outer(1:4, 1:4, "-"))
tell(linear = c(cohen.kappa(cc, w = w)$weighted.kappa, cohen.kappa(cc)$weighted.kappa))

i <- read("items"); perceived <- i[, grep("^p_", names(i))]
a <- psych::alpha(perceived, check.keys = FALSE)
tell(alpha = unlist(a$total[c("raw_alpha", "std.alpha", "G6(smc)", "average_r")]), dropped = a$alpha.drop$raw_alpha, rest = a$item.stats$r.drop)
ci <- alpha.ci(a$total$raw_alpha, n.obs = 90, n.var = 5)
tell(feldt = c(ci$lower.ci, a$total$raw_alpha, ci$upper.ci))
fit <- cfa(paste("f =~", paste(names(perceived), collapse = " + ")), perceived, std.lv = TRUE)
l <- inspect(fit, "est")
tell(omega = sum(l$lambda)^2 / (sum(l$lambda)^2 + sum(diag(l$theta))))
tell(pairwise = psych::alpha(i[, grep("^h_", names(i))], check.keys = FALSE)$total$raw_alpha)
expected <- i[, grep("^e_", names(i))]
sp <- var(rowMeans(perceived)); se <- var(rowMeans(expected)); both <- cov(rowMeans(perceived), rowMeans(expected))
ap <- a$total$raw_alpha; ae <- psych::alpha(expected, check.keys = FALSE)$total$raw_alpha
tell(gap = c(psych::alpha(perceived - setNames(expected, names(perceived)), check.keys = FALSE)$total$raw_alpha, (sp * ap + se * ae - 2 * both) / (sp + se - 2 * both)))
r <- cor(perceived[, 1], perceived[, 2])
tell(two = 2 * r / (1 + r))
