# The peers that are in R, one a process: Rscript peers.R NAME SIZE. Answers each line of input with the CPU seconds that one more run took, and at
# the end with the peak of its memory, as benchmarks/peers.py does.
suppressWarnings(suppressMessages({
  asked <- commandArgs(trailingOnly = TRUE)
  size <- as.integer(asked[2])
  drivers <- function(p, n = 1000) {
    common <- rnorm(n)
    x <- matrix(rnorm(n * p), n) + common
    colnames(x) <- paste0("x", seq_len(p))
    data.frame(y = drop(x %*% seq(1, 0.1, length.out = p)) + rnorm(n), x)
  }
  set.seed(1)
  run <- switch(asked[1],
    relaimpo = { library(relaimpo); told <- drivers(size); function() calc.relimp(y ~ ., told, type = "lmg")@lmg },
    psych = {
      library(psych)
      told <- matrix(pmin(7, pmax(1, round(4 + rnorm(size) + matrix(rnorm(size * 22), size)))), size)
      function() for (items in split(1:22, rep(1:5, c(4, 5, 4, 4, 5)))) alpha(told[, items], check.keys = FALSE, warnings = FALSE)
    }
  )
  invisible(run())
}))
cat("ready\n")
input <- file("stdin", "r")
while (length(line <- readLines(input, 1)) > 0) {
  begun <- proc.time()
  invisible(suppressWarnings(suppressMessages(run())))
  spent <- proc.time() - begun
  cat(spent[["user.self"]] + spent[["sys.self"]], "\n")
}
status <- readLines("/proc/self/status")
peak <- as.numeric(gsub("[^0-9]", "", status[startsWith(status, "VmHWM:")])) / 1024
cat(sprintf('{"peak": %f}\n', peak))
