"""A ward is rural when most of its people live in LSOAs of a rural class."""

from datetime import date
from io import BytesIO

from sqlalchemy.orm import Session

from csp_consult.demo.facts_loading import DISTRICT
from csp_consult.places.bands import BOTH_SEXES, EVERYONE
from csp_consult.places.intake import import_files
from csp_consult.places.lookup import areas
from csp_consult.places.models import Area, AreaLink, Population
from csp_consult.places.rurality import ward_rurality

HEADER = "area_code,rural_urban_class,source"


def classed(session: Session, *rows: str) -> list[str]:
    content = "\n".join([HEADER, *rows, ""]).encode()
    receipts, not_read = import_files(session, [("rural.csv", BytesIO(content))], district=DISTRICT)
    assert not_read == []
    return [refusal.reason for refusal in receipts[0].refused]


def ward(session: Session, people: dict[str, int | None]) -> None:
    """A ward of LSOAs with so many people; None where they are not known."""
    session.add(Area(code="E05000001", kind="ward", name="Ward", source="made up"))
    session.add_all(Area(code=code, kind="lsoa21", name=code, source="made up") for code in people)
    session.flush()
    for code, number in people.items():
        session.add(AreaLink(inner_code=code, outer_code="E05000001", method="best fit", source="made up"))
        if number is not None:
            session.add(
                Population(
                    area_code=code,
                    sex=BOTH_SEXES,
                    age_band=EVERYONE,
                    as_at=date(2021, 3, 21),
                    persons=number,
                    source="made up",
                )
            )
    session.flush()


def test_people_decide_not_the_number_of_lsoas(session: Session) -> None:
    ward(session, {"E01000001": 100, "E01000002": 100, "E01000003": 900})
    classed(
        session, "E01000001,Smaller rural: Nearer,ONS", "E01000002,Larger rural: Nearer,ONS", "E01000003,Urban: Far,ONS"
    )

    assert ward_rurality(session) == {"E05000001": "urban"}


def test_where_the_people_of_one_are_not_known_each_lsoa_counts_alike(session: Session) -> None:
    ward(session, {"E01000001": 100, "E01000002": None, "E01000003": 900})
    classed(
        session, "E01000001,Smaller rural: Nearer,ONS", "E01000002,Larger rural: Nearer,ONS", "E01000003,Urban: Far,ONS"
    )

    assert ward_rurality(session) == {"E05000001": "rural"}


def test_a_class_that_is_neither_is_refused_with_its_reason(session: Session) -> None:
    ward(session, {"E01000001": 100})

    assert classed(session, "E01000001,Suburb,ONS") == ["the class is neither rural nor urban"]


def test_every_ward_of_harborough_is_one_or_the_other_and_market_harborough_is_urban(harborough: Session) -> None:
    found = ward_rurality(harborough)
    names = {one.code: one.name for one in areas(harborough, "ward", date(2022, 1, 1))}

    assert found.keys() == names.keys()
    urban = {names[code] for code, is_a in found.items() if is_a == "urban"}
    assert all(name in urban for name in names.values() if name.startswith("Market Harborough"))
    assert "Billesdon & Tilton" not in urban
