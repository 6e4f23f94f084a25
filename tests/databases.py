"""Databases for tests: what many tests start from is put together once a process, and each test gets a copy."""

import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from quick_app import quick_app
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

import csp_consult.models  # noqa: F401 - every table must be known before they are made
from csp_consult.db import Base, db

Fill = Callable[[Session], object]
"""Puts into an empty database what tests start from; what it leaves open is committed."""


def nothing(_session: Session) -> None:
    """Every table, and no row."""


class Databases(ABC):
    """Databases of one kind."""

    def __init__(self) -> None:
        self._filled: dict[Fill, str] = {}
        self._numbers = count()

    @abstractmethod
    def address(self, name: str) -> str:
        """The SQLAlchemy address of a database."""

    @abstractmethod
    def copy(self, original: str, name: str) -> None:
        """Make a database like another."""

    @abstractmethod
    def make(self, name: str) -> None:
        """Make an empty database."""

    @abstractmethod
    def drop(self, name: str) -> None:
        """Do away with a database."""

    @contextmanager
    def like(self, fill: Fill) -> Iterator[str]:
        """The address of a database of its own that holds what ``fill`` puts there; gone afterwards."""
        name = f"test_{next(self._numbers)}"
        self.copy(self._holding(fill), name)
        yield self.address(name)
        self.drop(name)

    def _holding(self, fill: Fill) -> str:
        if fill not in self._filled:
            name = f"original_{next(self._numbers)}"
            if fill is nothing:
                self.make(name)
                engine = create_engine(self.address(name))
                Base.metadata.create_all(engine)
                engine.dispose()
            else:
                self.copy(self._holding(nothing), name)
                _run(fill, self.address(name))
            self._filled[fill] = name
        return self._filled[fill]


def _run(fill: Fill, address: str) -> None:
    with quick_app(address).app_context():
        fill(db.session())
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


class SqliteDatabases(Databases):
    """Files in a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def address(self, name: str) -> str:
        return f"sqlite:///{self.folder / name}.db"

    def copy(self, original: str, name: str) -> None:
        shutil.copy(self.folder / f"{original}.db", self.folder / f"{name}.db")

    def make(self, name: str) -> None:
        """The file comes with its first table."""

    def drop(self, name: str) -> None:
        for file in self.folder.glob(f"{name}.db*"):
            file.unlink()


class PostgresDatabases(Databases):
    """Databases of a server that listens on a socket in a folder."""

    def __init__(self, socket: str) -> None:
        super().__init__()
        self.socket = socket

    def address(self, name: str) -> str:
        return f"postgresql+psycopg://csp@/{name}?host={self.socket}"

    def copy(self, original: str, name: str) -> None:
        self._say(f"CREATE DATABASE {name} TEMPLATE {original} STRATEGY FILE_COPY")

    def make(self, name: str) -> None:
        self._say(f"CREATE DATABASE {name}")

    def drop(self, name: str) -> None:
        self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def _say(self, statement: str) -> None:
        with psycopg.connect(host=self.socket, user="csp", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)
