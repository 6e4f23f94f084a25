# R's survey package on the same data: CPU seconds of raking at each size, and of forty shares with intervals.
suppressMessages(library(survey))
arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[1]
cpu <- function(expression) { took <- system.time(expression); unname(took["user.self"] + took["sys.self"]) }
shares <- read.csv(file.path(folder, "shares.csv"))
for (size in arguments[-1]) {
  frame <- read.csv(file.path(folder, paste0(size, ".csv")))
  margins <- lapply(c("age", "sex", "ward"), function(name) {
    of <- shares[shares$column == name, ]
    margin <- data.frame(of$code, of$share * nrow(frame))
    names(margin) <- c(name, "Freq")
    margin
  })
  design <- suppressWarnings(svydesign(ids = ~1, data = frame))
  took <- cpu(rake(design, list(~age, ~sex, ~ward), margins, control = list(maxit = 50, epsilon = 1e-6)))
  cat("raking", size, took, "\n")
}
answers <- read.csv(file.path(folder, "answers.csv"))
design <- svydesign(ids = ~1, weights = ~w, data = answers)
took <- cpu(for (place in 0:39) svyciprop(as.formula(paste0("~q", place)), design, method = "logit"))
cat("intervals", 0, took, "\n")
