"""`python -m sim.cli` is `ccprofit`."""

from sim.cli import main

if __name__ == "__main__":  # other processes import this module too
    main(prog_name="ccprofit")
