"""``csp-consult mail``: the outbox."""

import sys
from datetime import date
from threading import Event

import click
from flask.cli import with_appcontext

from csp_consult.commands.output import emit, format_option
from csp_consult.db import db, mark_reading, writing
from csp_consult.mail import dispatch, outbox
from csp_consult.mail.bounces import BounceError, flag, flagged, read_report, unflag
from csp_consult.mail.models import STATES
from csp_consult.parishes import mailing
from csp_consult.people import audit
from csp_consult.settings import SettingsError, current_settings


@click.group()
def mail() -> None:
    """Send what waits in the outbox, list it, and take note of what came back."""


@mail.command()
@click.option("--watch", is_flag=True, help="Go on until stopped, looking every few seconds.")
@with_appcontext
def send(watch: bool) -> None:
    """Send every mail that is due. Run it every minute, or with --watch as a service; two at once do no harm."""
    settings = current_settings()
    try:
        if watch:
            runs = dispatch.watch(settings, Event(), mailing.queue_due)
        else:
            mailing.queue_due()
            runs = iter([dispatch.work(settings, date.today())])
        for run in runs:
            click.echo(f"Sent {run.sent}, to be tried later {run.later}, given up {run.given_up}, unsure {run.unsure}.")
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


@mail.command(name="list")
@click.option("--state", type=click.Choice(STATES), help="Only mails in this state.")
@format_option
@with_appcontext
def list_(state: str | None, output_format: str) -> None:
    """List the newest mails with their state. What they say is not shown: it may sign somebody in."""
    mark_reading(True)
    rows = [
        {
            "id": one.id,
            "queued_on": one.queued_on,
            "kind": one.kind,
            "to": one.recipient,
            "subject": one.subject,
            "state": one.state,
            "tries": one.tries,
            "why": one.fault or "",
        }
        for one in outbox.listed(db.session(), state=state)
    ]
    emit({"mails": rows}, "mails", output_format)


@mail.command()
@click.argument("address")
@click.option("--reason", default="Reported by hand.", help="What the mail server said.")
@click.option("--clear", is_flag=True, help="Let mail go to the address again.")
@with_appcontext
def bounce(address: str, reason: str, clear: bool) -> None:
    """Note that mail to ADDRESS came back; with - as ADDRESS, read the delivery report from standard input.

    A mail server can be told to pipe what comes back to `csp-consult mail bounce -`.
    """
    today = date.today()
    with writing() as session:
        if clear:
            if not unflag(session, address):
                raise click.ClickException(
                    f"{address} is not flagged. `csp-consult mail bounced` shows those that are."
                )
            audit.record(session, "bounce cleared", subject=address)
            click.echo(f"Mail goes to {address} again.")
            return
        try:
            found = read_report(sys.stdin.buffer.read()) if address == "-" else [(address, reason)]
        except BounceError as error:
            raise click.ClickException(str(error)) from error
        for one, why in found:
            flag(session, one, reason=why, today=today)
            audit.record(session, "mail bounced", subject=one)
    click.echo(f"Noted: {len(found)} address{'' if len(found) == 1 else 'es'} took no mail.")


@mail.command()
@format_option
@with_appcontext
def bounced(output_format: str) -> None:
    """List the addresses that took no mail."""
    mark_reading(True)
    rows = [{"address": one.address, "bounced_on": one.bounced_on, "why": one.reason} for one in flagged(db.session())]
    emit({"addresses": rows}, "addresses", output_format)
