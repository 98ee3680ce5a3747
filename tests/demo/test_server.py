from __future__ import annotations

import json
import os
import signal
import socket
from pathlib import Path

import httpx
import pytest

from tests.demo.pictures import encoded, plain
from tests.demo.running import Running, has_ended, owned, refused, running

PICTURE = encoded(plain())


def test_ready_is_said_once_and_it_is_true(demo: Running) -> None:
    ready = demo.ready
    assert ready == {
        "type": "ready",
        "port": ready["port"],
        "url": f"http://127.0.0.1:{ready['port']}",
        "pid": demo.process.pid,
    }
    assert httpx.get(f"{demo.url}/health").status_code == 200


def test_it_yields_to_whoever_measures_it(demo: Running) -> None:
    assert os.getpriority(os.PRIO_PROCESS, demo.process.pid) == max(5, os.nice(0))


def test_a_busy_port_ends_it_with_one_line_and_code_3() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        ended = refused("--port", str(port))
    assert ended.returncode == 3
    error = {"type": "error", "error": f"port {port} is already in use"}
    assert [json.loads(line) for line in ended.stdout.splitlines()] == [error]
    assert ended.stderr == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_cleanly_and_takes_the_images_along(
    tmp_path: Path, number: signal.Signals
) -> None:
    with running(TMPDIR=str(tmp_path)) as demo, demo.client() as client:
        assert client.post("/images", files={"file": PICTURE}).status_code == 201
        assert len(list(tmp_path.glob("jetproof-demo-*/*.bin"))) == 1
        assert demo.end(number) == 0
        assert demo.process.stdout is not None
        assert demo.process.stdout.read() == ""
    assert list(tmp_path.iterdir()) == []


def test_images_in_a_chosen_directory_outlive_the_service(tmp_path: Path) -> None:
    with running("--data", str(tmp_path / "images")) as demo, demo.client() as client:
        path = client.post("/images", files={"file": PICTURE}).headers["Location"]
        assert demo.end(signal.SIGTERM) == 0
    with running("--data", str(tmp_path / "images")) as demo, demo.client() as client:
        assert client.get(path).content == PICTURE
        second = refused("--data", str(tmp_path / "images"))
        assert second.returncode == 3
        assert "another demo" in json.loads(second.stdout)["error"]


@pytest.mark.parametrize("arguments", [("--port", "70000"), ("--concurrency", "0"), ("--what",)])
def test_arguments_that_make_no_sense_are_refused(arguments: tuple[str, ...]) -> None:
    ended = refused(*arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert arguments[0] in ended.stderr


def test_it_dies_with_its_owner_and_the_next_start_removes_its_pictures(tmp_path: Path) -> None:
    with owned(tmp_path) as (owner, ready, demo):
        answer = httpx.post(f"{ready['url']}/images", files={"file": PICTURE})
        assert answer.status_code == 201
        (images,) = tmp_path.iterdir()
        assert len(list(images.glob("*.bin"))) == 1
        owner.kill()
        assert has_ended(demo)
    with running(TMPDIR=str(tmp_path)) as later:
        (left,) = tmp_path.iterdir()
        assert left.name.startswith(f"jetproof-demo-{later.process.pid}-")


def test_whatever_it_is_in_it_is_gone_with_its_owner(tmp_path: Path) -> None:
    with owned(tmp_path, "tests.demo.stuck") as (owner, _, demo):
        owner.kill()
        assert has_ended(demo)


def test_the_ctrl_c_that_is_meant_for_its_owner_is_ignored(tmp_path: Path) -> None:
    with owned(tmp_path) as (_, ready, _):
        status = Path(f"/proc/{ready['pid']}/status").read_text()
        ignored = int(status.partition("SigIgn:")[2].split()[0], 16)
        assert ignored & 1 << signal.SIGINT - 1
