"""On what a default rests: declared where the key is defined, and told in words.

    share: Share = outcome(0.20, better="less", evidence=proposal("46 % in a survey of SQM Group"))

Whatever is decided by evidence is decided by its kind, never by its words. Sources, with what they
say and how strong they are: docs/evidence.md.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from pydantic.fields import FieldInfo

EVIDENCE, GROUNDS = "evidence", "grounds"
"""Where a field keeps the words and the kind."""
LEGEND = "Evidence: what each source says and how strong it is stands in docs/evidence.md."
Kind = Literal["typed", "its keys", "proposal", "trade", "source"]
_WEAK: tuple[Kind, ...] = ("proposal", "trade")


class Evidence(NamedTuple):
    """What stands behind a default, or behind a usual range."""

    kind: Kind
    """typed: there is no default to speak of; its keys: each key of the block has its own."""
    words: str
    """What people read, short enough for a cell of a table; empty: nothing to say."""

    def __bool__(self) -> bool:
        return bool(self.words)

    def __str__(self) -> str:
        return self.words

    @property
    def is_weak(self) -> bool:
        """Whether nothing that was read says so: a proposal, or general knowledge of the trade."""
        return self.kind in _WEAK


TYPED = Evidence("typed", "typed")
"""For a key that has no default, or whose default is nothing."""
SEE_KEYS = Evidence("its keys", "see its keys")
NOTHING = Evidence("typed", "")


def proposal(words: str = "") -> Evidence:
    """Chosen by this project; the words say after what, or within which range."""
    return Evidence("proposal", _with("proposal of this project", words))


def trade(words: str) -> Evidence:
    """What people of the trade hold true; not read anywhere for this project."""
    return Evidence("trade", _with("general knowledge of the trade", words))


def source(who: str, says: str) -> Evidence:
    """What was read, at least as an abstract, and where: `who` says what."""
    return Evidence("source", _with(who, says))


def evidence_of(field: FieldInfo) -> Evidence:
    """The evidence with which a field was declared; NOTHING for a field of no block."""
    extra = field.json_schema_extra
    if not isinstance(extra, dict) or EVIDENCE not in extra:
        return NOTHING
    return Evidence(extra[GROUNDS], str(extra[EVIDENCE]))  # type: ignore[arg-type]


def _with(head: str, words: str) -> str:
    return f"{head}: {words}" if words else head
