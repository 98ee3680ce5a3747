"""Asks a target whether it is there, and deletes what a run left on it."""

from __future__ import annotations

import json
import os
import ssl
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from tui.core.config import Target
from tui.core.failure import printable
from tui.core.problem import InputError
from tui.ports import Probe

# httpx is imported when it is first used: the console's first paint does not wait for it.
if TYPE_CHECKING:
    import httpx

PROBE_TIMEOUT_S = 5.0
MAX_DOCUMENT_BYTES = 4 * 1024 * 1024
CLEAN_UP_S = 10.0


class HttpService:
    """Implements `ports.Service`."""

    def probe(self, url: str, target: Target, token: str) -> Probe:
        """GET /health, and /openapi.json for what else there is. Any answer below 500 is one.

        401 and 403 are answers that say the token is wrong, so load would only measure refusals.
        """
        import httpx

        try:
            with _client(url, target, token) as client:
                started_s = time.monotonic()
                with client.stream("GET", "/health") as response:
                    status = response.status_code
                ms = (time.monotonic() - started_s) * 1000
                if status in (401, 403):
                    wanted = "its token is refused" if token else "it wants a token"
                    return Probe(False, f"HTTP {status}: {wanted} (token in config.toml)", ms)
                if status >= 500:
                    return Probe(False, f"GET /health answers HTTP {status}", ms)
                return Probe(True, f"HTTP {status}", ms, _paths(client))
        except httpx.TimeoutException:
            return Probe(False, f"no answer from {url} within {PROBE_TIMEOUT_S:.0f} s")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Probe(False, _in_words(error, url))

    def delete(self, url: str, target: Target, token: str, paths: Sequence[str]) -> int:
        """DELETE each path, for at most ten seconds; what is gone already counts as deleted."""
        import httpx

        deleted = 0
        ends_s = time.monotonic() + CLEAN_UP_S
        try:
            with _client(url, target, token) as client:
                for path in paths:
                    if time.monotonic() > ends_s:
                        break
                    status = client.delete(quote(path)).status_code
                    deleted += status in (200, 202, 204, 404, 410)
        except httpx.HTTPError:
            pass  # the caller reports what is left
        return deleted


def read_token(target: Target) -> str:
    """The target's secret from where its configuration points. InputError when it is not there."""
    kind, _, where = target.token.partition(":")
    key = f"targets.{target.name}.token"
    if kind == "env":
        secret = os.environ.get(where, "")
        if not secret.strip():
            raise InputError.of("config", key, f"environment variable {where} is not set")
        return _checked(secret, key, f"environment variable {where}")
    if kind == "file":
        path = Path(where).expanduser()
        try:
            if path.stat().st_mode & 0o077:
                what = f"{path} is readable by others (chmod 600 {path})"
                raise InputError.of("config", key, what)
            return _checked(path.read_bytes().decode("latin-1"), key, str(path))
        except OSError as error:
            raise InputError.of("config", key, f"{path}: {error.strerror}") from None
    return ""


def _checked(text: str, key: str, where: str) -> str:
    secret = text.strip()
    # An HTTP library would refuse it later, and quote it.
    if not secret or not secret.isascii() or not secret.isprintable():
        what = "is empty" if not secret else "holds what no header can carry"
        raise InputError.of("config", key, f"{where} {what}")
    return secret


def _client(url: str, target: Target, token: str) -> httpx.Client:
    import httpx

    return httpx.Client(
        base_url=url,
        headers={"Authorization": f"Bearer {token}"} if token else {},
        verify=ssl.create_default_context() if target.verify_tls else _anything(),
        timeout=PROBE_TIMEOUT_S,
        # A proxy from the environment would be measured instead of the target.
        trust_env=False,
    )


def _anything() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _paths(client: httpx.Client) -> tuple[str, ...]:
    """Paths of the target's OpenAPI document; none is an ordinary answer."""
    import httpx

    try:
        with client.stream("GET", "/openapi.json") as response:
            if response.status_code != 200:
                return ()
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > MAX_DOCUMENT_BYTES:
                    return ()
        paths = json.loads(body).get("paths", {})
        return tuple(str(path) for path in paths)[:500]
    except (httpx.HTTPError, ValueError, AttributeError, TypeError):
        return ()


def _in_words(error: Exception, url: str) -> str:
    text = printable(str(error))
    if "CERTIFICATE_VERIFY_FAILED" in text:
        reason = text.partition("certificate verify failed:")[2].partition("(_ssl")[0].strip()
        return f"its TLS certificate is not trusted: {reason} (verify_tls = false accepts it)"
    if "Connection refused" in text:
        return f"nothing listens at {url}"
    if "Name or service not known" in text or "Temporary failure in name" in text:
        return f"the name in {url} is unknown"
    return text[:120] or type(error).__name__
