"""Triple-S 2.0, the survey trade's format for exchange: a definition in XML and the data beside it as CSV.

The standard: https://www.triple-s.org/ (version 2.0, November 2006, with data in CSV).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as Xml

from csp_consult.reports.codebook import Variable

_TYPES = {"code": "single", "flag": "logical", "number": "quantity", "date": "character", "text": "character"}
_LONGEST_TEXT = 10_000
"""Letters that a text variable is said to hold at most; no survey text of ours is longer."""


def definition(title: str, about: Mapping[str, str], variables: Sequence[Variable], data: str) -> str:
    """The XML that describes a data file of that name; its title tells when responses are synthetic."""
    root = Xml.Element("sss", version="2.0")
    Xml.SubElement(root, "date").text = about["date"]
    Xml.SubElement(root, "origin").text = "csp_consult"
    survey = Xml.SubElement(root, "survey")
    Xml.SubElement(survey, "name").text = about["wave"]
    Xml.SubElement(survey, "title").text = f"{title} (synthetic: {about['synthetic']})"
    record = Xml.SubElement(survey, "record", ident="A", href=data, format="csv", skip="1")
    for place, variable in enumerate(variables, start=1):
        _variable(record, place, variable)
    Xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def data(variables: Sequence[Variable], rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Any]]:
    """The lines of the data file: names, then a line for each response with the numbers of its codes."""
    yield [variable.plain_name for variable in variables]
    for row in rows:
        yield [_value(variable, row[variable.name]) for variable in variables]


def _variable(record: Xml.Element, place: int, variable: Variable) -> None:
    kind = _TYPES[variable.kind]
    if kind == "single" and not variable.values:
        kind = "character"
    element = Xml.SubElement(record, "variable", ident=str(place), type=kind)
    Xml.SubElement(element, "name").text = variable.plain_name
    Xml.SubElement(element, "label").text = variable.label
    Xml.SubElement(element, "position", start=str(place))
    if kind == "character":
        Xml.SubElement(element, "size").text = str(_LONGEST_TEXT)
    elif kind == "quantity":
        values = Xml.SubElement(element, "values")
        Xml.SubElement(values, "range", {"from": "-999999999.999", "to": "999999999.999"})
    elif kind == "single":
        values = Xml.SubElement(element, "values")
        for value in variable.values:
            Xml.SubElement(values, "value", code=str(value.number)).text = value.label


def _value(variable: Variable, value: Any) -> Any:
    if variable.kind == "code" and variable.values:
        return variable.number_of(value)
    return int(value) if variable.kind == "flag" and value is not None else value
