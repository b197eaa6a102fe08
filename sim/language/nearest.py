"""What was meant by a path or a name that does not exist: the nearest one that does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher, get_close_matches

from sim.core.errors import did_you_mean
from sim.language.allowed import (
    Allowed,
    allowed_below,
    blocks_for,
    blocks_in,
    fields_of,
    long_key,
    named_blocks,
)
from sim.language.block import Block
from sim.language.node import KeyPath, Node, dotted
from sim.language.traits import paths_with

NO_SUCH_KEY = "there is no such key"
_NEAR_ENOUGH = 0.7
_DEEPEST = 6


def synonym_of(key: str, known: list[str], model: type[Block]) -> str:
    """Return a remedy for a word of the trade that is no key here; empty for any other word."""
    word = key.lower().replace("-", "_")
    if word not in model.words_of_the_trade:
        return ""
    keys = model.words_of_the_trade[word]
    if not keys:
        return "this is not modelled yet: see docs/limits.md"
    near = next((one for one in keys if one in known), keys[-1])
    return f"did you mean `{near}`?"


def slip_in_name(forms: Allowed, root: Node, path: KeyPath) -> tuple[KeyPath, str, str] | None:
    """Return where a path goes wrong at a name, what is wrong and the remedy; None if it does not.

    `contacts.servcie.volume` would make a type beside `service`, `contacts.volume` names none.
    """
    node = root
    for i, key in enumerate(map(str, path)):
        child = node.child(long_key(forms, node, key))
        if child is not None:
            node, forms = child, allowed_below(forms, node, key)
            continue
        names = list(node.value) if isinstance(node.value, dict) else []
        blocks = named_blocks(forms)
        if not names or not blocks or blocks_for(forms, node):
            return None
        if any(key in fields_of(block) for block in blocks):
            what = f"`{key}` is a key below {' or '.join(names)}"
            return path[: i + 1], what, f"write {dotted((*path[:i], names[0], *path[i:]))}"
        near = did_you_mean(key, names, " ")
        if near == " " or i == len(path) - 1:
            return None
        remedy = f"{near} For a new one write {dotted(path[: i + 1])}={{...}}"
        return path[: i + 1], f"there is no `{key}` yet", remedy
    return None


def why_not_there(
    model: type[Block] | None, root: Node, path: KeyPath, operator: str
) -> tuple[str, str]:
    """Return why `*=` finds nothing at a path, and the remedy."""
    node, below = root, (model,) if model is not None else ()
    for key in map(str, path):
        blocks = blocks_for(below, node)
        if blocks and not any(key in fields_of(block) for block in blocks):
            known = [name for block in blocks for name in fields_of(block)]
            near = nearest_path(model, root, path) if model is not None else None
            remedy = f"did you mean `{near}`?" if near else f"known here: {', '.join(known)}"
            return NO_SUCH_KEY, remedy
        child = node.child(long_key(below, node, key))
        node, below = child or replace(node, value={}), allowed_below(below, node, key)
    return f"nothing is typed here that {operator} could change", f"write {dotted(path)}=value"


def nearest_path(model: type[Block], root: Node, path: KeyPath) -> str | None:
    """Return the path of a scenario that is most like the one given, if any is like it.

    Its last key counts as much as all of it: `heads` and `agents.generalists.heads` are
    `agents.heads` where there is one group without a name.
    """
    wanted = dotted(path)
    facts = [here[0] for here in paths_with(model, "facts")]
    known = [p for p in _paths((model,), root, ()) if p[0] == path[0] or p[0] not in facts]
    best = max(known, key=lambda p: _likeness(dotted(p), wanted), default=())
    found = dotted(best)
    return found if _likeness(found, wanted) >= _NEAR_ENOUGH else None


def base_name(root: Node, path: KeyPath, model: type[Block]) -> str | None:
    """Return the name in the base that a new name in a variant may be a slip for, or None.

    `path` leads to a segment, contact type, group or product, or below it: `offers.brodband.price`.
    """
    nodes = _nodes_on(root, path[:2])
    if len(nodes) < 3:
        return None
    _, container, new = nodes
    forms = allowed_below((model,), root, path[0])
    if blocks_for(forms, container) or not named_blocks(forms):
        return None
    older = [name for name, node in container.value.items() if node.place.layer < new.place.layer]
    return next(iter(get_close_matches(str(path[1]), older, n=1, cutoff=0.6)), None)


def _nodes_on(root: Node, path: KeyPath) -> list[Node]:
    """Return the nodes from the root along a path, as far as there are any."""
    nodes = [root]
    for key in path:
        below = nodes[-1].child(key)
        if below is None:
            break
        nodes.append(below)
    return nodes


def _likeness(one: str, two: str) -> float:
    last = SequenceMatcher(None, one.rpartition(".")[2], two.rpartition(".")[2])
    return (SequenceMatcher(None, one, two).ratio() + last.ratio()) / 2


def _paths(forms: Allowed, node: Node, path: KeyPath) -> Iterator[KeyPath]:
    """Yield every path that can be set: the keys of each block, below the names that there are."""
    if len(path) > _DEEPEST:
        return
    keys = [key for block in blocks_for(forms, node) for key in fields_of(block)]
    if not keys and named_blocks(forms) and isinstance(node.value, dict):
        keys = list(node.value)
    for key in dict.fromkeys(keys):
        here, below = (*path, key), allowed_below(forms, node, key)
        yield here
        child = node.child(long_key(forms, node, key)) or replace(node, value={})
        if blocks_in(below) or named_blocks(below):
            yield from _paths(below, child, here)
