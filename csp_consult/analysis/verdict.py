"""What a councillor can read out of a gap: plain sentences, with how sure we are and what cannot be said."""

from typing import Final

from csp_consult.analysis.comparability import Grade
from csp_consult.analysis.gap import Class, Gap
from csp_consult.analysis.recorded_change import Change

_MEANING: Final[dict[Class, str]] = {
    "reassure": "More people say it is rising than falling, and the record fell: there is good news to tell.",
    "alert": "More people say it is falling than rising, but the record rose: people may need to be warned.",
    "act": "More people say it is rising than falling, and the record rose as well: this calls for action.",
    "maintain": "More people say it is falling than rising, and the record fell as well: keep up what is being done.",
    "unclear": "Which way people lean, or which way the record moved, is too uncertain to draw a conclusion.",
}


def verdict(gap: Gap | None, grade: Grade, *, topic: str, area: str, contrary_adults: int | None) -> str:
    """The gap in words, or ``Cannot be compared, because ...`` at grade D.

    ``gap`` may be None at grade D only. ``topic`` and ``area`` are titles as a sentence uses them
    (``anti-social behaviour``, ``Harborough``); ``contrary_adults`` is how many adults the contrary share stands
    for, None where that is not known.
    """
    if not grade.comparable or gap is None:
        return _refusal(grade)
    sentences = [
        f"{recorded_in_words(gap.recorded, topic=topic, area=area)}, and {_answers(gap, contrary_adults)}.",
        _MEANING[gap.classification],
        _care(grade),
    ]
    return " ".join(filter(None, sentences))


def published_verdict(
    *, share: float, previous_share: float | None, statement: str, recorded: Change, grade: Grade, topic: str, area: str
) -> str:
    """The words for a published share who agree that a topic "decreased or stayed the same".

    Such a figure joins two answers, so it has no balance and no class: what follows from it, and what does not, is
    said. ``share`` and ``previous_share`` are 0 to 1; ``statement`` is the wording as printed.
    """
    if not grade.comparable:
        return _refusal(grade)
    agreed = f"{_share(share)} agreed that “{statement}”{_since(share, previous_share)}"
    sentences = [
        f"{recorded_in_words(recorded, topic=topic, area=area)}, and {agreed}.",
        f"At most {_share(1 - share)} said it rose: some of them may not have known.",
        "The answer joins “decreased” and “stayed the same”, so it cannot be said which way people lean.",
        _care(grade),
    ]
    return " ".join(filter(None, sentences))


def recorded_in_words(recorded: Change, *, topic: str, area: str) -> str:
    """The record's side as a clause without its full stop: ``Recorded asb in Harborough fell by 33.4% (...)``."""
    subject = f"Recorded {topic} in {area}"
    if recorded.balance is None:
        return f"No {topic} was recorded in {area} in either period"
    counts = "" if recorded.before is None else f"from {recorded.before:,} to {recorded.after:,}"
    if recorded.balance == 0:
        return f"{subject} did not change{' (' + counts + ')' if counts else ''}"
    verb = "rose" if recorded.balance > 0 else "fell"
    if recorded.change_pct is None:
        return f"{subject} {verb} {counts}"
    return f"{subject} {verb} by {abs(recorded.change_pct):.1f}% ({counts + '; ' if counts else ''}{_sure(recorded)})"


def _sure(recorded: Change) -> str:
    if recorded.lower_pct is None or recorded.upper_pct is None:
        return "published without counts"
    return f"95% interval {_signed(recorded.lower_pct)} to {_signed(recorded.upper_pct)}"


def _answers(gap: Gap, contrary_adults: int | None) -> str:
    adults = "" if contrary_adults is None else f" (about {_rounded(contrary_adults):,} adults)"
    rose = f"{_share(gap.p_up)} of residents say it rose{adults if gap.contrary == 'up' else ''}"
    fell = f"{_share(gap.p_down)} say it fell{adults if gap.contrary == 'down' else ''}"
    return f"{rose} while {fell}"


def _since(share: float, previous_share: float | None) -> str:
    if previous_share is None:
        return ""
    if share == previous_share:
        return ", as before"
    return f", {'up' if share > previous_share else 'down'} from {_share(previous_share)} before"


def _care(grade: Grade) -> str:
    return f"Read with care: {'; '.join(grade.reasons)}." if grade.reasons else ""


def _refusal(grade: Grade) -> str:
    return f"Cannot be compared, because {', and '.join(grade.reasons)}."


def _share(share: float) -> str:
    return f"{100 * share:.0f}%"


def _signed(pct: float) -> str:
    return f"{pct:+.1f}%".replace("-", "−")


def _rounded(adults: int) -> int:
    # Three figures would claim more than a survey knows.
    return int(float(f"{adults:.2g}"))
