"""Whom to tell: the audiences that hold most of the residents who believe the contrary of the record."""

from typing import Any, Final

from flask import Response, abort, render_template, request, url_for

from csp_consult import words
from csp_consult.db import db
from csp_consult.findings.errors import FindingError
from csp_consult.findings.gap_contract import TargetSegment, TargetsFinding
from csp_consult.findings.targeting import targets
from csp_consult.reports.gap_tables import targets_table
from csp_consult.web.officer.door import base_rules, download, wave_called
from csp_consult.web.officer.gaps import GapAddress

_HALF: Final = 50
_MOST_TO_AIM_AT: Final = 10
"""Audiences of ward and age; of more, each would be a small part, and telling everybody is plainer."""
_SHARES: Final = (25, 50, 75)


def audiences() -> str:
    """The fewest audiences that cover the chosen share, each with its size, its uncertainty and its channel."""
    percent = _percent()
    found = _found(percent)
    chosen = [segment for segment in found.segments if segment.chosen]
    return render_template(
        "officer/audiences.html",
        found=found,
        percent=percent,
        shares=[(str(share), f"{share}% of them") for share in sorted({*_SHARES, percent})],
        summary=_summary(found, len(chosen)),
        audiences=[(segment, _plan_link(found, segment)) for segment in chosen],
        table=targets_table(found),
        csv=url_for(".audiences_csv", wave=found.wave, topic=found.topic, share=percent),
        synthetic=found.synthetic,
    )


def audiences_csv() -> Response:
    """Every segment as a file."""
    return download(targets_table(_found(_percent())))


def _found(percent: int) -> TargetsFinding:
    address = GapAddress.read(request.args)
    if not address.wave:
        abort(404)
    wave = wave_called(*address.wave.partition("/")[::2])
    return targets(db.session(), wave, address.topic, wanted_share=percent / 100, rules=base_rules())


def _percent() -> int:
    """The share to cover, in per cent. Raises FindingError for anything but 1 to 100."""
    given = request.args.get("share", str(_HALF))
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= 100):
        raise FindingError("The share of residents to cover is a whole number from 1 to 100.")
    return int(given)


def _plan_link(found: TargetsFinding, segment: TargetSegment) -> str:
    address = GapAddress(found.wave, found.topic, segment.area)
    whom: dict[str, Any] = {"audience": segment.title, "age": segment.age, "channel": segment.channel}
    return url_for(".new_activity", **address.arguments(), **whom)


def _summary(found: TargetsFinding, chosen: int) -> str:
    believers = (
        f"About {words.number(round(found.eligible_residents, -2))} residents of wards where there is good news to "
        f"tell believe that {found.topic_title.lower()} rose"
    )
    if not chosen:
        return f"No audience is chosen. {found.note or ''}".strip()
    which = "One audience holds" if chosen == 1 else f"{words.number(chosen)} audiences hold"
    said = f"{believers}. {which} {words.percent(found.covered_share)} of them."
    if chosen <= _MOST_TO_AIM_AT:
        return said
    return (
        f"{said} That is too many to aim at: these residents are spread over {words.number(len(found.segments))} "
        "audiences, none of which holds many. Tell the whole district, or choose a smaller share."
    )
