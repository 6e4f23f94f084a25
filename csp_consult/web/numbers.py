"""Numbers in addresses: no larger than the numbers the database gives its rows."""

from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1


class RowNumber(IntegerConverter):
    """What ``<int:…>`` of an address takes: a number no row can have leads nowhere, and never reaches the database."""

    # Not even Python reads a number of thousands of digits.
    regex = r"\d{1,10}"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST)
