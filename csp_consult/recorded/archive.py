"""Files and ZIP archives of files, opened one after another, with a bound on what an archive may unpack to."""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING

from csp_consult.places.csv_lines import FileError, printable
from csp_consult.workbooks import DAMAGE

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Progress = Callable[[int], None]
"""Told the bytes read since it was last told."""

MEMBERS_LIMIT = 20_000
UNPACKED_LIMIT = 8 * 2**30
"""Bytes an archive may unpack to: more than every month police.uk offers for every force."""
RATIO_LIMIT = 200
"""Times its packed size a member may unpack to. Street files pack to a tenth; a bomb to a thousandth."""
RATIO_FREE = 2**20
"""Bytes below which the ratio is not looked at."""
ARCHIVE = b"PK\x03\x04"


@dataclass(frozen=True)
class Member:
    """A file to be read."""

    name: str
    stream: IO[bytes]
    progress: Progress


def open_members(stream: IO[bytes], name: str, progress: Progress | None = None) -> Iterator[Member]:
    """The file itself, or each CSV file of the archive it is, in order of name.

    Outcomes and stop-and-search files, which police.uk packs beside the street files, are passed over.
    Raises FileError when the archive is broken, holds an encrypted file or would unpack beyond the bounds.
    """
    progress = progress or _no_progress
    start = stream.read(len(ARCHIVE))
    stream.seek(0)
    if start != ARCHIVE:
        yield Member(name, stream, _steps(progress))
        return
    try:
        with zipfile.ZipFile(stream) as archive:
            for info in _wanted(archive, name):
                with archive.open(info) as packed:
                    bounded = io.BufferedReader(_Bounded(packed, info, name))
                    yield Member(PurePosixPath(info.filename).name, bounded, _steps(progress))
    except DAMAGE as error:
        raise _damaged(name, error) from error


def _wanted(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    infos = archive.infolist()
    if any(info.filename == "[Content_Types].xml" for info in infos):
        raise FileError(f"{name} is an Excel workbook; save the sheet as CSV.")
    if len(infos) > MEMBERS_LIMIT or sum(info.file_size for info in infos) > UNPACKED_LIMIT:
        raise FileError(f"{name} holds too many or too large files to unpack; download fewer months.")
    passed_over = ("-outcomes.csv", "-stop-and-search.csv")
    wanted = [
        info
        for info in infos
        if info.filename.lower().endswith(".csv") and not info.filename.lower().endswith(passed_over)
    ]
    if any(info.flag_bits & 1 for info in wanted):
        raise FileError(f"{name} is locked with a password; unpack it first.")
    return sorted(wanted, key=lambda info: info.filename)


class _Bounded(io.RawIOBase):
    """A member that stops unpacking when it grows out of proportion, whatever the archive claims of it."""

    def __init__(self, packed: IO[bytes], info: zipfile.ZipInfo, archive: str) -> None:
        self._packed = packed
        self._archive = archive
        self._limit = max(RATIO_FREE, info.compress_size * RATIO_LIMIT)
        self._unpacked = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        room = memoryview(buffer)
        try:
            part = self._packed.read(len(room))
        except DAMAGE as error:
            raise _damaged(self._archive, error) from error
        self._unpacked += len(part)
        if self._unpacked > self._limit:
            raise FileError(f"{self._archive} unpacks out of all proportion; nothing of it was taken.")
        room[: len(part)] = part
        return len(part)


def _damaged(name: str, error: Exception) -> FileError:
    return FileError(f"{name} is a damaged or unusual archive ({printable(str(error), 80)}).")


def _steps(progress: Progress) -> Progress:
    """From bytes read so far in one file to bytes read since last told."""
    told = 0

    def step(so_far: int) -> None:
        nonlocal told
        progress(so_far - told)
        told = so_far

    return step


def _no_progress(_bytes: int) -> None:
    pass
