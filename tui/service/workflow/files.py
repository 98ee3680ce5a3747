"""Files that a workflow sends: they lie beside its scenario."""

from __future__ import annotations

from pathlib import Path

from tui.service.workflow.request import Unfit
from tui.service.workflow.values import Blob

MOST_BYTES = 64 * 1024 * 1024
_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".bmp": "image/bmp",
    ".gif": "image/gif",
    ".tiff": "image/tiff",
    ".json": "application/json",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".mp4": "video/mp4",
}
OTHER_TYPE = "application/octet-stream"


def read_file(folder: str, path: str) -> Blob:
    """The file at that path from the folder, and never outside of it. Raises Unfit."""
    if not folder:
        raise Unfit(f"{path} is beside a scenario that has no directory")
    home = Path(folder).resolve()
    try:
        file = (home / path).resolve()
    except (OSError, RuntimeError, ValueError):
        # A loop of links, or what no file can be called.
        raise Unfit(f"{path} is no path of a file") from None
    # Links are followed by then.
    if not file.is_relative_to(home):
        raise Unfit(f"{path} leads out of the scenario's directory")
    try:
        if not file.is_file():
            raise Unfit(f"there is no file {path} beside the scenario")
        with file.open("rb") as source:
            data = source.read(MOST_BYTES + 1)
    except OSError as error:
        raise Unfit(f"{path} can't be read: {error.strerror}") from None
    if len(data) > MOST_BYTES:
        raise Unfit(f"{path} is larger than {MOST_BYTES >> 20} MiB")
    return Blob(data, _TYPES.get(file.suffix.lower(), OTHER_TYPE))
