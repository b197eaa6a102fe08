"""A scenario with everything that it is based on, as YAML that can be read again."""

from __future__ import annotations

import io

from ruamel.yaml import YAML

from sim.language.evidence import LEGEND
from sim.scenario.evidence import with_evidence
from sim.scenario.scenario import Scenario


def as_yaml(scenario: Scenario) -> str:
    """All that is typed and inherited, as YAML."""
    yaml, text = YAML(), io.StringIO()
    yaml.width = 100
    yaml.dump(scenario.spec.as_typed(), text)
    return text.getvalue()


def explained_yaml(scenario: Scenario) -> str:
    """The same with the files that it is made of, and with every default, told in comments."""
    tree = scenario.tree
    lines = [f"# {' with --set '.join([tree.file, *tree.sets])}"]
    if len(tree.files) > 1:
        lines += [
            f"# based on {' based on '.join(reversed(tree.files[:-1]))}; read on its own,",
            "# this makes its own seats and anchors, where the variant takes its base's",
        ]
    lines += [
        "# a value with a comment is a default, on that evidence; a commented line holds anyway",
        f"# {LEGEND}",
    ]
    return "\n".join([*lines, *with_evidence(as_yaml(scenario), scenario)])
