"""From a list of figures as people type it to figures that can be checked.

A document is a list of figures, or a mapping whose lists hold them (``figures``, ``recorded``, ...). A figure is a
mapping with an ``id``; one that has ``figures`` of its own is a survey, whose ``n``, ``wave``, ``previous_wave`` and
``weighted`` its figures share. Numbers come as text, so that ``43.90`` keeps its two decimals.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from csp_consult.analysis.integrity import PrintedFigure

_SHARED: Final = ("n", "previous_n", "wave", "previous_wave", "weighted")
_NOT_PRINTED: Final = ("", "null", "~", "none")
_YES: Final = ("yes", "true", "1")


class FigureListError(ValueError):
    """The list cannot be read; the message says which figure and what to do."""


def figures_from(document: object) -> list[PrintedFigure]:
    """The figures of a document read with all its scalars as text.

    Raises FigureListError where there is none, or where one cannot be read.
    """
    figures = [_figure(entry) for entry in _entries(document)]
    if not figures:
        raise FigureListError("There is no figure in the file: list them under “figures”, each with an “id”.")
    ids = [figure.id for figure in figures]
    for figure in figures:
        if ids.count(figure.id) > 1:
            raise FigureListError(f"Two figures have the id {figure.id}: give each its own.")
        for other in (figure.part_of, figure.beside):
            if other and other not in ids:
                raise FigureListError(f"{figure.id} refers to {other}, which is not in the file.")
    return figures


def _entries(document: object) -> Iterator[Mapping[str, object]]:
    if isinstance(document, Mapping):
        for value in document.values():
            if isinstance(value, Sequence) and not isinstance(value, str):
                yield from _entries(value)
    elif isinstance(document, Sequence) and not isinstance(document, str):
        for entry in document:
            if isinstance(entry, Mapping) and "figures" in entry:
                shared = {key: entry[key] for key in _SHARED if key in entry}
                prefix = f"{entry['id']}." if "id" in entry else ""
                for own in _entries(entry["figures"]):
                    yield {**shared, **own, "id": f"{prefix}{own['id']}"}
            elif isinstance(entry, Mapping):
                if not _text(entry, "id"):
                    raise FigureListError(f"A figure has no id: give one to {dict(entry)}.")
                yield entry


def _figure(entry: Mapping[str, object]) -> PrintedFigure:
    name = str(entry["id"])
    base, previous_base = _bases(entry)
    value = _text(entry, "value")
    return PrintedFigure(
        id=name,
        text=" ".join(filter(None, (_text(entry, "text"), _text(entry, "claim")))),
        value=_number_or_words(value),
        unit=_text(entry, "unit"),
        base=_count(name, "n", base),
        previous=_number(name, "previous", _text(entry, "previous")),
        previous_base=_count(name, "previous_n", previous_base),
        change_pct=_number(name, "change_pct", _text(entry, "change_pct")),
        change_abs=_number(name, "change_abs", _text(entry, "change_abs")),
        direction=_text(entry, "direction"),
        period=_text(entry, "period"),
        previous_period=_text(entry, "previous_period"),
        as_at=_text(entry, "as_at"),
        wave=_text(entry, "wave"),
        previous_wave=_text(entry, "previous_wave"),
        shares=_shares(name, entry.get("mix_pct")),
        part_of=_text(entry, "part_of"),
        complete=_text(entry, "complete").lower() in _YES,
        beside=_text(entry, "beside"),
        weighted=_text(entry, "weighted").lower() in _YES,
    )


def _text(entry: Mapping[str, object], key: str) -> str:
    value = entry.get(key)
    said = value.strip() if isinstance(value, str) else ""
    return "" if said.lower() in _NOT_PRINTED else said


def _bases(entry: Mapping[str, object]) -> tuple[str, str]:
    base = entry.get("n")
    if isinstance(base, Mapping):
        return _text(base, "value"), _text(base, "previous")
    return _text(entry, "n"), _text(entry, "previous_n")


def _plain(printed: str) -> str:
    return printed.replace(",", "").replace("−", "-").removesuffix("%")


def _number_or_words(printed: str) -> Decimal | None:
    # A value may be words ("Harborough North"): there is then nothing to compute.
    try:
        return Decimal(_plain(printed))
    except InvalidOperation:
        return None


def _number(name: str, key: str, printed: str) -> Decimal | None:
    if not printed:
        return None
    number = _number_or_words(printed)
    if number is None or not number.is_finite():
        raise FigureListError(f"{name}: {key} is “{printed}”, which is not a number.")
    return number


def _count(name: str, key: str, printed: str) -> int | None:
    number = _number(name, key, printed)
    if number is None:
        return None
    if number % 1 or number < 1:
        raise FigureListError(f"{name}: {key} is “{printed}”; a base is a whole number from 1 up.")
    return int(number)


def _shares(name: str, printed: object) -> dict[str, Decimal]:
    # In a sheet the shares stand in one cell: "racial=43.9; sexual orientation=29.5".
    if isinstance(printed, str):
        pairs = [part.split("=", 1) for part in printed.split(";") if part.strip()]
        if not all(len(pair) == 2 for pair in pairs):
            raise FigureListError(f"{name}: write mix_pct as “racial=43.9; other=10.0”.")
        printed = {key.strip(): value for key, value in pairs}
    if not isinstance(printed, Mapping):
        return {}
    shares = {str(key): _number(name, f"mix_pct {key}", _text(printed, str(key))) for key in printed}
    return {key: share for key, share in shares.items() if share is not None}
