"""The JSON Schema by which editors complete and check a scenario file.

It is that of the blocks, but for what only merging knows. A variant (`based_on`) need not say what
it inherits and may remove a key with null, so only what stands in a list is required everywhere.
"""

from __future__ import annotations

import json
from typing import Any

from sim.language.block import BETTER, PLAYS, TRAITS
from sim.language.evidence import EVIDENCE, GROUNDS, TYPED
from sim.scenario.spec import ScenarioSpec

Schema = dict[str, Any]
DIALECT = "http://json-schema.org/draft-07/schema#"
_REQUIRED_IN_A_BASE = ["name", "contacts", "agents"]
_NULL = {"type": "null", "description": "Removes what is inherited."}


def editor_schema() -> Schema:
    """Return the JSON Schema of a scenario file."""
    schema = ScenarioSpec.model_json_schema()
    definitions = schema.pop("$defs")
    in_lists = _within_lists(schema, definitions)
    for name, definition in definitions.items():
        definitions[name] = _tidied(definition, is_whole=name in in_lists)
    schema = _tidied(schema, is_whole=False)
    properties = schema["properties"]
    properties["customers"]["anyOf"].insert(0, _alone(definitions, "SegmentSpec"))
    properties["agents"]["anyOf"][:0] = [{"type": "number"}, _alone(definitions, "GroupSpec")]
    is_variant = {"required": ["based_on"], "properties": {"based_on": {"type": "string"}}}
    return {
        "$schema": DIALECT,
        "title": "A scenario of ccprofit",
        **schema,
        "if": is_variant,
        "else": {"required": _REQUIRED_IN_A_BASE},
        "$defs": definitions,
    }


def schema_text() -> str:
    """Return the schema as its file holds it."""
    return json.dumps(editor_schema(), indent=1, ensure_ascii=False) + "\n"


def _alone(definitions: Schema, name: str) -> Schema:
    """Return the long form of a block that stands where blocks by name are expected."""
    return next(form for form in definitions[name]["anyOf"] if "properties" in form)


def _within_lists(schema: Schema, definitions: Schema) -> set[str]:
    """Return the blocks that are elements of lists: merging replaces them as a whole."""
    found: set[str] = set()

    def walk(part: Any, in_list: bool) -> None:
        if isinstance(part, list):
            for child in part:
                walk(child, in_list)
        elif isinstance(part, dict):
            name = str(part.get("$ref", "")).rpartition("/")[2]
            if in_list and name and name not in found:
                found.add(name)
                walk(definitions[name], in_list=True)
            for key, child in part.items():
                walk(child, in_list or key == "items")

    walk([schema, definitions], in_list=False)
    return found


def _tidied(part: Schema, *, is_whole: bool) -> Schema:
    """Return a schema without noise; unless it is that of a whole, nothing in it is required."""
    tidy: Schema = {}
    for key, value in part.items():
        if key in ("properties", "patternProperties"):
            tidy[key] = {
                name: _value(_with_bare_numbers(name, child), is_whole)
                for name, child in value.items()
            }
        elif key == "additionalProperties" and isinstance(value, dict):
            tidy[key] = _value(value, is_whole)
        elif key == "anyOf":
            tidy[key] = [_tidied(child, is_whole=is_whole) for child in value]
        elif key == "items":
            tidy[key] = _tidied(value, is_whole=True)
        elif not _is_noise(key, value, is_whole):
            tidy[key] = value
    return tidy


def _is_noise(key: str, value: Any, is_whole: bool) -> bool:
    no_default = key == "default" and value is None
    return (
        key in ("title", PLAYS, TRAITS, BETTER, GROUNDS)
        or no_default
        or (key == "required" and not is_whole)
    )


def _with_bare_numbers(name: str, part: Schema) -> Schema:
    """Return the schema of a value whose key may name its unit: `per_week: 24000`."""
    if not name.startswith("per_") or "anyOf" not in part:
        return part
    return {**part, "anyOf": [{"type": "number"}, *part["anyOf"]]}


_NOTES = ("description", "default", "examples", "mark", EVIDENCE, "lever")


def _value(part: Schema, is_whole: bool) -> Schema:
    """Return the schema of a value under a key; null removes it where something is inherited."""
    tidy = _tidied(part, is_whole=is_whole)
    notes = {key: tidy.pop(key) for key in _NOTES if key in tidy}
    if {"mark", EVIDENCE} <= notes.keys():
        basis = "" if part[GROUNDS] == TYPED.kind else f" Evidence: {notes[EVIDENCE]}."
        notes["description"] = f"{notes.get('description', '')} ({notes['mark']}){basis}".strip()
    forms = tidy["anyOf"] if tidy.keys() == {"anyOf"} else [tidy]
    forms = [form for form in forms if form != {"type": "null"}]
    if not is_whole:
        forms = [*forms, _NULL]
    return {**notes, **(forms[0] if len(forms) == 1 else {"anyOf": forms})}
