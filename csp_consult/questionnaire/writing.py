"""Writing questionnaire files as a person writes them: stable order, no needless quotes, long words folded.

The data of a file are mappings, lists and strings; what is written reads back as the same data.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import yaml

Data: TypeAlias = str | Sequence["Data"] | Mapping[str, "Data"]

LINE = 120
FOLD = 112
# Small mappings that stand on one line where they fit; others get a line for each key.
ON_ONE_LINE = frozenset({"cell", "concern", "change", "safety", "show_if", "standard", "not"})
# Under these keys each value is an option, on one line where it fits.
OF_OPTIONS = frozenset({"options", "rows"})
# The order in which a person writes the keys of a page or a question.
ORDER = (
    *("page", "title", "lead", "id", "kind", "of", "text", "hint", "reason", "standard", "required", "sensitive"),
    *("show_if", "precision", "earliest", "latest", "lowest", "highest", "decimals", "unit", "limit", "body"),
    *("choose", "order", "rows", "options", "concern", "change", "safety", "questions"),
)
STR = "tag:yaml.org,2002:str"


def written(document: Mapping[str, Data]) -> str:
    """A whole questionnaire file, a blank line before each of its parts."""
    lines: list[str] = []
    for line in fragment(document, 0):
        starts_page = line.startswith("  - page:") and lines[-1] != "pages:"
        if starts_page or line.partition(":")[0] in {"intro", "cell", "scales", "pages"}:
            lines.append("")
        lines.append(line)
    return "\n".join(lines) + "\n"


def fragment(data: Data, column: int) -> list[str]:
    """The lines of some data, as they stand in a file where it starts at that column; no line is indented yet."""
    text: str = yaml.serialize(
        _node(data, "", column),
        Dumper=_Dumper,
        width=FOLD - column,
        allow_unicode=True,
        explicit_start=False,
        explicit_end=False,
    )
    return text.removesuffix("...\n").rstrip("\n").split("\n")


class _Dumper(yaml.BaseDumper):
    """YAML without the words that stand for yes and no, lists set in under their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - PyYAML's name
        """Set a list in by two."""
        super().increase_indent(flow, False)


def _node(data: Data, key: str, column: int) -> yaml.Node:
    if isinstance(data, str):
        return yaml.ScalarNode(STR, data, style=_style(data, column + len(key) + 2))
    if isinstance(data, Mapping):
        flow = key in ON_ONE_LINE and _width(data) + column + len(key) + 2 <= LINE
        return _mapping(data, key, column, flow=flow)
    flow = all(isinstance(part, str) for part in data) and _width(data) + column + len(key) + 2 <= LINE
    inner = [_node(part, "", column + 4) for part in data]
    return yaml.SequenceNode("tag:yaml.org,2002:seq", inner, flow_style=flow)


def _mapping(data: Mapping[str, Data], key: str, column: int, *, flow: bool) -> yaml.MappingNode:
    pairs: list[tuple[yaml.Node, yaml.Node]] = []
    for name, value in data.items():
        inner = name
        is_option = key in OF_OPTIONS or key.startswith("scale ")
        if is_option and isinstance(value, Mapping) and "text" in value:
            fits = _width(value) + column + len(name) + 4 <= LINE
            pairs.append((yaml.ScalarNode(STR, name), _mapping(value, name, column + 2, flow=fits)))
            continue
        if key == "scales":
            inner = f"scale {name}"
        pairs.append((yaml.ScalarNode(STR, name), _node(value, inner, column + 2)))
    if flow:
        pairs = [(name, _flowing(value)) for name, value in pairs]
    return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=flow)


def _flowing(node: yaml.Node) -> yaml.Node:
    """The node without the styles that only stand in blocks."""
    if isinstance(node, yaml.ScalarNode):
        return yaml.ScalarNode(node.tag, node.value)
    if isinstance(node, yaml.CollectionNode):
        node.flow_style = True
    return node


def _style(value: str, column: int) -> str | None:
    if "\n" in value:
        return "|"
    return ">" if len(value) + column > LINE else None


def _width(data: Data) -> int:
    """About how wide the data are on one line."""
    if isinstance(data, str):
        return len(data)
    if isinstance(data, Mapping):
        return 2 + sum(len(name) + 4 + _width(value) for name, value in data.items())
    return 2 + sum(2 + _width(part) for part in data)
