"""The driver end to end: real workers, a real server, whose own counts are the truth."""

from __future__ import annotations

import http.client
import os
import signal
import statistics
import time
from pathlib import Path

import pytest

from tests.lib import processes
from tests.lib.drive import Bench, Drive, bench, plan, seconds_of, users_file
from tests.lib.eventually import eventually
from tests.lib.target import Target, neighbours, self_signed, taken_port
from tui.child.spawn import MAX_LOG_BYTES
from tui.core import events as ev
from tui.core.histogram import merged, percentile_ms
from tui.core.limits import parse_limit
from tui.core.tally import MEASURED, UNMEASURED, WARM_UP
from tui.engine.load_run import AT_ONCE_GRACE_S, HASTY_GRACE_S
from tui.load import run as run_module
from tui.load.master import Master
from tui.load.worker import MAX_LOG_CHARACTERS
from tui.ports import Created, LoadFailed

LOOK = 'self.client.get("/look")'
POST = 'self.client.post("/post", data=b"x" * 2000)'
FAIL = 'self.client.get("/fail")'


def both_clients(*tasks: str) -> str:
    """A locustfile with users of both kinds that do the same."""
    fast = users_file(*tasks)
    return fast + fast.replace("FastHttpUser", "HttpUser").replace("Some", "Plain")


def enough(drive: Drive) -> bool:
    return drive.requests(MEASURED) >= 100 and len(drive.windows) >= 2


@pytest.mark.parametrize("client", ["FastHttpUser", "HttpUser"])
def test_every_request_that_the_server_saw_is_reported_once(
    rig: Bench, target: Target, client: str
) -> None:
    file = rig.locustfile(users_file(LOOK, POST, FAIL, client=client))
    drive = rig.whole(plan(target.url, file), lambda _: target.total_received >= 100)
    assert drive.unfinished == 0
    assert drive.requests() == target.total_received == target.total_answered
    for name in ("/look", "/post", "/fail"):
        assert drive.requests(name=name) == target.received[name] > 0
    assert drive.failures() == target.answered["/fail"]
    assert {(one.failure_class, one.error) for one in drive.failure_counts} == {("5xx", "HTTP 503")}
    assert sum(one.count for one in drive.failure_counts) == drive.failures()


def test_two_workers_are_one_load(rig: Bench, target: Target) -> None:
    file = rig.locustfile(users_file(LOOK))
    drive = rig.drive()
    drive.begin(plan(target.url, file, workers=2, users=6))
    assert len(rig.driver.pids()) == 2
    eventually(lambda: enough(drive))
    drive.finish()
    assert drive.requests() == target.total_received
    assert seconds_of(drive.windows) == list(range(len(drive.windows)))
    assert max(window.users for window in drive.windows) == 6
    assert drive.of(ev.LevelReached)[0].users == 6
    (counted,) = drive.of(ev.ReportsCounted)
    assert counted.received > 0
    assert counted.lost == 0


def test_a_level_changes_while_the_load_goes_on(rig: Bench, target: Target) -> None:
    file = rig.locustfile(users_file(LOOK))
    drive = rig.drive()
    drive.begin(plan(target.url, file, users=2))
    rig.driver.rescale(7, 100.0)
    drive.await_level(7)
    rig.driver.rescale(1, 100.0)
    drive.await_level(1)
    drive.finish()
    assert [event.users for event in drive.of(ev.LevelReached)] == [2, 7, 1]
    assert drive.requests() == target.total_received
    assert drive.failures() == 0


def test_a_level_changes_before_the_one_before_is_reached(rig: Bench, target: Target) -> None:
    file = rig.locustfile(users_file(LOOK))
    drive = rig.drive()
    rig.driver.start(plan(target.url, file, users=50, spawn_rate=5.0), drive.events.append)
    rig.driver.begin()
    eventually(lambda: drive.users >= 2)
    rig.driver.rescale(3, 100.0)
    drive.await_level(3)
    drive.finish()
    assert drive.requests() == target.total_received


def test_a_pause_stops_the_load_and_is_not_measured(rig: Bench, target: Target) -> None:
    file = rig.locustfile(users_file(LOOK))
    drive = rig.drive()
    drive.begin(plan(target.url, file))
    eventually(lambda: enough(drive))
    rig.driver.set_phase(UNMEASURED)
    rig.driver.rescale(0, 100.0)
    drive.await_level(0)
    eventually(lambda: drive.in_flight == 0)
    seen = target.total_received
    windows = len(drive.windows)
    eventually(lambda: len(drive.windows) > windows)
    assert target.total_received == seen
    rig.driver.rescale(4, 100.0)
    drive.await_level(4)
    eventually(lambda: target.total_received > seen + 20)
    rig.driver.set_phase(MEASURED)
    drive.finish()
    assert drive.requests() == target.total_received
    # Between the resume and the return of its level nothing counts as measured.
    assert drive.requests(UNMEASURED) >= 20


def test_warm_up_is_kept_apart(rig: Bench, target: Target) -> None:
    file = rig.locustfile(users_file(LOOK))
    drive = rig.drive()
    rig.driver.start(plan(target.url, file), drive.events.append)
    rig.driver.begin()
    eventually(lambda: target.total_received >= 50)
    rig.driver.set_phase(MEASURED)
    eventually(lambda: target.total_received >= 200)
    drive.finish()
    assert drive.requests(WARM_UP) >= 50
    assert drive.requests(MEASURED) >= 50
    parts = (drive.requests(phase) for phase in (WARM_UP, MEASURED, UNMEASURED))
    assert sum(parts) == target.total_received


def test_what_is_in_flight_at_the_end_may_finish(rig: Bench, target: Target) -> None:
    file = rig.locustfile(users_file('self.client.get("/slow")'))
    drive = rig.drive()
    drive.begin(plan(target.url, file))
    eventually(lambda: target.total_received >= 8)
    drive.finish()
    assert drive.unfinished == 0
    assert drive.requests() == target.total_received


def test_what_does_not_finish_in_the_grace_is_counted_as_unfinished(
    rig: Bench, target: Target
) -> None:
    file = rig.locustfile(users_file('self.client.get("/hang")'))
    drive = rig.drive()
    drive.begin(plan(target.url, file, timeout_s=30.0))
    eventually(lambda: drive.in_flight == 4)
    drive.finish(grace_s=0.5)
    assert (drive.unfinished, drive.requests()) == (4, 0)
    assert target.total_received == 4


def test_a_target_that_never_answers_is_a_timeout_for_each_request(
    rig: Bench, target: Target
) -> None:
    file = rig.locustfile(users_file('self.client.get("/hang")'))
    drive = rig.drive()
    drive.begin(plan(target.url, file, timeout_s=1.0))
    eventually(lambda: drive.of(ev.LoadReported)[-1].oldest_s > 0.5)
    assert drive.of(ev.LoadReported)[-1].silent_s > 0.5
    eventually(lambda: target.total_received >= 8)
    drive.finish(grace_s=3.0)
    assert drive.failures() >= 4
    assert {one.failure_class for one in drive.failure_counts} == {"timeout"}
    assert drive.requests() == drive.failures()
    assert drive.requests() + drive.unfinished == target.total_received


def test_a_target_that_dies_and_comes_back_is_seen_to_do_both(rig: Bench, target: Target) -> None:
    file = rig.locustfile(both_clients(LOOK))
    drive = rig.drive()
    drive.begin(plan(target.url, file))
    eventually(lambda: target.total_answered >= 20)
    target.go_down()
    # The clients try a GET again on a fresh connection, so a failure takes up to three of them.
    target.turn_away(24)
    before = target.total_answered
    target.come_back()
    eventually(lambda: target.total_answered > before + 50)
    drive.finish()
    assert drive.failures() >= 8
    assert {one.failure_class for one in drive.failure_counts} == {"connect"}
    assert drive.requests() - drive.failures() == target.total_answered


def test_a_certificate_that_nobody_trusts_fails_unless_it_is_accepted(
    rig: Bench, tmp_path: Path
) -> None:
    file = rig.locustfile(both_clients(LOOK))
    with Target(self_signed(tmp_path)) as target:
        strict = rig.whole(plan(target.url, file), lambda drive: drive.requests() >= 4)
        assert strict.failures() == strict.requests()
        assert {one.failure_class for one in strict.failure_counts} == {"connect"}
        assert target.total_received == 0
        lenient = plan(target.url, file, verify_tls=False)
        accepted = rig.whole(lenient, lambda _: target.total_received >= 8)
        assert accepted.failures() == 0
        assert accepted.requests() == target.total_received


def test_a_certificate_that_a_user_does_not_check_is_accepted_for_it_alone(
    rig: Bench, tmp_path: Path
) -> None:
    strict = users_file('self.client.get("/strict")', client="HttpUser")
    lax = users_file('self.client.get("/lax")', client="HttpUser").replace("Some", "Lax")
    lax += "\n    def on_start(self):\n        self.client.verify = False\n"
    with Target(self_signed(tmp_path)) as target:
        drive = rig.whole(
            plan(target.url, rig.locustfile(strict + lax)),
            lambda drive: target.received["/lax"] >= 5 and drive.requests(name="/strict") >= 5,
        )
        assert drive.requests(name="/lax") == target.received["/lax"]
        assert drive.failures(name="/lax") == 0
        assert drive.failures(name="/strict") == drive.requests(name="/strict")
        assert target.received["/strict"] == 0


def test_a_listener_for_the_start_hears_of_it(rig: Bench, target: Target) -> None:
    text = users_file("self.client.get(Some.path)") + (
        "\n\nfrom locust import events\n\n@events.init.add_listener\n"
        "def on_init(environment, runner, **_):\n"
        "    Some.path = '/' + type(runner).__name__ + environment.host[:4]\n"
    )
    rig.whole(plan(target.url, rig.locustfile(text)), lambda _: target.total_received >= 4)
    assert set(target.received) == {"/WorkerRunnerhttp"}


def test_limits_are_counted_exactly_and_slow_requests_kept(rig: Bench, target: Target) -> None:
    limits = (parse_limit("p95_ms", "< 400"), parse_limit("p95_ms", "< 100000"))
    file = rig.locustfile(users_file(LOOK, 'self.client.get("/slow")'))
    drive = rig.whole(
        plan(target.url, file, counted=limits, slow_ms=400.0),
        lambda drive: target.answered["/slow"] >= 6 and target.answered["/look"] >= 3,
    )
    over = [sum(column) for column in zip(*(row.over for row in drive.rows()), strict=True)]
    # A look may take long on a busy machine, a slow one can't be quick.
    assert target.answered["/slow"] <= over[0] < drive.requests()
    assert over[1] == 0
    slow = [one for window in drive.windows for one in window.slow]
    assert len(slow) == over[0]
    assert all(one.ms >= 400.0 for one in slow)


def test_a_task_that_raises_is_said_and_the_others_go_on(rig: Bench, target: Target) -> None:
    file = rig.locustfile(users_file(LOOK, '{}["sensor-0x7f31"]'))
    drive = rig.whole(plan(target.url, file), lambda drive: drive.of(ev.UserCodeFailed))
    assert drive.of(ev.UserCodeFailed)[0].error.startswith("KeyError: 'sensor-0x")
    assert drive.requests() == target.total_received


def test_every_error_of_user_code_is_counted_and_said_in_few_texts(
    rig: Bench, target: Target
) -> None:
    file = rig.locustfile(users_file(f'{LOOK}; {{}}["no-such-key"]'))
    drive = rig.whole(plan(target.url, file), lambda _: target.total_received >= 60)
    raised = drive.of(ev.UserCodeFailed)
    assert {event.error for event in raised} == {"KeyError: 'no-such-key'"}
    assert sum(event.times for event in raised) == drive.requests() == target.total_received
    assert len(raised) < drive.requests()


def test_what_users_create_is_counted_and_what_they_leave_is_named(
    rig: Bench, target: Target
) -> None:
    text = users_file(LOOK) + (
        "\n    def on_start(self):\n"
        "        from tui.load.kit import kit\n"
        "        for name in 'abc':\n"
        "            kit.created(f'/things/{name}')\n"
        "        kit.deleted('/things/b')\n"
    )
    drive = rig.drive()
    drive.begin(plan(target.url, rig.locustfile(text), users=1))
    eventually(lambda: target.total_received >= 10)
    rig.driver.drain(3.0)
    eventually(lambda: drive.of(ev.DrainEnded))
    assert rig.driver.created() == Created(3, ("/things/a", "/things/c"))
    rig.driver.close()


@pytest.mark.parametrize("grace_s", [AT_ONCE_GRACE_S, HASTY_GRACE_S])
def test_a_drain_waits_no_longer_than_its_grace(rig: Bench, target: Target, grace_s: float) -> None:
    file = rig.locustfile(users_file('self.client.get("/hang")'))
    drive = rig.drive()
    drive.begin(plan(target.url, file, timeout_s=600.0))
    eventually(lambda: drive.in_flight == 4)
    drive.finish(grace_s)  # the answers never come
    assert (drive.unfinished, drive.requests()) == (4, 0)


def test_a_drain_waits_for_answers_within_its_grace(rig: Bench, target: Target) -> None:
    file = rig.locustfile(users_file('self.client.get("/hang")'))
    drive = rig.drive()
    drive.begin(plan(target.url, file, timeout_s=600.0))
    eventually(lambda: drive.in_flight == 4)
    rig.driver.drain(600.0)
    windows = len(drive.windows)
    eventually(lambda: len(drive.windows) >= windows + 2)
    assert drive.of(ev.DrainEnded) == []
    target.release()
    eventually(lambda: drive.of(ev.DrainEnded))
    rig.driver.close()
    assert (drive.unfinished, drive.requests(), drive.failures()) == (0, 4, 0)


def test_the_weights_of_the_scenario_win(rig: Bench, target: Target) -> None:
    text = users_file(LOOK) + (
        "\n\nclass Other(FastHttpUser):\n    @task\n    def other(self):\n"
        '        self.client.get("/other")\n'
    )
    file = rig.locustfile(text)
    drive = rig.whole(
        plan(target.url, file, user_classes={"Some": 1}), lambda _: target.total_received >= 20
    )
    assert drive.requests(name="/look") == drive.requests() == target.total_received


def test_the_token_goes_to_the_target_alone(rig: Bench) -> None:
    # A port whose number begins with the target's would pass for it by its prefix.
    target, other = neighbours()
    assert other.url.startswith(target.url)
    with target, other:
        text = (
            LOOK,
            f'self.client.get("{other.url}/other")',
            f'self.client.get("{target.url}/whole")',
        )
        file = rig.locustfile(both_clients(*text))
        token = plan(target.url, file, token="s3cret-9f")
        rig.whole(token, lambda _: other.total_received >= 9 and target.received["/whole"] >= 9)
        assert other.authorization == []
        assert len(target.authorization) == target.total_received
        assert set(target.authorization) == {"Bearer s3cret-9f"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("from locust import task\n\nint('many')\n", "line 3: ValueError: invalid literal"),
        ("def broken(:\n", "line 1: SyntaxError"),
        ("x = 1\n", "no user class in it"),
        ("import sys\nsys.exit('enough')\n", "line 2: SystemExit: enough"),
        (
            "from locust import events\n\n@events.init_command_line_parser.add_listener\n"
            "def more(parser):\n    parser.add_argument('--mine')\n" + users_file(LOOK),
            "custom command-line arguments are not supported",
        ),
        (
            "from locust import LoadTestShape\n\nclass Steps(LoadTestShape):\n"
            "    def tick(self):\n        return None\n" + users_file(LOOK),
            'has the LoadTestShape Steps: name it in the scenario (shape = "Steps")',
        ),
    ],
)
def test_a_locustfile_that_is_wrong_is_said_in_one_line(rig: Bench, text: str, said: str) -> None:
    file = rig.locustfile(text)
    with pytest.raises(LoadFailed) as caught:
        rig.driver.start(plan("http://127.0.0.1:1", file), lambda _: None)
    assert said in str(caught.value)
    assert str(caught.value).startswith(file.name)
    assert "\n" not in str(caught.value)
    assert caught.value.is_input
    assert rig.driver.pids() == []
    assert processes.children_of(os.getpid()) == []


def test_a_user_class_that_is_not_there_is_an_error_of_the_scenario(rig: Bench) -> None:
    file = rig.locustfile(users_file(LOOK))
    with pytest.raises(LoadFailed, match='no user class "Nobody" in it') as caught:
        rig.driver.start(plan("http://127.0.0.1:1", file, user_classes={"Nobody": 1}), print)
    assert caught.value.is_input


def test_a_port_that_is_taken_is_no_fault_of_the_scenario(rig: Bench) -> None:
    file = rig.locustfile(users_file(LOOK))
    with taken_port() as port, pytest.raises(LoadFailed, match="already in use") as caught:
        rig.driver.start(plan("http://127.0.0.1:1", file, port=port), lambda _: None)
    assert not caught.value.is_input
    assert processes.children_of(os.getpid()) == []


def test_an_address_that_is_not_ours_is_said_in_one_line(rig: Bench) -> None:
    file = rig.locustfile(users_file(LOOK))
    for port in (0, 5557):
        with pytest.raises(LoadFailed):
            rig.driver.start(
                plan("http://127.0.0.1:1", file, bind="203.0.113.7", port=port), lambda _: None
            )


def test_a_killed_worker_is_named_and_the_other_goes_on(rig: Bench, target: Target) -> None:
    file = rig.locustfile(users_file(LOOK))
    drive = rig.drive()
    drive.begin(plan(target.url, file, workers=2))
    eventually(lambda: enough(drive))
    os.kill(rig.driver.pids()[0], signal.SIGKILL)
    eventually(lambda: drive.of(ev.WorkerLost))
    (lost,) = drive.of(ev.WorkerLost)
    assert (lost.name, lost.users) == ("w1", 2)
    assert lost.reason == f"was killed by signal {signal.SIGKILL:d}"
    seen = target.total_received
    eventually(lambda: target.total_received > seen + 20)
    eventually(lambda: drive.users == 2)
    drive.finish()
    assert seconds_of(drive.windows) == list(range(len(drive.windows)))
    # What it had done since its last report is lost with it, and no more than that.
    assert target.total_received / 2 < drive.requests() <= target.total_received


def test_a_worker_that_dies_while_it_connects_is_said_at_once(rig: Bench) -> None:
    dies = "import os\nimport gevent\ngevent.spawn_later(0, os._exit, 7)\n"
    file = rig.locustfile(dies + users_file(LOOK))
    with pytest.raises(LoadFailed, match="worker w1 ended with status 7 at its start") as caught:
        rig.driver.start(plan("http://127.0.0.1:1", file), print)
    assert not caught.value.is_input
    assert rig.driver.pids() == []


def test_an_order_reaches_a_worker_that_is_late(rig: Bench, target: Target) -> None:
    # It takes a moment between its connection and the first order that it could hear.
    late = (
        "import gevent\nfrom locust.runners import WorkerRunner\n"
        "connect = WorkerRunner.connect_to_master\n"
        "def dawdle(self):\n    connect(self)\n    gevent.sleep(0.5)\n"
        "WorkerRunner.connect_to_master = dawdle\n"
    )
    file = rig.locustfile(late + users_file(LOOK))
    drive = rig.whole(plan(target.url, file), lambda _: target.total_received >= 20)
    assert drive.requests() == target.total_received


def test_a_master_that_can_not_be_closed_leaves_no_worker(
    rig: Bench, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    def close(master: Master) -> None:
        real(master)
        raise RuntimeError("boom")

    real = Master.close
    monkeypatch.setattr(Master, "close", close)
    drive = rig.drive()
    drive.begin(plan(target.url, rig.locustfile(users_file(LOOK))))
    pids = rig.driver.pids()
    with pytest.raises(RuntimeError, match="boom"):
        rig.driver.close()
    assert not any(processes.is_alive(pid) for pid in pids)


def test_a_frozen_worker_is_named_and_holds_nothing_up(
    rig: Bench, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "FROZEN_S", 1.5)
    file = rig.locustfile(users_file(LOOK))
    drive = rig.drive()
    drive.begin(plan(target.url, file, workers=2))
    eventually(lambda: len(drive.windows) >= 1)
    pids = rig.driver.pids()
    processes.freeze(pids[1])
    eventually(lambda: drive.of(ev.WorkerLost))
    (lost,) = drive.of(ev.WorkerLost)
    assert (lost.name, lost.reason) == ("w2", "no report for 2 s")
    eventually(lambda: drive.users == 2)
    drive.finish()
    assert seconds_of(drive.windows) == list(range(len(drive.windows)))
    assert not any(processes.is_alive(pid) for pid in pids)


def test_a_get_costs_what_it_costs_and_no_delayed_acknowledgement(
    rig: Bench, target: Target
) -> None:
    def get_ms(connection: http.client.HTTPConnection) -> float:
        began_s = time.perf_counter()
        connection.request("GET", "/truth")
        connection.getresponse().read()
        return (time.perf_counter() - began_s) * 1000

    def both_were_asked_often() -> bool:
        truths_ms.append(get_ms(connection))
        return all(target.received[name] >= 50 for name in names)

    names, truths_ms = ("/look", "/post"), list[float]()
    file = rig.locustfile(users_file(LOOK, POST, wait_s=0.01))
    drive = rig.drive()
    drive.begin(plan(target.url, file, users=1))
    connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=10)
    # At the same time and with a wait between: what else the machine does slows both.
    eventually(both_were_asked_often)
    connection.close()
    drive.finish()
    truth_ms = statistics.median(truths_ms)
    for name in names:
        p50_ms = percentile_ms(merged(row.buckets for row in drive.rows(name=name)), 0.5)
        assert p50_ms is not None
        # Nagle's algorithm and a delayed acknowledgement add 40 ms to a fraction of one.
        assert p50_ms < 10 * truth_ms


def test_user_code_that_talks_without_end_fills_no_disk(tmp_path: Path, target: Target) -> None:
    log = tmp_path / "workers.log"
    with log.open("wb") as old:
        old.truncate(MAX_LOG_BYTES + 1)
    text = f"for _ in range(30):\n    print('x' * {MAX_LOG_CHARACTERS // 10})\n"
    with bench(tmp_path) as rig:
        small = plan(target.url, rig.locustfile(text + users_file(LOOK)), users=1)
        rig.whole(small, lambda _: target.total_received)
    # What was there before is kept once; what a run says has an end.
    assert (tmp_path / "workers.old").stat().st_size == MAX_LOG_BYTES + 1
    said = log.read_text()
    assert MAX_LOG_CHARACTERS / 2 < len(said) < MAX_LOG_CHARACTERS * 1.1
    assert "the rest of this run is not logged" in said


def test_run_after_run_leaves_descriptors_threads_and_children_as_they_were(
    tmp_path: Path, target: Target
) -> None:
    with bench(tmp_path) as rig:
        file = rig.locustfile(users_file(LOOK))
        small = plan(target.url, file, users=1)

        def once() -> tuple[int, int]:
            seen = target.total_received
            drive = rig.whole(small, lambda _: target.total_received > seen)
            assert drive.requests() == target.total_received - seen
            assert seconds_of(drive.windows)[0] == 0
            eventually(lambda: not target_threads())
            # A thread that is about to end is no leak: the least of a second is what stays.
            seen_s = time.monotonic() + 1.0
            held = [(processes.descriptors(), processes.threads())]
            while time.monotonic() < seen_s:
                time.sleep(0.05)
                held.append((processes.descriptors(), processes.threads()))
            return min(one for one, _ in held), min(one for _, one in held)

        def target_threads() -> bool:
            return any("process_request" in name for name in processes.python_threads())

        once()
        warm = once()
        for _ in range(2):
            last = once()
        assert last == warm
        assert processes.children_of(os.getpid()) == []
