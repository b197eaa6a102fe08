"""The page of keys: every key of a scenario, with form, default, mark, evidence and meaning."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from pydantic.fields import FieldInfo

from sim.language.allowed import blocks_in, forms_of, items_of
from sim.language.block import Block
from sim.language.evidence import TYPED, evidence_of
from sim.language.field_reader import schema_of
from sim.language.quantities import plain
from sim.language.traits import field_at
from sim.report.reference.markdown import code, page, table
from sim.scenario.spec import ScenarioSpec
from sim.scenario.values import NAME, Value, defaults_of

ABOUT = """\
Every key of a scenario file. `*` stands for a name: of a segment, contact type, group, product,
event, check or initiative. A *decision* is the company's, the *environment* is the world's, an
*outcome* follows from decisions, so that a better one has to be paid for. What evidence is worth:
[evidence](../evidence.md). How values are read: [typed and printed](../typed-and-printed.md)."""
COLUMNS = ("key", "form", "default", "mark", "evidence", "meaning")
Row = tuple[str, ...]
_EXAMPLES = "examples"


def keys_page() -> str:
    """Return the page, a section for each block."""
    values = list(defaults_of())
    sections = groupby(values, key=lambda value: str(value.path[0]))
    single, blocks = [], []
    for name, found in sections:
        rows = list(_rows(list(found)))
        (single if len(rows) == 1 else blocks).append((name, rows))
    parts = ["## On top", table(COLUMNS, (row for _, rows in single for row in rows))]
    for name, rows in blocks:
        parts += [f"## {name}", table(COLUMNS, rows)]
    return page("Keys", ABOUT, *parts)


def _rows(values: list[Value]) -> Iterator[Row]:
    """Yield a row for each block on the way, and for each key, in the order of the blocks."""
    seen: set[tuple[str, ...]] = set()
    leaves = {value.path for value in values}
    for value in values:
        path = tuple(map(str, value.path))
        for length in range(1, len(path)):
            above = path[:length]
            field = field_at(ScenarioSpec, above)
            if above not in seen | leaves and above[-1] != NAME and field is not None:
                seen.add(above)
                yield _row_of(above, field)
        yield _row_of_key(value)
        for block in blocks_in(items_of(forms_of(value.field.annotation))):
            if not any(other[: len(path)] == path for other in leaves - {path}):
                for key, field in block.described_fields().items():
                    yield _row_of((*path, key), field)


def _row_of(path: tuple[str, ...], field: FieldInfo) -> Row:
    """A block as such, or a key of what stands in a list."""
    own = evidence_of(field)
    words = own.words if own.kind != TYPED.kind else ""
    default = "required" if field.is_required() and not _blocks(field) else ""
    return (code(".".join(path)), _form(field), default, _mark(field), words, _meaning(path, field))


def _row_of_key(value: Value) -> Row:
    default = "" if value.value is None else str(value.value)
    default = default if default == "required" else code(default)
    path = tuple(map(str, value.path))
    meaning = value.description or _meaning(path, value.field)
    words = value.evidence.words
    return (code(".".join(path)), _form(value.field), default, value.mark, words, meaning)


def _mark(field: FieldInfo) -> str:
    extra = field.json_schema_extra
    return str(extra.get("mark", "")) if isinstance(extra, dict) else ""


def _meaning(path: tuple[str, ...], field: FieldInfo) -> str:
    """The docstring under a field, with the other word that says the same."""
    text = " ".join((field.description or "").split())
    above = path[:-2] if path[-2:-1] == (NAME,) else path[:-1]
    holder = field_at(ScenarioSpec, above) if above else None
    for block in _blocks(holder) if holder is not None else [ScenarioSpec]:
        also = [word for word, key in block.short_keys.items() if key == path[-1]]
        text += "".join(f" Also written {code(word)}." for word in also)
    return text


def _blocks(field: FieldInfo) -> list[type[Block]]:
    """Return the blocks that may stand at a field, also by name or in a list."""
    forms = forms_of(field.annotation)
    found = list(blocks_in(forms))
    for form in forms:
        found += [
            one for inner in getattr(form, "__args__", ()) for one in blocks_in(forms_of(inner))
        ]
    return found


# --- forms --------------------------------------------------------------------------------------


def _form(field: FieldInfo) -> str:
    """What may be typed, in words, with examples of quantities."""
    blocks = {block.__name__: block for block in _blocks(field)}
    schema = schema_of(field)
    return ", or ".join(dict.fromkeys(text for text in _forms(schema, blocks) if text))


def _forms(part: dict[str, Any], blocks: dict[str, type[Block]]) -> Iterator[str]:
    name = part.get("$ref", "").rpartition("/")[2] or part.get("title")
    if name in blocks:
        yield from _of_block(blocks[name])
    elif _EXAMPLES in part and "description" in part:
        examples = ", ".join(code(str(one)) for one in part[_EXAMPLES][:3])
        yield f"{part['description'].rstrip('.').lower()}: {examples}"
    elif "enum" in part:
        yield ", ".join(code(str(one)) for one in part["enum"])
    elif "const" in part:
        yield code(str(part["const"]))
    elif "anyOf" in part:
        for one in part["anyOf"]:
            yield from _forms(one, blocks)
    elif part.get("type") == "array":
        yield f"list of {_several(part.get('items', {}), blocks)}"
    elif part.get("type") == "object":
        inner = part.get("additionalProperties")
        yield f"by name: {_several(inner, blocks)}" if isinstance(inner, dict) else "keys below"
    else:
        yield _of_number(part)


def _of_block(block: type[Block]) -> Iterator[str]:
    """The value that stands for its main key, and all of its keys."""
    if block.main_key is not None:
        yield _form(block.model_fields[block.main_key])
    yield "keys below"


def _several(part: dict[str, Any], blocks: dict[str, type[Block]]) -> str:
    return " or ".join(dict.fromkeys(text for text in _forms(part, blocks) if text)) or "values"


def _of_number(part: dict[str, Any]) -> str:
    """A number with its bounds, or whatever else is of one plain type."""
    words = {
        "integer": "whole number", "number": "number", "boolean": "`true`, `false`",
        "string": "text", "null": "",
    }  # fmt: skip
    text = words.get(str(part.get("type")), "")
    low = part.get("minimum", part.get("exclusiveMinimum"))
    high = part.get("maximum", part.get("exclusiveMaximum"))
    bounds = [
        f"from {plain(low)}" if low is not None else "",
        f"to {plain(high)}" if high is not None else "",
    ]
    return " ".join([text, *(one for one in bounds if one)])
