"""What the board saw of the service's own end in a run: that it was gone, restarted, or killed."""

from __future__ import annotations

from tui.core import format as text
from tui.core.incidents import Incident
from tui.core.model import RunView

BEFORE = "before the work began"
"""When it was, of what has a negative time."""
SERVICE = "service."
"""How the keys of such incidents begin."""
_SAID = {
    "service.down": "was gone",
    "service.restart": "restarted",
    "service.oom": "lost a process to the kernel for want of memory",
}
_PAST = {
    "service.down": "the service was gone",
    "health": "the health check was not answered",
    "sensors": "no temperature could be read",
    "link.lost": "the network link was gone",
    "fan": "the fan stood still",
}


def told(incident: Incident) -> str:
    """What an incident is called by somebody who tells of it later."""
    return _PAST.get(incident.key, incident.text)


def outage_words(view: RunView) -> str:
    """`the service was gone from 00:36 to 00:41 and restarted at 00:41`; empty when it was not."""
    by_key: dict[str, list[Incident]] = {}
    for one in view.incidents:
        if one.key in _SAID:
            by_key.setdefault(one.key, []).append(one)
    said = [f"{_SAID[key]} {_when(ones, view)}" for key, ones in by_key.items()]
    return f"the service {' and '.join(said)}" if said else ""


def from_to(incident: Incident, view: RunView) -> str:
    """`from 00:36 to 00:41`, `at 00:41`, `from 00:36 to the end`, `since 00:36`."""
    began_s, ended_s = incident.began_s, incident.ended_s
    if incident.is_change:
        return f"at {text.clock(began_s)}" if began_s >= 0 else BEFORE
    began = text.clock(began_s) if began_s >= 0 else BEFORE
    if ended_s is None:
        return f"from {began} to the end" if view.is_over else f"since {began}"
    return f"from {began} to {text.clock(ended_s)}"


def _when(ones: list[Incident], view: RunView) -> str:
    times = sum(one.times for one in ones)
    if times == 1:
        return from_to(ones[0], view)
    first_s = ones[0].began_s
    return f"{times} times from {text.clock(first_s) if first_s >= 0 else BEFORE} on"
