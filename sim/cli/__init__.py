"""The command line: `ccprofit`. Parses, calls, prints; each command is a module of its own.

A command imports what is heavy inside its function, so that `ccprofit --help` is there at once.
"""

from __future__ import annotations

import sys
from errno import ENOSPC
from importlib import import_module
from typing import Any

import click

from sim.cli.streams import make_sure

COMMANDS = (
    "init", "validate", "show", "staff", "run", "compare", "sweep", "breakeven", "path", "report",
    "schema",
)  # fmt: skip
"""In the order of `--help`; the module of each has a click command named `command`."""

FINE, RUN_FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
EXIT_CODES = {
    FINE: "fine",
    RUN_FAILED: "the run failed",
    BAD_INPUT: "bad input or usage",
    INTERRUPTED: "interrupted",
}


class LazyGroup(click.Group):
    """Imports a command when it is called, and prints failures as a line instead of a trace."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in self.list_commands(ctx):
            return None
        return import_module(f"sim.cli.{cmd_name}").command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Find the command that was typed, or guess what was meant."""
        known = self.list_commands(ctx)
        if args and not args[0].startswith("-") and args[0] not in known:
            raise click.NoSuchCommand(args[0], possibilities=known, ctx=ctx)
        return super().resolve_command(ctx, args)

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run, with streams that can print every character."""
        make_sure()
        return super().main(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a failure becomes a line on stderr and an exit code."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise
        except (KeyboardInterrupt, click.Abort):
            click.echo("\ninterrupted", err=True)
            ctx.exit(INTERRUPTED)
        except Exception as error:
            if ctx.params["debug"]:
                raise
            ctx.exit(_told(error))


def _told(error: Exception) -> int:
    """Print a failure on stderr; returns the exit code."""
    from sim.cli.printing import tell_error
    from sim.core.errors import ComparisonError, ScenarioError, SimError

    if isinstance(error, SimError):
        tell_error(str(error))
        return BAD_INPUT if isinstance(error, ScenarioError | ComparisonError) else RUN_FAILED
    if isinstance(error, OSError) and error.filename:
        tell_error(f"{error.filename}: {(error.strerror or str(error)).lower()}")
        return RUN_FAILED
    if isinstance(error, OSError) and error.errno == ENOSPC:
        tell_error("no space is left to print or write to; what was finished before is kept")
        return RUN_FAILED
    if isinstance(error, MemoryError):
        tell_error("memory ran out: play fewer contacts, customers, weeks, or on fewer --workers")
        return RUN_FAILED
    what = " ".join(f"{type(error).__name__}: {error}".split())
    typed = " ".join(sys.argv[1:])
    tell_error(f"this should not happen: {what}\n`ccprofit --debug {typed}` shows the trace")
    return RUN_FAILED


_EPILOG = f"Exit codes: {', '.join(f'{code} {what}' for code, what in EXIT_CODES.items())}."


@click.group(
    cls=LazyGroup, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.option("--debug", is_flag=True, help="Show the trace of a failure.")
@click.version_option(package_name="ccprofit", message="%(prog)s %(version)s")
def main(debug: bool) -> None:
    """Can the contact center pay for itself? Simulate it, scenario by scenario.

    \b
    ccprofit init my-center.yaml        a scenario to start from
    ccprofit validate my-center.yaml    is it sound, and how busy will people be?
    ccprofit show my-center.yaml        everything that it says, defaults included
    ccprofit run my-center.yaml         play it: revenue, cost, service, satisfaction
    ccprofit compare A.yaml B.yaml …    what the others do better or worse than the first
    ccprofit sweep A.yaml --vary …      play it at many values of a parameter, with pictures
    ccprofit breakeven A.yaml PATH      the value at which it earns no more than its baseline
    ccprofit path A.yaml STEP@DATE …    whether steps lead to a profit center, and from when on
    ccprofit report RESULT              pages for a board, of a run or a comparison
    """
