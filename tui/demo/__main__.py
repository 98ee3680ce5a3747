"""`python -m tui.demo`: the demo as its own program, which speaks JSON lines on stdout."""

# ruff: noqa: E402

from __future__ import annotations

import sys

from tui.child.lifeline import hold


def _remove_images() -> None:
    # There is nothing to remove before that module is there.
    if made := sys.modules.get("tui.demo.datadir"):
        made.remove_temporary()


hold(on_gone=_remove_images)

import argparse
import json
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from tui.demo.server import DemoOptions, serve


def main(arguments: list[str] | None = None) -> int:
    """Serve as the arguments say; the exit code."""
    given = _parser().parse_args(arguments)
    return serve(
        DemoOptions(
            host=given.host,
            port=given.port,
            data_dir=given.data,
            token_env=given.token_env,
            operator_env=given.operator_env,
            viewer_env=given.viewer_env,
            concurrency=given.concurrency,
            queue=given.queue,
            on_ready=_tell_ready,
            on_error=lambda error: _tell(type="error", error=error),
        )
    )


def _tell_ready(url: str) -> None:
    _tell(type="ready", port=urlsplit(url).port, url=url, pid=os.getpid())


def _tell(**line: object) -> None:
    print(json.dumps(line), flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m tui.demo", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=_number(0, 65535), default=0, help="0 takes a free one")
    parser.add_argument("--data", type=Path, help="keep the images here, also after the end")
    parser.add_argument("--token-env", metavar="NAME", help="the variable that holds the token")
    for role in ("operator", "viewer"):
        what = f"the variable that holds the password of the account {role}"
        parser.add_argument(f"--{role}-env", metavar="NAME", help=what)
    parser.add_argument("--concurrency", type=_number(1, 64), default=2)
    parser.add_argument("--queue", type=_number(0, 4096), default=64)
    return parser


def _number(lowest: int, highest: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not lowest <= int(text) <= highest:
            raise argparse.ArgumentTypeError(f"{text} is not in {lowest}..{highest}")
        return int(text)

    return number


if __name__ == "__main__":
    sys.exit(main())
