"""Changing one part of a questionnaire file and leaving every other line, comments too, as its author wrote it.

A part is named by its path: ``("pages", 2, "questions", 0, "text")``. Every function takes the text of a file and
gives the text of the changed file; it checks nothing but that the place exists.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import yaml

from csp_consult.questionnaire.entry import Node, compose, line_of
from csp_consult.questionnaire.writing import ORDER, Data, fragment

Path: TypeAlias = tuple[str | int, ...]


def data_at(source: str, path: Path = ()) -> Data:
    """What the file says at a path. Raises KeyError when there is nothing."""
    return _data(_node_at(compose(source), path))


def place_of_line(source: str, line: int) -> tuple[int, int | None] | None:
    """The page, from 0, that a line from 1 on belongs to, with the place of its question there; None above the first.

    None for a line that belongs to no page.
    """
    found: dict[int, tuple[int, int | None] | None] = {}
    whole = compose(source)
    for name, value in whole.value if isinstance(whole, yaml.MappingNode) else ():
        found[line_of(name)] = None
        pages = value.value if name.value == "pages" and isinstance(value, yaml.SequenceNode) else ()
        for number, page in enumerate(pages):
            found[line_of(page)] = (number, None)
            for key, inner in page.value if isinstance(page, yaml.MappingNode) else ():
                if key.value == "questions" and isinstance(inner, yaml.SequenceNode):
                    found |= {line_of(one): (number, place) for place, one in enumerate(inner.value)}
    return found.get(max((start for start in found if start <= line), default=0))


def replaced(source: str, path: Path, data: Data | None) -> str:
    """The file with other data at a path that ends in a key, which is added if it is not there; None removes it."""
    *above, key = path
    parent = _node_at(compose(source), tuple(above))
    if not isinstance(key, str) or not isinstance(parent, yaml.MappingNode):
        raise KeyError(key)
    if parent.flow_style:
        whole = dict(_mapping_data(parent))
        if data is None:
            whole.pop(key, None)
        else:
            whole[key] = data
        return _rewritten(source, tuple(above), whole)
    lines = source.split("\n")
    names = [str(name.value) for name, _ in parent.value]
    if key not in names:
        return source if data is None else _with_key(lines, parent, key, data)
    name, value = parent.value[names.index(key)]
    if _data(value) == data:
        return source
    first, last, column = name.start_mark.line, _last_line(value, lines), name.start_mark.column
    if data is None:
        start = _with_comments(lines, first, column)
        return "\n".join(lines[:start] + lines[last + 1 :])
    return "\n".join(lines[:first] + _entry(lines, first, last, column, {key: data}) + lines[last + 1 :])


def inserted(source: str, path: Path, place: int, item: Data) -> str:
    """The file with one more item in the list at a path, standing before the present item of that place."""
    items = _list_at(source, path)
    if items.flow_style or not items.value:
        whole = _list_data(items)
        return _rewritten(source, path, [*whole[:place], item, *whole[place:]])
    lines = source.split("\n")
    blocks = _blocks(items, lines)
    column = _dash(lines, items.value[0])
    new = [" " * column + line if line else line for line in fragment([item], column)]
    if place < len(blocks):
        at = blocks[place][0]
        apart = [""] if any(not lines[end - 1].strip() for _, end in blocks[:-1]) else []
        return "\n".join(lines[:at] + new + apart + lines[at:])
    at = blocks[-1][1]
    apart = [""] if any(not lines[end - 1].strip() for _, end in blocks[:-1]) else []
    return "\n".join(lines[:at] + apart + new + lines[at:])


def removed(source: str, path: Path) -> str:
    """The file without one item of a list, and without the notes that stand above it."""
    *above, place = path
    items = _list_at(source, tuple(above))
    if not isinstance(place, int):
        raise KeyError(place)
    if items.flow_style or len(items.value) == 1:
        whole = _list_data(items)
        return _rewritten(source, tuple(above), [part for at, part in enumerate(whole) if at != place])
    lines = source.split("\n")
    blocks = _blocks(items, lines)
    start, end = blocks[place]
    if place == len(blocks) - 1:
        # The blank line that set it apart goes with it.
        while not lines[start - 1].strip():
            start -= 1
    return "\n".join(lines[:start] + lines[end:])


def moved(source: str, path: Path, by: int) -> str:
    """The file with an item of a list that many places further down, up if negative, its notes going with it."""
    *above, place = path
    items = _list_at(source, tuple(above))
    if not isinstance(place, int):
        raise KeyError(place)
    to = max(0, min(len(items.value) - 1, place + by))
    if items.flow_style:
        whole = _list_data(items)
        whole.insert(to, whole.pop(place))
        return _rewritten(source, tuple(above), whole)
    lines = source.split("\n")
    blocks = _blocks(items, lines)
    bodies = [_stripped(lines[start:end]) for start, end in blocks]
    gaps = [lines[start:end][len(_stripped(lines[start:end])) :] for start, end in blocks]
    bodies.insert(to, bodies.pop(place))
    between = [line for body, gap in zip(bodies, gaps, strict=True) for line in (*body, *gap)]
    return "\n".join(lines[: blocks[0][0]] + between + lines[blocks[-1][1] :])


def _node_at(node: Node, path: Path) -> Node:
    for step in path:
        if isinstance(step, int) and isinstance(node, yaml.SequenceNode) and 0 <= step < len(node.value):
            node = node.value[step]
        elif isinstance(step, str) and isinstance(node, yaml.MappingNode):
            found = [value for name, value in node.value if name.value == step]
            if not found:
                raise KeyError(step)
            node = found[0]
        else:
            raise KeyError(step)
    return node


def _list_at(source: str, path: Path) -> yaml.SequenceNode:
    node = _node_at(compose(source), path)
    if not isinstance(node, yaml.SequenceNode):
        raise KeyError(path[-1])
    return node


def _data(node: Node) -> Data:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if isinstance(node, yaml.MappingNode):
        return _mapping_data(node)
    return _list_data(node)


def _list_data(node: Node) -> list[Data]:
    return [_data(part) for part in node.value]


def _mapping_data(node: yaml.MappingNode) -> Mapping[str, Data]:
    return {str(name.value): _data(value) for name, value in node.value}


def _rewritten(source: str, path: Path, data: Data) -> str:
    """The file with a whole part written anew; for parts that stand on one line."""
    if path and isinstance(path[-1], str):
        return replaced(source, path, data)
    *above, place = path
    whole = _list_data(_list_at(source, tuple(above)))
    return _rewritten(source, tuple(above), [data if at == place else part for at, part in enumerate(whole)])


def _with_key(lines: Sequence[str], parent: yaml.MappingNode, key: str, data: Data) -> str:
    """The file with a new key where a person would write it."""
    rank = ORDER.index(key) if key in ORDER else len(ORDER)
    before = [
        (name, value)
        for name, value in parent.value
        if (ORDER.index(name.value) if name.value in ORDER else len(ORDER)) <= rank
    ]
    name, value = before[-1] if before else parent.value[0]
    column = name.start_mark.column
    at = _last_line(value, lines) + 1
    new = [" " * column + line if line else line for line in fragment({key: data}, column)]
    return "\n".join([*lines[:at], *new, *lines[at:]])


def _entry(lines: Sequence[str], first: int, last: int, column: int, data: Mapping[str, Data]) -> list[str]:
    """The lines of one key anew, with what stood before it on its line and the note after it."""
    new = [" " * column + line if line else line for line in fragment(data, column)]
    note = _note(lines[last]) if first == last else ""
    if note and len(new) == 1:
        new[0] += f"  {note}"
    elif note:
        new.insert(0, " " * column + note)
        return new if not lines[first][:column].strip() else [lines[first][:column] + new[1].lstrip(), *new[2:]]
    new[0] = lines[first][:column] + new[0][column:]
    return new


def _note(line: str) -> str:
    """The comment at the end of a line; none where a '#' may be part of quoted words."""
    head, mark, tail = line.rpartition("  #")
    return f"#{tail}" if mark and head.count('"') % 2 == 0 and head.count("'") % 2 == 0 else ""


def _last_line(node: Node, lines: Sequence[str]) -> int:
    """The last line that belongs to a value."""
    if node.end_mark is None or node.start_mark is None:
        return 0
    if isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"}:
        last = node.end_mark.line - (node.end_mark.column == 0 or not lines[node.end_mark.line].strip())
        last = max(node.start_mark.line, min(last, len(lines) - 1))
        while last > node.start_mark.line and not _inside(lines[last], lines[node.start_mark.line]):
            last -= 1
        return last
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return int(node.end_mark.line)
    tail = node.value[-1]
    return _last_line(tail[1] if isinstance(node, yaml.MappingNode) else tail, lines)


def _inside(line: str, opening: str) -> bool:
    """Whether a line is one of a folded text's own."""
    indent = len(opening) - len(opening.lstrip(" -"))
    return bool(line.strip()) and len(line) - len(line.lstrip()) > indent


def _line(node: Node) -> int:
    return node.start_mark.line if node.start_mark else 0


def _dash(lines: Sequence[str], item: Node) -> int:
    """The column of an item's dash."""
    return lines[_line(item)].rindex("-", 0, item.start_mark.column if item.start_mark else None)


def _with_comments(lines: Sequence[str], first: int, column: int) -> int:
    """Where the notes begin that stand right above a line, set in as it is."""
    start = first
    while start and lines[start - 1].startswith(" " * column + "#"):
        start -= 1
    return start


def _blocks(items: yaml.SequenceNode, lines: Sequence[str]) -> list[tuple[int, int]]:
    """For each item of a list: its first line, notes above it too, and the line after its last."""
    starts = [_with_comments(lines, _line(item), _dash(lines, item)) for item in items.value]
    return list(zip(starts, [*starts[1:], _last_line(items, lines) + 1], strict=True))


def _stripped(lines: Sequence[str]) -> list[str]:
    """Lines without the blank ones at the end."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return list(lines[:end])
