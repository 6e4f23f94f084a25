"""A PostgreSQL of the benchmark's own, from Debian's binaries, with the durability that it has by default."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.page import ROOT


@contextmanager
def postgresql() -> Iterator[tuple[str, int]]:
    """Its address, and the id of its first process."""
    # The tests know how to start one, whoever runs them.
    sys.path.append(str(ROOT / "tests"))
    from postgres import Server  # noqa: PLC0415 - see above

    server = Server(("max_connections=60",))
    try:
        url = f"postgresql+psycopg://csp@/postgres?host={server.folder}"
        yield url, server.process.pid
    finally:
        server.stop()
