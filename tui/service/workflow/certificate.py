"""Whether a service's TLS certificate is valid for its name, and for how long."""

from __future__ import annotations

import ssl
import time
from contextlib import closing
from urllib.parse import urlsplit

from tui.core.addresses import is_loopback
from tui.core.config import Target
from tui.core.e2e.checking import Wrong
from tui.core.e2e.matching import shown_so
from tui.core.failure import printable
from tui.core.format import counted
from tui.service.health_check import Unanswered, address_of, in_words, tls_context
from tui.service.line import Line
from tui.service.workflow.done import Done

DAY_S = 86400.0


def check_certificate(
    url: str, target: Target, least_days: float, limit_s: float, done: Done
) -> None:
    """By a connection of its own. Raises Unanswered."""
    address = address_of(url)
    if not address.is_tls:
        if is_loopback(urlsplit(url).hostname or ""):
            done.omit("plain HTTP on this board alone")
        else:
            done.fail(Wrong("plain HTTP: everybody on the way can read it", "https", "http"))
        return
    if not target.verify_tls:
        done.omit("verify_tls = false in config.toml: nobody vouches for its certificate")
        return
    began_s = time.perf_counter()
    try:
        ends_s = _valid_until_s(address.host, address.port, limit_s)
    except ssl.SSLCertVerificationError as error:
        done.fail(Wrong(f"its TLS certificate is not trusted: {printable(error.verify_message)}"))
        return
    except TimeoutError:
        raise Unanswered(f"no TLS connection within {limit_s:g} s") from None
    except (OSError, ValueError) as error:
        raise Unanswered(in_words(error, url)) from None
    finally:
        done.request_ms += (time.perf_counter() - began_s) * 1000
    days = (ends_s - time.time()) / DAY_S
    if days >= least_days:
        done.note = f"valid for {counted(int(days), 'day')}"
        return
    got = shown_so(days, lambda value: value < least_days, (1, 3, 6))
    why = f"its TLS certificate is valid for {got} days, not {least_days:g}"
    done.fail(Wrong(why, f"at least {least_days:g} days", got))


def _valid_until_s(host: str, port: int, limit_s: float) -> float:
    """Seconds since the epoch."""
    with closing(Line()) as line:
        line.until(time.monotonic() + limit_s)
        line.open(host, port, tls_context(verify=True))
        return float(ssl.cert_time_to_seconds(f"{line.peer_certificate()['notAfter']}"))
