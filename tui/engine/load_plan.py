"""What a load driver must know, from the facts of a run."""

from __future__ import annotations

from tui.core.events import RunFacts
from tui.core.limits import counted_limits
from tui.engine.lease import spare_s
from tui.ports import LoadPlan


def load_plan(
    facts: RunFacts,
    token: str,
    paths: tuple[str, ...],
    *,
    locustfile: str,
    bind: str,
    port: int,
    users: int,
    way_url: str,
) -> LoadPlan:
    """The plan of a run with a load. `users` begin it; `paths` are what the target advertises;
    `bind` and `port` are where workers join."""
    scenario, load = facts.scenario, facts.scenario.load
    assert load is not None
    return LoadPlan(
        url=facts.url,
        way_url=way_url,
        token=token,
        verify_tls=facts.target.verify_tls,
        paths=paths,
        locustfile=locustfile,
        user_classes=load.user_classes,
        users=users,
        spawn_rate=load.first_spawn_rate,
        timeout_s=load.timeout_s,
        slow_ms=load.slow_ms,
        mix=facts.mix,
        counted=counted_limits((*scenario.thresholds, *scenario.goals)),
        workers=facts.workers,
        bind=bind,
        port=port,
        deadline_s=load.duration_s + load.timeout_s + spare_s(is_endless=load.goes_on),
        duration_s=load.duration_s,
        arrival=load.arrival,
        operations_per_user=load.operations_per_user,
        barrier_s=load.barrier_s,
        shape=load.shape,
        tags=load.tags,
        exclude_tags=load.exclude_tags,
    )
