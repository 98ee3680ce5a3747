"""What a supervisor is made of, and the facts of a run made from it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timezone

import msgspec

from tui.core.config import Config, Target
from tui.core.events import Device, RunFacts
from tui.ports import (
    Board,
    Clock,
    EmbeddedTarget,
    HostLock,
    LoadDriver,
    RunRequest,
    Service,
    Store,
)


class Parts(msgspec.Struct, frozen=True):
    """What a supervisor is made of."""

    clock: Clock
    board: Callable[[], Board]
    """Called on the sampler's own thread: what it imports keeps nobody waiting."""
    driver: LoadDriver
    service: Service
    embedded: EmbeddedTarget
    store: Store
    lock: HostLock
    config: Config
    device: Device
    version: str
    config_sha256: str
    read_token: Callable[[Target], str]
    """A target's secret from its reference; raises InputError."""


def run_facts(
    parts: Parts,
    session_id: str,
    request: RunRequest,
    url: str,
    overridden: str = "",
    power_mode: str = "",
) -> RunFacts:
    """What is known of a run that starts now; `power_mode` is the board's newest."""
    device = parts.device
    if power_mode:
        device = msgspec.structs.replace(device, power_mode=power_mode)
    now = parts.clock.utc()
    stamp = datetime.fromtimestamp(now, timezone.utc)
    return RunFacts(
        id=f"{stamp:%Y%m%dT%H%M%S}-{request.scenario.id}-{secrets.token_hex(2)}",
        session_id=session_id,
        scenario=request.scenario,
        target=request.target,
        url=url,
        mix=parts.config.mix,
        workers=request.workers,
        device=device,
        version=parts.version,
        config_sha256=parts.config_sha256,
        started_at=now,
        forced=bool(overridden),
        overridden=overridden,
        site=parts.config.site,
        note=request.note,
        campaign=request.campaign,
        rung=request.rung,
        rungs=request.rungs,
        alerts=parts.config.alerts,
    )
