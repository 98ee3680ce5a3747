"""What a supervisor is made of, and the facts of a run made from it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from pathlib import Path

import msgspec

from tui.core.camera.camera import Camera
from tui.core.camera.plan import asked_of
from tui.core.camera.reference import Reference, of_these
from tui.core.config import Config, Target
from tui.core.events import Device, HealthProbed, RunFacts
from tui.core.storage.settings import StorageSettings
from tui.ports import (
    Board,
    Burners,
    Cameras,
    Clock,
    EmbeddedTarget,
    Faults,
    HealthWatch,
    HostLock,
    LoadDriver,
    Predictor,
    RunRequest,
    Service,
    StorageBench,
    Store,
    Wear,
    Workflows,
)

NO_TARGET = Target("", "")
"""Of a run that has nothing to do with any."""


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
    """A target's token from its reference; raises InputError."""
    read_secret: Callable[[Target, str], str]
    """The same of one of its `secrets`, by its name."""
    burners: Burners
    faults: Faults
    health: Callable[[HealthAsked], HealthWatch]
    """Begins to ask a service's health check."""
    wear: Callable[[], Wear]
    """Raises InputError where it can't be read: then nothing is written to any device."""
    scratch: Path
    """The directory on whose device storage is burnt."""
    cameras: Cameras
    predictor: Predictor
    read_credentials: Callable[[Camera], str]
    """A camera's `user:password` from its reference, empty where it has none; raises InputError."""
    references: Callable[[], Sequence[Reference]]
    """Those that are stored of the cameras; never raises."""
    workflows: Workflows
    storage: StorageBench
    read_storage_keys: Callable[[StorageSettings], tuple[str, str]]
    """The object store's access key and secret key from their references; raises InputError."""


def session_id(at_utc: float) -> str:
    """That of a sitting which begins then."""
    started = datetime.fromtimestamp(at_utc, timezone.utc)
    return f"s{started:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"


def run_facts(
    parts: Parts,
    session_id: str,
    request: RunRequest,
    url: str,
    overridden: str = "",
    power_mode: str = "",
) -> RunFacts:
    """What is known of a run that starts now; `power_mode` is the board's newest.

    Raises InputError for cameras that are not in the configuration.
    """
    device, plan = parts.device, request.scenario.cameras
    cameras = () if plan is None else asked_of(plan, parts.config.cameras, request.scenario.id)
    if power_mode:
        device = msgspec.structs.replace(device, power_mode=power_mode)
    now = parts.clock.utc()
    stamp = datetime.fromtimestamp(now, timezone.utc)
    return RunFacts(
        id=f"{stamp:%Y%m%dT%H%M%S}-{request.scenario.id}-{secrets.token_hex(2)}",
        session_id=session_id,
        scenario=request.scenario,
        target=request.target if request.scenario.asks_service else NO_TARGET,
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
        climb=request.climb,
        preflight=request.preflight,
        alerts=parts.config.alerts,
        cameras=cameras,
        references=tuple(
            msgspec.structs.replace(each, thumb=b"")
            for each in of_these(parts.references(), cameras)
        ),
    )
