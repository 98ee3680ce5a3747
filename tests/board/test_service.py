from __future__ import annotations

import http.client
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lib.eventually import eventually
from tests.lib.processes import descriptors, python_threads
from tests.lib.services import BURNS_IN_CHILDREN, WEB, WITH_CHILDREN, orphan, running
from tui.board import family, service
from tui.board.service import WHILE_IT_RUNS, ServiceWatch
from tui.core.events import Reading

SLEEPS = "import time\ntime.sleep(600)"


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[ServiceWatch]:
    monkeypatch.setattr(service, "EVERY_S", 0.05)
    monkeypatch.setattr(service, "SLOWLY_S", 0.05)
    monkeypatch.setattr(service, "CONNECTIONS_S", 0.05)
    watched = ServiceWatch()
    yield watched
    watched.close()


def gauge(watch: ServiceWatch, name: str) -> Reading:
    """A gauge of the service, once it is there."""
    name = f"service_{name}"
    return eventually(lambda: [watch.read()[name]] if name in watch.read() else [], name)[0]


def becomes(watch: ServiceWatch, name: str, is_so: Callable[[float], bool]) -> Reading:
    """The gauge, once its value is as wanted."""

    def value() -> list[Reading]:
        reading = gauge(watch, name)
        return [reading] if reading.value is not None and is_so(reading.value) else []

    return eventually(value, f"{name} never became so: {watch.read()}")[0]


def test_nothing_is_watched_until_somebody_says_what(watch: ServiceWatch) -> None:
    assert (watch.read(), watch.trouble()) == ({}, "")


def test_a_service_is_found_by_its_port(watch: ServiceWatch) -> None:
    with running(WEB, "0") as web:
        watch.watch(f"port:{web.said}")
        main = gauge(watch, "processes")
        assert (main.value, main.text.split()[1]) == (1.0, str(web.pid))
        for name in ("rss_mb", "vms_mb", "threads", "descriptors", "pss_mb"):
            assert (becomes(watch, name, lambda value: value > 0)).source == "proc"
        assert watch.trouble() == ""


def test_memory_is_what_the_kernel_says(watch: ServiceWatch) -> None:
    with running(WEB, "0") as web:
        watch.watch(f"pid:{web.pid}")
        rollup = Path(f"/proc/{web.pid}/smaps_rollup").read_text()
        pss_mb = next(int(line.split()[1]) for line in rollup.splitlines() if "Pss:" in line) / 1024
        assert gauge(watch, "pss_mb").value == pytest.approx(pss_mb, rel=0.2)
        status = Path(f"/proc/{web.pid}/status").read_text()
        rss_mb = (
            next(int(line.split()[1]) for line in status.splitlines() if "VmRSS" in line) / 1024
        )
        assert gauge(watch, "rss_mb").value == pytest.approx(rss_mb, rel=0.2)


def test_open_connections_with_their_descriptors_and_threads_are_counted(
    watch: ServiceWatch,
) -> None:
    with running(WEB, "0") as web:
        watch.watch(f"port:{web.said}")
        assert gauge(watch, "connections").value == 0.0
        files, threads = gauge(watch, "descriptors").value, gauge(watch, "threads").value
        assert files is not None
        assert threads is not None
        opened = []
        for _ in range(3):
            client = http.client.HTTPConnection("127.0.0.1", int(web.said))
            client.request("GET", "/")
            client.getresponse().read()
            opened.append(client)
        becomes(watch, "connections", lambda value: value == 3)
        becomes(watch, "descriptors", lambda value: value >= files + 3)
        becomes(watch, "threads", lambda value: value == threads + 3)
        for client in opened:
            client.close()
        becomes(watch, "connections", lambda value: value == 0)


def test_memory_that_leaks_is_seen_to_grow(watch: ServiceWatch) -> None:
    with running(WEB, "0") as web:
        watch.watch(f"port:{web.said}")
        before = becomes(watch, "pss_mb", lambda value: value > 0).value
        assert before is not None
        client = http.client.HTTPConnection("127.0.0.1", int(web.said))
        client.request("GET", "/leak")
        client.getresponse().read()
        for name in ("pss_mb", "rss_mb"):
            becomes(watch, name, lambda value: value > before + 15)
        client.close()


def test_what_it_writes_to_disks_is_told_as_a_rate(watch: ServiceWatch, tmp_path: Path) -> None:
    here = Path(__file__).parent  # a temporary directory may be in memory
    probe = tmp_path if _is_on_disk(tmp_path) else here
    if not _is_on_disk(probe):
        pytest.skip("no directory on a disk to write to")
    with running(WEB, "0", cwd=tmp_path) as web:
        watch.watch(f"port:{web.said}")
        becomes(watch, "write_mb_per_s", lambda value: value == 0)
        client = http.client.HTTPConnection("127.0.0.1", int(web.said))
        client.request("GET", "/write")
        becomes(watch, "write_mb_per_s", lambda value: value > 1)
        client.close()


def _is_on_disk(path: Path) -> bool:
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    within = [fields for fields in mounts if str(path).startswith(fields[1])]
    return max(within, key=lambda fields: len(fields[1]))[2] not in ("tmpfs", "ramfs")


def test_its_descendants_are_counted_with_it(watch: ServiceWatch) -> None:
    with running(WITH_CHILDREN) as parent:
        watch.watch(f"pid:{parent.pid}")
        main = becomes(watch, "processes", lambda value: value == 3)
        assert main.text.endswith(f" {parent.pid}")
        alone_mb = int(Path(f"/proc/{parent.pid}/statm").read_text().split()[1]) * 4096 / 2**20
        together = gauge(watch, "rss_mb").value
        assert together is not None
        assert together > 2 * alone_mb


def test_the_processor_time_of_children_that_ended_is_counted(watch: ServiceWatch) -> None:
    with running(BURNS_IN_CHILDREN) as parent:
        watch.watch(f"pid:{parent.pid}")
        gauge(watch, "cpu_percent")
        began_s, used_s = time.monotonic(), _used_s(parent.pid)
        told_s, seen_s = 0.0, began_s
        while seen_s < began_s + 1.5:
            time.sleep(0.05)
            share = (gauge(watch, "cpu_percent").value or 0.0) / 100
            # A busy machine is slow to ask: a share is of the time since the one before.
            now_s = time.monotonic()
            told_s, seen_s = told_s + share * (now_s - seen_s), now_s
        assert told_s == pytest.approx(_used_s(parent.pid) - used_s, rel=0.4)


def _used_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def test_a_restart_is_counted_and_the_new_process_watched(watch: ServiceWatch) -> None:
    with running(WEB, "0") as first:
        port = first.said
        watch.watch(f"port:{port}")
        assert gauge(watch, "processes").text.endswith(f" {first.pid}")
        assert gauge(watch, "restarts").value == 0.0
        first.end()
        gone = becomes(watch, "processes", lambda value: value == 0)
        assert gone.text == ""
        readings = watch.read()
        for name in WHILE_IT_RUNS:
            assert readings[name].value is None
            assert "not running since" in readings[name].why
            assert f"nothing listens on port {port}" in readings[name].why
    with running(WEB, port) as second:
        becomes(watch, "restarts", lambda value: value == 1)
        assert gauge(watch, "processes").text.endswith(f" {second.pid}")


def test_a_port_that_nobody_listens_on_is_a_service_that_does_not_run(
    watch: ServiceWatch,
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        watch.watch(f"port:{taken.getsockname()[1]}")
        assert gauge(watch, "processes").value == 0.0
        assert "nothing listens" in gauge(watch, "rss_mb").why
        assert watch.trouble() == ""


def test_a_port_of_jetproof_itself_is_not_the_service(watch: ServiceWatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mine:
        watch.watch(f"port:{mine.getsockname()[1]}")
        assert "jetproof itself" in gauge(watch, "processes").why
        assert "jetproof itself" in watch.trouble()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user")
def test_another_users_service_says_which_rights_it_takes(
    watch: ServiceWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(WEB, "0") as web:
        os.seteuid(65534)
        try:
            watch.watch(f"port:{web.said}")
            assert "another user's process: needs root" in gauge(watch, "processes").why
            assert "needs root" in watch.trouble()
            watch.watch(f"pid:{web.pid}")
            for name in ("descriptors", "connections", "write_mb_per_s", "pss_mb"):
                assert gauge(watch, name).why == "needs root or the service's user"
            assert becomes(watch, "rss_mb", lambda value: value > 0)
        finally:
            os.seteuid(0)


def test_a_service_is_found_by_the_name_of_its_script(watch: ServiceWatch, tmp_path: Path) -> None:
    with orphan(SLEEPS, tmp_path / "infer_bench.py") as pid:
        watch.watch("name:infer_bench.py")
        found = becomes(watch, "processes", lambda value: value == 1)
        assert found.text.endswith(f" {pid}")


def test_jetproofs_own_children_are_not_found_by_name(watch: ServiceWatch, tmp_path: Path) -> None:
    with running("print(1, flush=True)\n" + SLEEPS, script=tmp_path / "worker_bench.py"):
        watch.watch("name:worker_bench.py")
        assert "no process is called worker_bench.py" in gauge(watch, "rss_mb").why


def test_a_process_that_took_the_pid_of_another_is_not_it(watch: ServiceWatch) -> None:
    with running(WEB, "0") as web:
        watch.watch(f"pid:{web.pid}")
        gauge(watch, "processes")
        web.end()
        becomes(watch, "processes", lambda value: value == 0)
        assert f"there is no process {web.pid}" in gauge(watch, "rss_mb").why


def test_gpu_memory_is_that_of_its_own_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "EVERY_S", 0.05)
    held = {1: 900.0}
    watch = ServiceWatch(lambda: held)
    with running(WEB, "0") as web:
        watch.watch(f"pid:{web.pid}")
        assert gauge(watch, "gpu_mb").value == 0.0
        held[web.pid] = 321.0
        becomes(watch, "gpu_mb", lambda value: value == 321)
        watch.close()


def test_without_anybody_who_knows_there_is_no_gpu_memory(watch: ServiceWatch) -> None:
    with running(WEB, "0") as web:
        watch.watch(f"pid:{web.pid}")
        gauge(watch, "rss_mb")
        assert "service_gpu_mb" not in watch.read()


@pytest.mark.parametrize("text", ["port:0x50", "port:", "infer", "pid:0", "moon:1"])
def test_what_names_no_process_is_a_trouble(watch: ServiceWatch, text: str) -> None:
    watch.watch(text)
    assert "names no process" in watch.trouble()
    assert watch.read() == {}


def test_watching_nothing_ends_the_watch(watch: ServiceWatch) -> None:
    with running(WEB, "0") as web:
        watch.watch(f"pid:{web.pid}")
        gauge(watch, "rss_mb")
        watch.watch("")
        assert watch.read() == {}


def test_watching_the_same_again_keeps_its_counts(watch: ServiceWatch) -> None:
    with running(WEB, "0") as web:
        watch.watch(f"pid:{web.pid}")
        gauge(watch, "rss_mb")
        kept = watch._watched
        watch.watch(f"pid:{web.pid}")
        assert watch._watched is kept


def test_closing_leaves_no_thread_and_no_descriptor(watch: ServiceWatch) -> None:
    with running(WEB, "0") as web:
        before = descriptors()
        watch.watch(f"port:{web.said}")
        gauge(watch, "pss_mb")
        watch.close()
        watch.close()
        assert descriptors() == before
        assert not any(name.startswith("service") for name in python_threads())


def test_who_it_is_is_asked_again_while_it_lives(
    watch: ServiceWatch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(family, "LOOK_AGAIN_S", 0.1)
    script = tmp_path / "twin_bench.py"
    with orphan(SLEEPS, script):
        watch.watch("name:twin_bench.py")
        becomes(watch, "processes", lambda value: value == 1)
        with orphan(SLEEPS, script):
            becomes(watch, "processes", lambda value: value == 2)
