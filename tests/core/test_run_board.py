from __future__ import annotations

from tests.core import script
from tui.core import events as ev
from tui.core.run_fold import RunFold


def service(at_s: float, rss_mb: float, pss_mb: float | None, named: str) -> ev.BoardSampled:
    why = "" if pss_mb is not None else "needs root"
    return ev.BoardSampled(
        at_s=at_s,
        readings={
            "service_processes": ev.Reading(1.0, "proc", text=named),
            "service_rss_mb": ev.Reading(rss_mb, "proc"),
            "service_pss_mb": ev.Reading(pss_mb, "proc", why),
        },
    )


def folded(*samples: ev.BoardSampled, is_over: bool = True) -> RunFold:
    facts = script.facts()
    fold = RunFold(facts)
    for event in (*script.beginning(facts), *samples):
        fold.apply(event)
    for event in script.ending(samples[-1].at_s + 1) if is_over else ():
        fold.apply(event)
    return fold


def climb(pss_of: float | None = 0.8) -> list[ev.BoardSampled]:
    """Three hours at 30 MiB an hour, a sample every ten seconds."""
    rss = [500.0 + at_s / 120 for at_s in range(0, 3 * 3600, 10)]
    return [
        service(10.0 * n, mb, mb * pss_of if pss_of else None, "infer 1841")
        for n, mb in enumerate(rss)
    ]


def test_a_service_that_grows_for_hours_leaks_and_its_own_share_is_what_counts() -> None:
    samples = climb()
    (leak,) = folded(*samples).view(samples[-1].at_s + 3).leaks
    assert leak.verdict == "leak"
    assert leak.process == "infer 1841"
    assert leak.slope_mb_per_h is not None
    assert abs(leak.slope_mb_per_h - 24) < 1


def test_where_its_own_share_can_not_be_read_the_resident_memory_is_judged() -> None:
    samples = climb(None)
    (leak,) = folded(*samples).view(samples[-1].at_s + 3).leaks
    assert leak.slope_mb_per_h is not None
    assert abs(leak.slope_mb_per_h - 30) < 1


def test_a_run_that_goes_on_has_no_verdict_on_leaks_yet() -> None:
    samples = climb()
    assert folded(*samples, is_over=False).view(samples[-1].at_s).leaks == ()


def test_a_run_of_minutes_can_not_tell() -> None:
    samples = climb()[:60]
    (leak,) = folded(*samples).view(samples[-1].at_s + 3).leaks
    assert (leak.verdict, leak.why) == ("inconclusive", "too short")


def test_a_restart_begins_another_series() -> None:
    first = climb(None)
    later = [service(sample.at_s + 10_800, 400.0, None, "infer 2000") for sample in first]
    before, after = folded(*first, *later).view(later[-1].at_s + 3).leaks
    assert (before.process, before.verdict) == ("infer 1841", "leak")
    assert (after.process, after.verdict) == ("infer 2000", "steady")


def test_a_service_that_is_not_running_has_no_memory_to_judge() -> None:
    gone = [
        ev.BoardSampled(
            at_s=10.0 * n,
            readings={
                "service_processes": ev.Reading(0.0, "proc"),
                "service_rss_mb": ev.Reading(500.0 + n, "proc"),
            },
        )
        for n in range(100)
    ]
    assert folded(*gone).view(1003.0).leaks == ()
