from io import BytesIO

import pytest
from recorded.street_files import TODAY, TakeIn
from sqlalchemy.orm import Session

from csp_consult.demo.facts_loading import DISTRICT, load_facts
from csp_consult.recorded.imports import district_of, read_file, store
from csp_consult.recorded.reading import District
from csp_consult.recorded.receipts import Receipt
from csp_consult.resources import resource_folder
from csp_consult.topics.taxonomy import load_taxonomy


@pytest.fixture
def harborough(session: Session) -> Session:
    """A session on a database that knows Harborough's places and the topics."""
    load_facts(session)
    load_taxonomy(session, (resource_folder("surveys") / "topics.yaml").read_text(encoding="utf-8"))
    return session


@pytest.fixture
def district() -> District:
    """A district of two LSOAs, without a database."""
    return District("E07000131", "Harborough", frozenset({"E01025770", "E01025771"}), "2026-11")


@pytest.fixture
def take_in(harborough: Session) -> TakeIn:
    """Read a file and put it on record; gives its receipt."""

    def once(content: bytes, name: str = "street.csv") -> Receipt:
        readings = read_file(BytesIO(content), name, district_of(harborough, DISTRICT, TODAY))
        return store(harborough, readings, TODAY)[0]

    return once
