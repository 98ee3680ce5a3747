"""Whether bytes that a camera sent are a JPEG file by themselves."""

from __future__ import annotations

_START, _END = b"\xff\xd8", b"\xff\xd9"
_HUFFMAN_TABLES, _PICTURE = 0xC4, 0xDA


def is_jpeg_file(packet: bytes) -> bool:
    """Whether any viewer shows it.

    Many USB cameras leave the Huffman tables out (ITU-T T.81, B.5, abbreviated), which a decoder of
    MJPEG knows and a viewer does not.
    """
    if not packet.startswith(_START) or not packet.rstrip(b"\0").endswith(_END):
        return False
    at, has_tables = len(_START), False
    # Each segment up to the picture itself: 0xff, its marker, its length with these two bytes.
    while at + 4 <= len(packet) and packet[at] == 0xFF:
        marker = packet[at + 1]
        has_tables = has_tables or marker == _HUFFMAN_TABLES
        if marker == _PICTURE:
            return has_tables
        at += 2 + int.from_bytes(packet[at + 2 : at + 4], "big")
    return False
