library(survey)
d <- read("people")
d$top <- as.numeric(d$satisfied >= 4)
table <- rbind(strsplit("QAAAO", "")[[1]], strsplit("RIIIM", "")[[1]], strsplit("RIIIM", "")[[1]], strsplit("RIIIM", "")[[1]], strsplit("RRRRQ", "")[[1]])
k <- table[cbind(d$functional, d$dysfunctional)]
d$better <- as.numeric(k %in% c("A", "O")); d$worse <- as.numeric(k %in% c("O", "M"))
d$care <- d$p_care - d$e_care; d$speed <- d$p_speed - d$e_speed
of <- function(rows, name) { x <- d[rows, ]; x$y <- x[[name]]; m <- svymean(~y, svydesign(ids = ~1, weights = ~weight, data = x))
  c(coef(m), SE(m), sum(rows), sum(x$weight * (x$y - coef(m))^2) / sum(x$weight)) }
every <- rep(TRUE, nrow(d))
student <- function(m) m[1] + c(0, -1, 1) * qt(0.975, m[3] - 1) * m[2]
wilson <- function(m) { n <- 1 + m[4] / m[2]^2; p <- m[1]; z <- qnorm(0.975) # at the number of equal answers with this standard error
  c(p, (p + z^2 / 2 / n + c(-1, 1) * z * sqrt(p * (1 - p) / n + z^2 / 4 / n^2)) / (1 + z^2 / n)) }
tell(mean = student(of(every, "satisfied")), top = wilson(of(every, "top")), effort = student(of(every, "effort")))
a <- of(d$wave == "1", "satisfied"); b <- of(d$wave == "2", "satisfied"); s <- sqrt(a[2]^2 + b[2]^2); by <- b[1] - a[1]
tell(change = c(by, by - qnorm(0.975) * s, by + qnorm(0.975) * s, 2 * pnorm(-abs(by / s))))
four <- k %in% c("M", "O", "A", "I")
tell(kano = c(wilson(of(four, "better")), -wilson(of(four, "worse"))[c(1, 3, 2)]))
tell(gap = sapply(c("care", "speed"), function(n) of(every, n)[1:2]), gap_ends = sapply(c("care", "speed"), function(n) student(of(every, n))[2:3]))
