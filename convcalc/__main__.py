"""`python -m convcalc`, and the command `convcalc`."""


def main() -> None:
    """Run the command line; Ctrl-C is quiet from the beginning."""
    try:
        import gc  # here, as a signal may come while something is imported

        # Classes and rows live until the end: looking for garbage among them is 7 % of `shape` and
        # 10 % of `net` with 10,000 layers.
        gc.set_threshold(100_000, 50, 50)
        try:
            from convcalc.cli import cli

            cli(prog_name="convcalc")
        finally:
            # Else Python looks for garbage among all of it as it ends: a quarter of what `shape`
            # takes.
            gc.freeze()
    except KeyboardInterrupt:
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
