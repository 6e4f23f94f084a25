"""Reading recorded files: every row accounted for, whatever is in the file."""

import tracemalloc
from io import BufferedReader, BytesIO, RawIOBase
from itertools import chain, repeat
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recorded.street_files import HEADER, street_file, street_row

from csp_consult.places.csv_lines import FileError
from csp_consult.recorded.reading import District, read
from csp_consult.recorded.receipts import LISTED_REFUSALS, Receipt

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

DISTRICT = District("E07000131", "Harborough", frozenset({"E01025770", "E01025771"}), "2026-11")
MARK = b"\xef\xbb\xbf"
GOOD = street_file([street_row(), street_row(category="Burglary"), street_row("E01025631", "Blaby 002A")])


def receipt_of(content: bytes) -> Receipt:
    return read(BytesIO(content), "street.csv", DISTRICT).receipt


def accounted_for(receipt: Receipt) -> bool:
    others = receipt.rows_outside + receipt.no_location + receipt.unknown_area + receipt.rows_refused
    return receipt.kept + others == receipt.rows


def test_rows_alike_in_every_column_are_separate_incidents() -> None:
    assert receipt_of(street_file([street_row()] * 3)).kept == 3


def test_rows_are_told_apart_by_where_they_lie() -> None:
    receipt = receipt_of(
        street_file(
            [
                street_row(),
                street_row("E01025631", "Blaby 002A"),
                street_row("E01025632", "Blaby 002B"),
                street_row("E01019999", "South Derbyshire 001A"),
                street_row("", ""),
                street_row("E01099999", "Harborough 002A"),
            ]
        )
    )

    assert receipt.kept == 1
    assert receipt.outside == {"Blaby": 2, "South Derbyshire": 1}
    assert (receipt.no_location, receipt.unknown_area) == (1, 1)
    assert receipt.unplaced == {"2018-10": {"Anti-social behaviour": 2}}
    assert accounted_for(receipt)


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        GOOD.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + GOOD,
        b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n"),
        GOOD[:-1],
    ],
    ids=["LF", "CRLF", "mark", "mark and CRLF", "no last line end"],
)
def test_line_ends_and_a_byte_order_mark_make_no_difference(content: bytes) -> None:
    receipt = receipt_of(content)

    assert (receipt.rows, receipt.kept, receipt.rows_outside) == (3, 2, 1)


def test_columns_may_stand_in_any_order_and_case() -> None:
    header = "MONTH,Crime type,Reported by, lsoa code ,LSOA name"

    receipt = receipt_of(street_file(["2018-10,Drugs,Leicestershire Police,E01025770,Harborough 002A"], header))

    assert receipt.kept == 1


@pytest.mark.parametrize(
    ("header", "says"),
    [
        (HEADER.replace("LSOA code", "LSOA"), "lacks the column lsoa code"),
        (HEADER + ",Officer", "columns no police.uk street file has: officer"),
        (HEADER + ",Month", "'Month' stands twice"),
        ("a,b,c", "neither a police.uk street file nor a STATS19 collision file"),
        ("Crime ID,Month,Reported by,Outcome type", "neither a police.uk street file"),
    ],
)
def test_a_file_with_other_columns_is_refused_in_words(header: str, says: str) -> None:
    with pytest.raises(FileError, match=says):
        receipt_of(street_file([street_row()], header))


@pytest.mark.parametrize(
    ("row", "reason", "found"),
    [
        (street_row(month="10/2018"), "the month is not written as 2018-10", "10/2018"),
        (street_row(month="2018-13"), "the month is not written as 2018-10", "2018-13"),
        (street_row(month="2026-12"), "the month has not come yet", "2026-12"),
        (street_row(category="Piracy"), "the crime type is none police.uk uses", "Piracy"),
        (street_row("Market Harborough"), "the LSOA code is not one", "Market Harborough"),
        (street_row(force=""), "the name of the reporting force is missing or too long", ""),
        (street_row()[:70], "the number of values differs from the number of columns", "7 values, 12 columns"),
        (street_row(name='"Harborough'), "the line is not well-formed CSV (a quotation mark left open?)", ""),
        (street_row(name="x" * 9000), "the line is longer than 8192 bytes", ""),
        (street_row(name="Harb\x00orough"), "the line holds a null character", ""),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_with_its_line_and_spoils_no_other(
    row: str, reason: str, found: str
) -> None:
    receipt = receipt_of(street_file([street_row(), row, street_row()]))

    assert [(refusal.line, refusal.reason, refusal.found) for refusal in receipt.refusals] == [(3, reason, found)]
    assert receipt.refused == {reason: 1}
    assert receipt.kept == 2


def test_a_row_in_another_encoding_is_refused() -> None:
    content = street_file([street_row(), street_row(name="Caf\u00e9")]).replace("\u00e9".encode(), b"\xe9")

    assert receipt_of(content).refused == {"the line is not UTF-8 text": 1}


def test_the_list_of_refused_rows_stays_short_and_their_number_exact() -> None:
    receipt = receipt_of(street_file([street_row()] + [street_row(category="Piracy")] * 2_000))

    assert len(receipt.refusals) == LISTED_REFUSALS
    assert receipt.rows_refused == 2_000
    assert accounted_for(receipt)


def test_a_receipt_says_all_in_words() -> None:
    receipt = receipt_of(street_file([street_row(), street_row(category="Piracy"), street_row("", "")]))

    total, refusal = receipt.sentences()
    assert total.startswith("street.csv: 3 rows: 1 kept, 0 outside the district, 1 without a location, ")
    assert total.endswith("0 with an unknown area code, 1 refused.")
    assert refusal == "  line 3: the crime type is none police.uk uses: 'Piracy'"


class Endless(RawIOBase):
    """A file of many rows that is never in memory."""

    def __init__(self, rows: int) -> None:
        self._parts = chain([HEADER.encode() + b"\n"], repeat((street_row() + "\n").encode(), rows))
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        room = memoryview(buffer)
        self._rest = self._rest or next(self._parts, b"")
        part, self._rest = self._rest[: len(room)], self._rest[len(room) :]
        room[: len(part)] = part
        return len(part)


def test_memory_does_not_grow_with_the_file() -> None:
    def peak(rows: int) -> int:
        stream = BufferedReader(Endless(rows))
        tracemalloc.start()
        read(stream, "street.csv", DISTRICT)
        return tracemalloc.get_traced_memory()[1]

    try:
        small, large = peak(1_000), peak(20_000)
    finally:
        tracemalloc.stop()

    assert large < small + 64 * 1024


def outcome_of(content: bytes) -> Receipt | str:
    try:
        return receipt_of(content)
    except FileError as error:
        return str(error)


@given(st.binary(max_size=400))
def test_any_bytes_give_a_receipt_or_one_plain_sentence(content: bytes) -> None:
    outcome = outcome_of(content)

    assert accounted_for(outcome) if isinstance(outcome, Receipt) else outcome.isprintable()


SOUND = (
    street_file([street_row(), street_row("", ""), street_row("E01025631", "Blaby 002A")] * 2),
    (
        b"collision_index,date,collision_severity,local_authority_ons_district,lsoa_of_accident_location\n"
        b"1,05/01/2022,3,E07000131,E01025770\n2,06/01/2022,1,E07000131,-1\n3,07/02/2022,2,E09000013,E01001883\n"
    ),
    (
        b",Accident_Index,Accident_Severity,Date,LSOA_of_Accident_Location\n"
        b"0,200501BS00001,Slight,04-01-2005,E01025770\n1,200501BS00002,Fatal,05-01-2005,\n"
    ),
)
"""Street-level files, and collision files of today's layout and of the older one."""


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """A sound file with bytes cut out, put in or changed at some places."""
    content = bytearray(draw(st.sampled_from(SOUND)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = draw(st.integers(start, min(len(content), start + 40)))
        content[start:end] = draw(st.binary(max_size=6))
    return bytes(content)


@pytest.mark.parametrize("content", SOUND)
def test_the_files_that_are_mangled_are_sound(content: bytes) -> None:
    receipt = receipt_of(content)

    assert accounted_for(receipt)
    assert receipt.kept
    assert not receipt.rows_refused


@given(mangled())
def test_a_mangled_file_gives_a_receipt_that_accounts_for_every_row_or_one_plain_sentence(content: bytes) -> None:
    outcome = outcome_of(content)

    if isinstance(outcome, Receipt):
        _first, *rest = content.split(b"\n")
        assert accounted_for(outcome)
        assert outcome.rows == sum(1 for line in rest if line.strip())
        assert all(sentence.isprintable() for sentence in outcome.sentences())
    else:
        assert outcome.isprintable()
