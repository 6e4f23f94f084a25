"""``csp-consult``: everything a person or a script does outside the browser."""

import sys
from importlib import import_module

import click
from flask.cli import FlaskGroup, ScriptInfo
from sqlalchemy.exc import OperationalError

from csp_consult.app import create_app
from csp_consult.settings import SettingsError

# Command name: the module of csp_consult.commands that holds it, so that one command imports one room.
COMMANDS: dict[str, str] = {
    "weigh": "findings",
    "rank": "findings",
    "crosstab": "findings",
    "trend": "findings",
    "gap": "findings",
    "analyse": "analyse",
    "check-figures": "check_figures",
    "demo": "demo",
    "serve": "serve",
    "source": "source",
    "recorded": "recorded",
    "place": "place",
    "survey": "survey",
    "plan": "plan",
    "db": "db",
    "response": "response",
    "wave": "wave",
    "user": "user",
}


class LazyCommands(FlaskGroup):
    """A group whose commands are imported when called: statistics need not load to list waves."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if name not in COMMANDS:
            return None
        module = import_module(f"csp_consult.commands.{COMMANDS[name]}")
        command: click.Command = getattr(module, name.replace("-", "_"))
        return command


@click.group(
    cls=LazyCommands,
    create_app=lambda: create_app(),
    add_default_commands=False,
    add_version_option=False,
    help="Consultation platform of a Community Safety Partnership.",
)
@click.version_option(package_name="csp-consult")
def _commands() -> None:
    pass


def main() -> None:
    """Run the command line; a fault is one plain sentence on standard error and a non-zero exit."""
    try:
        _commands.main(obj=ScriptInfo(create_app=lambda: create_app()), prog_name="csp-consult")
    except SettingsError as error:
        _stop(str(error), 2)
    except OperationalError as error:
        _stop(f"The database does not answer as it should ({error.orig}). Is it in use, moved or not yet upgraded?", 1)


def _stop(sentence: str, status: int) -> None:
    click.echo(sentence, err=True)
    sys.exit(status)
