"""Build the demo database."""

from datetime import date

import click
from flask.cli import with_appcontext
from flask_migrate import upgrade

from csp_consult.db import Base, db, writing
from csp_consult.demo.build import build
from csp_consult.demo.sign_ins import is_demo, is_empty
from csp_consult.settings import current_settings


@click.command()
@click.option("--reset", is_flag=True, help="Throw the demo away, with the answers given in it, and build it anew.")
@with_appcontext
def demo(reset: bool) -> None:
    """Build the Harborough demo in the configured database.

    A database that holds anything but the demo is left alone.
    """
    there = is_demo()
    if there and not reset:
        click.echo("The demo is there already (csp-consult demo --reset builds it anew).")
        return
    if not there and not is_empty():
        raise click.ClickException(
            "This database is not a demo, so it is left as it is. Set CSP_DATABASE_URL to another one for the demo."
        )
    if there:
        _throw_away()
    click.echo("Building the demo: places, topics, questionnaires, printed figures, synthetic responses.")
    upgrade()
    with writing() as session:
        build(session, current_settings().district, date.today())
    click.echo("The demo is built. Its responses are synthetic: nobody gave them.")


def _throw_away() -> None:
    with db.engine.begin() as connection:
        Base.metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE alembic_version")
