"""The requests that the shipped users sent, beside the mix of config.toml."""

from __future__ import annotations

from typing import NamedTuple

from tui.core import format as text
from tui.core.mix import OWN_WAYS, sends_the_mix
from tui.core.model import RunView


class Share(NamedTuple):
    """One endpoint of the mix; shares in percent."""

    endpoint: str
    configured: str
    sent: str
    requests: str


class MixShares(NamedTuple):
    """What was to be sent and what was."""

    shares: tuple[Share, ...]
    said: str
    """What is compared."""


def mix_of(view: RunView) -> MixShares | None:
    """None where the load is none of the shipped users', or only some of their tasks."""
    load, mix = view.facts.scenario.load, view.facts.mix
    if load is None or not sends_the_mix(load):
        return None
    classes = [name for name, weight in load.user_classes.items() if weight]
    configured = {
        "GET /health": mix.health,
        "POST /predict": mix.predict,
        "POST /predict+image": mix.predict_with_image,
        "POST /predict 1080p": mix.predict_large,
    }
    sent = {f"{each.method} {each.name}": each.requests for each in view.endpoints}
    counted = {name: sent.get(name, 0) for name in configured}
    whole, all_sent = sum(configured.values()), sum(counted.values())
    if not whole or not all_sent:
        return None
    shares = tuple(
        Share(
            name,
            text.percent(share / whole),
            text.percent(counted[name] / all_sent),
            text.count(counted[name]),
        )
        for name, share in configured.items()
    )
    return MixShares(shares, _said(all_sent, classes))


def _said(all_sent: int, classes: list[str]) -> str:
    ways = [f"{name} {OWN_WAYS[name]}" for name in classes if name in OWN_WAYS]
    also = f" The mix is every user's base; {' and '.join(ways)}." if ways else ""
    return f"Shares of the {text.counted(all_sent, 'measured request')} to these four.{also}"
