"""`python -m convcalc`, and the command `convcalc`."""

import sys


def main() -> None:
    """Run the command line; Ctrl-C is quiet from the beginning."""
    try:
        from convcalc.cli import cli

        cli(prog_name="convcalc")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
