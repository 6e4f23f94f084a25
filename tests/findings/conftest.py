import pytest
from databases import Fill, nothing
from findings_world import World, make_world
from sqlalchemy.orm import Session


@pytest.fixture
def filled_with(request: pytest.FixtureRequest) -> Fill:
    if "crowd" in request.fixturenames:
        return crowded_district
    return make_world if "world" in request.fixturenames else nothing


def crowded_district(session: Session) -> None:
    """The made-up district with 240 residents' answers."""
    make_world(session).crowd()


@pytest.fixture
def world(session: Session) -> World:
    """The made-up district."""
    return World.found(session)


@pytest.fixture
def crowd(world: World) -> World:
    """The world with 240 residents' answers."""
    return world
