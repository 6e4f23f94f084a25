"""The audit trail for administrators: read, checked, and taken along."""

import json
from datetime import date

from flask import Response, render_template, request
from sqlalchemy import select

from csp_consult.db import db
from csp_consult.people import audit
from csp_consult.people.models import AuditEntry
from csp_consult.reports.tables import Cell, Column, Table
from csp_consult.web.officer.door import download

SHOWN = 200
EXPORTS = "exports"


def trail() -> str:
    """Whether the chain holds, and the newest entries: all of them, or only who took what along."""
    store, only = db.session(), request.args.get("only", "")
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(SHOWN)
    if only == EXPORTS:
        query = query.where(AuditEntry.action == audit.EXPORT)
    return render_template(
        "officer/trail.html",
        verdict=audit.verify(store),
        entries=store.scalars(query).all(),
        exports=only == EXPORTS,
        shown=SHOWN,
    )


def trail_csv() -> Response:
    """The whole trail as a file, with the digests that chain it."""
    names = ("id", "at", "actor", "action", "subject", "detail", "previous", "digest")
    rows = [
        [
            Cell(str(value), value)
            for value in (
                entry.id,
                f"{entry.at.isoformat()}Z",
                entry.actor,
                entry.action,
                entry.subject,
                json.dumps(entry.detail, sort_keys=True),
                entry.previous,
                entry.digest,
            )
        ]
        for entry in audit.entries(db.session())
    ]
    name = f"audit-trail-{date.today().isoformat()}"
    return download(
        Table(
            id=name,
            caption="Audit trail",
            columns=[Column(name, name) for name in names],
            rows=rows,
            about={},
            synthetic=False,
        )
    )
