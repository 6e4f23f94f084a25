"""The areas a respondent may choose from, and those that a postcode lies in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from csp_consult.places import postcodes
from csp_consult.places.lookup import areas
from csp_consult.places.models import Area
from csp_consult.questionnaire.questions.base import NO_CONTEXT, Choice, Question, QuestionContext
from csp_consult.questionnaire.texts import ENGLISH, Text

# Stands among the areas of a postcode that also reaches into a place without any, so that the person is asked.
IN_NONE = Choice("", Text({"en": "a place without one", "cy": "lle heb yr un"}), "unparished")


def context_for(
    session: Session, questions: Iterable[Question], today: date, *, by_postcode: bool = False
) -> QuestionContext:
    """What these questions need to know: one query for each kind of area, when it is first looked at.

    With ``by_postcode`` people may put in a postcode where a list of them is loaded.
    """
    kinds = sorted({kind for question in questions if (kind := question.area_kind())})
    if not kinds:
        return NO_CONTEXT
    return QuestionContext(_Areas(session, kinds, today), _Postcodes(session, today) if by_postcode else None)


class _Areas(Mapping[str, Sequence[Choice]]):
    """The areas by kind, each kind read when it is asked for."""

    def __init__(self, session: Session, kinds: Sequence[str], today: date) -> None:
        self._session, self._kinds, self._today = session, kinds, today
        self._read: dict[str, list[Choice]] = {}

    def __getitem__(self, kind: str) -> Sequence[Choice]:
        if kind not in self._kinds:
            raise KeyError(kind)
        if kind not in self._read:
            self._read[kind] = [_choice(area) for area in areas(self._session, kind, self._today)]
        return self._read[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)


class _Postcodes:
    """The list of postcodes, looked at when somebody puts one in."""

    def __init__(self, session: Session, today: date) -> None:
        self._session, self._today = session, today
        self._loaded: bool | None = None

    @property
    def loaded(self) -> bool:
        if self._loaded is None:
            self._loaded = postcodes.are_loaded(self._session)
        return self._loaded

    def areas_of(self, postcode: str, kind: str) -> Sequence[Choice] | None:
        found = postcodes.areas_of(self._session, postcode, kind, self._today)
        self._loaded = True if found is not None else self._loaded
        if found is None:
            return None
        return [*map(_choice, found.areas), *([IN_NONE] if found.partly_in_none else [])]


def _choice(area: Area) -> Choice:
    return Choice(area.code, Text({ENGLISH: area.name}))
