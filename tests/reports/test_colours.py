"""The inks of the charts are told apart by colour-blind readers and on paper.

What a colour-blind reader sees is simulated by Machado, Oliveira and Fernandes (2009), severity 1; distances are
those of CIELAB (CIE76), of which about 2.3 is the least that anybody notices.
"""

import re

import numpy as np
import pytest

from csp_consult.reports import chart_parts, maps
from csp_consult.resources import resource_folder

SEEN_BY = {
    "everybody": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TOLD_APART = 20
"""Far more than the least difference: thin lines and small marks need it."""
WHITE = np.array([0.9505, 1.0, 1.089])


def linear(colour: str) -> np.ndarray:
    """A hexadecimal sRGB colour as light, 0 to 1."""
    values = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray) -> np.ndarray:
    """CIELAB of light, D65."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    scaled = to_xyz @ light.clip(0, 1) / WHITE
    bent = np.where(scaled > (6 / 29) ** 3, np.cbrt(scaled), scaled * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.array([116 * bent[1] - 16, 500 * (bent[0] - bent[1]), 200 * (bent[1] - bent[2])])


def distance(one: str, other: str, seen_by: str) -> float:
    sight = SEEN_BY[seen_by]
    return float(np.linalg.norm(lab(sight @ linear(one)) - lab(sight @ linear(other))))


@pytest.mark.parametrize("seen_by", SEEN_BY)
def test_perception_and_record_have_inks_that_are_told_apart(seen_by: str) -> None:
    assert distance(chart_parts.INK, chart_parts.CONTRAST, seen_by) > TOLD_APART


@pytest.mark.parametrize("seen_by", SEEN_BY)
def test_the_shades_of_the_map_run_from_light_to_dark_for_everybody(seen_by: str) -> None:
    sight = SEEN_BY[seen_by]
    pale, dark = (lab(sight @ linear(shade))[0] for shade in (maps.PALE, chart_parts.INK))
    assert pale - dark > 50


@pytest.mark.parametrize("ink", [chart_parts.INK, chart_parts.CONTRAST, chart_parts.QUIET, chart_parts.SYNTHETIC_INK])
def test_every_ink_stands_out_from_the_paper(ink: str) -> None:
    light = float(np.array([0.2126, 0.7152, 0.0722]) @ linear(ink))
    assert 1.05 / (light + 0.05) >= 4.5


def test_the_classes_of_gaps_are_told_by_shape_and_words_not_by_colour_alone() -> None:
    styles = (resource_folder("static") / "css" / "site.css").read_text()
    edges = re.findall(
        r"\.csp-tile--(?:reassure|act|alert|maintain) \{ border-inline-start(?:-color)?: ([^;]+);", styles
    )
    assert len(edges) == 4
    assert len(set(edges)) == 4
