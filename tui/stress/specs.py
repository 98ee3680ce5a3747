"""From a plan to the programs that burn it: module and spec of each process."""

from __future__ import annotations

import os
from typing import Any

import msgspec

from tui.core.stress.plan import (
    BurnerPlan,
    CpuPlan,
    ExhaustPlan,
    GpuPlan,
    MemoryPlan,
    MetadataPlan,
    NetworkPlan,
    StoragePlan,
    name_of,
)
from tui.ports import BurnersPlan
from tui.stress.peer_wire import SECRET_VARIABLE
from tui.stress.route import LOOPBACK, Route, rate_cap_mbit_per_s, route_to

SPARE_FROM = 4
"""With so many cores and more, the first is left to the engine."""
UNBOUNDED_BYTES = 2**62
LOOPBACK_MBIT_PER_S = 1000.0
MAX_MBIT_PER_S = 100_000.0
"""What the burner takes; a virtual link may claim more."""

Spec = dict[str, Any]


class NotHere(Exception):
    """A burner that can't burn on this board; the text says why, `advice` what helps."""

    def __init__(self, why: str, advice: str) -> None:
        super().__init__(why)
        self.advice = advice


class Program(msgspec.Struct, frozen=True):
    """One process of a burner."""

    name: str
    """The burner's."""
    module: str
    spec: Spec
    level: float
    """Its own, of which the steps ask a share."""
    needs_peer: bool = False
    """Whether another end is to be started on this board first."""


def programs(plan: BurnerPlan, about: BurnersPlan, seconds: float) -> list[Program]:
    """The processes of one burner, at the level of the begin. Raises NotHere."""
    level = about.stress.share_at(0.0) * plan.level
    common: Spec = {"seconds": seconds, "intent": about.stress.intent, "level": level}
    name = name_of(plan)
    specs: list[Spec]
    needs_peer = False
    match plan:
        case CpuPlan():
            specs = [{"method": plan.method, "core": core} for core in _cores(plan)]
        case MemoryPlan():
            specs = [{"mode": plan.mode, "floor_mb": plan.floor_share * _memory_mb()}]
        case StoragePlan():
            specs = [_storage(plan, about)]
        case NetworkPlan():
            specs, needs_peer = [_network(plan)], not plan.peer
        case GpuPlan():
            specs = [{"by": plan.by, "engine": plan.engine}]
        case ExhaustPlan():
            specs = [_exhaust(plan, about)]
        case MetadataPlan():
            specs = [
                {
                    "directory": about.scratch,
                    **_budget(about),
                    "connections": plan.connections,
                    "batch": plan.batch,
                }
            ]
    module = f"tui.stress.{name}"
    return [Program(name, module, {**common, **one}, plan.level, needs_peer) for one in specs]


def _cores(plan: CpuPlan) -> list[int]:
    allowed = sorted(os.sched_getaffinity(0))
    if isinstance(plan.cores, int):
        if plan.cores > len(allowed):
            raise NotHere(
                f"it asks for {plan.cores} cores, this board has {len(allowed)}",
                f"ask for at most {len(allowed)} (stress.cpu.cores), or for all of them",
            )
        return allowed[-plan.cores :]
    return allowed[1:] if plan.cores == "spare" and len(allowed) >= SPARE_FROM else allowed


def _memory_mb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**20


def _budget(about: BurnersPlan) -> Spec:
    """What one burner may write, and how long that is to last."""
    if about.allowed_bytes is None:
        return {"budget_bytes": UNBOUNDED_BYTES}
    writers = sum(isinstance(each, (StoragePlan, MetadataPlan)) for each in about.stress.burners)
    return {
        "budget_bytes": about.allowed_bytes // writers,
        "budget_lasts_s": about.stress.duration_s,
    }


def _storage(plan: StoragePlan, about: BurnersPlan) -> Spec:
    return {
        "directory": about.scratch,
        **_budget(about),
        "pattern": plan.pattern,
        "file_mb": plan.file_mb,
        "sizes_mb": list(plan.sizes_mb),
        "fsync_every": plan.fsync_every,
    }


def _exhaust(plan: ExhaustPlan, about: BurnersPlan) -> Spec:
    spec: Spec = {"what": list(plan.what)}
    if "connections" not in plan.what:
        return spec
    if about.service is None:
        raise NotHere(
            "the service is neither on this board nor in its own network",
            "run it where the service runs, or leave connections out of stress.exhaust.what",
        )
    host, port = about.service
    return {**spec, "host": host, "port": port}


def _network(plan: NetworkPlan) -> Spec:
    spec: Spec = {"mode": plan.mode, "connects_per_s": plan.connects_per_s}
    if not plan.peer:
        return {**spec, "rate_mbit_per_s": plan.rate_mbit_per_s or LOOPBACK_MBIT_PER_S}
    host, _, port = plan.peer.rpartition(":")
    route = _route(host.strip("[]"), int(port))
    spec |= {
        "host": route.address,
        "port": int(port),
        "secret": os.environ.get(SECRET_VARIABLE, ""),
    }
    if plan.mode == "connect":
        return spec
    return {**spec, "rate_mbit_per_s": min(_rate_mbit_per_s(plan, route), MAX_MBIT_PER_S)}


def _rate_mbit_per_s(plan: NetworkPlan, route: Route) -> float:
    """What may be sent that way, of which the level is a share."""
    cap = rate_cap_mbit_per_s(route)
    if cap is not None:
        return min(plan.rate_mbit_per_s or cap, cap)
    if plan.rate_mbit_per_s is not None:
        return plan.rate_mbit_per_s
    if route.interface == LOOPBACK:
        return LOOPBACK_MBIT_PER_S
    link = route.interface or "the link"
    session = " and carries this session" if route.carries_ssh else ""
    raise NotHere(
        f"{link} leads to {plan.peer}{session}, and does not tell its speed",
        "say how much it may take (stress.network.rate_mbit_per_s)",
    )


def _route(host: str, port: int) -> Route:
    try:
        return route_to(host, port)
    except (OSError, UnicodeError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        raise NotHere(
            f"no way leads to {host}:{port}: {why}",
            "see whether stress.network.peer is the other machine's address, and its link is up",
        ) from None
