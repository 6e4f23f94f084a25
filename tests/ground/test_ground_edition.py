from flask import Flask

from csp_consult.db import db, edition, mark_reading, renew_edition, writing
from csp_consult.findings.cache import kept


def test_what_was_computed_is_kept_until_another_database_takes_the_place_of_this_one(app: Flask) -> None:
    made: list[str] = []

    def compute() -> int:
        made.append("once more")
        return len(made)

    def look() -> int:
        with app.app_context():
            mark_reading(True)
            found = kept(db.session(), ("tally", 1, 7), compute)
            mark_reading(False)
        return found

    assert [look(), look()] == [1, 1]
    with app.app_context(), writing() as session:
        renew_edition(session)
    assert look() == 2


def test_a_reading_transaction_sees_one_state_throughout(app: Flask) -> None:
    with app.app_context():
        mark_reading(True)
        reader = db.session()
        before = edition(reader)
        with writing() as session:
            renew_edition(session)
        assert edition(reader) == before
        mark_reading(False)
