"""What else decides a load's course: operations for each user, volleys, shapes, tags, thinking."""

from __future__ import annotations

import os
import time
from itertools import pairwise
from pathlib import Path

import pytest

from tests.lib import processes
from tests.lib.calm import measured_in_calm
from tests.lib.drive import Bench, Drive, plan, users_file
from tests.lib.eventually import eventually
from tests.lib.target import Target
from tui.core import events as ev
from tui.core.tally import MEASURED, UNMEASURED
from tui.ports import LoadFailed

LOOK = 'self.client.get("/look")'
GATED = """
    def wait_time(self):
        while self.environment.runner.worker_index and not os.path.exists({gate!r}):
            gevent.sleep(0.01)
        return 0
"""
SHAPE = """
from locust import LoadTestShape

class Steps(LoadTestShape):
    def tick(self):
        {body}
"""


def done(drive: Drive) -> int:
    """Users that have finished, by the latest report."""
    reports = drive.of(ev.LoadReported)
    return reports[-1].done if reports else 0


def shaped(*body: str) -> str:
    """A locustfile with a shape whose tick does this."""
    return users_file(LOOK) + SHAPE.format(body="\n        ".join(body))


def asked(drive: Drive) -> list[int | None]:
    """The levels that a shape wanted, in order."""
    return [event.users for event in drive.of(ev.LevelAsked)]


@pytest.mark.parametrize("task", [LOOK, f"{LOOK}; self.nothing_of_that_name"])
def test_a_user_ends_after_its_operations_and_is_not_replaced(
    rig: Bench, target: Target, task: str
) -> None:
    file = rig.locustfile(users_file(task))
    drive = rig.drive()
    rig.driver.start(
        plan(target.url, file, users=6, spawn_rate=3.0, workers=2, operations_per_user=5),
        drive.events.append,
    )
    rig.driver.begin()
    eventually(lambda: done(drive) == 6)
    eventually(lambda: drive.users == 0)
    drive.finish()
    assert target.total_received == drive.requests() == 6 * 5


def test_operations_of_users_that_a_pause_stopped_are_done_by_others(
    rig: Bench, target: Target
) -> None:
    file = rig.locustfile(users_file(LOOK, wait_s=0.05))
    drive = rig.drive()
    drive.begin(plan(target.url, file, users=3, operations_per_user=30))
    eventually(lambda: target.total_received >= 15)
    rig.driver.set_phase(UNMEASURED)
    rig.driver.rescale(0, 100.0)
    drive.await_level(0)
    assert done(drive) == 0
    rig.driver.rescale(3, 100.0)
    drive.await_level(3)
    rig.driver.set_phase(MEASURED)
    eventually(lambda: done(drive) == 3)
    drive.finish()
    assert target.total_received == 3 * 30


def test_users_that_are_done_count_only_among_those_that_are_asked_for(
    rig: Bench, target: Target, tmp_path: Path
) -> None:
    # The users of the second worker wait for the file before their second operation.
    gate = tmp_path / "open"
    wait = GATED.format(gate=str(gate))
    text = users_file(LOOK).replace("    wait_time = constant(0.02)\n", wait)
    file = rig.locustfile("import os, gevent\n" + text)
    drive = rig.drive()
    rig.driver.start(
        plan(target.url, file, users=6, workers=2, operations_per_user=2, timeout_s=60.0),
        drive.events.append,
    )
    rig.driver.begin()
    eventually(lambda: done(drive) == 3)
    eventually(lambda: drive.users == 3)
    rig.driver.rescale(4, 100.0)
    # Two of the first worker's three are asked for now, and none of the second's is done.
    eventually(lambda: done(drive) == 2)
    rig.driver.rescale(10, 100.0)
    # All five of the first worker, and whoever went on where the second's stopped one had been.
    eventually(lambda: done(drive) == 6)
    gate.touch()
    eventually(lambda: done(drive) == 10)
    eventually(lambda: drive.users == 0)
    drive.finish()
    assert target.total_received == 10 * 2


def test_not_all_are_done_before_the_workers_know_how_many_all_are(
    rig: Bench, target: Target
) -> None:
    file = rig.locustfile(users_file(LOOK))
    drive = rig.drive()
    rig.driver.start(
        plan(target.url, file, users=4, workers=2, operations_per_user=1), drive.events.append
    )
    rig.driver.begin()
    eventually(lambda: done(drive) == 4)
    rig.driver.rescale(8, 100.0)
    known = len(drive.of(ev.LoadReported)) + 1
    eventually(lambda: done(drive) == 8)
    assert {event.done for event in drive.of(ev.LoadReported)[known:]} <= {*range(4, 9)}
    rig.driver.rescale(2, 100.0)
    known = len(drive.of(ev.LoadReported)) + 1
    eventually(lambda: done(drive) == 2)
    assert {event.done for event in drive.of(ev.LoadReported)[known:]} <= {1, 2}
    drive.finish()


def test_all_users_of_all_workers_begin_at_the_same_instants(rig: Bench, target: Target) -> None:
    file = rig.locustfile(users_file(LOOK))
    drive = rig.drive()
    rig.driver.start(
        plan(
            target.url, file, users=10, spawn_rate=5.0, workers=2, barrier_s=1.0,
            operations_per_user=3,
        ),
        drive.events.append,
    )  # fmt: skip
    rig.driver.begin()
    eventually(lambda: done(drive) == 10)
    drive.finish()
    moments_s = sorted(target.moments_s)
    assert len(moments_s) == 10 * 3
    volleys = [moments_s[number : number + 10] for number in (0, 10, 20)]
    # No volley was sent while users were still being started.
    assert drive.of(ev.LevelReached)
    gaps_s = [later[0] - earlier[-1] for earlier, later in pairwise(volleys)]
    widest_s = max(volley[-1] - volley[0] for volley in volleys)
    assert min(gaps_s) > widest_s


def test_a_user_that_is_busy_at_an_instant_joins_the_next(rig: Bench, target: Target) -> None:
    file = rig.locustfile(users_file('self.client.get("/slow")'))
    drive = rig.drive()
    drive.begin(plan(target.url, file, users=2, barrier_s=0.3))
    eventually(lambda: target.total_received >= 6)
    drive.finish()
    # An answer takes longer than one period: every second instant is missed.
    moments_s = sorted(target.moments_s)
    assert all(b - a > 0.45 for a, b in zip(moments_s[::2], moments_s[2::2], strict=False))


def test_a_shape_is_asked_and_its_wishes_are_passed_on(rig: Bench, target: Target) -> None:
    file = rig.locustfile(
        shaped("t = self.get_run_time()", "return (2, 5) if t < 1 else (4, 5) if t < 3 else None")
    )
    drive = rig.drive()
    rig.driver.start(plan(target.url, file, shape="Steps", users=0, workers=2), drive.events.append)
    rig.driver.begin()
    eventually(lambda: asked(drive))
    assert target.total_received == 0
    rig.driver.rescale(2, 5.0)
    eventually(lambda: asked(drive)[-1] is None)
    drive.finish()
    assert asked(drive) == [2, 4, None]
    assert {event.failed for event in drive.of(ev.LevelAsked)} == {""}
    assert {event.spawn_rate for event in drive.of(ev.LevelAsked)[:2]} == {5.0}


@pytest.mark.parametrize("how", ["held", "paused"])
def test_a_shapes_time_stands_still_while_the_load_does(
    rig: Bench, target: Target, how: str
) -> None:
    def stand_still(is_still: bool) -> None:
        if how == "held":
            rig.driver.hold(is_still)
        else:
            rig.driver.set_phase(UNMEASURED if is_still else MEASURED)

    file = rig.locustfile(shaped("return (int(self.get_run_time()) + 1, 5)"))
    drive = rig.drive()
    rig.driver.start(plan(target.url, file, shape="Steps", users=0), drive.events.append)
    began_s = time.monotonic()
    rig.driver.begin()
    eventually(lambda: len(asked(drive)) >= 2)
    stand_still(True)
    settled = len(drive.windows) + 2
    eventually(lambda: len(drive.windows) >= settled)
    still_from_s = time.monotonic()
    known = len(asked(drive))
    eventually(lambda: len(drive.windows) >= settled + 4)
    assert len(asked(drive)) == known
    still_s = time.monotonic() - still_from_s
    stand_still(False)
    eventually(lambda: len(asked(drive)) > known)
    gone_s = time.monotonic() - began_s
    levels = [level for level in asked(drive) if level is not None]
    drive.finish()
    assert all(before < after for before, after in pairwise(levels))
    # A level is the shape's own time: that the load stood still is no part of it.
    assert levels[-1] - 1 <= gone_s - still_s


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return 1 / 0", "ZeroDivisionError: division by zero"),
        ("return (5, 0)", "ValueError: tick() wants 5 users at 0 per second"),
        (
            "return (5, 1, [Some])",
            "ValueError: a LoadTestShape that chooses user classes is not supported",
        ),
        (r"raise OSError('no s3cret-9f\nat 0x7f00')", "OSError: no *** at 0x…"),
    ],
)
def test_a_shape_that_fails_says_at_its_end_why(
    rig: Bench, target: Target, body: str, said: str
) -> None:
    file = rig.locustfile(shaped(body))
    drive = rig.drive()
    wanted = plan(target.url, file, shape="Steps", users=0, token="s3cret-9f")
    rig.driver.start(wanted, drive.events.append)
    rig.driver.begin()
    eventually(lambda: asked(drive))
    drive.finish()
    (end,) = drive.of(ev.LevelAsked)
    assert (end.users, end.failed) == (None, said)
    assert drive.of(ev.UserCodeFailed) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, 'has the LoadTestShape Steps: name it in the scenario (shape = "Steps")'),
        ({"shape": "Stairs"}, 'no LoadTestShape "Stairs" in it (it has: Steps)'),
        ({"shape": "Steps", "tags": ("no",)}, "user class Some has no task left by the tags"),
    ],
)
def test_what_the_scenario_names_must_be_in_the_locustfile(
    rig: Bench, changes: dict[str, object], said: str
) -> None:
    file = rig.locustfile(shaped("return None"))
    with pytest.raises(LoadFailed) as caught:
        rig.driver.start(plan("http://127.0.0.1:1", file, **changes), print)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.is_input
    assert processes.children_of(os.getpid()) == []


@pytest.mark.parametrize(
    ("changes", "seen"),
    [({"tags": ("read",)}, {"/read"}), ({"exclude_tags": ("read",)}, {"/write", "/plain"})],
)
def test_tags_choose_the_tasks(
    rig: Bench, target: Target, changes: dict[str, object], seen: set[str]
) -> None:
    text = users_file(*(f'self.client.get("/{name}")' for name in ("read", "write", "plain")))
    text = text.replace("constant, task", "constant, tag, task")
    for number, name in enumerate(("read", "write")):
        task = f"    @task\n    def task{number}"
        text = text.replace(task, f"    @tag('{name}')\n{task}")
    rig.whole(
        plan(target.url, rig.locustfile(text), **changes), lambda _: target.total_received >= 30
    )
    assert set(target.received) == seen


def test_how_long_users_think_is_told(rig: Bench, target: Target) -> None:
    file = rig.locustfile(users_file(LOOK, wait_s=0.2))
    drive = rig.whole(plan(target.url, file), lambda _: target.total_received >= 40)
    think_s = sum(window.think_s for window in drive.windows)
    thinks = sum(window.thinks for window in drive.windows)
    # The waits that the end cut short do not count.
    assert target.total_received - 4 <= thinks <= target.total_received
    assert think_s / thinks >= 0.2


@pytest.mark.parametrize("rule", ["constant_pacing(0.2)", "constant_throughput(5)"])
@pytest.mark.parametrize(("path", "keeps_up"), [("/look", True), ("/slow", False)])
@measured_in_calm
def test_users_that_keep_a_pace_tell_how_much_of_it_they_do(
    rig: Bench, target: Target, rule: str, path: str, keeps_up: bool
) -> None:
    text = users_file(f'self.client.get("{path}")').replace("constant(0.02)", rule)
    text = text.replace("import ", f"import {rule.partition('(')[0]}, ", 1)
    text = text.replace("class Some", "class Base") + "\n\nclass Some(Base):\n    pass\n"
    file = rig.locustfile(text.replace("(FastHttpUser):", "(FastHttpUser):\n    abstract = True"))
    drive = rig.whole(plan(target.url, file), lambda drive: len(drive.windows) >= 6)
    whole = drive.windows[1:6]
    share = sum(one.think_s for one in whole) / sum(one.users for one in whole)
    # An answer takes 0.5 s of a pace of 0.2 s. One interval of each user lies across each edge.
    assert share == pytest.approx(1.0, abs=0.15) if keeps_up else share < 0.5
    assert share > 0.2
    assert sum(one.thinks for one in whole) == pytest.approx(
        sum(one.think_s for one in whole) / 0.2
    )


def test_users_that_never_wait_have_no_interval(rig: Bench, target: Target) -> None:
    file = rig.locustfile(users_file(LOOK, wait_s=0))
    drive = rig.whole(plan(target.url, file), lambda _: target.total_received >= 40)
    assert sum(one.think_s for one in drive.windows) == 0
    assert sum(one.thinks for one in drive.windows) == 0


def test_what_says_that_it_is_overloaded_is_told_apart(rig: Bench, target: Target) -> None:
    file = rig.locustfile(
        users_file(*(f'self.client.get("/{name}")' for name in ("fail", "busy", "refuse", "look")))
    )
    drive = rig.whole(plan(target.url, file), lambda _: target.total_received >= 60)
    for name, share in (("/fail", 1), ("/busy", 1), ("/refuse", 0), ("/look", 0)):
        overloaded = sum(row.overloaded for row in drive.rows(name=name))
        assert overloaded == share * drive.requests(name=name)
        assert drive.failures(name=name) == (0 if name == "/look" else drive.requests(name=name))
    assert sum(len(row.service_buckets) for row in drive.rows()) == 0
