"""The same samples through R's survey package: freshly drawn, permuted and rescaled. Skipped where R is not here."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from analysis_samples import TOPICS, VARIABLES, Sample, drawn_sample, ratings
from numpy.typing import NDArray

from csp_consult.analysis.concern import concern_from_respondents, concern_from_totals
from csp_consult.analysis.estimates import logit_interval, mean
from csp_consult.analysis.figures import FloatArray
from csp_consult.analysis.totals import Design, indicators, totals_of_respondents

SCRIPT = """
suppressMessages(library(survey))
options(digits = 17)
here <- commandArgs(trailingOnly = TRUE)[1]
people <- read.csv(file.path(here, "people.csv"), colClasses = c(age = "factor", sex = "factor", ward = "factor"))
margins <- lapply(c("age", "sex", "ward"), function(v) read.csv(file.path(here, paste0(v, ".csv")),
                                                               colClasses = setNames("factor", v)))
base <- svydesign(ids = ~1, weights = ~d, data = people)
raked <- rake(base, list(~age, ~sex, ~ward), margins, control = list(maxit = 500, epsilon = 1e-9))
people$w <- weights(raked)
# rake() residualises by its own iteration; calibrate() does it by regression with base weights, as our method says.
totals <- c("(Intercept)" = sum(margins[[1]]$Freq))
for (m in margins) totals <- c(totals, setNames(m$Freq[-1], paste0(names(m)[1], m[[1]][-1])))
calibrated <- calibrate(base, ~age + sex + ward, totals, calfun = "raking", maxit = 500, epsilon = 1e-12)
fixed <- svydesign(ids = ~1, weights = ~w, data = people)
problems <- grep("^yes_", names(people), value = TRUE)
one <- function(design, topic) svyratio(as.formula(paste0("~yes_", topic)), as.formula(paste0("~answered_", topic)),
                                        design)
topics <- sub("^yes_", "", problems)
estimates <- data.frame(
  topic = topics,
  p = sapply(topics, function(t) coef(one(fixed, t))),
  se = sapply(topics, function(t) SE(one(fixed, t))),
  se_raked = sapply(topics, function(t) SE(one(calibrated, t)))
)
estimates[, c("low", "high")] <- t(sapply(topics, function(t)
  confint(svyciprop(as.formula(paste0("~whole_", t)), fixed, method = "logit"))))
estimates$whole_p <- sapply(topics, function(t) coef(svymean(as.formula(paste0("~whole_", t)), fixed)))
estimates$whole_se <- sapply(topics, function(t) SE(svymean(as.formula(paste0("~whole_", t)), fixed)))
together <- svymean(as.formula(paste("~", paste(paste0("whole_", topics), collapse = "+"))), fixed)
clustered <- svydesign(ids = ~unit, strata = ~ward, fpc = ~population, weights = ~w, nest = TRUE, data = people)
drawn <- svymean(~measure, clustered)
part <- svymean(~measure, subset(clustered, sex == "1"))
write.csv(data.frame(w = people$w), file.path(here, "weights.csv"), row.names = FALSE)
write.csv(estimates, file.path(here, "estimates.csv"), row.names = FALSE)
write.csv(vcov(together), file.path(here, "covariance.csv"), row.names = FALSE)
write.csv(data.frame(mean = c(coef(drawn), coef(part)), se = c(SE(drawn), SE(part))),
          file.path(here, "clustered.csv"), row.names = FALSE)
"""


@pytest.fixture(scope="module")
def rscript() -> str:
    found = shutil.which("Rscript")
    if found is None:
        pytest.skip("R is not here")
    survey = subprocess.run([found, "-e", "library(survey); library(MASS)"], capture_output=True, check=False)
    if survey.returncode:
        pytest.skip("R's survey and MASS packages are not here")
    return found


def rescaled(sample: Sample, by: float) -> Sample:
    return Sample(sample.answers, sample.base_weights * by, sample.targets)


def permuted(sample: Sample) -> Sample:
    order = np.random.default_rng(0).permutation(len(sample.base_weights))
    return Sample(sample.answers.iloc[order].reset_index(drop=True), sample.base_weights[order], sample.targets)


@pytest.mark.parametrize(
    "sample",
    [drawn_sample(11), permuted(drawn_sample(11)), rescaled(drawn_sample(11), 7.5), drawn_sample(12, n=400)],
    ids=["drawn", "permuted", "rescaled", "larger"],
)
def test_weights_estimates_and_errors_are_those_of_r(rscript: str, tmp_path: Path, sample: Sample) -> None:
    units, population, measure = design_of(sample)
    theirs = in_r(rscript, tmp_path, sample, units, population, measure)
    problem = ratings()

    _, _, weights = sample.weighed()
    fixed = concern_from_respondents(sample.answers, problem, weights)
    chosen = indicators(sample.answers, [key for scores in problem.scores for key in scores])
    raked = concern_from_totals(
        totals_of_respondents(chosen, weights, base_weights=sample.base_weights, calibration=sample.dummies()),
        problem,
    )

    estimates = theirs["estimates"].set_index("topic").loc[list(TOPICS)]
    assert weights == pytest.approx(theirs["weights"]["w"].to_numpy(), rel=1e-9)
    assert fixed.values == pytest.approx(estimates["p"].to_numpy(), abs=1e-10)
    assert fixed.covariance is not None
    assert raked.covariance is not None
    assert np.sqrt(np.diag(fixed.covariance)) == pytest.approx(estimates["se"].to_numpy(), abs=1e-10)
    assert np.sqrt(np.diag(raked.covariance)) == pytest.approx(estimates["se_raked"].to_numpy(), abs=1e-8)


def test_covariances_and_logit_intervals_are_those_of_r(rscript: str, tmp_path: Path) -> None:
    sample = drawn_sample(21, unanswered=0)
    theirs = in_r(rscript, tmp_path, sample, *design_of(sample))

    found = concern_from_respondents(sample.answers, ratings(), sample.weighed()[2])

    assert found.covariance is not None
    assert found.covariance == pytest.approx(theirs["covariance"].to_numpy(), abs=1e-12)
    for t, row in enumerate(theirs["estimates"].itertuples()):
        interval = logit_interval(float(found.values[t]), float(found.covariance[t, t]) ** 0.5, found.degrees)
        assert interval == pytest.approx((row.low, row.high), abs=1e-6)


def test_strata_clusters_finite_population_and_domains_are_those_of_r(rscript: str, tmp_path: Path) -> None:
    sample = drawn_sample(31, n=240)
    units, population, measure = design_of(sample)
    theirs = in_r(rscript, tmp_path, sample, units, population, measure)["clustered"]
    design = Design(sample.answers["ward"].to_numpy(object), units, population)

    for line, domain in enumerate([None, (sample.answers["sex"] == "1").to_numpy()]):
        totals = totals_of_respondents({("q", "value"): measure}, sample.weighed()[2], design=design, domain=domain)
        found = mean(totals, {("q", "value"): 1})
        assert (found.estimate, found.se) == pytest.approx((theirs["mean"][line], theirs["se"][line]), rel=1e-9)


def design_of(sample: Sample) -> tuple[NDArray[np.object_], FloatArray, FloatArray]:
    """Clusters of about five within wards, the number of clusters there are in each ward, and a measured answer."""
    rng = np.random.default_rng(len(sample.base_weights))
    units = rng.integers(0, 8, len(sample.base_weights)).astype(str).astype(object)
    population = 20.0 + 5 * sample.answers["ward"].to_numpy(float)
    return units, population, rng.normal(size=len(units)) + units.astype(float) / 4


def in_r(
    rscript: str,
    folder: Path,
    sample: Sample,
    units: NDArray[np.object_],
    population: FloatArray,
    measure: FloatArray,
) -> dict[str, pd.DataFrame]:
    people = sample.answers[list(VARIABLES)].assign(
        d=sample.base_weights, unit=units, population=population, measure=measure
    )
    for topic in TOPICS:
        rated = sample.answers[f"prob_{topic}"]
        people[f"yes_{topic}"] = rated.isin(["2", "3"]).astype(int)
        people[f"answered_{topic}"] = (rated != "dont_know").astype(int)
        people[f"whole_{topic}"] = people[f"yes_{topic}"]
    people.to_csv(folder / "people.csv", index=False)
    total = sum(sample.targets[0].populations.values())
    for target in sample.targets:
        scale = total / sum(target.populations.values())
        rows = [(category[0], count * scale) for category, count in target.populations.items()]
        pd.DataFrame(rows, columns=[target.variables[0], "Freq"]).to_csv(
            folder / f"{target.variables[0]}.csv", index=False, float_format="%.17g"
        )
    (folder / "check.R").write_text(SCRIPT)
    subprocess.run([rscript, str(folder / "check.R"), str(folder)], check=True, capture_output=True)
    return {name: pd.read_csv(folder / f"{name}.csv") for name in ("weights", "estimates", "covariance", "clustered")}
