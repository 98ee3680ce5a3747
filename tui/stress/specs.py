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
from tui.stress.route import Route, rate_cap_mbit_per_s, route_to

SPARE_FROM = 4
"""With so many cores and more, the first is left to the engine."""
UNBOUNDED_BYTES = 2**62
PEER_VARIABLE = "JETPROOF_PEER_SECRET"
LOOPBACK_MBIT_PER_S = 1000.0
MAX_MBIT_PER_S = 100_000.0
"""What the burner takes; a virtual link may claim more."""

Spec = dict[str, Any]


class NotHere(Exception):
    """A burner that can't burn on this board; the text says why."""


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
            raise NotHere(f"it asks for {plan.cores} cores, this board has {len(allowed)}")
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
        raise NotHere("the service is neither on this board nor in its own network")
    host, port = about.service
    return {**spec, "host": host, "port": port}


def _network(plan: NetworkPlan) -> Spec:
    spec: Spec = {"mode": plan.mode, "connects_per_s": plan.connects_per_s}
    if not plan.peer:
        return {**spec, "rate_mbit_per_s": plan.rate_mbit_per_s or LOOPBACK_MBIT_PER_S}
    host, _, port = plan.peer.rpartition(":")
    route = _route(host.strip("[]"), int(port))
    cap = rate_cap_mbit_per_s(route)
    if cap is None and route.carries_ssh and plan.rate_mbit_per_s is None:
        raise NotHere(
            f"{route.interface} carries this session and does not tell its speed: "
            "stress.network.rate_mbit_per_s must say how much"
        )
    asked = plan.rate_mbit_per_s or cap or LOOPBACK_MBIT_PER_S
    secret = os.environ.get(PEER_VARIABLE, "")
    rate = min(asked, cap) if cap is not None else asked
    return {
        **spec,
        "host": route.address,
        "port": int(port),
        "secret": secret,
        "rate_mbit_per_s": min(rate, MAX_MBIT_PER_S),
    }


def _route(host: str, port: int) -> Route:
    try:
        return route_to(host, port)
    except (OSError, UnicodeError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        raise NotHere(f"no way leads to {host}:{port}: {why}") from None
