import pytest
from small_survey import make_wave
from sqlalchemy.orm import Session

from csp_consult.fieldwork.models import Wave


@pytest.fixture
def wave(session: Session) -> Wave:
    made = make_wave(session)
    session.commit()
    return made
