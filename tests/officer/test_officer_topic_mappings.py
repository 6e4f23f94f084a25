"""What a topic is held against can be changed by officers, and nothing that was is lost."""

import io
from datetime import date

import pytest
from flask import Flask
from walker import Walker, table

from csp_consult.db import db
from csp_consult.recorded.models import ComparatorRate
from csp_consult.topics.taxonomy import categories

DRUGS = "police_uk|Drugs"


@pytest.fixture
def mapper(olive: Walker) -> Walker:
    """The officer, on the page of what anti-social behaviour is held against."""
    olive.get("/officer/record/topics?topic=asb")
    return olive


def held_on(site: Flask, day: date) -> set[str]:
    with site.app_context():
        return categories(db.session(), "asb", "police_uk", day)


def add_drugs(mapper: Walker) -> str:
    """Hold the topic against drugs too; gives the number of the new mapping."""
    mapper.submit(
        {"category": DRUGS, "from-day": "1", "from-month": "4", "from-year": "2018", "partly": "yes"}, button="Add it"
    )
    return next(str(one["value"]) for one in mapper.page.select("#mapping option") if "Drugs" in one.text)


def drugs(mapper: Walker) -> list[list[str]]:
    return [row for row in table(mapper, "mappings") if row[0] == "Drugs"]


def test_a_category_added_counts_from_its_day_on_and_says_who_added_it(site: Flask, mapper: Walker) -> None:
    add_drugs(mapper)

    assert "Drugs" in held_on(site, date(2018, 4, 1))
    assert "Drugs" not in held_on(site, date(2018, 3, 31))
    ((_category, _source, _start, _end, covers, added, _withdrawn),) = drugs(mapper)
    assert covers == "in part"
    assert added.startswith("Olive Officer, ")


def test_a_mapping_ended_stays_in_the_history_as_it_was(site: Flask, mapper: Walker) -> None:
    number = add_drugs(mapper)

    mapper.submit({"mapping": number, "until-day": "1", "until-month": "1", "until-year": "2020"}, button="Change it")

    assert "Drugs" in held_on(site, date(2019, 12, 31))
    assert "Drugs" not in held_on(site, date(2020, 1, 1))
    live, withdrawn = drugs(mapper)
    assert (live[3], live[6]) == ("1 January 2020", "no")
    assert withdrawn[3] == "in use"
    assert withdrawn[6].startswith("Olive Officer, ")


def test_a_mapping_withdrawn_counts_on_no_day(site: Flask, mapper: Walker) -> None:
    number = add_drugs(mapper)

    mapper.submit({"mapping": number}, button="Change it")

    assert "Drugs" not in held_on(site, date(2019, 1, 1))
    assert len(drugs(mapper)) == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"category": DRUGS}, "Say from which day on"),
        ({"category": DRUGS, "from-year": "18"}, "Enter the first day in numbers"),
        ({"category": "rumour|x", "from-day": "1", "from-month": "4", "from-year": "2018"}, "Choose a source"),
        ({"category": DRUGS, "from-day": "1", "from-month": "4", "from-year": "1918"}, "1979 or later"),
        (
            {"category": "police_uk|Anti-social behaviour", "from-day": "1", "from-month": "4", "from-year": "2018"},
            "in that time already",
        ),
    ],
)
def test_what_cannot_be_added_is_said_and_kept_as_typed(mapper: Walker, fields: dict[str, str], says: str) -> None:
    mapper.submit(fields, button="Add it")

    assert len(mapper.errors) == 1
    assert says in mapper.errors[0]
    assert mapper.filled(button="Add it").get("from-year", "") == fields.get("from-year", "")


def test_an_odd_mapping_number_is_refused(mapper: Walker) -> None:
    mapper.send({**mapper.filled(button="Change it"), "mapping": "999"}, button="Change it")

    assert mapper.errors == ["Choose the mapping to end"]


RATES = b"""area_code,area_name,topic,period_from,period_to,per_1000,source
E1,Likeshire,asb,2017-11-01,2018-10-31,12.5,Published table
E2,Samebury,,,,,Most similar group
E3,Oddville,dragons,2017-11-01,2018-10-31,12.5,Published table
"""


def test_areas_like_ours_are_listed_with_their_rates_and_taken_off(site: Flask, olive: Walker) -> None:
    olive.get("/officer/record/alike")
    olive.submit({"name": "Nearton", "code": "E9", "source": ""}, button="Add it")
    assert olive.errors == ["Write who says that it is like ours, and by what, in 1 to 300 characters"]
    olive.submit({"source": "Most similar group"}, button="Add it")
    assert "Nearton (E9): Most similar group" in olive.text

    fields = olive.filled(button="Take it in")
    olive.send({**fields, "rates": (io.BytesIO(RATES), "rates.csv")}, button="Take it in")

    assert "2 of 3 rows kept. Line 4: no topic has that name: 'dragons'." in olive.page.get_text(" ")
    assert table(olive, "rates-alike") == [["Likeshire", "Anti-social behaviour", *table(olive, "rates-alike")[0][2:]]]
    olive.submit({"area": "E1"}, button="Take it off, with its rates")
    assert "Likeshire" not in olive.text
    with site.app_context():
        assert db.session().query(ComparatorRate).count() == 0


PRINTED = b"""id,kind,text,source,citation,period,topic,change_pct
asb,change,Down a third,The police,"Report, page 3",2021/22,asb,-33.4
bad,change,Nothing,The police,Report,2021/22,asb,
"""


def test_printed_figures_are_looked_into_and_then_taken_in(olive: Walker) -> None:
    olive.get("/officer/published")
    olive.follow("Take in published figures")
    olive.submit({"figures": None}, button="Look into it first")
    assert olive.errors == ["Nothing was taken in. Choose a file first."]

    fields = olive.filled(button="Look into it first")
    olive.send({**fields, "figures": (io.BytesIO(PRINTED), "printed.csv")}, button="Look into it first")
    assert "1 of 2 rows kept." in olive.text
    assert "Line 3: a change is printed with change_pct or change_abs: 'change'." in olive.page.get_text(" ")
    assert "Nothing has been put on record" in olive.text
    fields = olive.filled(button="Take it in")
    olive.send({**fields, "figures": (io.BytesIO(PRINTED), "printed.csv")}, button="Take it in")

    assert olive.heading == "Published figures"
    assert "Report, page 3" in olive.text
