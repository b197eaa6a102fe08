"""What can go wrong, and how it is told.

SimError
├── ScenarioError     the input is wrong: all problems at once, with place and remedy (exit 2)
├── ComparisonError   runs that cannot be compared with one another (exit 2)
└── RunError          the input was fine, the run failed (exit 1)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NamedTuple

MOST_TOLD = 20
"""Problems told of one file. A file with more is no scenario at all: a longer list helps nobody."""


class SimError(Exception):
    """Everything this package raises on purpose."""


class RunError(SimError):
    """A run that could not be finished; holds a Fault."""


class ComparisonError(SimError):
    """Runs that differ in something that must be equal; holds a Fault."""


class Fault(NamedTuple):
    """What is wrong, and what to do about it, each without a full stop."""

    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what.rstrip('.')}. {_sentence(self.remedy)}"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a scenario."""

    place: str
    """`scenarios/x.yaml:7:12` (line and column count from 1), or the `--set` that brought it."""
    path: str
    """Where in the scenario: `contacts.service.talk.mean`; empty for the file as a whole."""
    what: str
    """What is wrong, without a full stop."""
    remedy: str
    """What to do about it."""
    order: tuple[int, int, int] = field(default=(0, 0, 0), compare=False, repr=False)
    """Layer, line and column: problems are told in this order."""

    @property
    def fault(self) -> Fault:
        """The same without its place."""
        return Fault(self.what, self.remedy)

    def __str__(self) -> str:
        where = f"{self.place}: {self.path}: " if self.path else f"{self.place}: "
        return f"{where}{self.fault}"


class ScenarioError(SimError):
    """A scenario with problems, all of them: bases first, then by line, then each `--set`."""

    def __init__(self, problems: Iterable[Problem], file: str | None = None) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.order)
        self.file = file or (self.problems[0].place.split(":")[0] if self.problems else "scenario")
        super().__init__(str(self))

    def __str__(self) -> str:
        count = len(self.problems)
        head = f"{self.file} has {count} problem{'' if count == 1 else 's'}"
        lines = [head, *map(str, self.problems[:MOST_TOLD])]
        if count > MOST_TOLD:
            lines.append(f"… and {count - MOST_TOLD:,} more: correct these first")
        return "\n".join(lines)

    def __reduce__(self) -> tuple:
        return type(self), (self.problems, self.file)


def did_you_mean(word: str, known: Sequence[str], otherwise: str = "") -> str:
    """Return a remedy for a word that is not among the known ones."""
    if close := get_close_matches(word, known, n=1, cutoff=0.6):
        return f"did you mean `{close[0]}`?"
    return otherwise or (f"known here: {', '.join(known)}" if known else "remove it")


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?")) else text + "."
