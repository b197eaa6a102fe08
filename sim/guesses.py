"""What was meant by a path or a name that there is not: the nearest one that there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher, get_close_matches

from sim.block import Block
from sim.errors import did_you_mean
from sim.nodes import Node, Path_, dotted
from sim.shape import (
    Forms,
    blocks_for,
    blocks_in,
    fields_of,
    forms_below,
    long_key,
    named_blocks,
)

NO_SUCH_KEY = "there is no such key"
_NEAR_ENOUGH = 0.7
_DEEPEST = 6
_NEVER_INPUT = ("today",)
# Words of the trade → the keys that say it, the nearest block first.
_SYNONYMS = {
    "aht": ("handle", "contacts.service.handle"),
    "acw": ("wrap_up", "contacts.service.wrap_up"), "asa": ("wait", "today.wait"),
    "fcr": ("first_contact", "contacts.service.first_contact"), "nps": ("nps", "today.nps"),
    "csat": ("csat", "today.csat"), "sla": ("service_level",), "sl": ("service_level",),
    "shrinkage": ("agents.shrinkage",), "attrition": ("turnover", "agents.turnover"),
    "fte": ("heads", "agents.heads"), "ftes": ("heads", "agents.heads"),
    "headcount": ("heads", "agents.heads"), "salary": ("wage", "agents.wage"),
    "pay": ("wage", "agents.wage"), "calls": ("volume", "contacts.service.volume"),
    "seats": ("positions", "agents.positions"), "trunks": ("lines",),
    "abandonment": ("abandoned", "today.abandoned"), "skills": ("serves", "agents.serves"),
    "opening_hours": ("open",), "hours": ("open",), "arpu": ("margin", "customers.margin"),
    "callbacks": (), "callback": (), "breaks": (), "shifts": (), "concurrency": (), "chat": (),
    "email": (), "bot": (), "ivr": (),
}  # fmt: skip


def synonym_of(key: str, known: list[str]) -> str:
    """Return a remedy for a word of the trade that is no key here; empty for any other word."""
    word = key.lower().replace("-", "_")
    if word not in _SYNONYMS:
        return ""
    keys = _SYNONYMS[word]
    if not keys:
        return "this is not modelled yet: see the limits in the README"
    near = next((one for one in keys if one in known), keys[-1])
    return f"did you mean `{near}`?"


def slip_in_name(forms: Forms, root: Node, path: Path_) -> tuple[Path_, str, str] | None:
    """Return where a path goes wrong at a name, what is wrong and the remedy; None if it does not.

    `contacts.servcie.volume` would make a type beside `service`, `contacts.volume` names none.
    """
    node = root
    for i, key in enumerate(map(str, path)):
        child = node.child(long_key(forms, node, key))
        if child is not None:
            node, forms = child, forms_below(forms, node, key)
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


def why_not_there(forms: Forms, root: Node, path: Path_, operator: str) -> tuple[str, str]:
    """Return why `*=` finds nothing at a path, and the remedy."""
    node, below = root, forms
    for key in map(str, path):
        blocks = blocks_for(below, node)
        if blocks and not any(key in fields_of(block) for block in blocks):
            known = [name for block in blocks for name in fields_of(block)]
            near = nearest_path(forms, root, path)
            remedy = f"did you mean `{near}`?" if near else f"known here: {', '.join(known)}"
            return NO_SUCH_KEY, remedy
        child = node.child(long_key(below, node, key))
        node, below = child or replace(node, value={}), forms_below(below, node, key)
    return f"nothing is typed here that {operator} could change", f"write {dotted(path)}=value"


def nearest_path(forms: Forms, root: Node, path: Path_) -> str | None:
    """Return the path of a scenario that is most like the one given, if any is like it.

    Its last key counts as much as all of it: `heads` and `agents.generalists.heads` are
    `agents.heads` where there is one group without a name.
    """
    wanted = dotted(path)
    known = [p for p in _paths(forms, root, ()) if p[0] == path[0] or p[0] not in _NEVER_INPUT]
    best = max(known, key=lambda p: _likeness(dotted(p), wanted), default=())
    found = dotted(best)
    return found if _likeness(found, wanted) >= _NEAR_ENOUGH else None


def base_name(root: Node, path: Path_, model: type[Block]) -> str | None:
    """Return the name in the base for which a new one of a variant is perhaps a slip.

    `path` leads to a segment, contact type, group or product, or below it: `offers.brodband.price`.
    """
    nodes = _nodes_on(root, path[:2])
    if len(nodes) < 3:
        return None
    _, container, new = nodes
    forms = forms_below((model,), root, path[0])
    if blocks_for(forms, container) or not named_blocks(forms):
        return None
    older = [name for name, node in container.value.items() if node.place.layer < new.place.layer]
    return next(iter(get_close_matches(str(path[1]), older, n=1, cutoff=0.6)), None)


def _nodes_on(root: Node, path: Path_) -> list[Node]:
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


def _paths(forms: Forms, node: Node, path: Path_) -> Iterator[Path_]:
    """Yield every path that can be set: the keys of each block, below the names that there are."""
    if len(path) > _DEEPEST:
        return
    keys = [key for block in blocks_for(forms, node) for key in fields_of(block)]
    if not keys and named_blocks(forms) and isinstance(node.value, dict):
        keys = list(node.value)
    for key in dict.fromkeys(keys):
        here, below = (*path, key), forms_below(forms, node, key)
        yield here
        child = node.child(long_key(forms, node, key)) or replace(node, value={})
        if blocks_in(below) or named_blocks(below):
            yield from _paths(below, child, here)
