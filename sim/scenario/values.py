"""Every value of a scenario: what it is, where it was typed, and on what evidence it rests.

Two walks over the blocks: of a scenario that was loaded, and of the defaults of the blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic.fields import FieldInfo

from sim.domain.study.horizon import HorizonSpec
from sim.language.allowed import blocks_in, forms_of
from sim.language.block import Block
from sim.language.duration_spec import DurationSpec
from sim.language.evidence import NOTHING, TYPED, Evidence, evidence_of
from sim.language.field_reader import schema_of
from sim.language.node import KeyPath, Node, Place, dotted
from sim.language.traits import field_at
from sim.language.tree import TypedChange
from sim.scenario.scenario import Scenario
from sim.scenario.spec import ONE_GROUP, ONE_SEGMENT, ScenarioSpec

NAME = "*"
"""Stands for the name of a segment, contact type, group or product in the path of a default."""
WITHOUT_WORD = "by_segment"
"""The field whose keys stand beside those of its block."""
_OF_THE_STUDY = frozenset(
    [
        *("name", "question", "based_on", "currency", "horizon", "replications", "seed"),
        *("finance", "decide_on", "matters_from"),
    ]
)


class Value(NamedTuple):
    """A value at a path, as a file would say it."""

    path: KeyPath
    value: Any
    """None: not set."""
    place: Place | None
    """Where it was typed; None: it is the default."""
    mark: str
    """decision, environment or outcome."""
    evidence: Evidence
    """Of the value in effect; that of a typed one is `typed`."""
    description: str
    field: FieldInfo
    read: Any = None
    """What it is read as, in base units: 200.0 for `3:20`; None for a default of no scenario."""

    @property
    def source(self) -> str:
        """Where the value comes from."""
        return "default" if self.place is None else str(self.place)

    @property
    def default_evidence(self) -> Evidence:
        """The evidence of the field's own default, whatever was typed."""
        return evidence_of(self.field)

    @property
    def is_lever(self) -> bool:
        """Whether the company decides it, and not just the study."""
        return self.mark == "decision" and self.path[0] not in _OF_THE_STUDY


def values_of(scenario: Scenario) -> Iterator[Value]:
    """Yield every value of a scenario, in the order of the blocks."""
    typed = scenario.spec.model_dump(mode="json", by_alias=True)
    yield from _of_block(scenario.spec, typed, scenario.tree.root, (), NOTHING)


def mark_of(path: KeyPath) -> str:
    """Return decision, environment or outcome of the field at a path; empty if it has none."""
    field = field_at(ScenarioSpec, path)
    return str(_extra(field).get("mark", "")) if field is not None else ""


def changes_of(scenario: Scenario) -> list[TypedChange]:
    """Return what a scenario changes against its base, but for its name and question.

    Where the base, or the scenario, leaves a value to its default, the default is named.
    """
    tree = scenario.tree
    base = next(s for s in scenario.lineage if s.tree.file == tree.files[-2:][0])
    defaults = [
        {
            v.path: f"{v.value} (default)"
            for v in values_of(s)
            if not v.place and v.value is not None
        }
        for s in (base, scenario)
    ]
    return [
        change._replace(
            before=defaults[0].get(change.path) if change.before is None else change.before,
            after=defaults[1].get(change.path) if change.after is None else change.after,
        )
        for change in tree.changes()
        if change.path not in (("name",), ("question",))
    ]


def defaults_of(block: str = "") -> Iterator[Value]:
    """Yield every default below a path such as `experience` or `contacts.patience`."""
    wanted = tuple(part for part in block.split(".") if part and part != NAME)
    for value in _of_model(ScenarioSpec, None, (), NOTHING):
        named = tuple(part for part in value.path if part != NAME)
        if named[: len(wanted)] == wanted:
            yield value


def block_names() -> list[str]:
    """Return the paths that `defaults_of` knows, shortest first."""
    paths = [
        tuple(p for p in v.path if p != NAME) for v in _of_model(ScenarioSpec, None, (), NOTHING)
    ]
    found = {dotted(path[:length]) for path in paths for length in range(1, len(path) + 1)}
    return sorted(found, key=lambda path: (path.count("."), path))


def range_of(value: Value) -> str:
    """Return the range of a lever: the one that is sensible, else all that is legal."""
    lever = _extra(value.field).get("lever")
    if lever:
        return f"{lever[0]} to {lever[1]}"
    schema = schema_of(value.field)
    return " or ".join(dict.fromkeys(_legal(schema)))


# --- of a scenario ------------------------------------------------------------------------------


def _of_block(
    block: Block, typed: Mapping[str, Any], node: Node | None, path: KeyPath, evidence: Evidence
) -> Iterator[Value]:
    in_effect = _in_effect(type(block), block)
    for name, field in type(block).described_fields().items():
        key = field.alias or name
        if key not in typed and key != WITHOUT_WORD:  # another key says it
            continue
        value, text = getattr(block, name), typed.get(key, typed)
        below, here = _below(node, path, key, value)
        basis = _basis(field, evidence)
        if isinstance(value, Block):
            yield from _of_block(value, text, below, here, basis)
        elif isinstance(value, list) and value and isinstance(value[0], Block):
            for i, one in enumerate(value):
                beside = below.child(i) if below is not None else None
                yield from _of_block(one, text[i], beside, (*here, i), basis)
        elif isinstance(value, dict) and field.annotation != dict[str, Any]:
            yield from _of_mapping(value, text, below, here, field, basis)
        elif key in in_effect and text is None:
            filled = in_effect[key]
            yield _leaf(filled, below, here, field, evidence or basis, filled)
        elif text != []:
            yield _leaf(text, below, here, field, basis, value)


def _of_mapping(
    value: dict,
    text: Mapping[str, Any],
    node: Node | None,
    path: KeyPath,
    field: FieldInfo,
    basis: Evidence,
) -> Iterator[Value]:
    for key, child in value.items():
        below, here = (node.child(key) if node else None), (*path, key)
        if below is None and node is not None and key in (ONE_SEGMENT, ONE_GROUP):
            below, here = node, path  # the only one has no name in the file
        if isinstance(child, Block):
            yield from _of_block(child, text[key], below, here, basis)
        else:
            yield _leaf(text[key], below, here, field, basis, child)


def _below(node: Node | None, path: KeyPath, key: str, value: Any) -> tuple[Node | None, KeyPath]:
    """Return what was typed for a field, and the path by which `--set` reaches it."""
    if node is None:
        return None, (*path, key)
    if key == WITHOUT_WORD:
        return node, path
    if key == "seats" and value is not None and node.child("seats") is None:
        return node.child("meet"), path
    return node.child(key), (*path, key)


def _leaf(
    text: Any, node: Node | None, path: KeyPath, field: FieldInfo, basis: Evidence, read: Any
) -> Value:
    if node is None:
        return _value(path, text, None, field, basis)._replace(read=read)
    is_scalar = not isinstance(node.value, dict | list)
    typed = node.value if is_scalar else text
    return _value(path, typed, node.place, field, TYPED)._replace(read=read)


# --- of the defaults ----------------------------------------------------------------------------


def _of_model(
    model: type[Block], default: Block | None, path: KeyPath, evidence: Evidence
) -> Iterator[Value]:
    known = default if default is not None else model.model_construct()
    typed = known.model_dump(mode="json", by_alias=True, warnings=False)
    in_effect = _in_effect(model, default)
    for name, field in model.described_fields().items():
        key = field.alias or name
        here, basis = (*path, key), _basis(field, evidence)
        value = getattr(known, name, None)
        if isinstance(value, Block):
            yield from _of_model(type(value), value, here, basis)
            continue
        named = blocks_in(forms_of(_items(field.annotation, dict)))
        inner = named or blocks_in(forms_of(field.annotation))
        if field.is_required() and not inner:
            yield _value(here, "required", None, field, basis)
        elif key in in_effect and typed.get(key) is None:
            yield _value(here, in_effect[key], None, field, evidence or basis)
        elif not (inner and (named or field.is_required())) and key != WITHOUT_WORD:
            text = typed.get(key)
            yield _value(here, None if text in ({}, [], "") else text, None, field, basis)
        for block in inner:
            yield from _of_model(block, None, (*here, NAME) if named else here, NOTHING)


def _items(annotation: Any, container: type) -> Any:
    for form in forms_of(annotation):
        if getattr(form, "__origin__", None) is container:
            return form.__args__[-1]
    return None


# --- of both ------------------------------------------------------------------------------------


def _in_effect(model: type[Block], block: Block | None) -> dict[str, Any]:
    """Return what holds where a field of the block is left out and another rule fills it in."""
    if issubclass(model, HorizonSpec):
        days = block.days if isinstance(block, HorizonSpec) else None
        return {} if days else {"weeks": HorizonSpec().n_weeks}
    if not issubclass(model, DurationSpec):
        return {}
    kind = block.kind if isinstance(block, DurationSpec) else model.default_distribution
    spread = block.spread if isinstance(block, DurationSpec) else model.default_cv
    varies = kind in ("lognormal", "gamma")
    return {"distribution": kind, **({"cv": spread} if varies else {})}


def _basis(field: FieldInfo, evidence: Evidence) -> Evidence:
    """Return the evidence of a field; for one that has none of its own, that of its block."""
    own = evidence_of(field)
    return evidence if own.kind == TYPED.kind and evidence else own


def _value(
    path: KeyPath, text: Any, place: Place | None, field: FieldInfo, basis: Evidence
) -> Value:
    mark = str(_extra(field).get("mark", ""))
    evidence = NOTHING if place is None and basis == TYPED else basis
    description = " ".join((field.description or "").split())
    return Value(path, text, place, mark, evidence, description, field)


def _extra(field: FieldInfo) -> dict[str, Any]:
    extra = field.json_schema_extra
    return extra if isinstance(extra, dict) else {}


def _legal(schema: dict[str, Any]) -> Iterator[str]:
    """Yield what a JSON Schema allows, in words."""
    if "anyOf" in schema:
        for form in schema["anyOf"]:
            yield from _legal(form)
    elif "enum" in schema:
        yield ", ".join(map(str, schema["enum"]))
    elif "const" in schema:
        yield str(schema["const"])
    elif schema.get("type") == "boolean":
        yield "true, false"
    elif "minimum" in schema and "maximum" in schema:
        yield f"{schema['minimum']} to {schema['maximum']}"
    elif "minimum" in schema:
        yield f"at least {schema['minimum']}"
