"""Every setting, as the program itself knows it."""

import ast
import inspect
from collections.abc import Iterator

import click

from csp_consult import settings as module
from csp_consult.settings import PROJECT, Settings


@click.command()
def settings() -> None:
    """Print every setting with its default and meaning, as docs/configuration.md has it."""
    click.echo(reference(), nl=False)


def reference() -> str:
    """The page of settings in Markdown, read from the class that holds them."""
    lines = [
        "# Settings",
        "",
        "Made by `csp-consult settings > docs/configuration.md`; a test holds it against the program.",
        "",
        "Settings come from the environment and from nowhere else. Secrets belong into a file that only the service",
        "can read, such as systemd's `EnvironmentFile`.",
        "",
        "| setting | default | meaning |",
        "| --- | --- | --- |",
    ]
    lines += [f"| `{name}` | {_shown(default)} | {meaning} |" for name, default, meaning in _described()]
    return "\n".join([*lines, ""])


def _described() -> Iterator[tuple[str, str, str]]:
    """Name, default and meaning of each: a field of the class, and the text below it."""
    tree = ast.parse(inspect.getsource(module))
    [found] = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == Settings.__name__]
    defaults = Settings()
    for field, below in zip(found.body, found.body[1:], strict=False):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=said)):
                meaning = " ".join(str(said).replace("``", "`").split())
                yield f"CSP_{name.upper()}", str(getattr(defaults, name)), meaning


def _shown(default: str) -> str:
    return f"`{default.replace(f'{PROJECT}/', '')}`" if default else "none"
