"""Build the demo database."""

from datetime import date

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import inspect

from csp_consult.app import current_settings
from csp_consult.db import Base, db, writing
from csp_consult.demo.build import build
from csp_consult.demo.sign_ins import is_demo


@click.command()
@click.option("--reset", is_flag=True, help="Throw the demo away, with the answers given in it, and build it anew.")
@with_appcontext
def demo(reset: bool) -> None:
    """Build the Harborough demo in the configured database.

    A database that holds anything but the demo is left alone.
    """
    has_tables = "wave" in inspect(db.engine).get_table_names()
    if is_demo() and not reset:
        click.echo("The demo is there already (csp-consult demo --reset builds it anew).")
        return
    if has_tables and not is_demo():
        raise click.ClickException(
            "This database is not a demo, so it is left as it is. Set CSP_DATABASE_URL to another one for the demo."
        )
    db.session.remove()
    if has_tables:
        Base.metadata.drop_all(db.engine)
        with db.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
    click.echo("Building the demo: places, topics, questionnaires, printed figures, synthetic responses.")
    upgrade()
    with writing() as session:
        build(session, current_settings(current_app).district, date.today())
    click.echo("The demo is built. Its responses are synthetic: nobody gave them.")
