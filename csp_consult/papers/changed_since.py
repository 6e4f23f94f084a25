"""Where figures stand that have changed since they were signed off: an old figure is found before a reader finds it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.findings.errors import FindingError
from csp_consult.papers.contents import Paper, Section
from csp_consult.papers.kinds import KINDS, Making
from csp_consult.papers.models import Publication
from csp_consult.papers.open_data import RESULTS
from csp_consult.papers.published import every_version, latest, paper_of
from csp_consult.papers.publishing import made
from csp_consult.papers.sentences import NOT_THERE, figures, sentences
from csp_consult.papers.sentences import changed as changed_sentences
from csp_consult.reports.tables import Table

SENTENCE, FOOTNOTE, CHART, OWN_WORDS = "Sentence", "Footnote", "Chart in words", "Officers’ own words"
"""What holds a figure that stands in no table."""


@dataclass(frozen=True)
class Difference:
    """One thing a signed-off paper says that would read otherwise today."""

    part: str
    """The title of the section or the caption of the table that it stands in."""
    place: str
    """Row and column of a table, else what it stands in: a sentence, a footnote."""
    was: str
    now: str


@dataclass(frozen=True)
class Stale:
    """A paper as it was last signed off, and what of it no longer holds."""

    publication: Publication
    title: str
    differences: tuple[Difference, ...]
    cannot: str
    """Why it cannot be made again; empty where it can."""
    repeated: tuple[tuple[Publication, str], ...] = ()
    """Other papers, with their titles, in which what it said then was signed off too."""


@dataclass(frozen=True)
class Correction:
    """A later version of a paper, with its reason, and what it says otherwise than the one before."""

    publication: Publication
    title: str
    differences: tuple[Difference, ...]


def changed(session: Session, making: Making) -> list[Stale]:
    """Every paper last signed off that would read otherwise today, or which could not be made any more."""
    signed = [(one, paper_of(one)) for one in latest(session, KINDS)]
    found = []
    for publication, then in signed:
        try:
            now = made(session, publication.kind, publication.about, making)
        except FindingError as error:
            found.append(Stale(publication, then.title, (), str(error)))
            continue
        if differences := tuple(differences_of(then, now)):
            found.append(Stale(publication, then.title, differences, ""))
    return [replace(one, repeated=tuple(_repeats(one, signed))) for one in found]


def corrections(session: Session) -> list[Correction]:
    """Every correction that was signed off, the newest first."""
    every = every_version(session, KINDS)
    by_version = {(one.kind, one.about, one.version): one for one in every}
    found = []
    for one in every:
        before = by_version.get((one.kind, one.about, one.version - 1))
        if before is not None:
            paper = paper_of(one)
            then = paper_of(before)
            found.append(Correction(one, paper.title, (*_of_figures(then, paper), *_of_own_words(then, paper))))
    return found


def differences_of(then: Paper, now: Paper) -> Iterator[Difference]:
    """What of a paper reads otherwise now: sentences, cells of tables, footnotes, charts in words, quoted figures.

    Officers' own words are not held against their newer ones, but against the figures: a figure that they quote and
    that is nowhere in the paper any more is found.
    """
    found = list(_of_figures(then, now))
    yield from found
    yield from _quoted(then, now, found)


def _of_figures(then: Paper, now: Paper) -> Iterator[Difference]:
    yield from _of_sentences(then, now)
    yield from _of_tables(then, now)
    for was, new in changed_sentences(_sentences(then.notes()), _sentences(now.notes())):
        yield Difference("Footnotes", FOOTNOTE, was, new)


def _of_own_words(then: Paper, now: Paper) -> Iterator[Difference]:
    """What officers wrote otherwise in a correction, which often is all that it corrects."""
    old, new = ({one.id: one for one in paper.sections} for paper in (then, now))
    for id_ in dict.fromkeys([*old, *new]):
        before, after = (sections[id_].own_words if id_ in sections else "" for sections in (old, new))
        for was, reads in changed_sentences(sentences(before), sentences(after)):
            yield Difference((old.get(id_) or new[id_]).title, OWN_WORDS, was, reads)


def _of_sentences(then: Paper, now: Paper) -> Iterator[Difference]:
    old, new = ({one.id: one for one in paper.sections} for paper in (then, now))
    for id_ in dict.fromkeys([*old, *new]):
        before, after = old.get(id_), new.get(id_)
        title = before.title if before else new[id_].title
        for place, texts in ((SENTENCE, _said), (CHART, _charts)):
            for was, reads in changed_sentences(texts(before), texts(after)):
                yield Difference(title, place, was, reads)


def _of_tables(then: Paper, now: Paper) -> Iterator[Difference]:
    tables = {table.id: table for table in now.tables()}
    for table in then.tables():
        new = _cells(tables[table.id]) if table.id in tables else {}
        old = _cells(table)
        for (row, column), was in old.items():
            if new.get((row, column), NOT_THERE) != was:
                yield Difference(table.caption, f"{row}: {column}", was, new.get((row, column), NOT_THERE))
        for (row, column), text in new.items():
            if (row, column) not in old:
                yield Difference(table.caption, f"{row}: {column}", NOT_THERE, text)
    known = {table.id for table in then.tables()}
    for id_, table in tables.items():
        if id_ not in known:
            yield Difference(table.caption, "The whole table", NOT_THERE, _size(table))


def _quoted(then: Paper, now: Paper, found: Sequence[Difference]) -> Iterator[Difference]:
    """Sentences of officers' own words that quote a figure which has changed."""
    gone = {figure for one in found for figure in figures(one.was)} - figures(" ".join(_everything(now)))
    still = {sentence for section in now.sections for sentence in sentences(section.own_words)}
    for section in then.sections:
        for sentence in sentences(section.own_words):
            if quoted := figures(sentence) & gone:
                told = f"The figures no longer hold {words.listing(sorted(quoted))}."
                yield Difference(
                    section.title,
                    OWN_WORDS,
                    sentence,
                    f"{told} The words are the same: change them." if sentence in still else f"{told} It is rewritten.",
                )


def _repeats(one: Stale, signed: Sequence[tuple[Publication, Paper]]) -> Iterator[tuple[Publication, str]]:
    """The other papers that say what this one said then, or name it as what they rest on."""
    publication = one.publication
    said = {difference.was for difference in one.differences if difference.place in (SENTENCE, FOOTNOTE, CHART)}
    cells = {(difference.part, difference.place, difference.was) for difference in one.differences}
    cited = f"{one.title}, version {publication.version}, published on {words.day(publication.published_on)}."
    for other, paper in signed:
        if other is publication or other.kind == publication.kind:
            continue
        texts = set(_everything(paper))
        rows = {
            (table.caption, f"{row}: {column}", text)
            for table in paper.tables()
            for (row, column), text in _cells(table).items()
        }
        names = publication.kind == RESULTS and any(cited in note for note in paper.notes())
        if names or said & texts - {NOT_THERE} or cells & rows:
            yield other, paper.title


def _everything(paper: Paper) -> list[str]:
    """All that the figures of a paper say, sentence by sentence and cell by cell; officers' own words left out."""
    said = [one for section in paper.sections for one in (*_said(section), *_charts(section))]
    return [*said, *_sentences(paper.notes()), *(text for table in paper.tables() for text in _cells(table).values())]


def _said(section: Section | None) -> list[str]:
    return _sentences([one.text for one in section.paragraphs]) if section else []


def _charts(section: Section | None) -> list[str]:
    return _sentences([one.alt for one in section.pictures]) if section else []


def _sentences(texts: Sequence[str]) -> list[str]:
    return [sentence for text in texts for sentence in sentences(text)]


def _cells(table: Table) -> dict[tuple[str, str], str]:
    shown = [(place, column.heading) for place, column in enumerate(table.columns) if column.heading]
    return {(row[0].text, heading): row[place].text for row in table.rows for place, heading in shown[1:]}


def _size(table: Table) -> str:
    return f"{len(table.rows)} rows"
