"""A block of a scenario: a frozen pydantic model with short forms and marked fields.

    class Talk(Block):
        main_key = "mean"                 # `talk: 270 s` means `talk: {mean: 270 s}`

        mean: Duration = environment(..., evidence=proposal("as switches report it"))
        \"\"\"Mean talk time of a contact.\"\"\"

    class Contact(Block):
        hold: OrNone[Hold] = environment("none", evidence=proposal())   # `hold: none` -> None

The docstring under a field is its description in the JSON schema, in the editor and in `show`.
A default given as text is parsed like the YAML it imitates (`decision("90 s", ...)` holds 90.0).
"""

import ast
import re
from collections.abc import Callable, Mapping
from functools import cache
from inspect import cleandoc, getsource
from itertools import pairwise
from textwrap import dedent
from threading import RLock
from typing import Annotated, Any, ClassVar, Literal, LiteralString, NoReturn, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WrapSerializer,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from sim.language.evidence import EVIDENCE, GROUNDS, Evidence

PLAYS = "plays"
"""Whether a field changes what is played; one that only changes what is told of it does not."""
BETTER = "better"
"""less or more: which way an outcome improves."""
TRAITS = "traits"
Trait = Literal[
    "patch",
    "facts",
    "seats",
    "weights by interval",
    "counts by interval",
    "times by interval",
    "shares by interval",
    "plain",
]
"""What is special about a field, beyond its type.

patch: what stands below is laid over the scenario later, so that null must stay;
facts: results are compared with what stands below, so that no mistyped input is taken for it;
seats: calculated values are rounded;
weights, counts, times, shares by interval: the name of a CSV file stands for its values;
plain: a number that cannot be written as a percent, unlike a factor.
"""


def problem(
    where: tuple[str | int, ...], what: str, remedy: str, *, kind: LiteralString = "problem"
) -> NoReturn:
    """Refuse a value from inside a validator; `where` is the path below the validated value.

    Raises PydanticCustomError, which `validate` makes a Problem. Its kind `quantity_type` says that
    the value is no quantity at all: where a list or a mapping is accepted too, the message may
    speak of these.
    """
    raise PydanticCustomError(kind, "{what}", {"what": what, "remedy": remedy, "where": where})


class Block(BaseModel):
    """The settings every block of a scenario shares.

    A block inside another is not validated a second time: it is frozen, and its durations have
    lost the unit that the first validation asked for.
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        coerce_numbers_to_str=False,
        revalidate_instances="never",
        defer_build=True,
    )

    main_key: ClassVar[str | None] = None
    """The field that a bare value stands for."""
    also_says: ClassVar[tuple[str, ...]] = ()
    """Fields that say what the main key says in another form, as by segment.

    A bare value on top of a block takes the place of these too, and leaves all others.
    """
    number_alone: ClassVar[bool] = False
    """Whether a number stands for the only block of its kind, which has no name: `agents: 100`."""
    words_of_the_trade: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Words that are no keys → the keys that say the same, the nearest block first.

    Only the block of a whole file has them.
    """
    short_keys: ClassVar[Mapping[str, str]] = {}
    """Keys that stand for a field: `{"offer": "policy"}` lets `offer:` mean `policy:`."""

    @model_validator(mode="before")
    @classmethod
    def _expand_short_form(cls, given: Any) -> Any:
        if isinstance(given, Mapping):
            for short, name in cls.short_keys.items():
                if short in given and name in given:
                    problem((short,), f"`{short}` and `{name}` mean the same", "keep one of them")
            return {cls.short_keys.get(key, key): value for key, value in given.items()}
        if isinstance(given, BaseModel) or cls.main_key is None:
            return given
        if lacks_unit(given, cls.main_key):
            remedy = "say per what: minute, hour, day, week, month or year"
            problem((), f"{given} has no unit", remedy)
        return {cls.main_key: given}

    @classmethod
    def described_fields(cls) -> dict[str, FieldInfo]:
        """Return the fields by name, each with the docstring under it as its description.

        Read from the source when asked for: pydantic would do so at import, which takes as long
        as to validate a scenario.
        """
        with _READING:
            docstrings = _docstrings_under_fields(cls)
        for name, docstring in docstrings.items():
            if name in cls.model_fields:
                cls.model_fields[name].description = docstring
        return cls.model_fields

    def as_typed(self) -> dict[str, Any]:
        """Return the block as a scenario file would say it, so that it can be read again.

        With units and `none`, and without what is left out.
        """
        return _without_nulls(self.model_dump(mode="json", by_alias=True))

    def as_played(self) -> dict[str, Any]:
        """Return the block as JSON, without the fields that are marked as changing no play."""
        return self.model_dump(mode="json", by_alias=True, exclude=_unplayed(self))

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler(core_schema)
        long_form = handler.resolve_ref_schema(schema)
        fields = long_form.get("properties", {})
        for name, field in cls.described_fields().items():
            if field.description:
                fields[field.alias or name]["description"] = field.description
        short_form = dict(fields.get(cls.main_key, {}))
        for name in fields:
            if name.startswith(_UNIT_IN_KEY) and fields[name].get("type") == "string":
                text = {key: fields[name].pop(key) for key in ("type", "pattern")}
                fields[name]["anyOf"] = [{"type": "number"}, text]
        for short, name in cls.short_keys.items():
            if name in fields:
                fields[short] = fields[name]
        if cls.main_key is not None:
            short_form.pop("default", None)
            shared = {k: long_form.pop(k) for k in ("title", "description") if k in long_form}
            both = {**shared, "anyOf": [short_form, dict(long_form)]}
            long_form.clear()
            long_form.update(both)
        return schema


_READING = RLock()
"""Runs are saved side by side, and Python 3.11 cannot parse in two threads at once."""


@cache
def _docstrings_under_fields(cls: type) -> dict[str, str]:
    """Return what the source says under each field of a class and its bases, by field."""
    found: dict[str, str] = {}
    for base in cls.__bases__:
        found |= _docstrings_under_fields(base)
    if not issubclass(cls, Block) or cls is Block:
        return found
    body = ast.parse(dedent(getsource(cls))).body[0].body
    for field, below in pairwise(body):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(ast.Constant(str(docstring))):
                found[name] = cleandoc(docstring)
    return found


def _unplayed(block: Block) -> dict[str, Any]:
    """Return what pydantic's `exclude` must name."""
    found: dict[str, Any] = {}
    for name, field in type(block).model_fields.items():
        extra, value = field.json_schema_extra, getattr(block, name)
        if isinstance(extra, dict) and not extra.get(PLAYS, True):
            found[name] = True
        elif isinstance(value, Block) and (below := _unplayed(value)):
            found[name] = below
    return found


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(child) for key, child in value.items() if child is not None}
    return [_without_nulls(child) for child in value] if isinstance(value, list) else value


_UNIT_IN_KEY = "per_"


def lacks_unit(given: Any, key: str) -> bool:
    """Whether a bare number stands for a key such as `per_week` without naming its unit."""
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    is_bare = isinstance(given, str) and re.fullmatch(_BARE, given.strip()) is not None
    return (is_number or is_bare) and key.startswith(_UNIT_IN_KEY)


_BARE = r"[+-]?\d+(\.\d+)?\s*[kKM]?"


# --- fields -----------------------------------------------------------------------------------


def decision(default: Any = ..., *, evidence: Evidence, **field: Any) -> Any:
    """Return a field that the company decides; `...` makes it required."""
    return _field(_basis("decision", evidence), default, field)


def environment(default: Any = ..., *, evidence: Evidence, **field: Any) -> Any:
    """Return a field that the world decides."""
    return _field(_basis("environment", evidence), default, field)


def outcome(
    default: Any = ..., *, evidence: Evidence, better: Literal["less", "more"], **field: Any
) -> Any:
    """Return a field that follows from decisions: improving it has to be paid for."""
    return _field(_basis("outcome", evidence), default, field | {BETTER: better})


def _basis(mark: str, evidence: Evidence) -> dict[str, Any]:
    return {"mark": mark, EVIDENCE: evidence.words, GROUNDS: evidence.kind}


def _field(extra: dict[str, Any], default: Any, given: dict[str, Any]) -> Any:
    """Return a pydantic field; what pydantic knows nothing of goes to `extra`.

    `lever=(low, high)` is the range that `show` prints; `traits` are of `Trait`.
    `plays=False` says that a kept run is good for any value of it.
    `plausible=(low, high, evidence)` is what is usual: a typed amount beyond brings a warning.
    All else, such as `default_factory` or `examples`, is for pydantic.
    """
    if "plausible" in given:
        low, high, evidence = given["plausible"]
        extra["plausible"] = [low, high, evidence.words]
    for key in ("lever", PLAYS, TRAITS, BETTER):
        if key in given:
            value = given[key]
            extra[key] = list(value) if isinstance(value, tuple) else value
    field = {key: value for key, value in given.items() if key not in extra}
    if "default_factory" in field:
        return Field(json_schema_extra=extra, **field)
    if isinstance(default, str):
        field.setdefault("validate_default", True)
    return Field(default, json_schema_extra=extra, **field)


# --- `none` -----------------------------------------------------------------------------------


class _NoneWord:
    """JSON schema of a value that may be switched off: null becomes the word."""

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler(core_schema)
        word = {"const": "none", "description": "Switched off."}
        forms = schema.get("anyOf", [schema])
        return {"anyOf": [form for form in forms if form != {"type": "null"}] + [word]}


def _none_from_word(given: Any) -> Any:
    return None if isinstance(given, str) and given == "none" else given


def _word_from_none(value: Any, serialize: Callable[[Any], Any]) -> Any:
    return "none" if value is None else serialize(value)


T = TypeVar("T")
OrNone = Annotated[
    T | None,
    BeforeValidator(_none_from_word),
    WrapSerializer(_word_from_none, when_used="json"),
    _NoneWord(),
]
"""`OrNone[Hold]`: a Hold, or the YAML word `none` (Python None), which switches it off."""
