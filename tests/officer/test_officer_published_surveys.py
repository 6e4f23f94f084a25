"""What another body printed of its survey is taken in on a page, and counts in the blend from then on."""

import io

from flask import Flask
from sqlalchemy import select
from walker import Walker, table

from csp_consult.db import db
from csp_consult.people.models import AuditEntry

LOOK, TAKE_IN = "Look into it first", "Take it in"
PRINTED = """\
survey,title,organisation,audience,survey_period,base,citation,id,kind,question,topic,text,value,order
link,Link,Police,residents,Autumn 2022,,"Plan, 9",link.top,order,problem,,Top,,ASB=asb; Cars=road-safety; Theft=burglary
link,Link,Police,residents,Autumn 2022,,"Plan, 9",link.bad,share,,,Agreed,,
panel,County Panel,The county,residents,2022,500,Report,panel.speeding,share,problem,speeding,A problem,40,
panel,County Panel,The county,residents,2022,500,Report,panel.burglary,share,problem,burglary,A problem,10,
panel,County Panel,The county,residents,2022,500,Report,panel.drugs,share,problem,drugs,A problem,20,
"""


def send(olive: Walker, button: str) -> None:
    fields = olive.filled(button=button)
    olive.send({**fields, "figures": (io.BytesIO(PRINTED.encode()), "printed.csv")}, button=button)


def test_what_was_printed_elsewhere_is_looked_into_taken_in_and_blended(olive: Walker, site: Flask) -> None:
    olive.get("/officer/blend")
    assert "Link: " not in olive.text
    olive.follow("Take in what other surveys printed")
    assert "our own surveys rank concerns: problem" in olive.text
    assert "Topics are named acquisitive-crime, asb, burglary" in olive.text
    olive.submit({"figures": None}, button=LOOK)
    assert olive.errors == ["Nothing was taken in. Choose a file first."]

    send(olive, LOOK)
    assert "4 of 5 rows kept." in olive.text
    assert "Line 3: a share is printed with its value: 'share'." in olive.page.get_text(" ")
    assert "Nothing has been put on record" in olive.text
    send(olive, TAKE_IN)

    assert olive.heading == "Published figures"
    assert "Police, Autumn 2022. Base: not printed. Source: Plan, 9." in olive.text
    olive.get("/officer/blend")
    assert "Link: " in olive.text
    assert "No base was published." in olive.text
    assert "Published shares" in olive.text
    assert "500, effective base 500" in olive.text
    places = {row[0]: row[1:] for row in table(olive, "blend-places")}
    assert "1st" in places["Anti-social behaviour"]
    with site.app_context():
        entry = db.session().scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.action, entry.actor) == ("published survey results taken in", "olive@example.org")
        assert entry.detail == {"rows": 5, "kept": 4}
