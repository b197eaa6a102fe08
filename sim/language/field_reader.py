"""What a field makes of a value as somebody types it, without a file around it."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo


def read_as(field: FieldInfo, typed: Any) -> Any:
    """The value in base units; None where the field refuses it."""
    try:
        return _adapter(field).validate_python(typed)
    except ValidationError:
        return None


def schema_of(field: FieldInfo) -> dict[str, Any]:
    """The JSON schema of a field's values."""
    return _adapter(field).json_schema()


@cache  # a field is asked for every value of every scenario; its reader takes a millisecond to make
def _adapter(field: FieldInfo) -> TypeAdapter[Any]:
    return TypeAdapter(field.rebuild_annotation())
