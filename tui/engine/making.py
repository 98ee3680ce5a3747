"""From a target that answers to a run of its scenario's kind."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from tui.core.addresses import port_of
from tui.core.camera.reference import of_these
from tui.core.config import Target
from tui.core.e2e.asking import check_cameras, check_operations
from tui.core.e2e.secret_use import secrets_used
from tui.core.e2e.workflow import Workflow
from tui.core.events import CameraEvent, RunFacts
from tui.core.session import Session
from tui.core.stress.plan import ExhaustPlan, MetadataPlan, StoragePlan, Stress
from tui.engine.camera_desk import CameraDesk
from tui.engine.camera_run import CameraRun
from tui.engine.e2e_run import E2eRun
from tui.engine.load_run import LoadRun
from tui.engine.parts import HealthAsked, Parts
from tui.engine.photographer import Photographer
from tui.engine.restarting import restarter_of
from tui.engine.run import Run
from tui.engine.starting import Asked
from tui.engine.storage_run import StorageRun
from tui.engine.stress_run import StressRun
from tui.ports import (
    BurnersPlan,
    Emit,
    FaultFailed,
    HealthWatch,
    LoadFailed,
    StorageJob,
    Wear,
    WorkflowJob,
)


def made_session(parts: Parts, target: str) -> Session:
    """A sitting that has not seen anything yet."""
    return Session(
        parts.device.model,
        target,
        parts.store.past(),
        alerts=parts.config.alerts,
        cameras=parts.config.cameras,
        references=of_these(parts.references(), parts.config.cameras),
    )


def made_desk(parts: Parts, deliver: Callable[[CameraEvent], None]) -> CameraDesk:
    """The site's cameras, none of which is looked at yet."""
    return CameraDesk(
        parts.config.cameras, parts.cameras, parts.read_credentials, parts.references, deliver
    )


def made_run(
    parts: Parts,
    facts: RunFacts,
    asked: Asked,
    desk: CameraDesk,
    *,
    emit: Emit,
    at_s: Callable[[], float],
    on_stress: Callable[[bool], None],
    put: Callable[[Callable[[], None]], None],
) -> Run:
    """The run, ready to begin. Raises InputError or LoadFailed; nothing is left running then."""
    if facts.scenario.cameras is not None:
        return CameraRun(facts, desk, parts.clock, emit)
    if facts.scenario.workflow is not None:
        return _e2e_run(parts, facts, asked, desk, emit, put)
    if facts.scenario.storage is not None:
        return _storage_run(parts, facts, emit)
    stress = facts.scenario.stress
    if stress is None:
        return _load_run(parts, facts, asked, emit)
    wear = parts.wear() if _writes(stress) else None
    plan = _burners_plan(parts, stress, asked.url, wear)
    parts.burners.prepare()
    way_url = _way_to(parts, stress, asked.url)
    load = None
    try:
        if facts.scenario.load is not None:
            load = _load_run(parts, facts, asked, emit, way_url)
    except BaseException:
        parts.faults.close()
        raise

    def health() -> HealthWatch:
        about = HealthAsked(asked.url, facts.target, asked.token, emit, at_s)
        return parts.health(about)

    return StressRun(
        facts,
        plan,
        load=load,
        burners=parts.burners,
        faults=parts.faults,
        health=health,
        wear=wear,
        on_stress=on_stress,
        clock=parts.clock,
        emit=emit,
    )


def _e2e_run(
    parts: Parts,
    facts: RunFacts,
    asked: Asked,
    desk: CameraDesk,
    emit: Emit,
    put: Callable[[Callable[[], None]], None],
) -> E2eRun:
    workflow, target = facts.scenario.workflow, facts.target
    assert workflow is not None
    known = [camera.name for camera in parts.config.cameras]
    check_operations(workflow, target, facts.scenario.id)
    check_cameras(workflow, known, facts.scenario.id)
    restarter = restarter_of(parts, target, asked, put)
    job = WorkflowJob(
        workflow,
        target,
        asked.url,
        asked.token,
        facts.id,
        folder=str(Path(facts.scenario.path).parent),
        secrets=_secrets_of(parts, target, workflow),
        restart=restarter,
        openapi=asked.openapi,
    )
    photographer = Photographer(desk, known)
    load = _load_run(parts, facts, asked, emit) if facts.scenario.load is not None else None
    return E2eRun(
        facts, job, parts.workflows, photographer, restarter, parts.clock, emit, load=load
    )


def _secrets_of(parts: Parts, target: Target, workflow: Workflow) -> dict[str, str]:
    """By their names. Raises InputError for one that the workflow uses and that is not there."""
    own = parts.embedded.secrets if target.is_demo else {}
    used = secrets_used(workflow, target.operations) - set(own)
    names = [name for name, _ in target.secrets if name in used]
    return {**{name: parts.read_secret(target, name) for name in names}, **own}


def _storage_run(parts: Parts, facts: RunFacts, emit: Emit) -> StorageRun:
    """Raises InputError where a key of the object store is not to be had."""
    plan, settings = facts.scenario.storage, parts.config.storage
    assert plan is not None
    directory = Path(settings.local) if settings.local else parts.scratch
    wear = parts.wear() if plan.local else None
    keys = ("", "")
    if plan.objects and settings.endpoint:
        keys = parts.read_storage_keys(settings)
    job = StorageJob(
        plan=plan,
        settings=settings,
        directory=str(directory),
        run_id=facts.id,
        allowed_bytes=wear.allowed_bytes(directory, parts.clock.utc()) if wear else None,
        access_key=keys[0],
        secret_key=keys[1],
    )
    return StorageRun(facts, job, parts.storage, wear, parts.clock, emit)


def _load_run(
    parts: Parts, facts: RunFacts, asked: Asked, emit: Emit, way_url: str = ""
) -> LoadRun:
    scenario, config = facts.scenario, parts.config
    assert scenario.load is not None
    run = LoadRun(
        facts,
        asked.token,
        way_url=way_url,
        driver=parts.driver,
        service=parts.service,
        clock=parts.clock,
        emit=emit,
    )
    locustfile = str(Path(scenario.path).parent / scenario.load.locustfile)
    assert asked.probe is not None
    run.prepare(asked.probe, locustfile, config.bind, config.port)
    return run


def _way_to(parts: Parts, stress: Stress, url: str) -> str:
    if not stress.suffers:
        return ""
    try:
        return parts.faults.lead(url)
    except FaultFailed as error:
        raise LoadFailed(str(error), is_input=False) from None


def _writes(stress: Stress) -> bool:
    return any(isinstance(plan, (StoragePlan, MetadataPlan)) for plan in stress.burners)


def _burners_plan(parts: Parts, stress: Stress, url: str, wear: Wear | None) -> BurnersPlan:
    allowed_bytes = None
    if wear is not None:
        allowed_bytes = wear.allowed_bytes(parts.scratch, parts.clock.utc())
        if allowed_bytes == 0:
            what = "what may be written to this device in a day is used up (wear budget)"
            raise LoadFailed(f"{parts.scratch}: {what}", is_input=False)
    service = None
    if any(isinstance(plan, ExhaustPlan) for plan in stress.burners):
        service = _near_address(url)
    return BurnersPlan(stress, str(parts.scratch), service, allowed_bytes)


def _near_address(url: str) -> tuple[str, int] | None:
    """Where the service listens, as a number; None unless it is on this machine or near it."""
    port = port_of(url)
    try:
        found = socket.getaddrinfo(urlsplit(url).hostname, port, type=socket.SOCK_STREAM)
    except OSError:
        return None
    address = str(found[0][4][0])
    parsed = ipaddress.ip_address(address)
    return (address, port) if parsed.is_loopback or parsed.is_private else None
