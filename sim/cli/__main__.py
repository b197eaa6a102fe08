"""`python -m sim.cli` is `ccprofit`."""

from sim.cli import main

main(prog_name="ccprofit")
