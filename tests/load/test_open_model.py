"""Operations that begin by the clock: real workers, a real server."""

from __future__ import annotations

import pytest

from tests.lib.calm import measured_in_calm
from tests.lib.drive import Bench, Drive, plan, users_file
from tests.lib.eventually import eventually
from tests.lib.target import Target
from tui.core import events as ev
from tui.core.histogram import bucket_of, merged
from tui.core.load import Arrival
from tui.core.tally import MEASURED, UNMEASURED, WARM_UP
from tui.load.recorder import NOT_BEGUN
from tui.ports import LoadPlan

LOOK = 'self.client.get("/look")'
RATE = 50.0
STALL_S = 1.6
"""How long nobody answers: far longer than a busy machine lets an answer wait."""
STALLED_MS = 1500.0
NESTED = """
from locust import FastHttpUser, SequentialTaskSet, TaskSet, constant, task

class Pages(TaskSet):
    wait_time = constant(60)

    @task
    class Steps(SequentialTaskSet):
        @task
        def first(self):
            self.client.get("/first")

        @task
        def second(self):
            self.client.get("/second")
            self.interrupt()

class Some(FastHttpUser):
    wait_time = constant(60)
    tasks = [Pages]
"""


def open_plan(target: Target, file: object, rate: float = RATE, **changes: object) -> LoadPlan:
    """A constant rate, by users that would think for very long."""
    usual = {"users": 10, "arrival": Arrival(rate, rate), "duration_s": 60.0}
    return plan(target.url, str(file), **{**usual, **changes})


def slow_ones(drive: Drive, ms: float, kind: str = "buckets") -> int:
    """How many requests took this long or longer."""
    buckets = merged(getattr(row, kind) for row in drive.rows())
    return sum(count for bucket, count in buckets.items() if bucket >= bucket_of(ms))


def stall(drive: Drive, target: Target) -> None:
    """Answer nobody for so long that one request at least has waited all the while."""
    target.hangs.set()
    eventually(lambda: drive.of(ev.LoadReported)[-1].oldest_s > STALL_S)


def missed(drive: Drive) -> int:
    """Missed sends so far."""
    return sum(window.missed_sends for window in drive.windows)


def due(drive: Drive) -> int:
    """Arrivals of the measured phase so far."""
    return sum(window.due for window in drive.windows)


def operations(drive: Drive) -> int:
    """Tasks that have ended."""
    return sum(window.operations for window in drive.windows)


def all_due_became_something(drive: Drive) -> bool:
    """Whether each measured arrival was sent or missed, but for one or two at a phase's edge."""
    sent = drive.requests(MEASURED) - drive.requests(MEASURED, NOT_BEGUN) + drive.unfinished
    return abs(due(drive) - missed(drive) - sent) <= 2


@pytest.mark.parametrize(
    "text",
    [
        users_file(LOOK, wait_s=60),
        users_file(LOOK, client="HttpUser", wait_s=60),
        NESTED,
    ],
    ids=["FastHttpUser", "HttpUser", "nested"],
)
@measured_in_calm
def test_operations_begin_as_often_as_the_plan_says(rig: Bench, target: Target, text: str) -> None:
    file = rig.locustfile(text)
    drive = rig.whole(open_plan(target, file, workers=2), lambda drive: len(drive.windows) >= 4)
    assert drive.requests() == target.total_received
    # Those that were over before the drain began.
    assert [window.due for window in drive.windows[1:4]] == pytest.approx([RATE] * 3, abs=1)
    assert all_due_became_something(drive)
    assert drive.failures() == 0
    assert sum(window.thinks for window in drive.windows) == 0


def test_tasks_in_sequence_are_each_an_operation(rig: Bench, target: Target) -> None:
    file = rig.locustfile(NESTED)
    rig.whole(open_plan(target, file, users=1), lambda _: target.total_received >= 40)
    assert abs(target.received["/first"] - target.received["/second"]) <= 1


def test_few_connections_carry_a_load_that_few_can_carry(rig: Bench, target: Target) -> None:
    file = rig.locustfile(users_file(LOOK))
    rig.whole(open_plan(target, file, users=60), lambda _: target.total_received >= 100)
    assert target.connections_made < 30


def test_a_stall_is_felt_by_every_operation_that_was_due_in_it(rig: Bench, target: Target) -> None:
    file = rig.locustfile(users_file(LOOK))
    drive = rig.drive()
    drive.begin(open_plan(target, file, users=2))
    eventually(lambda: target.total_received >= 20)
    stall(drive, target)
    assert drive.in_flight == 2
    target.release()
    eventually(lambda: drive.of(ev.LoadReported)[-1].oldest_s < 0.2)
    drive.finish()
    assert drive.requests() == target.total_received
    # Two were sent and had to wait; some 80 more were due meanwhile, and waited for a user.
    assert slow_ones(drive, STALLED_MS, "service_buckets") == 2
    assert slow_ones(drive, 400.0) >= 10
    for row in drive.rows():
        assert sum(row.buckets.values()) == sum(row.service_buckets.values()) == row.requests
    assert sum(window.missed_sends for window in drive.windows) == 0


def test_only_the_first_request_of_an_operation_counts_from_the_clock(
    rig: Bench, target: Target
) -> None:
    file = rig.locustfile(users_file('self.client.get("/slow"); self.client.get("/look")'))
    drive = rig.drive()
    drive.begin(open_plan(target, file, users=1, rate=4.0, timeout_s=30.0))
    eventually(lambda: target.total_received >= 8)
    drive.finish()
    for row in drive.rows(name="/look"):
        assert row.buckets == row.service_buckets
    late = merged(row.buckets for row in drive.rows(name="/slow"))
    sent = merged(row.service_buckets for row in drive.rows(name="/slow"))
    assert max(late) > max(sent)


def test_an_arrival_that_finds_no_user_in_time_is_a_failed_request_and_a_missed_send(
    rig: Bench, target: Target
) -> None:
    file = rig.locustfile(users_file('self.client.get("/hang")'))
    drive = rig.drive()
    drive.begin(open_plan(target, file, users=2, timeout_s=0.5))
    eventually(lambda: missed(drive) >= 20)
    drive.finish()
    given_up = drive.requests(name=NOT_BEGUN)
    assert drive.requests() - given_up + drive.unfinished == target.total_received
    # Those that were in line at the end had not waited for that long.
    failed = drive.requests(MEASURED, NOT_BEGUN)
    assert drive.failures(MEASURED, NOT_BEGUN) == failed > 0
    assert 0 <= missed(drive) - failed <= RATE
    assert min(row.min_ms for row in drive.rows(name=NOT_BEGUN)) >= 500.0
    classes = {one.failure_class for one in drive.failure_counts if one.name == NOT_BEGUN}
    assert classes == {"timeout"}
    assert all_due_became_something(drive)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_dead_service_is_seen_by_a_run_that_is_shorter_than_the_timeout(
    rig: Bench, target: Target, workers: int
) -> None:
    file = rig.locustfile(users_file('self.client.get("/hang")'))
    drive = rig.drive()
    drive.begin(open_plan(target, file, users=2, workers=workers, timeout_s=60.0))
    eventually(lambda: due(drive) >= 40)
    drive.finish(0.2)
    assert drive.requests(name=NOT_BEGUN) == 0
    # Told of at the drain, when the windows in which they were due had closed.
    assert missed(drive) >= 38
    assert all_due_became_something(drive)


def test_a_pause_forgets_the_arrivals_in_line(rig: Bench, target: Target) -> None:
    file = rig.locustfile(users_file(LOOK))
    drive = rig.drive()
    target.hangs.set()
    drive.begin(open_plan(target, file, users=2, timeout_s=60.0))
    eventually(lambda: due(drive) >= 20)
    rig.driver.set_phase(UNMEASURED)
    eventually(lambda: drive.of(ev.LoadReported)[-1].oldest_s > 1.0)
    windows = len(drive.windows)
    eventually(lambda: len(drive.windows) >= windows + 2)
    known = due(drive)
    target.release()
    rig.driver.set_phase(MEASURED)
    eventually(lambda: due(drive) >= known + 40)
    drive.finish()
    assert missed(drive) == 0
    assert drive.failures() == 0
    assert all_due_became_something(drive)


@pytest.mark.parametrize("is_open", [True, False])
def test_every_task_that_ends_is_an_operation(rig: Bench, target: Target, is_open: bool) -> None:
    file = rig.locustfile(users_file(LOOK, f'{LOOK}; {{}}["no"]', wait_s=0.05))
    wanted = open_plan(target, file) if is_open else plan(target.url, file)
    drive = rig.whole(wanted, lambda _: target.total_received >= 40)
    assert operations(drive) == target.total_received
    assert (due(drive) > 0) is is_open


def test_a_task_that_is_broken_off_is_no_operation(rig: Bench, target: Target) -> None:
    file = rig.locustfile(users_file('self.client.get("/hang")'))
    drive = rig.drive()
    drive.begin(plan(target.url, file, timeout_s=60.0))
    eventually(lambda: drive.in_flight == 4)
    drive.finish(0.2)
    assert (drive.unfinished, operations(drive)) == (4, 0)


def test_a_pause_stops_the_clock_and_is_followed_by_no_burst(rig: Bench, target: Target) -> None:
    file = rig.locustfile(users_file(LOOK))
    drive = rig.drive()
    drive.begin(open_plan(target, file))
    eventually(lambda: target.total_received >= 50)
    rig.driver.set_phase(UNMEASURED)
    rig.driver.rescale(0, 100.0)
    drive.await_level(0)
    seen = target.total_received
    windows = len(drive.windows)
    eventually(lambda: len(drive.windows) >= windows + 2)
    assert target.total_received == seen
    rig.driver.rescale(10, 100.0)
    drive.await_level(10)
    rig.driver.set_phase(MEASURED)
    eventually(lambda: target.total_received >= seen + 60)
    drive.finish()
    assert drive.requests() == target.total_received
    assert max(window.due for window in drive.windows) <= RATE + 1
    assert slow_ones(drive, 500.0) == 0


def test_a_held_rate_stands_still_until_it_is_released(rig: Bench, target: Target) -> None:
    file = rig.locustfile(users_file(LOOK))
    drive = rig.drive()
    drive.begin(open_plan(target, file, arrival=Arrival(0, 1000), duration_s=20.0))
    eventually(lambda: target.total_received >= 20)
    rig.driver.hold(True)
    # Windows are told of when they are over: the second that it fell into may be the next but two.
    first = len(drive.windows) + 3
    eventually(lambda: len(drive.windows) >= first + 3)
    held = [window.due for window in drive.windows[first:]]
    rig.driver.hold(False)
    assert max(held) - min(held) <= 1
    eventually(lambda: drive.windows[-1].due > 1.5 * max(held))
    drive.finish(0.5)


def test_users_that_never_reach_a_task_do_not_spin(rig: Bench, target: Target) -> None:
    task = "    @task\n    class Steps"
    text = NESTED.replace(task, f"    def on_start(self):\n        {{}}['no']\n\n{task}")
    drive = rig.drive()
    drive.begin(open_plan(target, rig.locustfile(text), users=2))
    eventually(lambda: len(drive.windows) >= 3)
    drive.finish()
    raised = sum(event.times for event in drive.of(ev.UserCodeFailed))
    assert 0 < raised <= 2 * 12 * len(drive.windows)


def test_requests_of_a_tasks_own_greenlets_count_from_the_clock_too(
    rig: Bench, target: Target
) -> None:
    text = users_file("gevent.joinall([gevent.spawn(self.client.get, '/look')])")
    file = rig.locustfile("import gevent\n" + text)
    drive = rig.drive()
    drive.begin(open_plan(target, file, users=1))
    eventually(lambda: target.total_received >= 20)
    stall(drive, target)
    target.release()
    eventually(lambda: drive.of(ev.LoadReported)[-1].oldest_s < 0.2)
    drive.finish()
    assert slow_ones(drive, STALLED_MS, "service_buckets") == 1
    assert slow_ones(drive, 300.0) >= 5


def test_requests_belong_to_the_phase_in_which_they_were_due(rig: Bench, target: Target) -> None:
    file = rig.locustfile(users_file(LOOK))
    drive = rig.drive()
    rig.driver.start(open_plan(target, file, users=1), drive.events.append)
    rig.driver.begin()
    eventually(lambda: target.total_received >= 20)
    stall(drive, target)
    rig.driver.set_phase(MEASURED)
    target.release()
    eventually(lambda: target.total_received >= 80)
    drive.finish()
    # They were sent in the measured phase, and due before.
    assert max(merged(row.buckets for row in drive.rows(WARM_UP))) > bucket_of(300.0)
    assert slow_ones(drive, STALLED_MS, "service_buckets") == 1


@pytest.mark.parametrize("workers", [1, 2])
@measured_in_calm
def test_another_rate_counts_from_the_moment_it_is_asked_for(
    rig: Bench, target: Target, workers: int
) -> None:
    file = rig.locustfile(users_file(LOOK))
    drive = rig.drive()
    drive.begin(open_plan(target, file, rate=20.0, workers=workers))
    # Windows are told of when they are over: the second that it fell into may be the next but two.
    slow = len(drive.windows) + 3
    eventually(lambda: len(drive.windows) >= slow + 3)
    rig.driver.rerate(50.0)
    quick = len(drive.windows) + 3
    eventually(lambda: len(drive.windows) >= quick + 3)
    drive.finish()
    assert [window.due for window in drive.windows[slow : slow + 3]] == pytest.approx(
        [20] * 3, abs=1
    )
    assert [window.due for window in drive.windows[quick : quick + 3]] == pytest.approx(
        [50] * 3, abs=1
    )
    assert drive.requests() == target.total_received
    assert drive.failures() == missed(drive) == 0
    assert all_due_became_something(drive)


def test_after_another_rate_latency_still_counts_from_the_clock(rig: Bench, target: Target) -> None:
    file = rig.locustfile(users_file(LOOK))
    drive = rig.drive()
    drive.begin(open_plan(target, file, rate=5.0, users=2))
    eventually(lambda: target.total_received >= 5)
    rig.driver.rerate(RATE)
    eventually(lambda: target.total_received >= 60)
    assert slow_ones(drive, 400.0) == 0
    stall(drive, target)
    target.release()
    eventually(lambda: drive.of(ev.LoadReported)[-1].oldest_s < 0.2)
    drive.finish()
    assert slow_ones(drive, STALLED_MS, "service_buckets") == 2
    assert slow_ones(drive, 400.0) >= 10


def test_no_rate_is_silence_and_no_burst_follows_it(rig: Bench, target: Target) -> None:
    file = rig.locustfile(users_file(LOOK))
    drive = rig.drive()
    drive.begin(open_plan(target, file))
    eventually(lambda: target.total_received >= 50)
    rig.driver.rerate(0.0)
    windows = len(drive.windows) + 3
    eventually(lambda: len(drive.windows) >= windows + 2)
    rig.driver.rerate(RATE)
    seen = target.total_received
    eventually(lambda: target.total_received >= seen + 60)
    drive.finish()
    seconds = [window.due for window in drive.windows]
    assert seconds[windows : windows + 2] == [0, 0]
    assert max(seconds) <= RATE + 1
    assert slow_ones(drive, 500.0) == 0
    assert missed(drive) == 0
