"""The outbox as officers see it: what is on its way, what came back, and the words of every kind of mail."""

import re
from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from csp_consult.db import db
from csp_consult.mail import letters
from csp_consult.mail.bounces import flag, flagged, unflag
from csp_consult.mail.models import Message
from csp_consult.mail.outbox import counts, listed, send_again
from csp_consult.people import audit

_SECRET = re.compile(r"[\w-]{20,}")


def mail() -> str:
    """Mails by state, the newest first, and flagged addresses."""
    store = db.session()
    state = request.args.get("state")
    found = counts(store)
    return render_template(
        "officer/mail.html",
        counts=found,
        state=state if state in found else None,
        mails=listed(store, state=state if state in found else None, limit=100),
        bounced=flagged(store),
        kinds=letters.EXAMPLES,
    )


def mail_shown(message_id: int) -> str:
    """One mail as it waits; links that would sign somebody in are cut short."""
    message = db.session().get(Message, message_id)
    if message is None:
        abort(404)
    return render_template("officer/mail_shown.html", message=message, body=_SECRET.sub("…", message.body))


def mail_words(kind: str) -> str:
    """What a kind of mail says, filled in with an example."""
    if kind not in letters.EXAMPLES:
        abort(404)
    return render_template("officer/mail_words.html", kind=kind, words=letters.example(kind))


def mail_again(message_id: int) -> Response:
    """Send a mail again that failed or may have been lost."""
    store = db.session()
    message = store.get(Message, message_id)
    if message is None:
        abort(404)
    if send_again(store, message):
        audit.record(store, "mail sent again", subject=message.recipient)
        flash(f"The mail to {message.recipient} is sent again.", "success")
    else:
        flash("This mail cannot be sent again: its words were erased.", "important")
    store.commit()
    return redirect(url_for("officer.mail"))


def mail_bounce() -> Response:
    """Note that an address took no mail, or let mail go there again."""
    store = db.session()
    address = request.form.get("address", "").strip()
    if "@" not in address:
        flash("Enter the address that took no mail.", "important")
    elif request.form.get("then") == "clear":
        unflag(store, address)
        audit.record(store, "bounce cleared", subject=address)
        flash(f"Mail goes to {address} again.", "success")
    else:
        flag(store, address, reason="Reported by an officer.", today=date.today())
        audit.record(store, "mail bounced", subject=address)
        flash(f"Nothing more is sent to {address}.", "success")
    store.commit()
    return redirect(url_for("officer.mail"))
