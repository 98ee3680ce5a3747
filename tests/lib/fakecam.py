"""A V4L2 camera that is not there, for programs that are started with its environment."""

from __future__ import annotations

import atexit
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Literal

import pytest

NODE = "/dev/video77"
SOURCE = f"v4l2:{NODE}"
FPS = 30.0
DROPPED_EVERY = 10
"""In the mode `drop`."""

Mode = Literal[
    "ok",
    "drop",
    "busy",
    "perm",
    "stall",
    "unplug",
    "otherformat",
    "stepwise",
    "continuous",
    "silent",
    "tegra",
    "tegra-yuv",
    "frozen",
]
NEEDED = pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc")


def environment(mode: Mode, *, after: int = 30, node: str = NODE, meta: str = "") -> dict[str, str]:
    """What a program needs to see the camera; `after` so many pictures it stalls or is gone."""
    return {
        "LD_PRELOAD": str(_library()),
        "FAKECAM_MODE": mode,
        "FAKECAM_AFTER": str(after),
        "FAKECAM_NODE": node,
        "FAKECAM_META": meta,
        "FAKECAM_LOCK": str(_library().with_suffix(".lock")),
    }


@cache
def _library() -> Path:
    """Built once, and taken away with this process."""
    folder = Path(tempfile.mkdtemp(prefix="fakecam-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    library = folder / "fakecam.so"
    words = ["gcc", "-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", str(library)]
    subprocess.run([*words, str(Path(__file__).with_suffix(".c"))], check=True, timeout=60)
    return library
