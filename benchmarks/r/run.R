# Rscript --vanilla run.R SUBJECT DIRECTORY: reads the tables of a subject (CSV), prints its figures as one line of JSON.
given <- commandArgs(trailingOnly = TRUE)
read <- function(name) read.csv(file.path(given[2], paste0(name, ".csv")), stringsAsFactors = FALSE)
number <- function(x) ifelse(is.finite(x), formatC(as.numeric(x), digits = 17, format = "g"), "null")
told <- list()
tell <- function(...) for (n in names(list(...))) told[[n]] <<- unname(unlist(list(...)[[n]]))
suppressWarnings(suppressMessages(source(paste0(given[1], ".R"))))
cat("{", paste(sprintf('"%s": [%s]', names(told), sapply(told, function(x) paste(number(x), collapse = ", "))), collapse = ", "), "}\n", sep = "")
