"""The guides do as they say: each block runs, in order, as a reader would paste it.

A line `# prints: text` says that the block has printed this text so far. White space counts as one
blank, for tables are as wide as the terminal.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import ROOT

DOCS = ROOT / "docs"
GUIDES = sorted((DOCS / "guides").glob("*.md"))
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
LANGUAGES = ("sh", "python")
PRINTS = "# prints: "
LONGEST_README = 150

# The output of the block that runs goes to $block; `prints` looks into it.
SHELL = """\
prints() {
    tr -s '[:space:]' ' ' < "$block" | grep -qF -- "$1" || { echo "NOT PRINTED: $1"; exit 1; }
}
"""


class Block(NamedTuple):
    """A fenced block of a guide."""

    language: str
    line: int
    text: str


def blocks_of(guide: str) -> Iterator[Block]:
    """Every fenced block, whatever its language."""
    lines = guide.splitlines()
    fences = [n for n, line in enumerate(lines) if line.lstrip().startswith("```")]
    assert len(fences) % 2 == 0, "a fence is open"
    for first, last in zip(fences[::2], fences[1::2], strict=True):
        language = lines[first].strip().removeprefix("```")
        yield Block(language, first + 1, "\n".join(lines[first + 1 : last]))


def script_of(guide: str) -> str:
    """All blocks as one script of the shell."""
    parts = [SHELL]
    for block in blocks_of(guide):
        assert block.language in LANGUAGES, f"line {block.line}: {block.language!r} cannot be run"
        parts.append(f'block="$OUT/{block.line:03d}"; exec > "$block" 2>&1')
        parts += _of_python(block) if block.language == "python" else _of_shell(block)
    return "\n".join(parts)


def _of_shell(block: Block) -> list[str]:
    return [_check(line) or line for line in block.text.splitlines()]


def _of_python(block: Block) -> list[str]:
    """What a program prints is looked at when it is over, so the checks stand at its end."""
    lines = block.text.splitlines()
    checks = [check for line in lines if (check := _check(line))]
    code = lines[: len(lines) - len(checks)]
    assert not any(map(_check, code)), f"line {block.line}: {PRINTS}must stand at the end"
    return ["python - <<'END_OF_BLOCK'", *code, "END_OF_BLOCK", *checks]


def _check(line: str) -> str:
    if not line.startswith(PRINTS):
        return ""
    return f"prints {shlex.quote(' '.join(line.removeprefix(PRINTS).split()))}"


def play(guide: str, folder: Path) -> list[str]:
    """Run a guide in a folder that holds the shipped scenarios; returns what each block printed, or fails with it."""
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    tools, printed = folder / ".tools", folder / ".printed"
    tools.mkdir()
    printed.mkdir()
    python = shlex.quote(sys.executable)
    for name, command in {"ccprofit": f"{python} -m sim.cli", "python": python}.items():
        (tools / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
        (tools / name).chmod(0o755)
    script = folder / ".guide.sh"
    script.write_text(script_of(guide), encoding="utf-8")
    paths = {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    environment = {**os.environ, **paths, "OUT": str(printed), "COLUMNS": "160"}
    for name in ("FORCE_COLOR", "CLICOLOR_FORCE"):
        environment.pop(name, None)
    done = subprocess.run(["bash", "-e", script], cwd=folder, env=environment, check=False)
    files = sorted(printed.iterdir())
    texts = [f"── line {file.name}\n{file.read_text(encoding='utf-8')}" for file in files]
    if done.returncode:
        pytest.fail(f"exit code {done.returncode}\n" + "\n".join(texts), pytrace=False)
    return texts


@pytest.mark.guide
@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_guide(guide: Path, tmp_path: Path):
    """Every block of a guide runs, and prints what the guide says."""
    text = guide.read_text(encoding="utf-8")
    assert len(play(text, tmp_path)) == len(list(blocks_of(text)))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("```sh\nfalse\n```", "exit code 1"),
        ("```sh\necho one\n# prints: two\n```", "NOT PRINTED: two"),
        ("```sh\n# prints: too early\necho too early\n```", "NOT PRINTED: too early"),
        ("```sh\necho one\n```\n```sh\necho two\n# prints: one\n```", "NOT PRINTED: one"),
        ("```sh\nccprofit no-such-command\n```", "exit code 2"),
        ("```python\nimport sim\nprint(1)\n# prints: 2\n```", "NOT PRINTED: 2"),
        ("```python\nraise SystemExit(3)\n```", "exit code 3"),
    ],
)
def test_a_guide_can_fail(text: str, told: str, tmp_path: Path):
    """A block that fails or prints something else is told, with its output."""
    with pytest.raises(pytest.fail.Exception, match=re.escape(told)):
        play(text, tmp_path)


def test_a_guide_can_be_met(tmp_path: Path):
    """One shell runs all blocks, and white space does not count."""
    text = "```sh\nword=here\n```\n```sh\necho $word;  echo ' and there'\n# prints: here and there\n```"
    assert "here\n and there\n" in play(text, tmp_path)[1]


@pytest.mark.parametrize("text", ["```yaml\na: 1\n```", "```\nccprofit run\n```"])
def test_no_block_is_left_out(text: str):
    """A guide holds no block that is not run."""
    with pytest.raises(AssertionError, match="cannot be run"):
        script_of(text)


def test_guides_are_found_and_linked():
    """README leads to every guide, and every guide runs something."""
    assert len(GUIDES) == 17
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for guide in GUIDES:
        assert f"](docs/guides/{guide.name})" in readme
        text = guide.read_text(encoding="utf-8")
        assert list(blocks_of(text)), guide.name
        assert 60 <= len(text.splitlines()) <= 150, guide.name


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= LONGEST_README


def without_code(text: str) -> str:
    """The page without its fenced blocks and its code in a line."""
    return re.sub(r"`[^`\n]+`", "", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def anchors_of(text: str) -> set[str]:
    """The names by which headings are linked."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def dead_links(page: Path) -> list[str]:
    """Local links of a page that lead to no file, or to no heading of it."""
    dead = []
    for link in re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors_of(file.read_text("utf-8"))):
            dead.append(link)
    return dead


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path):
    assert dead_links(page) == []


def test_dead_links_are_found(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text("# A b, c\n[1](page.md#a-b-c) [2](#no) [3](no.md) ![4](no.png) `[5](no)`\n")
    assert dead_links(page) == ["#no", "no.md", "no.png"]


def test_places_in_the_code_are_there():
    """What change-the-program.md names exists: every file, and every name that is said to be in it."""
    text = (DOCS / "guides" / "change-the-program.md").read_text(encoding="utf-8")
    files = set(re.findall(r"`((?:sim|tests|scenarios|docs)/[\w./-]+)`", text))
    assert len(files) > 20
    assert [name for name in files if not (ROOT / name).exists()] == []
    named = re.findall(r"`(\w+)`\s+in\s+`((?:sim|tests)/[\w./-]+\.py)`", text)
    assert len(named) > 10
    missing = [
        (name, file)
        for name, file in named
        if not re.search(rf"\b{name}\b", (ROOT / file).read_text(encoding="utf-8"))
    ]
    assert missing == []
