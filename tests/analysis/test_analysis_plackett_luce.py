"""The model check of top threes."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from csp_consult.analysis.plackett_luce import worths


@pytest.mark.parametrize("weighted", [True, False])
def test_the_oracle_s_worths(oracle: dict[str, Any], oracle_folder: Path, weighted: bool) -> None:
    theirs = oracle["plackett_luce_wave1"]
    people = pd.read_csv(oracle_folder / "wave1.csv")
    choices = people[["top1", "top2", "top3"]].to_numpy(np.intp) - 1
    raked = np.array(oracle["from_R"]["rake"]["wave1_age_sex_ward"]["weights"])

    found = worths(choices, raked if weighted else np.ones(len(people)), 6)

    assert found == pytest.approx(theirs["worth_weighted" if weighted else "worth_unweighted"], abs=1e-6)


def test_first_choices_alone_give_their_weighted_shares() -> None:
    choices = np.array([[0], [0], [1], [2]])

    assert worths(choices, np.array([1.0, 1.0, 1.0, 5.0]), 4) == pytest.approx([2 / 8, 1 / 8, 5 / 8, 0])


def test_two_topics_by_hand() -> None:
    # Three of four put the first topic before the second: odds of three to one.
    choices = np.array([[0, 1], [0, 1], [0, 1], [1, 0]])

    assert worths(choices, np.ones(4), 2) == pytest.approx([0.75, 0.25])
