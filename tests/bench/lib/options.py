"""What every bench can be asked for."""

from __future__ import annotations

import argparse


def parser(description: str | None) -> argparse.ArgumentParser:
    """With `--rounds` and `--quick`."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--rounds", type=int, default=5, metavar="N", help="repeats (default 5)")
    made.add_argument("--quick", action="store_true", help="one short round, to see that it works")
    return made
