"""One complaint of pydantic in words: what is wrong, and what to do about it."""

from __future__ import annotations

import re
from typing import Any

from pydantic_core import ErrorDetails

from sim.core.errors import did_you_mean
from sim.language.node import Node
from sim.language.quantities import number_meant, plain, shown

NAME = "use letters, digits, - and _, and begin with a letter"

# Kinds that say the value is of another shape altogether, and what was expected instead.
_SHAPES = {
    "float_type": "a number",
    "float_parsing": "a number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": "text",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "date_type": "a date such as 2027-01-04",
    "date_parsing": "a date such as 2027-01-04",
    "date_from_datetime_parsing": "a date such as 2027-01-04",
    "finite_number": "a finite number",
}
_LIMITS = {
    "greater_than": ("gt", "above"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "below"),
    "less_than_equal": ("le", "at most"),
    "multiple_of": ("multiple_of", "a multiple of"),
}

_DIGIT = re.compile(r"[0-9]")
_QUANTITIES = re.compile(
    r"(?<![\w-])-?\d[\d.]*(k|%)?( per \w+| (s|min|h|d|wk|M)\b)?( within \d+ s)?(?![\w])"
)


def in_words(
    details: ErrorDetails, node: Node, example: str, *, is_plain: bool
) -> tuple[str, str, str, bool]:
    """Return what is wrong, the remedy, the shape expected (or nothing), and if it is a guess."""
    kind, context = details["type"], details.get("ctx", {})
    value = shown(node.plain())
    if "remedy" in context:
        remedy = str(context["remedy"])
        expects = remedy.removeprefix("write ") if kind == "quantity_type" else ""
        return str(context["what"]), remedy, expects, "did you mean" in remedy
    if kind in _SHAPES:
        return _misshapen(_SHAPES[kind], node, example, is_plain=is_plain)
    if kind in ("literal_error", "enum", "union_tag_invalid"):
        return _not_among(_words(context), context, details, node, example)
    if kind in _LIMITS:
        name, words = _LIMITS[kind]
        limit, kind = shown(context[name]), "number"
        if isinstance(node.value, str) and node.value.rstrip().endswith("%"):
            limit, kind = f"{context[name] * 100:g}%", "share"
        return f"{value} is not {words} {limit}", f"write a {kind} {words} {limit}", "", False
    if kind == "int_parsing_size":
        return f"{value} is too large", "check the number of digits", "", False
    if kind == "too_short" and context["actual_length"] > 0:
        what = f"{context['actual_length']} values, and {context['min_length']} are needed"
        return what, f"write {example}", "", False
    if kind in ("too_short", "string_too_short"):
        return "nothing stands here", f"write {example or 'something'}", "", False
    if kind == "too_long" and context.get("max_length") == 0:
        return "nothing can stand here yet", "leave it out", "", False
    if kind in ("too_long", "string_too_long"):
        unit = " characters" if kind == "string_too_long" else ""
        return f"{value} is too long", f"give at most {context.get('max_length')}{unit}", "", False
    if kind == "string_pattern_mismatch":
        pattern = str(context["pattern"]).strip("^$")
        if "a-z" in pattern:
            return f"{value} is not a name", NAME, "", False
        return f"{value} does not fit", f"write {pattern}", "", False
    if kind == "union_tag_not_found":
        key = str(context.get("discriminator", "")).strip("'")
        return f"`{key}` is missing", f"add `{key}:`", "", False
    message = str(context.get("error", details["msg"]))
    return message[:1].lower() + message[1:], "correct it", "", False


def form_of(example: str, node: Node) -> str:
    """Return an example for a value; without its quantities where another one was typed."""
    has_number = isinstance(node.value, int | float | str) and _DIGIT.search(str(node.value))
    return _QUANTITIES.sub("…", example) if has_number else example


def _misshapen(
    expects: str, node: Node, example: str, *, is_plain: bool
) -> tuple[str, str, str, bool]:
    if expects != "text" or example[:1].isdigit():
        example = form_of(example, node)
    value = shown(node.plain())
    what = f"{value} is not {expects}"
    if expects == "text" and not isinstance(node.value, dict | list):
        remedy = f"write {example}" if example else f'put it in quotes: "{value}"'
        return what, remedy, expects, False
    if expects in ("a number", "a whole number") and isinstance(node.value, str):
        is_percent = node.value.rstrip().endswith("%")
        is_factor = expects == "a number" and not is_plain
        meant = number_meant(node.value) if is_factor or not is_percent else None
        if meant is not None and (expects == "a number" or meant == int(meant)):
            return what, f"write {plain(meant)}", expects, True
    is_list_of_values = expects == "a list" and not example.startswith("[{")
    if is_list_of_values and isinstance(node.value, str | int | float):
        example = f"[{node.value}]"
    if example and expects in ("text", "a list", "a mapping"):
        return what, f"write {example}", expects, False
    return what, f"write {expects}", expects, False


def _words(context: dict[str, Any]) -> list[str]:
    listed = str(context.get("expected") or context.get("expected_tags"))
    return [word.strip().strip("'") for word in listed.replace(" or ", ", ").split(",")]


def _not_among(
    words: list[str], context: dict[str, Any], details: ErrorDetails, node: Node, example: str
) -> tuple[str, str, str, bool]:
    if details["type"] == "union_tag_invalid":
        typed = str(context["tag"])
    else:
        typed = node.value if isinstance(node.value, str) else shown(node.plain())
    listed = " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
    remedy = f"write {example or listed}"
    if isinstance(node.value, dict | list) and details["type"] != "union_tag_invalid":
        return f"{typed} does not fit here", remedy, listed, False
    remedy = did_you_mean(typed, words, remedy)
    what = f"{shown(node.plain())} is not among the words known here"
    return what, remedy, listed, remedy.startswith("did")
