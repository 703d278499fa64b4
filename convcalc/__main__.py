"""`python -m convcalc`."""

from convcalc.cli import cli

cli(prog_name="convcalc")
