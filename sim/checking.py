"""From a tree to a model: every complaint of pydantic as a problem with place and remedy.

What a union adds is taken out again: where a value may be a number, a list or a mapping, only the
alternative that its writer had in mind is spoken of, or all of them in one sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails

from sim.block import Block
from sim.errors import Problem, ScenarioError, did_you_mean
from sim.nodes import Node, Path_, Place
from sim.shape import blocks_at, blocks_in, fields_of, forms_of
from sim.units import shown

if TYPE_CHECKING:
    from sim.loading import Tree

Model = TypeVar("Model", bound=Block)


def validate(model: type[Model], tree: Tree) -> Model:
    """Return the tree as an instance of the model; raises ScenarioError with all problems."""
    try:
        return model.model_validate(tree.values)
    except ValidationError as error:
        raise ScenarioError(problems_of(error, model, tree.root), tree.file) from None


def problems_of(error: ValidationError, model: type[Block], root: Node) -> list[Problem]:
    """Return what pydantic found, one problem for each thing that is wrong."""
    found = [_finding(details, model, root) for details in error.errors(include_url=False)]
    return list(dict.fromkeys(finding.problem() for finding in _without_branches(found)))


@dataclass(frozen=True)
class _Finding:
    """One complaint, and which alternatives of which unions it belongs to."""

    path: Path_
    place: Place
    what: str
    remedy: str
    typed: str
    """The value as a message shows it."""
    expects: str
    """What would have been right, as a noun; empty if the value is wrong rather than its shape."""
    close: bool
    """Whether the remedy is a good guess at what was meant."""
    branches: tuple[tuple[int, str], ...]
    """(length of the path at which a union branches, name of the alternative)."""

    def problem(self) -> Problem:
        return self.place.problem(self.path, self.what, self.remedy)


# --- one complaint ------------------------------------------------------------------------------


def _finding(details: ErrorDetails, model: type[Block], root: Node) -> _Finding:
    context = details.get("ctx", {})
    loc = (*details["loc"], *context.get("where", ()))
    missing = details["type"] == "missing"
    path, node, branches = _follow(loc[:-1] if missing else loc, model, root)
    if missing:
        what, remedy = "this is missing", _example(model, root, path, str(loc[-1]))
        return _Finding((*path, loc[-1]), node.key, what, remedy, "", "", False, branches)
    if details["type"] == "extra_forbidden":
        blocks = blocks_at(model, root, path[:-1])
        known = [key for block in _chosen(blocks, branches) for key in fields_of(block)]
        remedy = did_you_mean(str(path[-1]), list(dict.fromkeys(known)))
        return _Finding(path, node.key, "there is no such key", remedy, "", "", True, branches)
    if loc and loc[-1] == "[key]":
        what = f"'{path[-1]}' is not a name"
        remedy = "use letters, digits, - and _, and begin with a letter"
        return _Finding(path, node.key, what, remedy, "", "", False, branches)
    what, remedy, expects, close = _in_words(details, node)
    typed = shown(node.plain())
    return _Finding(path, node.place, what, remedy, typed, expects, close, branches)


def _follow(
    loc: Sequence[str | int], model: type[Block], root: Node
) -> tuple[Path_, Node, tuple[tuple[int, str], ...]]:
    """Return the part of a location that was typed, its node, and what pydantic put between."""
    path: Path_ = ()
    node = root
    branches: list[tuple[int, str]] = []
    for part in loc:
        key, below = part, node.child(part)
        if below is None:
            blocks = blocks_at(model, root, path)
            typed_as = {name: short for b in blocks for short, name in b.short_keys.items()}
            key = typed_as.get(str(part), part)
            below = node.child(key)
            if below is None and not any(str(part) in fields_of(block) for block in blocks):
                branches.append((len(path), str(part)))
        if below is not None:
            path, node = (*path, key), below
    return path, node, tuple(branches)


def _chosen(blocks: list[type[Block]], branches: Sequence[tuple[int, str]]) -> list[type[Block]]:
    names = {name for _, name in branches}
    return [block for block in blocks if block.__name__ in names] or blocks


def _example(model: type[Block], root: Node, path: Path_, key: str) -> str:
    for block in blocks_at(model, root, path):
        info = fields_of(block).get(key)
        while info is not None:
            for note in info.metadata:
                schema = (note.json_schema or {}) if isinstance(note, WithJsonSchema) else {}
                if examples := schema.get("examples"):
                    return f"add a line such as `{key}: {examples[0]}`"
            inner = [b for b in blocks_in(forms_of(info.annotation)) if b.main_key is not None]
            info = fields_of(inner[0]).get(str(inner[0].main_key)) if inner else None
    return f"add `{key}:`"


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


def _in_words(details: ErrorDetails, node: Node) -> tuple[str, str, str, bool]:
    """Return what is wrong, the remedy, what was expected (if a shape), and if it is a guess."""
    kind, context = details["type"], details.get("ctx", {})
    value = shown(node.plain())
    if "remedy" in context:
        remedy = str(context["remedy"])
        expects = remedy.removeprefix("write ") if kind == "quantity_type" else ""
        return str(context["what"]), remedy, expects, "did you mean" in remedy
    if kind in _SHAPES:
        expects = _SHAPES[kind]
        if kind == "string_type" and not isinstance(node.value, dict | list):
            return f"{value} is not text", f'put it in quotes: "{value}"', expects, False
        return f"{value} is not {expects}", f"write {expects}", expects, False
    if kind in ("literal_error", "enum", "union_tag_invalid"):
        return _not_among(_words(context), context, details, node)
    if kind in _LIMITS:
        name, words = _LIMITS[kind]
        limit = f"{words} {shown(context[name])}"
        return f"{value} is not {limit}", f"write a number {limit}", "", False
    if kind in ("too_short", "string_too_short"):
        remedy = f"give at least {context.get('min_length', 1)}"
        return f"{value} is too short", remedy, "", False
    if kind in ("too_long", "string_too_long"):
        return f"{value} is too long", f"give at most {context.get('max_length')}", "", False
    if kind == "string_pattern_mismatch":
        return f"{value} does not fit", f"write {str(context['pattern']).strip('^$')}", "", False
    if kind == "union_tag_not_found":
        key = str(context.get("discriminator", "")).strip("'")
        return f"`{key}` is missing", f"add `{key}:`", "", False
    message = str(context.get("error", details["msg"]))
    return message[:1].lower() + message[1:], "correct it", "", False


def _words(context: dict[str, Any]) -> list[str]:
    listed = str(context.get("expected") or context.get("expected_tags"))
    return [word.strip().strip("'") for word in listed.replace(" or ", ", ").split(",")]


def _not_among(
    words: list[str], context: dict[str, Any], details: ErrorDetails, node: Node
) -> tuple[str, str, str, bool]:
    if details["type"] == "union_tag_invalid":
        typed = str(context["tag"])
    else:
        typed = node.value if isinstance(node.value, str) else shown(node.plain())
    listed = " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
    remedy = did_you_mean(typed, words, f"write {listed}")
    what = f"'{typed}' is not among the words known here"
    if isinstance(node.value, dict | list) and details["type"] != "union_tag_invalid":
        what = f"{typed} does not fit here"
    return what, remedy, listed, remedy.startswith("did")


# --- unions -------------------------------------------------------------------------------------


def _without_branches(found: list[_Finding], depth: int = 0) -> list[_Finding]:
    """Return the findings with one alternative chosen wherever a union branched."""
    kept = [f for f in found if len(f.branches) <= depth]
    unions: dict[tuple, dict[str, list[_Finding]]] = {}
    for f in found:
        if len(f.branches) > depth:
            length, name = f.branches[depth]
            alternatives = unions.setdefault(f.path[:length], {})
            alternatives.setdefault(name, []).append(f)
    for path, alternatives in unions.items():
        solved = [_without_branches(group, depth + 1) for group in alternatives.values()]
        kept += solved[0] if len(solved) == 1 else _best(solved, len(path))
    return kept


def _best(alternatives: list[list[_Finding]], length: int) -> list[_Finding]:
    """Return the findings of the alternative that was meant, or one finding that names all."""
    meant = [a for a in alternatives if not any(f.expects and len(f.path) <= length for f in a)]
    if meant:
        return min(meant, key=len)
    shapes = [f for group in alternatives for f in group if f.expects and len(f.path) <= length]
    for f in shapes:
        if f.close:
            return [f]
    expected = list(dict.fromkeys(f.expects for f in shapes))
    if len(expected) == 1:
        return [shapes[0]]
    remedy = f"write {', '.join(expected[:-1])} or {expected[-1]}"
    return [replace(shapes[0], what=f"{shapes[0].typed} does not fit here", remedy=remedy)]
