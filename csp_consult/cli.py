"""``csp-consult``: everything a person or a script does outside the browser."""

import sys
from importlib import import_module

import click
from flask.cli import ScriptInfo
from sqlalchemy.exc import OperationalError

from csp_consult.app import create_app
from csp_consult.settings import SettingsError

# Command: the module of csp_consult.commands that holds it, and what the list of commands says of it.
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "Build the Harborough demo database."),
    "serve": ("serve", "Run the web app on this machine."),
    "db": ("db", "Look after the database."),
    "settings": ("settings", "Every setting with its default and meaning."),
    "user": ("user", "Add accounts."),
    "mail": ("mail", "Send what waits in the outbox; what came back."),
    "place": ("place", "Areas, populations, postcodes."),
    "survey": ("survey", "Check and load questionnaires."),
    "wave": ("wave", "Open, close and list waves."),
    "response": ("response", "Take responses in and out."),
    "weigh": ("findings", "Weight a wave to the population."),
    "rank": ("findings", "Rank concerns, of one wave or of all sources."),
    "crosstab": ("findings", "Cross-tabulate two questions of a wave."),
    "trend": ("findings", "Follow a question through the waves of a survey."),
    "nation": ("nation", "Counts for the nation, and questions over many partnerships."),
    "release": ("release", "Tables for publication, small counts protected."),
    "recorded": ("recorded", "Recorded figures: import, list, series."),
    "source": ("source", "Surveys that others published."),
    "gap": ("findings", "Hold what people say against the record."),
    "plan": ("plan", "The communication plan."),
    "analyse": ("analyse", "The statistics on any survey file, no database needed."),
    "check-figures": ("check_figures", "Integrity of printed figures."),
}


class LazyCommands(click.Group):
    """A group whose commands are imported when called: listing waves loads no statistics."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """The names of all commands, in the order of the work."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if name not in COMMANDS:
            return None
        module = import_module(f"csp_consult.commands.{COMMANDS[name][0]}")
        command: click.Command = getattr(module, name.replace("-", "_"))
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=LazyCommands, help="Consultation platform of a Community Safety Partnership.")
@click.version_option(package_name="csp-consult")
def _commands() -> None:
    pass


def main() -> None:
    """Run the command line; a fault is one plain sentence on standard error and a non-zero exit."""
    try:
        _commands.main(obj=ScriptInfo(create_app=create_app), prog_name="csp-consult")
    except SettingsError as error:
        _stop(str(error), 2)
    except OperationalError as error:
        _stop(f"The database does not answer as it should ({error.orig}). Is it in use, moved or not yet upgraded?", 1)


def _stop(sentence: str, status: int) -> None:
    click.echo(sentence, err=True)
    sys.exit(status)
