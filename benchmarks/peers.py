"""Raking and design-based intervals against other packages on the same data, in the same run."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.measure import interleaved, milliseconds, row
from benchmarks.page import ROOT
from csp_consult.analysis.estimates import ratios, shares_of
from csp_consult.analysis.totals import totals_of_respondents
from csp_consult.analysis.weights import Target, weigh

TITLE = "Weighting and intervals against other packages"
ABOUT = """
Made-up respondents with an age band (6), sex (3) and ward (19), raked to three one-way margins within a millionth, by
each package from the data as it likes them best. Ours from coded columns counts respondents by cell, rakes the cells
and hands each respondent a weight; ours from the tally is what a hosted wave costs: it has the counts. Then forty
shares with their design-based intervals from 100,000 weighted respondents. The ratio is the peer's CPU over ours;
above 1 we are ahead. R's `survey` runs once a size. The peers live in an environment of their own.
"""
SIZES = (10_000, 100_000, 1_000_000)
QUESTIONS, RESPONDENTS = 40, 100_000
LEVELS = {"age": 6, "sex": 3, "ward": 19}
ENVIRONMENT = ROOT / ".peers"
WHY_RAKING = (
    "the peer needs less than ours needs to count respondents by cell; a counting in C over the codes would close it. "
    "A hosted wave does not count: see the line from the tally."
)
WHY_INTERVALS = (
    "ours also computes the joint covariance of all forty shares, which differences between questions need and the "
    "peers leave out."
)


def measure() -> list[dict[str, Any]]:
    """Our CPU and that of each peer, at each size."""
    rng = np.random.default_rng(7)
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder)
        shares = {name: _shares(rng, levels) for name, levels in LEVELS.items()}
        frames = {size: _respondents(rng, size) for size in SIZES}
        answers, weights = rng.random((RESPONDENTS, QUESTIONS)) < 0.3, rng.uniform(0.5, 3.0, RESPONDENTS)
        _write(where, shares, frames, answers, weights)
        theirs = _theirs(where)
    ours = _ours(shares, frames, answers.astype(float), weights)
    rows = []
    for size in SIZES:
        for form in ("coded columns", "the tally"):
            mine = ours[f"{form} {size}"].cpu
            for peer, found in theirs["raking"].items():
                rows.append(_row(f"raking {size:,} from {form}", mine, peer, found, str(size), ahead=size >= 100_000))
    for peer, found in theirs["intervals"].items():
        mine = ours["intervals"].cpu
        rows.append(_row(f"{QUESTIONS} intervals at {RESPONDENTS:,}", mine, peer, found, "seconds", ahead=True))
    return rows


def _row(name: str, mine: float, peer: str, found: dict[str, Any], key: str, *, ahead: bool) -> dict[str, Any]:
    if key not in found:
        return row(
            f"{name}, against {peer}", milliseconds(mine), against=f"{peer}: {found.get('fault', 'not measured')}"
        )
    return row(
        f"{name}, against {peer}",
        milliseconds(mine),
        against=peer,
        against_figure=milliseconds(found[key]),
        ratio=found[key] / mine,
        goal="ahead" if ahead else "",
        met=found[key] > mine if ahead else None,
        why=WHY_INTERVALS if key == "seconds" else WHY_RAKING,
    )


def _shares(rng: np.random.Generator, levels: int) -> dict[int, float]:
    drawn = rng.dirichlet(np.full(levels, 20.0))
    return {code: float(share) for code, share in enumerate(drawn, start=1)}


def _respondents(rng: np.random.Generator, size: int) -> dict[str, Any]:
    return {name: rng.integers(1, levels + 1, size).astype(np.int64) for name, levels in LEVELS.items()}


def _write(where: Path, shares: dict[str, Any], frames: dict[int, Any], answers: Any, weights: Any) -> None:
    (where / "shares.json").write_text(json.dumps(shares))
    lines = [f"{name},{code},{share}" for name, of in shares.items() for code, share in of.items()]
    (where / "shares.csv").write_text("\n".join(["column,code,share", *lines]) + "\n")
    for size, frame in frames.items():
        np.savez(where / f"{size}.npz", **frame)
        pd.DataFrame(frame).to_csv(where / f"{size}.csv", index=False)
    np.savez(where / "answers.npz", answers=answers, weights=weights)
    named = {f"q{place}": column.astype(int) for place, column in enumerate(answers.T)}
    pd.DataFrame({**named, "w": weights}).to_csv(where / "answers.csv", index=False)


def _ours(shares: dict[str, Any], frames: dict[int, Any], answers: Any, weights: Any) -> dict[str, Any]:
    calls: dict[str, Callable[[], object]] = {}
    for size, frame in frames.items():
        targets = [
            Target((name,), {(str(code),): share * size for code, share in of.items()}) for name, of in shares.items()
        ]
        calls[f"coded columns {size}"] = _from_columns(frame, targets)
        cells, _ = _cells(frame)
        calls[f"the tally {size}"] = _from_cells(cells, targets)
    variables = {(f"q{place}", "1"): column for place, column in enumerate(answers.T)}
    chosen = np.hstack([np.zeros((QUESTIONS, 1)), np.eye(QUESTIONS)])
    everyone = np.hstack([np.ones((QUESTIONS, 1)), np.zeros((QUESTIONS, QUESTIONS))])
    calls["intervals"] = lambda: shares_of(ratios(totals_of_respondents(variables, weights), chosen, everyone))
    return interleaved(calls, rounds=5, warm_up=1)


def _cells(frame: dict[str, Any]) -> tuple[pd.DataFrame, Any]:
    """The cells with their counts, and the cell of each respondent."""
    names = list(LEVELS)
    shape = tuple(LEVELS[name] + 1 for name in names)
    code = np.ravel_multi_index([frame[name] for name in names], shape)
    n = np.bincount(code, minlength=int(np.prod(shape)))
    there = np.flatnonzero(n)
    columns = dict(zip(names, (level.astype(str) for level in np.unravel_index(there, shape)), strict=True))
    counts = n[there].astype(float)
    place = np.cumsum(n > 0) - 1
    return pd.DataFrame({**columns, "n": counts, "d": counts, "d2": counts}), place[code]


def _from_columns(frame: dict[str, Any], targets: list[Target]) -> Callable[[], object]:
    def call() -> object:
        cells, place = _cells(frame)
        return weigh(cells, targets).factors[place]

    return call


def _from_cells(cells: pd.DataFrame, targets: list[Target]) -> Callable[[], object]:
    return lambda: weigh(cells, targets)


def _theirs(where: Path) -> dict[str, Any]:
    sizes = [str(size) for size in SIZES]
    script = [_python(), ROOT / "benchmarks" / "peers_run.py", where, *sizes]
    done = subprocess.run(script, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    found["raking"]["R survey"], found["intervals"]["R survey"] = {}, {}
    if shutil.which("Rscript") is None:
        found["raking"]["R survey"]["fault"] = found["intervals"]["R survey"]["fault"] = "R is not installed"
        return found
    script = ["Rscript", ROOT / "benchmarks" / "peers.R", where, *sizes]
    done = subprocess.run(script, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    for line in done.stdout.splitlines():
        what, size, seconds = line.split()
        found[what]["R survey"][size if what == "raking" else "seconds"] = float(seconds)
    return found


def _python() -> Path:
    """The peers' interpreter; their environment is made where it is not there. rimpy needs Python 3.12 or newer."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        uv = Path(sys.executable).with_name("uv")
        newer = [uv, "venv", ENVIRONMENT, "--python", ">=3.12,<3.14", "--no-python-downloads"]
        if subprocess.run(newer, check=False).returncode:
            subprocess.run([uv, "venv", ENVIRONMENT, "--python", sys.executable], check=True)
        subprocess.run([uv, "pip", "install", "--python", python, "-r", ROOT / "benchmarks" / "peers.txt"], check=True)
    return python
