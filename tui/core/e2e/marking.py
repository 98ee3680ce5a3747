"""Pictures with bytes of their own: the same JPEG, with a comment in it."""

from __future__ import annotations

_BEGINNING = b"\xff\xd8"
_COMMENT = b"\xff\xfe"


def is_jpeg(data: bytes) -> bool:
    """Whether it begins as one."""
    return data.startswith(_BEGINNING)


def marked(jpeg: bytes, number: int, round_id: str) -> bytes:
    """The picture with a comment right behind its beginning: `item 137 of RUN-1`.

    What is seen stays the same; the same number of the same round makes the same bytes.
    """
    text = f"item {number} of {round_id}".encode()
    # The length of a segment counts itself in.
    return b"".join((_BEGINNING, _COMMENT, (len(text) + 2).to_bytes(2, "big"), text, jpeg[2:]))
