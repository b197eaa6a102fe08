"""From a tree to a model: every complaint of pydantic as a problem with place and remedy.

What a union adds is taken out again: where a value may be a number, a list or a mapping, only the
alternative that its writer had in mind is spoken of, or all of them in one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.core.errors import Problem, ScenarioError, did_you_mean
from sim.language.allowed import Allowed, allowed_below, blocks_allowed_at, fields_of
from sim.language.assignment import parse_assignment
from sim.language.block import Block
from sim.language.examples import example_at
from sim.language.nearest import NO_SUCH_KEY, base_name, nearest_path, synonym_of
from sim.language.node import KeyPath, Node, Place
from sim.language.number_slips import ROUND_IN_GERMAN
from sim.language.pydantic_errors import NAME, form_of, in_words
from sim.language.quantities import shown
from sim.language.traits import has_trait

if TYPE_CHECKING:
    from sim.language.tree import Tree

Model = TypeVar("Model", bound=Block)

MISSING = "this is missing"


def validate(model: type[Model], tree: Tree) -> Model:
    """Return the tree as an instance of the model; raises ScenarioError with all problems."""
    valid, problems = _validated(model, tree.root)
    if valid is None or problems:
        raise ScenarioError(problems, tree.file)
    return valid


def faults(model: type[Block], root: Node) -> list[Problem]:
    """Return all that is wrong with the values below a root, each thing once."""
    return _validated(model, root)[1]


def _validated(model: type[Model], root: Node) -> tuple[Model | None, list[Problem]]:
    valid, found = None, []
    try:
        valid = model.model_validate(root.plain())
    except ValidationError as error:
        details = error.errors(include_url=False)
        found = _without_branches([_finding(one, model, root) for one in details])
        found = _tried(_without_slips(found, model, root), model, root)
    problems = list(dict.fromkeys(finding.problem() for finding in found))
    known = {problem.path for problem in problems}
    return valid, problems + [p for p in _truths(model, root) if p.path not in known]


_SUGGESTED = re.compile(r"(?:write|did you mean) (.+?)\??")


def _tried(found: list[_Finding], model: type[Block], root: Node) -> list[_Finding]:
    """Return the findings without remedies that would be refused when typed."""
    refused: dict[KeyPath, str] = {}
    for turn in range(2):
        laid = root
        options = {f.path: _options(f.remedy) for f in found if f.path}
        for path, texts in options.items():
            laid = _with_text(laid, path, texts[turn]) if len(texts) > turn else laid
        if laid is root:
            continue
        try:
            model.model_validate(laid.plain())
        except ValidationError as error:
            details = error.errors(include_url=False)
            for f in _without_branches([_finding(one, model, laid) for one in details]):
                if len(options.get(f.path, ())) > turn:
                    refused[f.path] = "check the number" if _options(f.remedy) else f.remedy
    return [replace(f, remedy=refused[f.path]) if f.path in refused else f for f in found]


def _options(remedy: str) -> list[str]:
    """Return the quantities of which a remedy says to type one."""
    said = _SUGGESTED.fullmatch(remedy)
    texts = said[1].split(" or ") if said else []
    return texts if all(re.fullmatch(r"[+-]?\d[\w.% ]*", text) for text in texts) else []


def _with_text(node: Node, path: KeyPath, text: str) -> Node:
    """Return the node with a quantity at a path as if it were typed there."""
    if not path:
        is_number = re.fullmatch(r"[+-]?\d+(\.\d+)?", text)
        if not is_number:
            return replace(node, value=text)
        return replace(node, value=float(text) if "." in text else int(text))
    below = node.child(path[0])
    if below is None:
        return node
    changed = _with_text(below, path[1:], text)
    if isinstance(node.value, dict):
        return replace(node, value={**node.value, str(path[0]): changed})
    return replace(node, value=[changed if c is below else c for c in node.value])


def _truths(model: type[Block], root: Node) -> list[Problem]:
    """Return what pydantic takes, though it may be a slip: `true` as 1, `640.000` as 640."""
    problems = []
    for path, node in root.walk():
        forms = _forms_at(model, root, path) if isinstance(node.value, bool) else ()
        if {int, float} & set(forms) and bool not in forms:
            kind = "a number" if float in forms else "a whole number"
            what = f"{shown(node.value)} is not {kind}"
            problems.append(node.place.problem(path, what, f"write {kind}"))
        if isinstance(node.value, str) and ROUND_IN_GERMAN.fullmatch(node.value):
            forms = _forms_at(model, root, path)
            if int in forms and not {float, str} & set(forms):
                few, many = node.value.replace(".000", ""), node.value.replace(".", "")
                what = f"{shown(node.value)} may be {few} or {many}"
                problems.append(node.place.problem(path, what, "leave the point or the zeros out"))
    return problems


def _forms_at(model: type[Block], root: Node, path: KeyPath) -> Allowed:
    forms: Allowed = (model,)
    node: Node | None = root
    for key in path:
        if node is None:
            return ()
        forms, node = allowed_below(forms, node, key), node.child(key)
    return forms


@dataclass(frozen=True)
class _Finding:
    """One complaint, and which alternatives of which unions it belongs to."""

    path: KeyPath
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
    example: str = ""
    """What may stand here, as it would be typed."""

    def problem(self) -> Problem:
        """The complaint as a person reads it: place, fault and remedy."""
        return self.place.problem(self.path, self.what, self.remedy)


# --- one complaint ------------------------------------------------------------------------------


def _finding(details: ErrorDetails, model: type[Block], root: Node) -> _Finding:
    context = details.get("ctx", {})
    loc = (*details["loc"], *context.get("where", ()))
    missing = details["type"] == "missing"
    path, node, branches = _follow(loc[:-1] if missing else loc, model, root)
    if missing:
        path = (*path, loc[-1])
        example = example_at(model, root, path)
        line = f"a line such as `{loc[-1]}: {example}`" if example else f"`{loc[-1]}:`"
        return _Finding(path, node.key, MISSING, f"add {line}", "", "", False, branches)
    if details["type"] == "extra_forbidden":
        blocks = blocks_allowed_at(model, root, path[:-1])
        known = [key for block in _chosen(blocks, branches) for key in fields_of(block)]
        remedy = synonym_of(str(path[-1]), known, model)
        remedy = remedy or did_you_mean(str(path[-1]), list(dict.fromkeys(known)))
        if node.place.file is None and not synonym_of(str(path[-1]), known, model):
            set_path = parse_assignment(node.place.assignment).path
            wanted = set_path if set_path[: len(path)] == path else path
            near = nearest_path(model, root, wanted)
            remedy = f"did you mean `{near}`?" if near else remedy
        return _Finding(path, node.key, NO_SUCH_KEY, remedy, "", "", True, branches)
    if loc and loc[-1] == "[key]":
        what = f"{shown(str(path[-1]))} is not a name"
        return _Finding(path, node.key, what, NAME, "", "", False, branches)
    path, node = _as_read(details["input"], model, root, path, node)
    example = example_at(model, root, path)
    what, remedy, expects, close = in_words(
        details, node, example, is_plain=has_trait(model, path, "plain")
    )
    typed, example = shown(node.plain()), form_of(example, node)
    return _Finding(path, node.place, what, remedy, typed, expects, close, branches, example)


def _follow(
    loc: Sequence[str | int], model: type[Block], root: Node
) -> tuple[KeyPath, Node, tuple[tuple[int, str], ...]]:
    """Return the part of a location that was typed, its node, and what pydantic put between."""
    path: KeyPath = ()
    node = root
    branches: list[tuple[int, str]] = []
    for place, part in enumerate(loc):
        key, below = part, node.child(part)
        if below is None:
            blocks = blocks_allowed_at(model, root, path)
            typed_as = {name: short for b in blocks for short, name in b.short_keys.items()}
            key = typed_as.get(str(part), part)
            below = node.child(key)
            if below is None and not any(str(part) in fields_of(block) for block in blocks):
                branches.append((len(path), str(part)))
            elif below is None and not any(node.child(later) for later in loc[place + 1 :]):
                # A block may read its bare value as another key than the main one.
                mains = [b.main_key for b in blocks if b.main_key is not None]
                key, below = next(((m, node.child(m)) for m in mains if node.child(m)), (key, None))
        if below is not None:
            path, node = (*path, key), below
    return path, node, tuple(branches)


def _as_read(
    value: Any, model: type[Block], root: Node, path: KeyPath, node: Node
) -> tuple[KeyPath, Node]:
    """Return the main key beside a node if its value took the place of the node's."""
    parent = root
    for key in path[:-1]:
        parent = parent.child(key) or parent
    for block in blocks_allowed_at(model, root, path[:-1]) if node.plain() != value else []:
        main = parent.child(block.main_key) if block.main_key is not None else None
        if main is not None and main.plain() == value:
            return (*path[:-1], str(block.main_key)), main
    return path, node


def _chosen(blocks: list[type[Block]], branches: Sequence[tuple[int, str]]) -> list[type[Block]]:
    names = {name for _, name in branches}
    return [block for block in blocks if block.__name__ in names] or blocks


def _without_slips(found: list[_Finding], model: type[Block], root: Node) -> list[_Finding]:
    """Return the findings with one in the place of all that is missing below a misspelt name.

    `offers: {brodband: {price: 99}}` in a variant means the broadband of its base, and is no new
    product that lacks a margin.
    """
    kept: list[_Finding] = []
    for f in found:
        name = base_name(root, f.path, model)
        if name is None or not (len(f.path) == 2 or (len(f.path) == 3 and f.what == MISSING)):
            kept.append(f)
            continue
        what = f"there is no `{f.path[1]}` in what this is based on"
        place = _follow(f.path[:2], model, root)[1].key
        kept.append(
            replace(f, path=f.path[:2], place=place, what=what, remedy=f"did you mean `{name}`?")
        )
    return kept


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
    if set(expected) == {"a list", "a mapping"} and "…" in shapes[0].example:
        # A bare number is a list of one.
        return [next(f for f in shapes if f.expects == "a list")]
    remedy = f"write {shapes[0].example or ', '.join(expected[:-1]) + ' or ' + expected[-1]}"
    return [replace(shapes[0], what=f"{shapes[0].typed} does not fit here", remedy=remedy)]
