from collections.abc import Callable
from pathlib import Path

import pytest

from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.parse import load

FEATURES = Path(__file__).resolve().parent.parent / "questionnaires"


@pytest.fixture(scope="session")
def source_of() -> Callable[[str], str]:
    """``source_of("grid")`` is the text of the small questionnaire that shows one feature."""
    return lambda name: (FEATURES / f"{name}.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def questionnaire_for(source_of: Callable[[str], str]) -> Callable[[str], Questionnaire]:
    """``questionnaire_for("grid")`` is the small questionnaire that shows one feature."""
    return lambda name: load(source_of(name))
