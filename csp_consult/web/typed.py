"""What officers and clerks type: what cannot be printed is taken out as a form is read, before it is kept."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from csp_consult.words import printable


class PrintableFields(ImmutableMultiDict[str, Any]):
    """The fields of a form or of an address, their texts printable; files as they are."""

    def __init__(self, fields: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None) -> None:
        given = MultiDict(fields or ()).items(multi=True)
        super().__init__([(name, printable(one) if isinstance(one, str) else one) for name, one in given])


class PrintableRequest(Request):
    """A request whose fields can be kept in any database and written to any file.

    At the residents' door each type of question tidies its own answers: a forged option is refused there, not emptied.
    """

    def __init__(self, environ: dict[str, Any], populate_request: bool = True, shallow: bool = False) -> None:
        super().__init__(environ, populate_request, shallow)
        if not self.path.startswith("/s/"):
            self.parameter_storage_class = PrintableFields
