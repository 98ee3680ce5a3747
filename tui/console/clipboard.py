"""Copying over any link: OSC 52, which the terminal itself obeys."""

from __future__ import annotations

import base64
import shlex
from collections.abc import Sequence

from tui.core.config import Config, Target
from tui.core.duration import duration_text
from tui.core.limits import Limit
from tui.core.load import Arrival, Load
from tui.core.scenario import Scenario

MOST_CHARACTERS = 8_000
"""Some terminals drop a longer sequence without a word."""


def osc52(text: str) -> str:
    """The sequence that puts text on the clipboard, cut to what every terminal takes."""
    encoded = base64.b64encode(text[:MOST_CHARACTERS].encode()).decode("ascii")
    return f"\x1b]52;c;{encoded}\x07"


def headless_command(
    name: str,
    target: Target,
    workers: int,
    config: Config,
    options: Sequence[str] = (),
    *,
    change: tuple[Scenario, Scenario] | None = None,
    note: str = "",
) -> str:
    """What runs the same without a console: `jetproof run standard --target demo`.

    `change` is the scenario as its file has it, and what runs: options say where they differ.
    `options` are those that say where everything lies. Nobody is asked to mean a protected
    target by copying: the refusal names that option.
    """
    words = ["jetproof", "run", name, "--target", _word_for(target, config)]
    if workers != config.workers:
        words += ["--workers", str(workers)]
    if change is not None:
        words += _changed(*change)
    if note:
        words += ["--note", note]
    return shlex.join([*words, *options])


def _word_for(target: Target, config: Config) -> str:
    """Its name where the configuration knows it; a target of the command line has an address."""
    known = any((each.name, each.url) == (target.name, target.url) for each in config.targets)
    return target.name if known else target.url


def _changed(usual: Scenario, scenario: Scenario) -> list[str]:
    before, now = usual.load, scenario.load
    words: list[str] = []
    if scenario.stress is not None and usual.stress is not None:
        if scenario.stress.duration_s != usual.stress.duration_s:
            words += ["--duration", duration_text(scenario.stress.duration_s)]
    elif now is not None and before is not None:
        words += _load_words(before, now)
    if scenario.workflow is not None and scenario.workflow != usual.workflow:
        words += ["--set", f"e2e.rounds={scenario.workflow.rounds}"]
    limits = {limit.metric: limit for limit in usual.thresholds}
    for limit in scenario.thresholds:
        if limits.get(limit.metric, limit) != limit:
            words += ["--set", f"{_limit_key(limit)}={limit.text}"]
    return words


def _load_words(before: Load, now: Load) -> list[str]:
    words: list[str] = []
    if now.arrival is not None and now.arrival != before.arrival:
        words += ["--set", f"load.arrival_rate={_rate_text(now.arrival)}"]
    elif now.users != before.users:
        words += ["--users", str(now.users)]
    # An arrival rate brings its own pace with it.
    if now.arrival is None and now.spawn_rate != before.spawn_rate:
        words += ["--spawn-rate", f"{now.spawn_rate:g}"]
    if now.duration_s != before.duration_s:
        words += ["--duration", duration_text(now.duration_s)]
    return words


def _rate_text(arrival: Arrival) -> str:
    if arrival.from_rps == arrival.to_rps:
        return f"{arrival.to_rps:g}"
    return f"{{ from = {arrival.from_rps:g}, to = {arrival.to_rps:g} }}"


def _limit_key(limit: Limit) -> str:
    # An abort stands in a table, whose other keys are to stay.
    whole = f"thresholds.{limit.metric}"
    return f"{whole}.limit" if limit.abort else whole
