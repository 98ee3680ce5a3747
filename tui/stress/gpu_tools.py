"""The programs that burn a GPU, and where they are."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from tui.stress.burner import GRACE_S, Unusable

ROUND_S = 60.0
"""trtexec keeps a trace of every query in memory until its end."""
LOADING_S = 3.0
"""Of the last round, so that it can end and say what it did."""
GPU_BURN_MB = 1024
"""gpu-burn's least is three matrices of 256 MiB; left alone it takes 90 % of all there is."""
GPU_BURN_NEEDS_MB = GPU_BURN_MB + 512
"""It makes its matrices in the host's memory first; on a Jetson that is the same memory."""
TENSORRT = "/usr/src/tensorrt/bin/trtexec"
"""Where JetPack puts it, beside the PATH."""
GPU_BURN = ("gpu_burn", "gpu-burn")
NO_TOOL = "install one of them, or let the service itself burn the GPU: at full rate, by a [load]"

Asked = Literal["auto", "trtexec", "gpu-burn"]


class Tool(msgspec.Struct, frozen=True):
    """A program that burns, found on this machine."""

    by: Literal["trtexec", "gpu-burn"]
    path: str
    directory: str
    """Where it must be started."""
    words_for: Callable[[float], list[str]]
    """Its arguments, to burn for so many seconds."""


def find(by: Asked, engine: str) -> Tool:
    """The program to use. Raises Unusable, which says what was looked for.

    `auto` takes trtexec where there is one and `engine` names an engine file, else gpu-burn.
    """
    missing = []
    if by != "gpu-burn":
        tool = _trtexec(engine)
        if isinstance(tool, Tool):
            return tool
        missing.append(tool)
    if by != "trtexec":
        tool = _gpu_burn()
        if isinstance(tool, Tool):
            return tool
        missing.append(tool)
    raise Unusable(f"no GPU burner here: {'; '.join(missing)}", NO_TOOL)


def _trtexec(engine: str) -> Tool | str:
    path = shutil.which("trtexec") or shutil.which(TENSORRT)
    if path is None:
        return f"no trtexec in the PATH and no {TENSORRT}"
    if not engine:
        return "trtexec needs an engine file, which `[stress.gpu] engine` names"
    if not (os.path.isabs(engine) and os.path.isfile(engine) and os.access(engine, os.R_OK)):
        return f"trtexec's engine file {engine} can't be read"

    def words_for(seconds: float) -> list[str]:
        round_s = min(ROUND_S, max(seconds - LOADING_S, 1.0))
        return [f"--loadEngine={engine}", f"--duration={math.ceil(round_s)}"]

    return Tool("trtexec", os.path.abspath(path), "/", words_for)


def _gpu_burn() -> Tool | str:
    path = next(filter(None, map(shutil.which, GPU_BURN)), None)
    if path is None:
        return f"no {' or '.join(GPU_BURN)} in the PATH"

    def words_for(seconds: float) -> list[str]:
        return ["-m", str(GPU_BURN_MB), "-tc", str(math.ceil(seconds + GRACE_S))]

    # It looks for its compare.ptx in the working directory.
    return Tool("gpu-burn", os.path.abspath(path), str(Path(path).resolve().parent), words_for)
