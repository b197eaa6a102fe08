"""A scenario file as a tree of values that know where they come from.

    tree = load_tree("scenarios/cross-sell.yaml", ["agents.generalists.wage*=1.1"])
    scenario = validate(Scenario, tree)

`based_on` names the one file that a file builds on, and so on down to the root of the chain.
Mappings merge deep, lists are replaced, null removes; each `--set` is one more layer on top.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sim.core.errors import Problem, ScenarioError, did_you_mean
from sim.language.block import Block
from sim.language.merge import BASED_ON, Merge
from sim.language.node import Node, Place
from sim.language.tree import Tree
from sim.language.validate import faults
from sim.language.yaml_reader import YamlNode, open_file, to_nodes, value_of

MOST_BASES = 100


def load_tree(
    path: str | os.PathLike[str], sets: Sequence[str] = (), model: type[Block] | None = None
) -> Tree:
    """Read a scenario file with all that it is based on, and apply `--set`s.

    With a model, short forms are expanded before the merge, so that `talk: 270 s` in a base and
    `talk: {cv: 0.9}` on top of it give a talk of 270 s with a cv of 0.9.
    Raises ScenarioError with every problem of every file.
    """
    file = os.fspath(path)
    problems: list[Problem] = []
    layers = _read_chain(file, problems)
    merge = Merge(model, problems)
    asked_for = layers[-1][1]
    root = Node({}, asked_for.place, asked_for.key)
    alone = []
    for depth, (_, layer) in enumerate(layers):
        root = merge.file(root, layer, is_root=depth == 0)
        alone.append(replace(root, place=layer.place, key=layer.key))
    for number, text in enumerate(sets, start=len(layers)):
        root = merge.assignment(root, text, Place(number, assignment=text))
    files = tuple(name for name, _ in layers)
    tree = Tree(root, files, tuple(sets), model, tuple(alone), tuple(merge.said))
    if problems:
        raise ScenarioError([*problems, *also_wrong(tree, problems)], file)
    return tree


def also_wrong(tree: Tree, problems: list[Problem]) -> list[Problem]:
    """Return what validation would say of other keys, as far as the scenario is whole."""
    if tree.model is None:
        return []
    known = {problem.path for problem in problems}
    return [problem for problem in faults(tree.model, tree.root) if problem.path not in known]


def _read_chain(file: str, problems: list[Problem]) -> list[tuple[str, Node]]:
    """Return (file, node) of every file of the chain, root first; raises if one is missing."""
    chain: list[tuple[str, YamlNode]] = []
    following: str | None = file
    while following is not None:
        found = open_file(following, problems)
        if found is None:
            raise ScenarioError(problems, file)
        chain.append((following, found))
        following = _base_of(chain, problems)
    if problems:  # without its base, every other key would be suspect
        raise ScenarioError(problems, file)
    layers = []
    for layer, (name, found) in enumerate(reversed(chain)):
        node = to_nodes(found, Place(layer, file=name), problems)
        if node is None:
            raise ScenarioError(problems, file)
        node.value.pop(BASED_ON, None)
        layers.append((name, node))
    return layers


def _base_of(chain: list[tuple[str, YamlNode]], problems: list[Problem]) -> str | None:
    """Return the file that the last of the chain is based on, if there is one to go on with."""
    name, found = chain[-1]
    base = value_of(found, BASED_ON, Place(0, file=name))
    if base is None:
        return None
    if not isinstance(base.value, str):
        what, remedy = "this does not name a file", "name one, or delete the line"
        problems.append(base.place.problem((BASED_ON,), what, remedy))
        return None
    if len(chain) >= MOST_BASES:
        what = f"more than {MOST_BASES} files are based on one another"
        problems.append(base.place.problem((BASED_ON,), what, "write some of them into one"))
        return None
    file = os.path.normpath(Path(name).parent / base.value)
    if problem := _cannot_follow(file, [other for other, _ in chain], base.place):
        problems.append(problem)
        return None
    return file


def _cannot_follow(file: str, chain: list[str], named_at: Place) -> Problem | None:
    if not _is_file(file):
        folder = Path(file).parent
        beside = sorted(p.name for p in folder.glob("*.y*ml")) if folder.is_dir() else []
        remedy = did_you_mean(Path(file).name, beside, "the name is relative to this file")
        return named_at.problem((BASED_ON,), f"there is no file {file}", remedy)
    if any(Path(file).samefile(other) for other in chain):
        circle = " -> ".join([*chain, file])
        return named_at.problem(
            (BASED_ON,), f"these files are based on one another: {circle}", "cut the circle"
        )
    return None


def _is_file(file: str) -> bool:
    try:
        return Path(file).is_file()
    except (OSError, ValueError):  # too long a name, or a loop of links
        return False
