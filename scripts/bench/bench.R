# RcppML's side of the benchmark: one measurement in a process of its own.
#
# usage: bench.R CASE.json SET     prints {"seconds": ...}
#
# It has no stop of its own here, and its iteration is CD's: W from H, then H from W.
args <- commandArgs(trailingOnly = TRUE)
text <- paste(readLines(args[1], warn = FALSE), collapse = "")
setting <- function(name) as.integer(sub(paste0('.*"', name, '":([0-9]+).*'), "\\1", text))
suppressMessages({ library(Matrix); library(RcppML) })
X <- as(readMM(paste0(args[2], ".mtx")), "CsparseMatrix")

seconds <- function(iterations) {
  start <- proc.time()[["elapsed"]]
  nmf(X, setting("k"), tol = 0, maxit = iterations, verbose = FALSE, seed = 0)
  proc.time()[["elapsed"]] - start
}

# Two fits, so that what a fit costs beside its iterations drops out.
few <- setting("few")
many <- setting("many")
short <- seconds(few)
cat(sprintf('{"seconds": %.9g}\n', (seconds(many) - short) / (many - few)))
