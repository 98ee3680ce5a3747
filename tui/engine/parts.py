"""What a supervisor is made of, and the facts of a run made from it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import msgspec

from tui.core.config import Config, Target
from tui.core.events import Device, HealthProbed, RunFacts
from tui.ports import (
    Board,
    Burners,
    Clock,
    EmbeddedTarget,
    Faults,
    HealthWatch,
    HostLock,
    LoadDriver,
    RunRequest,
    Service,
    Store,
    Wear,
)


class HealthAsked(msgspec.Struct, frozen=True):
    """Whose health check is to be asked, and who is told."""

    url: str
    target: Target
    token: str
    """The secret itself."""
    emit: Callable[[HealthProbed], None]
    at_s: Callable[[], float]
    """The clock of the events: since the run started."""


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
    burners: Burners
    faults: Faults
    health: Callable[[HealthAsked], HealthWatch]
    """Begins to ask a service's health check."""
    wear: Callable[[], Wear]
    """Raises InputError where it can't be read: then nothing is written to any device."""
    scratch: Path
    """The directory on whose device storage is burnt."""


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
