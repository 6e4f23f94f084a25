from datetime import date

import pytest
from parish_world import World, build
from sqlalchemy.orm import Session

from csp_consult.parishes.drafts import Editor
from csp_consult.parishes.mandates import Mandate


@pytest.fixture
def world(session: Session) -> World:
    return build(session, opens_on=date(2026, 10, 1), closes_on=date(2026, 12, 11))


@pytest.fixture
def gill(world: World) -> Editor:
    return Editor(world.glen_clerk.id, "Gill Glen", "browser of Gill")


@pytest.fixture
def councillor(world: World) -> Editor:
    """Somebody on Gill's account, in another browser."""
    return Editor(world.glen_clerk.id, "Gill Glen", "browser of a councillor")


@pytest.fixture
def mandate() -> Mandate:
    return Mandate("full council", date(2026, 11, 3), "2026/87")
