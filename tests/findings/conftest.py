import pytest
from findings_world import World, make_world
from sqlalchemy.orm import Session


@pytest.fixture
def world(session: Session) -> World:
    return make_world(session)


@pytest.fixture
def crowd(world: World) -> World:
    """The world with 240 residents' answers."""
    world.crowd()
    return world
