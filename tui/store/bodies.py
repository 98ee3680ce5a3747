"""Events as the bytes that are stored: msgpack, and packed where that saves room."""

from __future__ import annotations

import zlib

import msgspec

from tui.core.events import AnyEvent, Event
from tui.store.dictionary import DICTIONARY

PACKED_FROM_BYTES = 512
"""Smaller ones hardly get smaller."""
_LEVEL = 3
"""With the dictionary it takes no longer than 1; higher ones take half as long again."""
_ZLIB = 0x78
"""The first byte of what zlib wrote; that of a msgpack map is never the same."""
_ENCODER = msgspec.msgpack.Encoder()
_DECODER: msgspec.msgpack.Decoder[AnyEvent] = msgspec.msgpack.Decoder(AnyEvent)


def body_of(event: Event) -> bytes:
    """The event as it is stored."""
    body = _ENCODER.encode(event)
    if len(body) <= PACKED_FROM_BYTES:
        return body
    packer = zlib.compressobj(
        _LEVEL, zlib.DEFLATED, zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, 0, DICTIONARY
    )
    return packer.compress(body) + packer.flush()


def event_of(body: bytes) -> AnyEvent:
    """The event in a stored body, an older one too.

    Raises msgspec.MsgspecError for what can't be understood.
    """
    if body[:1] != bytes([_ZLIB]):
        return _DECODER.decode(body)
    try:
        return _DECODER.decode(zlib.decompressobj(zdict=DICTIONARY).decompress(body))
    except zlib.error as error:
        raise msgspec.DecodeError(f"it is damaged ({error})") from None
