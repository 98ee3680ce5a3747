"""Whose certificate a camera over TLS must show, and why one is not trusted."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

from tui.core.camera.camera import Camera

_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
"""Of Debian and Ubuntu. The library that decodes has its own idea of where they are."""


def tls_options(camera: Camera) -> dict[str, str]:
    """For FFmpeg, some of which trust anybody by themselves; empty for a camera without TLS."""
    if not camera.source.is_tls:
        return {}
    if not camera.verify_tls:
        return {"tls_verify": "0"}
    authorities = _authorities()
    return {"tls_verify": "1", **({"ca_file": authorities} if authorities else {})}


def distrust(camera: Camera, port: int, limit_s: float) -> str:
    """Why its certificate is not trusted; empty: it is, or need not be, or can't be seen.

    FFmpeg tells a certificate that it refuses as it tells a broken line.
    """
    if not camera.source.is_tls or not camera.verify_tls:
        return ""
    host = camera.source.host
    context = ssl.create_default_context(cafile=_authorities() or None)
    try:
        with (
            socket.create_connection((host, port), limit_s) as line,
            context.wrap_socket(line, server_hostname=host),
        ):
            return ""
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    except (OSError, ValueError):
        return ""


def _authorities() -> str:
    known = ssl.get_default_verify_paths().cafile
    return known or (str(_BUNDLE) if _BUNDLE.exists() else "")
