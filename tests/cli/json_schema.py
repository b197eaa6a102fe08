"""The part of JSON Schema that the scenario schema uses; any other keyword is an error."""

from __future__ import annotations

import re
from typing import Any

NOTES = {"$schema", "$defs", "title", "description", "default", "examples"}
NOTES |= {"mark", "evidence", "lever", "plausible", "format"}
TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
    "number": (int, float),
    "integer": int,
}


def fits(value: Any, schema: Any, root: dict) -> bool:
    """Whether a value is valid under a schema."""
    if isinstance(schema, bool):
        return schema
    return all(
        _fits(keyword, argument, value, schema, root)
        for keyword, argument in schema.items()
        if keyword not in NOTES
    )


def _fits(keyword: str, argument: Any, value: Any, schema: dict, root: dict) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    sized = isinstance(value, str | list | dict)
    match keyword:
        case "$ref":
            return fits(value, root["$defs"][argument.removeprefix("#/$defs/")], root)
        case "anyOf":
            return any(fits(value, form, root) for form in argument)
        case "if":
            branch = schema.get("then" if fits(value, argument, root) else "else", True)
            return fits(value, branch, root)
        case "then" | "else":
            return True
        case "type":
            is_other = isinstance(value, bool) and argument in ("number", "integer")
            return isinstance(value, TYPES[argument]) and not is_other
        case "const":
            return value == argument
        case "enum":
            return value in argument
        case "minimum":
            return not is_number or value >= argument
        case "maximum":
            return not is_number or value <= argument
        case "exclusiveMinimum":
            return not is_number or value > argument
        case "exclusiveMaximum":
            return not is_number or value < argument
        case "pattern":
            return not isinstance(value, str) or re.search(argument, value) is not None
        case "minLength" | "minItems" | "minProperties":
            return not sized or len(value) >= argument
        case "maxLength" | "maxItems":
            return not sized or len(value) <= argument
        case "items":
            return not isinstance(value, list) or all(fits(v, argument, root) for v in value)
        case "required":
            return not isinstance(value, dict) or set(argument) <= value.keys()
        case "propertyNames":
            return not isinstance(value, dict) or all(fits(k, argument, root) for k in value)
        case "properties" | "patternProperties" | "additionalProperties":
            return not isinstance(value, dict) or all(
                fits(child, form, root)
                for key, child in value.items()
                for form in _forms_of(key, schema, keyword)
            )
    raise ValueError(f"the schema uses `{keyword}`, which is not read here")


def _forms_of(key: str, schema: dict, keyword: str) -> list:
    """The schemas that one keyword holds for a key."""
    named = [form for name, form in schema.get("properties", {}).items() if name == key]
    patterned = [
        form
        for pattern, form in schema.get("patternProperties", {}).items()
        if re.search(pattern, key)
    ]
    if keyword == "properties":
        return named
    if keyword == "patternProperties":
        return patterned
    return [] if named or patterned else [schema["additionalProperties"]]
