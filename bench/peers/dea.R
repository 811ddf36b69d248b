# Efficiency by R and lpSolve, one program a unit: dea.R [UNITS [SAMPLE]]
# Input-oriented, constant and variable returns, 3 inputs and 2 outputs, lognormal; SAMPLE (100) of
# the units are solved and scaled to all. Prints "dea S".
library(lpSolve)
given <- commandArgs(trailingOnly = TRUE)
n <- if (length(given) > 0) as.integer(given[1]) else 5000L
sample <- min(n, if (length(given) > 1) as.integer(given[2]) else 100L)
set.seed(20250724)
z <- rnorm(n)
x <- exp(0.5 * matrix(rnorm(3 * n), n) + z)
y <- exp(0.5 * matrix(rnorm(2 * n), n) + z)
begin <- proc.time()[["elapsed"]]
for (o in seq_len(sample)) {
    rows <- rbind(cbind(-x[o, ], t(x)), cbind(0, t(y)))
    for (variable in c(FALSE, TRUE)) {
        a <- if (variable) rbind(rows, c(0, rep(1, n))) else rows
        got <- lp("min", c(1, rep(0, n)), a, c(rep("<=", 3), rep(">=", 2), if (variable) "="),
                  c(rep(0, 3), y[o, ], if (variable) 1))
        stopifnot(got$status == 0, got$objval <= 1 + 1e-6)
    }
}
cat(sprintf("dea %.3f\n", (proc.time()[["elapsed"]] - begin) * n / sample))
