"""The question bank: wording that was published or harmonised, ready to be put into a questionnaire."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from csp_consult.questionnaire.editing import data_at
from csp_consult.questionnaire.writing import Data, written
from csp_consult.resources import resource_folder


@dataclass(frozen=True)
class BankQuestion:
    """One question of the bank."""

    subject: str
    """Under which heading it is listed."""
    source: str
    """Who published the wording, and where."""
    note: str
    """What was changed of it, or what to mind; empty for nothing."""
    entry: Mapping[str, Data]
    """The question as a file says it."""

    @property
    def id(self) -> str:
        """Its id, which it brings along."""
        return str(self.entry["id"])


@cache
def bank() -> tuple[BankQuestion, ...]:
    """Every question of the bank, by subject."""
    text = (resource_folder("surveys") / "bank" / "questions.yaml").read_text(encoding="utf-8")
    subjects = data_at(text, ("subjects",))
    found: list[BankQuestion] = []
    for subject in subjects if isinstance(subjects, list) else ():
        if isinstance(subject, dict):
            found.extend(_read(str(subject["subject"]), item) for item in subject["questions"])
    return tuple(found)


def _read(subject: str, item: Mapping[str, Data]) -> BankQuestion:
    entry = item["question"]
    if not isinstance(entry, Mapping):
        raise TypeError(f"a question of the bank under {subject} is no block of lines")
    return BankQuestion(subject, str(item["source"]), str(item.get("note", "")), entry)


def trial(question: BankQuestion) -> str:
    """A questionnaire file of this question alone, to check and to show it."""
    return written(
        {
            "questionnaire": "bank",
            "version": "1",
            "title": "Question bank",
            "organisation": "Question bank",
            "audience": "residents",
            "minutes": "1",
            "intro": {"purpose": "To show it.", "decides": "Nothing.", "after": "Nothing."},
            "pages": [{"page": "only", "title": "Question", "questions": [question.entry]}],
        }
    )
