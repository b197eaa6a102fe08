"""Reading YAML as nodes that remember where they stand.

The reader is YAML 1.2, so `22:00` stays text and `NO` is not false. Beyond it: a key that stands
twice, a tag, a `<<` and a value that contains itself are problems, and a date stays text.
"""

from __future__ import annotations

import errno
import re
import stat
import warnings
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import ReusedAnchorWarning, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.nodes import Node as YamlNode

from sim.core.errors import Problem, did_you_mean
from sim.language.node import KeyPath, Node, Place
from sim.language.number_slips import ROUND_IN_GERMAN, WITH_COMMA, without_commas
from sim.language.yaml_errors import directive_line, in_words

MOST_BYTES = 20_000_000
"""A larger file is no scenario, nor a table of one."""
MOST_VALUES = 200_000
"""More values than any scenario has; what is repeated by an alias counts every time."""


def open_file(file: str, problems: list[Problem]) -> YamlNode | None:
    """Return the mapping in a file; None, and a problem, if there is no such thing."""
    text = _text_of(file, problems)
    if text is None:
        return None
    place = Place(0, file=file)
    found = len(problems)
    root = _parsed(text, place, problems)
    if len(problems) > found:
        return None
    if root is None or root.tag.endswith(":null"):
        problems.append(place.problem((), "the file is empty", "start with `ccprofit init`"))
        return None
    if not isinstance(root, MappingNode):
        what = "a scenario is a mapping of keys to values"
        problems.append(place.problem((), what, "begin with a line such as `name: my-center`"))
        return None
    return root


def to_nodes(
    root: YamlNode, place: Place, problems: list[Problem], path: KeyPath = ()
) -> Node | None:
    """Return what was read as nodes of a layer; None, and a problem, if it is too deep or large."""
    try:
        if _values_in(root, {}) <= MOST_VALUES:
            return _Converter(place, problems).node(root, path, None)
        what = f"there are more than {MOST_VALUES} values"
        problems.append(place.problem((), what, "repeat less by aliases"))
    except RecursionError:
        problems.append(place.problem((), "it is nested too deeply", "make it flatter"))
    return None


def _values_in(given: YamlNode, known: dict[int, int]) -> int:
    """Return how many values there are with all aliases written out; each node is visited once.

    So a bomb of aliases is found before it goes off. What contains itself ends there.
    """
    if id(given) not in known:
        known[id(given)] = 1
        below = given.value if isinstance(given, SequenceNode) else []
        below = [value for _, value in given.value] if isinstance(given, MappingNode) else below
        known[id(given)] = 1 + sum(_values_in(one, known) for one in below)
    return known[id(given)]


def value_of(root: YamlNode, key: str, place: Place) -> Node | None:
    """Return the value of a top-level key alone, or None."""
    for key_node, value_node in root.value:
        if key_node.value == key:
            return to_nodes(value_node, place, [], (key,))
    return None


def bytes_of(path: Path) -> bytes:
    """Return what is in a file; raises OSError where it is no file, or one without an end."""
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, "this is a folder", str(path))
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is a pipe or a device, not a file", str(path))
    if found.st_size > MOST_BYTES:
        raise OSError(errno.EFBIG, f"it is larger than {MOST_BYTES // 1_000_000} MB", str(path))
    return path.read_bytes()


def _text_of(file: str, problems: list[Problem]) -> str | None:
    path = Path(file)
    try:
        return bytes_of(path).decode("utf-8-sig")
    except FileNotFoundError:
        beside = sorted(p.name for p in path.parent.glob("*.y*ml")) if path.parent.is_dir() else []
        remedy = did_you_mean(path.name, beside, "check the path, or start with `ccprofit init`")
        problems.append(Problem(file, "", "there is no such file", remedy))
    except IsADirectoryError:
        problems.append(Problem(file, "", "this is a folder", "name a file in it"))
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line = before.count(b"\n") + 1
        problems.append(Problem(f"{file}:{line}", "", "this is not UTF-8", "save it as UTF-8"))
    except OSError as error:
        reason = error.strerror or str(error)
        reason = reason[:1].lower() + reason[1:]
        problems.append(Problem(file, "", f"it cannot be read: {reason}", "check the path"))
    except ValueError as error:  # a path with a NUL
        problems.append(Problem(file, "", f"it cannot be read: {error}", "check the path"))
    return None


def read_text(text: str, place: Place, problems: list[Problem]) -> Node | None:
    """Return YAML text as nodes; None, and a problem, if it is not YAML."""
    found = len(problems)
    root = _parsed(text, place, problems)
    if len(problems) > found:
        return None
    return Node(None, place, place) if root is None else to_nodes(root, place, problems)


def _parsed(text: str, place: Place, problems: list[Problem]) -> YamlNode | None:
    if line := directive_line(text):
        place = replace(place, line=line)
        problems.append(place.problem((), "a line with % has no meaning here", "remove it"))
        return None
    try:
        return _composed(text)
    except YAMLError as error:
        line, column, what, remedy = in_words(error, text)
        problems.append(replace(place, line=line, column=column).problem((), what, remedy))
    except RecursionError:
        problems.append(place.problem((), "it is nested too deeply", "make it flatter"))
    return None


@lru_cache(maxsize=64)
def _composed(text: str) -> YamlNode | None:
    """Return the reader's nodes, kept because every variant reads its base; nobody changes them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReusedAnchorWarning)
        return YAML(typ="safe", pure=True).compose(text)


_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a terminal obeys instead of showing it, and halves of characters."""
_OF_YAML = "tag:yaml.org,2002:"
_PLAIN_TAGS = (f"{_OF_YAML}map", f"{_OF_YAML}seq")


class _Converter:
    """Turns the reader's nodes into ours and collects what is wrong with them."""

    def __init__(self, place: Place, problems: list[Problem]) -> None:
        self._place = place
        self._problems = problems
        self._open: set[int] = set()

    def node(self, given: YamlNode, path: KeyPath, key: Place | None) -> Node:
        """Return what stands at a path, with all below it; `key` is the place of its key."""
        place = self._place_of(given)
        if id(given) in self._open:
            self._problem(place, path, "this value contains itself", "write it out")
            return Node("", place, key or place)
        self._open.add(id(given))
        if not isinstance(given, ScalarNode) and given.tag not in _PLAIN_TAGS:
            self._problem(place, path, f"the tag {given.tag} has no meaning here", "remove it")
        if isinstance(given, MappingNode):
            value = self._mapping(given, path)
        elif isinstance(given, SequenceNode):
            value = [self.node(child, (*path, i), None) for i, child in enumerate(given.value)]
        else:
            assert isinstance(given, ScalarNode)
            value = self._scalar(given, path, place)
        self._open.discard(id(given))
        return Node(value, place, key or place)

    def _mapping(self, given: MappingNode, path: KeyPath) -> dict[str, Node]:
        found: dict[str, Node] = {}
        cut: dict[str, str] = {}  # numbers with commas, by the key before the first comma
        for key_node, value_node in given.value:
            place = self._place_of(key_node)
            if found and _is_nothing(value_node) and isinstance(key_node, ScalarNode):
                last = next(reversed(found))
                whole = f"{cut.get(last, found[last].value)},{key_node.value}"
                if WITH_COMMA.match(whole) and not isinstance(found[last].value, dict | list):
                    cut[last] = whole
                    continue
            if not isinstance(key_node, ScalarNode) or key_node.tag.endswith(":null"):
                self._problem(place, path, "a key is one word", "write `key: value`")
                continue
            key = str(key_node.value)
            if found_one := _UNPRINTABLE.search(key):
                what = f"this key holds the control character U+{ord(found_one[0]):04X}"
                self._problem(place, path, what, "leave it out")
                continue
            if key_node.tag.endswith(":merge"):
                self._problem(place, path, "`<<` is not used here", "use based_on, or write it out")
            elif key in found:
                what = f"`{key}` stands here a second time, first in line {found[key].key.line}"
                self._problem(place, (*path, key), what, "keep one of the two")
            else:
                found[key] = self.node(value_node, (*path, key), place)
        for key, typed in cut.items():
            number = without_commas(typed)
            what = f"a comma ends the value here, so '{typed}' is not one number"
            self._problem(found[key].place, (*path, key), what, f"write {number}")
            meant = int(number) if number.isdigit() else number
            found[key] = replace(found[key], value=meant)
        return found

    def _scalar(self, given: ScalarNode, path: KeyPath, place: Place) -> Any:
        text = str(given.value)
        is_of_a_list = isinstance(path[-1] if path else "", int)
        if found := _UNPRINTABLE.search(text):
            what = f"this holds the control character U+{ord(found[0]):04X}"
            self._problem(place, path, what, "leave it out")
            return _UNPRINTABLE.sub("?", text)
        try:
            match given.tag.rpartition(":")[2] if given.tag.startswith(_OF_YAML) else given.tag:
                case "str" | "timestamp":
                    return text
                case "null":
                    return None
                case "bool":
                    return text.lower() == "true"
                case "int":
                    return _whole_number(text.replace("_", ""))
                case "float" if ROUND_IN_GERMAN.fullmatch(text) and not is_of_a_list:
                    return text  # 640 or 640000: the parser of its field asks
                case "float":
                    return float(text.replace("_", "").replace(".i", "i").replace(".n", "n"))
            self._problem(place, path, f"the tag {given.tag} has no meaning here", "remove it")
        except ValueError:  # thousands of digits, or a tag that promises too much
            self._problem(place, path, "this is not a number", "write it with fewer digits")
        return text

    def _place_of(self, given: YamlNode) -> Place:
        if self._place.file is None:
            return self._place
        mark = given.start_mark
        return Place(self._place.layer, mark.line + 1, mark.column + 1, self._place.file)

    def _problem(self, place: Place, path: KeyPath, what: str, remedy: str) -> None:
        self._problems.append(place.problem(path, what, remedy))


def _is_nothing(given: YamlNode) -> bool:
    return isinstance(given, ScalarNode) and given.tag.endswith(":null") and not given.value


def _whole_number(text: str) -> int:
    prefixed = text.lstrip("+-").lower().startswith(("0x", "0o", "0b"))
    return int(text, 0) if prefixed else int(text)
