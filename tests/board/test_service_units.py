"""Units and containers, behind stand-ins for systemctl, journalctl and docker."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.board.test_service import becomes, gauge
from tests.lib.eventually import eventually
from tests.lib.processes import is_alive
from tests.lib.programs import Programs
from tests.lib.services import WEB, WITH_CHILDREN, running
from tui.board import command, family, oom, processes, service, systemd, whose
from tui.board.command import answer_of
from tui.board.oom import OomKills
from tui.board.service import ServiceWatch
from tui.board.systemd import Journal, unit_state

UNIT = "unit:infer.service"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    return Programs(tmp_path / "bin", monkeypatch)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[ServiceWatch]:
    monkeypatch.setattr(service, "EVERY_S", 0.05)
    monkeypatch.setattr(service, "SLOWLY_S", 0.05)
    monkeypatch.setattr(service, "CONNECTIONS_S", 0.05)
    monkeypatch.setattr(family, "LOOK_AGAIN_S", 0.1)
    watched = ServiceWatch()
    yield watched
    watched.close()


def put_unit(programs: Programs, pid: int, restarts: int = 0, active: str = "active") -> None:
    programs.put(
        "systemctl",
        f"LoadState=loaded\nActiveState={active}\nMainPID={pid}\nNRestarts={restarts}\n"
        "ControlGroup=/system.slice/infer.service\n",
    )


def test_a_unit_is_its_main_process_and_its_descendants(
    watch: ServiceWatch, programs: Programs
) -> None:
    programs.put("journalctl")
    with running(WITH_CHILDREN) as main:
        put_unit(programs, main.pid)
        watch.watch(UNIT)
        found = becomes(watch, "processes", lambda value: value == 3)
        assert found.text.endswith(f" {main.pid}")
        assert programs.asked("systemctl")[-2:] == ["--", "infer.service"]


def test_a_unit_that_is_down_says_how_systemd_calls_it(
    watch: ServiceWatch, programs: Programs
) -> None:
    programs.put("journalctl")
    put_unit(programs, 0, active="failed")
    watch.watch(UNIT)
    assert gauge(watch, "processes").value == 0.0
    assert gauge(watch, "rss_mb").why == "infer.service is failed"
    assert gauge(watch, "restarts").value == 0.0


def test_restarts_by_systemd_between_two_looks_are_all_counted(
    watch: ServiceWatch, programs: Programs
) -> None:
    programs.put("journalctl")
    with running(WEB, "0") as first, running(WEB, "0") as second:
        put_unit(programs, first.pid, restarts=4)
        watch.watch(UNIT)
        assert gauge(watch, "restarts").value == 0.0
        put_unit(programs, second.pid, restarts=7)
        becomes(watch, "restarts", lambda value: value == 3)


def test_a_unit_that_systemd_does_not_know_is_a_trouble(
    watch: ServiceWatch, programs: Programs
) -> None:
    programs.put("journalctl")
    programs.put("systemctl", "LoadState=not-found\n")
    watch.watch(UNIT)
    assert gauge(watch, "processes").why == "systemd knows no unit infer.service"
    assert watch.trouble() == "systemd knows no unit infer.service"
    restarts = gauge(watch, "restarts")
    assert (restarts.value, restarts.why) == (None, "systemd knows no unit infer.service")


def test_without_systemd_its_own_words_are_the_reason(
    watch: ServiceWatch, programs: Programs
) -> None:
    programs.put("journalctl")
    programs.put("systemctl", complains="Failed to connect to bus: Host is down\nmore", code=1)
    watch.watch(UNIT)
    assert gauge(watch, "rss_mb").why == "Failed to connect to bus: Host is down"


def test_members_of_its_cgroup_count_though_their_parents_are_gone(
    watch: ServiceWatch, programs: Programs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    programs.put("journalctl")
    with running(WEB, "0") as main, running(WEB, "0") as stray:
        group = tmp_path / "system.slice" / "infer.service"
        group.mkdir(parents=True)
        (group / "cgroup.procs").write_text(f"{stray.pid}\n{main.pid}\n{os.getpid()}\n")
        monkeypatch.setattr(systemd, "CGROUPS", (tmp_path,))
        put_unit(programs, main.pid)
        watch.watch(UNIT)
        found = becomes(watch, "processes", lambda value: value == 2)
        assert found.text.endswith(f" {main.pid}")


def entry(cursor: str, message: str = "no model") -> str:
    """An entry as `--output=json` prints it: one line, whatever its message."""
    return json.dumps({"__CURSOR": cursor, "PRIORITY": "3", "MESSAGE": message}) + "\n"


def test_a_traceback_of_many_lines_is_one_error(programs: Programs) -> None:
    programs.put("journalctl", entry("s=1;i=1", "Traceback:\n" + "  File\n" * 30))
    assert Journal("infer.service", 0).errors() == (1, "")
    assert "--output=json" in programs.asked("journalctl")


def test_errors_in_the_journal_are_counted_from_the_cursor_on(programs: Programs) -> None:
    journal = Journal("infer.service", 1_700_000_000.4)
    programs.put("journalctl", "-- No entries --\n")
    assert journal.errors() == (0, "")
    assert "--since=@1700000000" in programs.asked("journalctl")
    programs.put("journalctl", entry("s=1;i=1") + entry("s=1;i=2"))
    assert journal.errors() == (2, "")
    programs.put("journalctl", entry("s=1;i=3"))
    assert journal.errors() == (3, "")
    asked = programs.asked("journalctl")
    assert "--after-cursor=s=1;i=2" in asked
    assert {"--unit=infer.service", "--priority=err"} <= set(asked)
    assert not any(word.startswith("--since") for word in asked)


def test_journal_errors_are_a_gauge_of_a_unit(watch: ServiceWatch, programs: Programs) -> None:
    programs.put("journalctl", entry("s=1"))
    put_unit(programs, os.getppid())
    watch.watch(UNIT)
    assert becomes(watch, "journal_errors", lambda value: value >= 1).source == "journal"


def test_a_journal_that_hides_messages_is_not_an_empty_one(programs: Programs) -> None:
    hint = "Hint: You are currently not seeing messages from other users and the system.\n"
    programs.put("journalctl", "-- No entries --\n", complains=hint)
    errors, why = Journal("infer.service", 0).errors()
    assert errors is None
    assert "systemd-journal" in why


def test_a_program_that_hangs_is_ended_and_says_so(
    programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(systemd, "ANSWER_S", 0.1)
    programs.put_script("systemctl", "exec sleep 60\n")
    assert "did not answer within 0.1 s" in unit_state("infer.service").why


def test_a_program_that_hangs_is_ended_with_what_it_started(
    programs: Programs, tmp_path: Path
) -> None:
    said = tmp_path / "pid"
    programs.put_script("docker", f"sleep 60 &\necho $! > {said}.new; mv {said}.new {said}\nwait\n")
    assert answer_of(["docker"], 1.0).code == 124
    child = int(said.read_text())
    eventually(lambda: not is_alive(child), "the grandchild goes on")


def test_a_program_that_hangs_ends_though_jetproof_was_killed(
    programs: Programs, tmp_path: Path
) -> None:
    said = tmp_path / "pid"
    programs.put_script("docker", f"sleep 60 &\necho $! > {said}.new; mv {said}.new {said}\nwait\n")
    ask = "from tui.board.command import answer_of\nanswer_of(['docker'], 0.5)"
    # Stopped, it can end nothing when the time is up.
    with subprocess.Popen([sys.executable, "-c", ask]) as asking:
        eventually(said.exists)
        asking.send_signal(signal.SIGSTOP)
        asking.kill()
    child = int(said.read_text())
    eventually(lambda: not is_alive(child), "what jetproof asked outlives it", limit_s=20.0)


def test_a_program_that_is_missing_is_told_apart_from_one_that_fails(programs: Programs) -> None:
    assert answer_of(["no-such-program-here"], 1.0).is_missing
    programs.put("systemctl", code=3)
    failed = answer_of(["systemctl"], 5.0)
    assert (failed.is_missing, failed.code, failed.why) == (False, 3, "systemctl failed (3)")


def test_what_a_program_says_on_its_errors_is_cut_short(programs: Programs) -> None:
    programs.put("systemctl", complains="x" * 5000, code=1)
    assert len(answer_of(["systemctl"], 5.0).why) == command.LONGEST_WHY


def test_a_container_is_found_through_its_engine(watch: ServiceWatch, programs: Programs) -> None:
    with running(WEB, "0") as inside:
        programs.put("docker", f"{inside.pid}\n")
        watch.watch("container:infer")
        assert gauge(watch, "processes").text.endswith(f" {inside.pid}")
        assert programs.asked("docker") == ["inspect", "--format", "{{.State.Pid}}", "infer"]


def test_a_container_that_is_stopped_does_not_run(watch: ServiceWatch, programs: Programs) -> None:
    programs.put("docker", "0\n")
    watch.watch("container:infer")
    assert gauge(watch, "processes").value == 0.0
    assert gauge(watch, "rss_mb").why == "container infer is not running"


def test_an_engine_that_refuses_gives_its_reason(watch: ServiceWatch, programs: Programs) -> None:
    programs.put("docker", complains="permission denied on docker.sock", code=1)
    programs.put("podman", complains="no such object", code=125)
    watch.watch("container:infer")
    eventually(watch.trouble)
    assert watch.trouble() == "docker: permission denied on docker.sock; podman: no such object"


def test_a_container_is_found_by_its_id_without_an_engine(
    watch: ServiceWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(WEB, "0") as inside:
        scope = f"/system.slice/docker-{'4f' * 32}.scope"
        real = processes.cgroup_paths
        monkeypatch.setattr(
            processes,
            "cgroup_paths",
            lambda pid: {"": scope} if pid == inside.pid else real(pid),
        )
        monkeypatch.setenv("PATH", "")
        watch.watch("container:4f4f4f4f4f4f")
        assert gauge(watch, "processes").text.endswith(f" {inside.pid}")
        watch.watch("container:infer")
        assert "give its id" in gauge(watch, "processes").why


@pytest.mark.parametrize(
    ("paths", "file"),
    [
        ({"": "/system.slice/infer.service"}, "system.slice/infer.service/memory.events"),
        ({"memory": "/docker/" + "a" * 64}, f"memory/docker/{'a' * 64}/memory.oom_control"),
    ],
)
def test_kills_for_want_of_memory_are_counted_over_restarts(
    paths: dict[str, str], file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = tmp_path / file
    counter.parent.mkdir(parents=True)
    monkeypatch.setattr(oom, "ROOT", tmp_path)
    monkeypatch.setattr(oom, "cgroup_paths", lambda pid: paths)
    kills = OomKills()
    told = []
    for count in (3, 3, 5, 0, 1):  # the cgroup is made anew before the fourth
        counter.write_text(f"low 0\noom 9\noom_kill {count}\n")
        told.append(kills.count(1))
    assert told == [0, 0, 2, 2, 3]


@pytest.mark.parametrize(
    "path", ["/", "/user.slice/user-1000.slice/session-3.scope", "/user.slice/user@1000.service"]
)
def test_kills_in_a_cgroup_that_others_share_are_nobodys(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = tmp_path / path.lstrip("/") / "memory.events"
    counter.parent.mkdir(parents=True, exist_ok=True)
    counter.write_text("oom_kill 3\n")
    monkeypatch.setattr(oom, "ROOT", tmp_path)
    monkeypatch.setattr(oom, "cgroup_paths", lambda pid: {"": path})
    assert OomKills().count(1) is None


def test_a_port_that_systemd_holds_for_a_service_belongs_to_nobody_yet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listening = processes.Socket(8000, processes.LISTENS, "77")
    monkeypatch.setattr(processes, "tcp_sockets", lambda: [listening])
    monkeypatch.setattr(
        processes, "descriptors", lambda pid: ["socket:[77]"] if pid == 1 else ["pipe:[1]"]
    )
    assert "not started" in whose.find("port:8000", processes.all_processes()).why


@pytest.mark.parametrize("name", ["docker-proxy", "rootlesskit", "conmon", "rootlessport-ch"])
def test_a_port_that_a_containers_proxy_holds_is_not_the_service(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    listening = processes.Socket(8000, processes.LISTENS, "77")
    monkeypatch.setattr(processes, "tcp_sockets", lambda: [listening])
    monkeypatch.setattr(processes, "descriptors", lambda pid: ["socket:[77]"] if pid == 50 else [])
    proxy = processes.Stat(50, 1, 9, name, True, 0.0, 0.0, 1, 1.0, 1.0)
    found = whose.find("port:8000", {50: proxy})
    assert found.roots == ()
    assert found.is_hidden
    assert 'process = "container:NAME"' in found.why
    other = msgspec.structs.replace(proxy, name="pastabot")
    assert whose.find("port:8000", {50: other}).roots == (50,)
