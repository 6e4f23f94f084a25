"""Audiences: the oracle's segments, and what holds for any."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csp_consult.analysis.gap import Class, perception_gap
from csp_consult.analysis.recorded_change import recorded_change
from csp_consult.analysis.small_areas import ShrunkAreas, shrink
from csp_consult.analysis.targeting import Targets, choose_targets


def rates(*values: float) -> ShrunkAreas:
    size = len(values)
    return ShrunkAreas(
        direct=np.array(values),
        direct_se=np.full(size, 0.05),
        shrunk=np.array(values),
        se=np.full(size, 0.05),
        gamma=np.ones(size),
        mean=float(np.mean(values)),
        tau2=0.0,
    )


def choose(classes: tuple[Class, Class], wanted_share: float = 0.5) -> Targets:
    return choose_targets(
        areas=["Glen", "Nevill"],
        area_rates=rates(0.6, 0.4),
        groups=["16 to 44", "45 and over"],
        group_rates=rates(0.5, 0.5),
        district_rate=0.5,
        adults=[[1000, 2000], [1000, 500]],
        classes=classes,
        wanted_share=wanted_share,
    )


def test_segments_are_the_oracle_s(oracle: dict[str, Any], oracle_folder: Path) -> None:
    direct, change = oracle["from_R"]["targeting"], oracle["from_R"]["change"]["ward"]
    balances = shrink(change["balance"], change["se_balance"], change["n_eff"])
    classes = [
        perception_gap(0, 0, float(se), recorded_change([held["n0"]], [held["n1"]]), balance=float(b)).classification
        for b, se, held in zip(balances.shrunk, balances.se, oracle["from_R"]["recorded"]["ward"], strict=True)
    ]
    cells = json.loads((oracle_folder / "margins.json").read_text())["cells_age_sex_ward"]
    theirs = oracle["targeting"]

    ours = choose_targets(
        areas=list("ABCD"),
        area_rates=shrink(direct["ward"]["up"], direct["ward"]["se"], change["n_eff"]),
        groups=["1", "2", "3"],
        group_rates=shrink(direct["age"]["up"], direct["age"]["se"], direct["age"]["n"]),
        district_rate=theirs["district_rate"],
        adults=np.array(cells).sum(axis=1).T,
        classes=classes,
    )

    for segment, expected in zip(ours.segments, theirs["segments"], strict=True):
        assert (segment.area, int(segment.group)) == (expected["ward"], expected["age"])
        assert segment.classification == expected["class_of_ward"]
        assert segment.adults == expected["adults"]
        assert segment.rate == pytest.approx(expected["rate"], abs=1e-6)
        assert segment.lift == pytest.approx(expected["lift"], abs=1e-6)
        assert segment.residents == pytest.approx(expected["residents"], rel=1e-6)
    assert ours.total_residents == pytest.approx(theirs["total_residents"], rel=1e-6)
    assert ours.eligible_residents == pytest.approx(theirs["eligible_total"], rel=1e-6)
    assert [s.area + s.group for s in ours.segments if s.chosen] == theirs["picked"]
    assert ours.covered_share == pytest.approx(theirs["picked_share_of_eligible"], abs=1e-6)


def test_a_small_case_worked_by_hand() -> None:
    targets = choose(("reassure", "reassure"))

    assert [(s.area, s.group, s.residents, s.chosen) for s in targets.segments] == [
        ("Glen", "45 and over", 1200, True),
        ("Glen", "16 to 44", 600, False),
        ("Nevill", "16 to 44", 400, False),
        ("Nevill", "45 and over", 200, False),
    ]
    assert targets.covered_share == pytest.approx(0.5)
    assert targets.segments[0].lift == pytest.approx(1.2)


def test_only_areas_to_reassure_are_chosen_and_counted() -> None:
    targets = choose(("act", "reassure"))

    assert targets.eligible_residents == pytest.approx(600)
    assert not any(segment.chosen for segment in targets.segments)
    assert targets.note is not None
    assert "hold 0% of these residents" in targets.note


def test_without_an_area_to_reassure_there_is_nobody_to_target() -> None:
    targets = choose(("act", "unclear"))

    assert targets.note == "No area is of class reassure, so there is nobody to reassure."
    assert targets.covered_share == 0


def test_the_residents_interval_never_passes_the_adults_there_are() -> None:
    targets = choose_targets(
        areas=["Glen"],
        area_rates=rates(0.98),
        groups=["all"],
        group_rates=rates(0.98),
        district_rate=0.98,
        adults=[[100]],
        classes=["reassure"],
    )

    assert targets.segments[0].lower < targets.segments[0].residents < targets.segments[0].upper == 100


def test_a_district_where_nobody_believes_it_rose_has_no_audience() -> None:
    with pytest.raises(ValueError, match="no audience to choose"):
        choose_targets(
            areas=["Glen"],
            area_rates=rates(0.0),
            groups=["all"],
            group_rates=rates(0.0),
            district_rate=0.0,
            adults=[[100]],
            classes=["reassure"],
        )


@given(st.floats(0.05, 1.0))
def test_no_segment_could_be_left_out_of_those_chosen(wanted: float) -> None:
    targets = choose(("reassure", "reassure"), wanted)
    chosen = [segment.share_of_all for segment in targets.segments if segment.chosen]

    assert targets.covered_share == pytest.approx(sum(chosen))
    assert targets.covered_share >= wanted or targets.note is not None
    assert sum(chosen) - min(chosen) < wanted
