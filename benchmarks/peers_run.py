"""Runs in the peers' own environment: rakes and estimates the data of a folder with each, and prints CPU seconds.

Nothing of the project is imported here. Each peer gets the data in the form it likes best, outside the clock.
"""

import json
import sys
import time
import warnings
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

warnings.simplefilter("ignore")
ROUNDS = 3
SLOW = 20.0
"""Seconds after which a peer is not asked a second time."""


def raking(folder: Path, sizes: list[int]) -> dict[str, Any]:
    """CPU seconds by peer and size."""
    shares = json.loads((folder / "shares.json").read_text())
    found: dict[str, Any] = {}
    for size in sizes:
        frame = pd.DataFrame(dict(np.load(folder / f"{size}.npz")))
        calls = {}
        for name, make in RAKING.items():
            try:
                calls[name] = make(frame, {column: {int(k): v for k, v in of.items()} for column, of in shares.items()})
            except ImportError as error:
                found.setdefault(name, {})["fault"] = str(error)
        for name, seconds in timed(calls, found).items():
            found.setdefault(name, {})[str(size)] = seconds
    return found


def intervals(folder: Path) -> dict[str, Any]:
    """CPU seconds by peer for forty shares with their intervals."""
    data = np.load(folder / "answers.npz")
    answers, weights = data["answers"], data["weights"]
    found: dict[str, Any] = {}
    calls = {}
    for name, make in INTERVALS.items():
        try:
            calls[name] = make(answers, weights)
        except ImportError as error:
            found.setdefault(name, {})["fault"] = str(error)
    for name, seconds in timed(calls, found).items():
        found.setdefault(name, {})["seconds"] = seconds
    return found


def timed(calls: dict[str, Any], found: dict[str, Any]) -> dict[str, float]:
    """Median CPU seconds, peers taking turns; what fails is noted."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            if "fault" in found.get(name, {}) or (times[name] and times[name][0] > SLOW):
                continue
            began = time.process_time()
            try:
                call()
            except Exception as error:
                found.setdefault(name, {})["fault"] = f"{type(error).__name__}: {error}"[:200]
            else:
                times[name].append(time.process_time() - began)
    return {name: median(took) for name, took in times.items() if took}


def _rimpy(frame: pd.DataFrame, shares: dict[str, dict[int, float]]) -> Any:
    import rimpy

    return lambda: rimpy.rake(frame, shares, convergence_threshold=1e-6)


def _weightipy(frame: pd.DataFrame, shares: dict[str, dict[int, float]]) -> Any:
    import weightipy

    percent = {column: {code: 100 * share for code, share in of.items()} for column, of in shares.items()}
    return lambda: weightipy.weight_dataframe(frame.copy(), weightipy.scheme_from_dict(percent), "weight")


def _balance(frame: pd.DataFrame, shares: dict[str, dict[int, float]]) -> Any:
    import logging

    from balance.weighting_methods.rake import rake

    logging.disable(logging.CRITICAL)
    texts = frame.astype(str)
    ones = pd.Series(np.ones(len(frame)))
    margins = {column: {str(code): share for code, share in of.items()} for column, of in shares.items()}
    return lambda: rake(texts, ones, None, None, list(shares), None, target_margins=margins)


def _svy(frame: pd.DataFrame, shares: dict[str, dict[int, float]]) -> Any:
    import polars
    import svy

    sample = svy.Sample(polars.DataFrame(frame.assign(one=1.0).to_dict("list")), svy.Design(wgt="one"))
    return lambda: sample.weighting.rake(shares=shares, tol=1e-6)


def _samplics(frame: pd.DataFrame, shares: dict[str, dict[int, float]]) -> Any:
    from samplics import SampleWeight

    totals = {column: {code: share * len(frame) for code, share in of.items()} for column, of in shares.items()}
    columns = {column: frame[column].to_numpy() for column in shares}
    ones = np.ones(len(frame))
    return lambda: SampleWeight().rake(ones, margins=columns, control=totals, tol=1e-6)


RAKING = {"rimpy": _rimpy, "weightipy": _weightipy, "balance": _balance, "svy": _svy, "samplics": _samplics}


def _statsmodels_intervals(answers: Any, weights: Any) -> Any:
    import statsmodels.api as sm

    ones = np.ones(len(weights))

    def call() -> None:
        for column in answers.T:
            fit = sm.WLS(column, ones, weights=weights).fit(cov_type="HC1")
            fit.conf_int()

    return call


def _svy_intervals(answers: Any, weights: Any) -> Any:
    import polars
    import svy

    columns = {f"q{place}": column.astype(int) for place, column in enumerate(answers.T)}
    sample = svy.Sample(polars.DataFrame({**columns, "w": weights}), svy.Design(wgt="w"))
    return lambda: sample.estimation.prop(list(columns))


def _samplics_intervals(answers: Any, weights: Any) -> Any:
    from samplics import PopParam, TaylorEstimator

    def call() -> None:
        for column in answers.T:
            TaylorEstimator(PopParam.prop).estimate(y=column.astype(int), samp_weight=weights, remove_nan=False)

    return call


INTERVALS = {"statsmodels": _statsmodels_intervals, "svy": _svy_intervals, "samplics": _samplics_intervals}

if __name__ == "__main__":
    where = Path(sys.argv[1])
    result = {"raking": raking(where, [int(one) for one in sys.argv[2:]]), "intervals": intervals(where)}
    print(json.dumps(result))
