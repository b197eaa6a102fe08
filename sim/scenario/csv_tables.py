"""Tables beside a scenario: a profile, seats, times or shares by weekday and time of day, as CSV.

The first row names the columns: `weekday` (Mon …), `start` (08:30), and one column of values,
named like the contact type or group that refers to the file, or `value`. Before the first row of a
day and after its last a profile and seats are 0; durations and shares, which there must always be,
stay as in the last row before, and before the first of the week as in its last. A row that is
missing within a day is a fault. The step of the rows may differ from the horizon's interval:
weights of a profile are split or added up, all else is repeated. The values replace the file's
name, so a resolved scenario stands on its own.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from pydantic_core import PydanticCustomError

from sim.core.clock import MINUTES_PER_DAY, MINUTES_PER_HOUR, SECONDS_PER_MINUTE
from sim.core.errors import Problem, ScenarioError, did_you_mean
from sim.domain.contacts.opening import DAYS
from sim.domain.study.horizon import INTERVALS_MIN
from sim.language.allowed import every_name
from sim.language.block import Trait, problem
from sim.language.load_tree import also_wrong
from sim.language.node import KeyPath
from sim.language.parsers import parse_duration, parse_share
from sim.language.quantities import number_meant, plain
from sim.language.traits import paths_with
from sim.language.tree import Tree
from sim.language.yaml_reader import bytes_of
from sim.scenario.spec import ScenarioSpec

TABLES: tuple[Trait, ...] = (
    "weights by interval",
    "counts by interval",
    "times by interval",
    "shares by interval",
)
MOST_FAULTS = 5  # of one file; a column of nonsense needs no more to be understood


class CellFault(NamedTuple):
    """Something wrong with a table; line 0 is the file as a whole."""

    line: int
    column: int
    what: str
    remedy: str


def inline_files(tree: Tree) -> Tree:
    """Replace the name of every CSV file by its values; raises ScenarioError with all faults."""
    problems: list[Problem] = []
    inlined = tree
    for path, trait in _places(tree):
        node = tree.node(path)
        if node is None or not isinstance(node.value, str) or not _is_table(node.value):
            continue
        file = tree.folder_of(path) / node.value
        values, faults = _read_table(file, _column(path), _interval(tree), trait)
        problems += [_problem(tree, path, file, fault) for fault in faults[:MOST_FAULTS]]
        if len(faults) > MOST_FAULTS:
            what = f"{file} has {len(faults) - MOST_FAULTS} more such faults"
            problems.append(tree.problem(path, what, "correct the first ones and try again"))
        inlined = inlined.with_value(path, values)
    if problems:
        raise ScenarioError([*problems, *also_wrong(inlined, problems)], tree.file)
    return inlined


def steps_seen(tree: Tree) -> list[str]:
    """Return one line for each table whose rows are wider or narrower than the interval."""
    lines = []
    for path, trait in _places(tree):
        node = tree.node(path)
        if node is None or not isinstance(node.value, str) or not _is_table(node.value):
            continue
        rows, interval = _rows(tree.folder_of(path) / node.value), _interval(tree)
        step = interval if isinstance(rows, CellFault) else _step(rows, interval)
        if step != interval:
            how = "added up" if step < interval else "repeated"
            if step > interval and trait == "weights by interval":
                how = "spread evenly"
            lines.append(f"{node.value} has rows of {step} min, {how} over {interval} min")
    return lines


def _read_table(
    file: Path, column: str, interval_minutes: int, trait: Trait
) -> tuple[list[Any], list[CellFault]]:
    """Read values by interval as a list would say them, and all that is wrong with the file."""
    if trait in ("weights by interval", "counts by interval"):
        is_profile = trait == "weights by interval"
        return read_week(file, column, interval_minutes, is_profile=is_profile)
    is_time = trait == "times by interval"
    how: dict[str, Any] = {"read": parse_duration if is_time else parse_share, "stays": True}
    values, faults = read_week(file, column, interval_minutes, is_profile=False, **how)
    if is_time and faults:  # of a faulty table nothing more shall be told than that
        values = [1.0] * len(values)
    return [f"{plain(one)} s" for one in values] if is_time else values, faults


def _amount(typed: str) -> float:
    """A number of 0 or more; raises a problem as a parser does."""
    try:
        value = math.nan if "_" in typed else float(typed)
    except ValueError:
        value = math.nan
    if math.isnan(value):
        meant = number_meant(typed)
        remedy = "write 12.5" if meant is None else f"write {plain(meant)}"
        problem((), f"'{typed}' is not a number", remedy)
    if not 0 <= value < math.inf:
        problem((), f"'{typed}' is not a number of 0 or more", "write 0 or more")
    return value


def read_week(
    file: Path,
    column: str,
    interval_minutes: int,
    *,
    is_profile: bool = True,
    read: Callable[[str], float] = _amount,
    stays: bool = False,
) -> tuple[list[float], list[CellFault]]:
    """Read values by interval from Monday 00:00, and all that is wrong with the file.

    Weights of a profile add up, so a wider row is split evenly and narrower ones are summed; all
    else stands side by side, so a wider row is repeated and narrower ones are a fault. `stays`:
    where there is no row, the value is that of the last one before; else it is 0.
    """
    values = [0.0] * (MINUTES_PER_DAY // interval_minutes * len(DAYS))
    rows = _rows(file)
    if isinstance(rows, CellFault):
        return values, [rows]
    header, *lines = rows or [[]]
    name = next((c for c in (column, "value") if c in header), None)
    if name is None or not {"weekday", "start"} <= set(header):
        return values, [_wrong_header(header, column)]
    twice = next((i for i, cell in enumerate(header) if cell and cell in header[:i]), None)
    if twice is not None:
        what = f"the column {header[twice]} stands here a second time"
        return values, [CellFault(1, _column_number(header, twice), what, "keep one of the two")]
    faults: list[CellFault] = []
    first_line: dict[int, int] = {}
    step = _step([header, *lines], interval_minutes)
    reading = step if is_profile or step > interval_minutes else interval_minutes
    pieces = max(1, reading // interval_minutes)
    for number, row in enumerate(lines, start=2):
        if not row:
            continue
        if len(row) > len(header):
            what = f"this line has {len(row)} cells, the first line {len(header)}"
            remedy = "give each a column, and write decimals with a point"
            faults.append(CellFault(number, _column_number(row, len(header)), what, remedy))
            continue
        found = _read_row(dict(zip(header, row, strict=False)), name, reading, read)
        if isinstance(found, _Wrong):
            column_number = _column_number(row, header.index(found.column))
            faults.append(CellFault(number, column_number, found.what, found.remedy))
            continue
        minute, value = found
        if minute in first_line:
            what = f"this time stands here a second time, first in line {first_line[minute]}"
            faults.append(CellFault(number, 1, what, "keep one of the two"))
            continue
        first_line[minute] = number
        first = minute // interval_minutes
        for index in range(first, first + pieces):
            values[index] += value / pieces if is_profile else value
    faults = faults or _gaps(first_line, reading, "what holds then" if stays else _NOTHING)
    if stays and not faults:
        if not first_line:
            return values, [CellFault(1, 1, "the table has no rows", "add one for each interval")]
        known = {minute // interval_minutes + i for minute in first_line for i in range(pieces)}
        values = _carried_on(values, known)
    return values, faults


_NOTHING = "0 if nothing happens then"


def _carried_on(values: list[float], known: set[int]) -> list[float]:
    """Values of a week in which those that are not known are as the last one known before them."""
    carried, last = list(values), values[max(known)]
    for i, value in enumerate(values):
        last = value if i in known else last
        carried[i] = last
    return carried


def _step(rows: list[list[str]], interval_minutes: int) -> int:
    """Return the minutes between rows of one day, if intervals fit into it or it into them."""
    header, *lines = rows or [[]]
    if not {"weekday", "start"} <= set(header):
        return interval_minutes
    day, start = header.index("weekday"), header.index("start")
    minutes: dict[str, set[int]] = {}
    for row in lines:
        clock = re.fullmatch(r"(\d{1,2}):(\d\d)", row[start].strip()) if len(row) > start else None
        if clock and len(row) > day:
            minute = int(clock[1]) * MINUTES_PER_HOUR + int(clock[2])
            minutes.setdefault(row[day].strip(), set()).add(minute)
    apart = [b - a for day_ in map(sorted, minutes.values()) for a, b in pairwise(day_)]
    step = min(apart, default=interval_minutes)
    starts = {minute for day_ in minutes.values() for minute in day_}
    is_grid = step in INTERVALS_MIN and not any(minute % step for minute in starts)
    return step if is_grid else interval_minutes


def _gaps(first_line: dict[int, int], step: int, then: str) -> list[CellFault]:
    """Return a fault for each stretch that is missing between two rows of one day."""
    faults = []
    for one, two in pairwise(sorted(first_line)):
        if one // MINUTES_PER_DAY == two // MINUTES_PER_DAY and two - one > step:
            missing = one + step
            day, minute = DAYS[missing // MINUTES_PER_DAY], missing % MINUTES_PER_DAY
            time = f"{minute // MINUTES_PER_HOUR:02}:{minute % MINUTES_PER_HOUR:02}"
            what = f"the row {day},{time} is missing before this one"
            faults.append(CellFault(first_line[two], 1, what, f"add it, with {then}"))
    return faults


class _Wrong(NamedTuple):
    column: str
    what: str
    remedy: str


def _read_row(
    row: dict[str, str], name: str, interval_minutes: int, read: Callable[[str], float]
) -> tuple[int, float] | _Wrong:
    """Return (minute of the week, value), or what is wrong."""
    day, start, typed = (row.get(key, "").strip() for key in ("weekday", "start", name))
    if day not in DAYS:
        return _Wrong("weekday", f"'{day}' is not a weekday", f"write one of {', '.join(DAYS)}")
    clock = re.fullmatch(r"(\d{1,2}):(\d\d)", start)
    minute = int(clock[1]) * MINUTES_PER_HOUR + int(clock[2]) if clock else MINUTES_PER_DAY
    if clock is None or int(clock[2]) >= MINUTES_PER_HOUR or minute >= MINUTES_PER_DAY:
        return _Wrong("start", f"'{start}' is not a time of day", "write 08:30")
    if minute % interval_minutes:
        what = f"'{start}' falls between intervals of {interval_minutes} min"
        return _Wrong("start", what, "use the horizon's interval")
    try:
        value = read(typed)
    except PydanticCustomError as refused:
        said = refused.context or {}
        return _Wrong(name, said["what"], said["remedy"])
    return DAYS.index(day) * MINUTES_PER_DAY + minute, value


def _rows(file: Path) -> list[list[str]] | CellFault:
    try:
        return list(csv.reader(io.StringIO(bytes_of(file).decode("utf-8-sig"), newline="")))
    except FileNotFoundError:
        beside = sorted(p.name for p in file.parent.glob("*.csv")) if file.parent.is_dir() else []
        remedy = did_you_mean(file.name, beside, "the name is relative to the scenario")
        return CellFault(0, 0, f"there is no file {file}", remedy)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return CellFault(0, 0, f"{file} cannot be read: {reason}", "check the name")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return CellFault(0, 0, f"{file} is not UTF-8 in line {line}", "save it as CSV UTF-8")
    except csv.Error as error:
        return CellFault(0, 0, f"{file} is not a CSV file: {error}", "save it as CSV UTF-8")


def _wrong_header(header: list[str], column: str) -> CellFault:
    begin = f"begin with the line weekday,start,{column}"
    if not header:
        return CellFault(1, 1, "the table is empty", begin)
    if len(header) == 1 and ";" in header[0]:
        what = "the columns are separated by semicolons"
        return CellFault(1, 1, what, "separate them by commas, and write decimals with a point")
    missing = [name for name in ("weekday", "start") if name not in header]
    if column not in header and "value" not in header:
        missing.append(column)
    what = f"there is no column {' nor '.join(missing)}"
    others = [name for name in header if name not in ("weekday", "start")]
    return CellFault(1, 1, what, did_you_mean(missing[0], others, begin))


def _column_number(row: list[str], index: int) -> int:
    return 1 + sum(len(cell) + 1 for cell in row[:index])


def _problem(tree: Tree, path: KeyPath, file: Path, fault: CellFault) -> Problem:
    found = tree.problem(path, fault.what, fault.remedy)
    if not fault.line:
        return found
    return replace(found, place=f"{file}:{fault.line}:{fault.column}")


def _places(tree: Tree) -> Iterator[tuple[KeyPath, Trait]]:
    """Yield where the name of a table may stand, and what its values are."""
    for trait in TABLES:
        for pattern in paths_with(ScenarioSpec, trait):
            for path in every_name((ScenarioSpec,), tree.root, pattern):
                if tree.node(path) is not None:
                    yield path, trait


def _column(path: KeyPath) -> str:
    return str(path[1])


def _is_table(name: str) -> bool:
    return name.lower().endswith(".csv")


def _interval(tree: Tree) -> int:
    """Return minutes; those of the default where the horizon's are faulty, which is told apart."""
    node = tree.node(("horizon", "interval"))
    try:
        minutes = parse_duration(node.value) / SECONDS_PER_MINUTE if node is not None else 30
    except PydanticCustomError:
        minutes = 30
    return int(minutes) if minutes in INTERVALS_MIN else 30
