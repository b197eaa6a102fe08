"""What the YAML reader complains of, in the words of somebody who does not know YAML.

The reader tells where it stopped; what its writer did wrong often stands a line above.
"""

from __future__ import annotations

import re

from ruamel.yaml.error import MarkedYAMLError, YAMLError

CHECK = "check the indentation, quotes and brackets up to here"
ALIGN = "indent it like the keys beside which it belongs"
_KEY_ALONE = re.compile(r"\s*(?:- )?(\w[\w-]*)\s*$")
_KEY_TOUCHES = re.compile(r"\s*(?:- )?(\w[\w-]*):(\S.*?)\s*$")
_DASH_TOUCHES = re.compile(r"\s*-(\w.*?)\s*$")


def directive_line(text: str) -> int | None:
    """Return the line of a `%YAML` or `%TAG`, which would change how the rest is read."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("%"):
            return number
        if line.strip() and not line.lstrip().startswith("#"):
            break
    return None


def in_words(error: YAMLError, text: str) -> tuple[int, int, str, str]:
    """Return line, column, what is wrong and the remedy."""
    if not isinstance(error, MarkedYAMLError):
        return *_position(getattr(error, "position", 0), text), *_unreadable(error)
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    words = str(error.problem or error.context)
    if error.context_mark is not None and _starts_earlier(words, str(error.context)):
        line, column = error.context_mark.line + 1, error.context_mark.column + 1
    lines = text.splitlines()
    if "mapping values are not allowed" in words:
        line, column = _line_at_fault(lines, line, column)
    what, remedy = _explained(words, str(error.context), lines, line, column)
    return line, column, what, remedy


def _line_at_fault(lines: list[str], line: int, column: int) -> tuple[int, int]:
    """Return where the key or dash stands that makes a colon seem one too many."""
    if re.search(r":(\s|$)", lines[line - 1][: column - 1]):
        return line, column
    above = next((n for n in range(line - 1, 0, -1) if _is_content(lines[n - 1])), line)
    text = lines[above - 1]
    if any(slip.match(text) for slip in (_KEY_ALONE, _KEY_TOUCHES, _DASH_TOUCHES)):
        return above, len(text) - len(text.lstrip()) + 1
    return line, column


def _starts_earlier(words: str, context: str) -> bool:
    """Whether the fault is where something began, rather than where the reader gave up."""
    return "quoted scalar" in context or "expected ':'" in words


def _explained(
    words: str, context: str, lines: list[str], line: int, column: int
) -> tuple[str, str]:
    here = lines[line - 1] if line <= len(lines) else ""
    if "\\t" in words:
        if here[: column - 1].strip():
            return "a tab stands where a space belongs", "write spaces"
        return "a tab cannot indent YAML", "indent with spaces"
    if "single document" in context:
        return "a second document begins here", "put it into a file of its own"
    if "quoted scalar" in context:
        return "this quote is not closed", f"add {here[column - 1 : column]} at its end"
    if "expected ':'" in words:
        return _without_colon(here)
    if "mapping values are not allowed" in words:
        if dash := _DASH_TOUCHES.match(here):
            return "the dash needs a space after it", f"write `- {dash[1]}`"
        if _KEY_ALONE.match(here) or _KEY_TOUCHES.match(here):
            return _without_colon(here)
        if re.search(r":(\s|$)", here[: column - 1]):
            remedy = "put the text in quotes, or the key on its own line"
            return "a second colon in one line", remedy
        return "this line is indented deeper than the one above, which has a value", ALIGN
    if found := re.search(r"found undefined alias '(.*)'", words):
        return f"`*{found[1]}` refers to nothing", "put text that begins with * in quotes"
    if found := re.search(r"found character '(.*)' that cannot start", words):
        return f"text cannot begin with {found[1]}", "put it in quotes"
    if "<block end>" in words and "'<scalar>'" in words:
        return "the text goes on after its closing quote", "put all of it in the other quotes"
    if "found '}'" in words or "found ']'" in words:
        return f"nothing is open that {here[column - 1 : column]} could close", "remove it"
    if "<block end>" in words or "<document start>" in words:
        return "this line does not align with those above", ALIGN
    return f"this is not YAML: {words}", CHECK


def _without_colon(line: str) -> tuple[str, str]:
    if touching := _KEY_TOUCHES.match(line):
        key, value = touching.groups()
        return f"`{key}:` needs a space after it", f"write `{key}: {value}`"
    word = line.strip().removeprefix("- ")
    return f"`{word}` is no key, for it has no colon", f"write `{word}:`, or put text in quotes"


def _is_content(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _position(offset: int, text: str) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _unreadable(error: YAMLError) -> tuple[str, str]:
    return "this is not YAML: " + str(error).splitlines()[0], "remove control characters"
