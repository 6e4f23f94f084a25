"""Build the Harborough demo: retyped facts, the plan's printed figures, and synthetic responses."""

import random
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.demo.councils import load_councils
from csp_consult.demo.facts_loading import load_facts, load_published
from csp_consult.demo.models import DemoBuild
from csp_consult.demo.plan import load_activities
from csp_consult.demo.sign_ins import SIGN_INS
from csp_consult.demo.synthetic import SEED, load_waves
from csp_consult.fieldwork.waves import open_waves
from csp_consult.parishes.models import ClerkParish
from csp_consult.people.accounts import add_account
from csp_consult.people.second_step import new_recovery_codes, set_up_codes
from csp_consult.places.models import Area
from csp_consult.questionnaire.store import store
from csp_consult.resources import resource_folder
from csp_consult.topics.taxonomy import load_taxonomy


def build(session: Session, district: str, today: date) -> None:
    """Fill an empty database, whose tables exist, with the demo; the caller commits."""
    surveys = resource_folder("surveys")
    load_taxonomy(session, (surveys / "topics.yaml").read_text())
    load_facts(session)
    for path in sorted(surveys.glob("*.yaml")):
        if path.name != "topics.yaml":
            store(session, path.read_text(), today=today)
    load_published(session)
    load_waves(session, district, today)
    load_activities(session)
    _accounts(session)
    load_councils(session, open_waves(session, "parishes", today)[0], today, random.Random(SEED))
    session.add(DemoBuild(built_on=today))


def _accounts(session: Session) -> None:
    for who in SIGN_INS:
        user = add_account(session, who.email, password=who.password, role=who.role, name=who.name)
        if who.code_key:
            set_up_codes(user, who.code_key)
            new_recovery_codes(user)
        codes = session.scalars(select(Area.code).where(Area.kind == "parish", Area.name.in_(who.parishes)))
        session.add_all([ClerkParish(user_id=user.id, parish_code=code) for code in codes])
