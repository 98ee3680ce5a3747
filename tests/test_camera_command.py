"""`jetproof camera` as a user types it, on the test pattern, recordings and cameras on loopback."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from tests.lib import processes
from tests.lib.eventually import eventually
from tests.lib.machine import Finished, Machine, read_json
from tests.lib.mjpeg_server import mjpeg_server
from tests.lib.recording import made_recording
from tests.lib.typing_in import Type, typing_in
from tests.reports.reading import SCHEMA
from tui.camera.modes import Mode
from tui.camera.v4l2 import Device
from tui.cli.camera_block import block
from tui.core.camera.source import Source
from tui.core.camera.view import CameraView

pytest.importorskip("av", reason="needs the extra [camera]")

SCHEMA_PARTS = {"$defs": SCHEMA["$defs"]}
SECRET = "s3cr:et/pw"
WIDEST = 80


@pytest.fixture
def type_in(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Type]:
    """`jetproof camera …` in this process: for what opens no camera."""
    with typing_in(machine, monkeypatch, capsys, "--state", str(machine.state), "camera") as typed:
        yield typed


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_recording(tmp_path_factory.mktemp("recording") / "dock.avi")


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def fits(text: str) -> bool:
    return all(len(line) <= WIDEST for line in text.splitlines())


def block_of(finished: Finished, name: str) -> str:
    """What was said of one camera."""
    [found] = [each for each in finished.out.split("\n\n") if each[2:].startswith(name)]
    return found


def readers_of(pid: int) -> list[int]:
    found = processes.children_of(pid)
    return [each for each in found if "camera.reader_program" in processes.command_line(each)]


class TestList:
    def test_tells_what_is_configured_and_what_a_password_lacks(
        self, machine: Machine, type_in: Type, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        machine.write_config(
            cameras={
                "bench": {"source": "test:"},
                "dock-3": {
                    "source": "rtsp://10.0.0.5/live",
                    "credentials": "env:DOCK3",
                    "transport": "udp",
                    "fps": 25.0,
                },
                "old": {"source": "file:/tmp/old.mp4"},
            }
        )
        monkeypatch.delenv("DOCK3", raising=False)
        told = type_in("list")
        assert told.code == 0
        assert fits(told.out)
        assert "[simulated]" in told.out
        assert "[replay]" in told.out
        assert "asked: 25 fps over udp" in told.out
        assert "environment variable DOCK3 is not set" in told.out

        monkeypatch.setenv("DOCK3", f"admin:{SECRET}")
        data = json.loads(type_in("list", "--json", "-").out)
        assert SECRET not in json.dumps(data)
        assert [each["name"] for each in data["cameras"]] == ["bench", "dock-3", "old"]
        assert data["cameras"][1]["credentials_problem"] == ""

    def test_without_the_package_it_works_and_says_how_to_get_it(
        self, type_in: Type, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tui.cli.camera_list.find_spec", lambda name: None)
        told = type_in("list")
        assert told.code == 0
        assert "pip install 'jetproof[camera]'" in told.out

    def test_imports_nothing_that_decodes_pictures(self, machine: Machine) -> None:
        barred = machine.work / "barred"
        for name in ("av", "numpy"):
            package = barred / name
            package.mkdir(parents=True)
            (package / "__init__.py").write_text("raise ImportError('barred')")
        told = machine.run("camera", "list", PYTHONPATH=f"{barred}:{Path(__file__).parents[1]}")
        assert told.code == 0, told.err

    def test_the_places_may_stand_before_or_behind(self, machine: Machine) -> None:
        other = machine.state.parent / "other"
        (other / "snapshots").mkdir(parents=True)
        told = machine.run("camera", "list", "--state", str(other), "--json", "-")
        assert json.loads(told.out)["snapshots"]["folder"] == str(other / "snapshots")
        told = machine.run("camera", "list", "--json", "-")
        assert json.loads(told.out)["snapshots"]["folder"] == str(machine.state / "snapshots")

    def test_a_device_is_told_with_what_it_offers_and_who_has_it(
        self, type_in: Type, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def mode(name: str, width: int, height: int, fps: float, **more: bool) -> Mode:
            return Mode(name, width, height, (fps,), **more)

        webcam = Device(
            "/dev/video0",
            "HD Webcam " * 9,
            "uvcvideo",
            modes=(
                mode("mjpeg", 640, 480, 60),
                mode("mjpeg", 1920, 1080, 30),
                mode("mjpeg", 1280, 720, 59.94),
                mode("mjpeg", 320, 240, 60),
                mode("HEVC", 640, 480, 30, is_readable=False),
            ),
        )
        raw = (mode("RG10", 3280, 2464, 21, is_readable=False, is_bayer=True),)
        sensor = Device("/dev/video2", "vi-output, imx219", "tegra-video", modes=raw, sensor=0)
        closed = Device("/dev/video4", "HD Pro", why="this user may not open it")
        found = (webcam, sensor, closed)
        monkeypatch.setattr("tui.cli.camera_list.devices", lambda: found)
        monkeypatch.setattr(
            "tui.cli.camera_list.holder_of",
            lambda node: "python3 (pid 812)" if node == "/dev/video0" else "",
        )
        monkeypatch.setenv("PATH", "/nowhere")
        told = type_in("list")
        assert fits(told.out)
        assert "in use by python3 (pid 812)" in told.out
        assert told.out.count("in use") == 1
        assert "mjpeg  1920x1080@30, 1280x720@59.94, 640x480@60 and 1 more" in told.out
        assert "HEVC  640x480@30 (can't be decoded here)" in told.out
        assert 'source = "csi:0"' in told.out
        assert "a sensor's raw values" in told.out
        assert "this user may not open it" in told.out
        # A CSI sensor is of no use without GStreamer.
        assert "sudo apt install gstreamer1.0-tools" in told.out

    @pytest.mark.parametrize("keep", ["soon", "11y", "4000d"])
    def test_a_wrong_time_to_keep_is_told_by_its_key(
        self, machine: Machine, type_in: Type, keep: str
    ) -> None:
        machine.write_config(snapshots={"keep": keep})
        told = type_in("list")
        assert told.code == 2
        assert "snapshots.keep" in told.err

    def test_alone_it_shows_what_there_is(self, type_in: Type) -> None:
        told = type_in()
        assert told.code == 0
        for name in ("list", "probe", "preview", "snapshot", "purge"):
            assert f"\n  {name} " in told.out


class TestProbe:
    def test_a_good_camera_then_beside_its_reference_then_with_a_limit_it_breaks(
        self, machine: Machine
    ) -> None:
        first = machine.run(
            "camera", "probe", "pattern", "--duration", "1s", "--keep-reference", "--json", "a.json"
        )
        assert first.code == 0, first.err
        assert fits(first.out)
        assert first.out.startswith("✓ pattern")
        assert "[simulated]" in first.out
        assert "reference" not in first.out
        [told] = read_json(machine.work / "a.json")["cameras"]
        assert told["grade"] == "good"
        assert told["label"] == "simulated"
        assert told["measured_s"] >= 0.9
        assert told["dropped"] == 0
        assert "picture" not in told
        jsonschema.validate(told, {"$ref": "#/$defs/camera", **SCHEMA_PARTS})

        dark = {"source": "test:", "thresholds": {"brightness": "200 to 235"}}
        machine.write_config(cameras={"pattern": dark})
        second = machine.run("camera", "probe", "--duration", "1s")
        assert second.code == 1
        assert "reference" in block_of(second, "pattern")
        assert "✗ brightness" in second.out
        assert "next: set exposure, gain or light" in second.out

    def test_one_that_can_not_be_opened_is_told_beside_those_that_can(
        self, machine: Machine, recording: Path
    ) -> None:
        port = closed_port()
        told = machine.run(
            "camera", "probe", "--duration", "1s",
            f"rtsp://127.0.0.1:{port}/live", f"file:{recording}", "file:/not/there",
        )  # fmt: skip
        assert told.code == 3
        assert fits(told.out)
        assert "nothing listens on that port" in block_of(told, "rtsp:")
        assert "/not/there is not there" in block_of(told, "file:/not")
        assert "[replay]" in block_of(told, f"file:{recording}"[:40])
        assert "mjpeg 320x180" in block_of(told, f"file:{recording}"[:40])

    @pytest.mark.parametrize("characters", [5, 54, 55, 60, 90])
    def test_a_long_name_leaves_the_line_in_its_width(self, characters: int) -> None:
        view = CameraView("x" * characters, Source("file", "/tmp/dock.avi"))
        title = "".join(text for text, _ in block(view, WIDEST)[0])
        assert len(title) <= WIDEST
        assert "no picture" in title
        assert title.endswith("[replay]")

    def test_a_recording_that_ends_sooner_is_no_fault(
        self, machine: Machine, recording: Path
    ) -> None:
        told = machine.run("camera", "probe", f"file:{recording}", "--duration", "60s")
        assert told.code == 0, told.out
        assert "25.00" in told.out

    def test_one_of_too_few_pictures_is_not_called_good(
        self, machine: Machine, tmp_path: Path
    ) -> None:
        short = made_recording(tmp_path / "short.avi", frames=8)
        told = machine.run("camera", "probe", f"file:{short}")
        assert told.code == 5, told.out
        assert "unknown" in told.out

    @pytest.mark.parametrize(
        ("path", "code", "what"), [("page", 3, "no video"), ("image.jpg", 1, "single pictures")]
    )
    def test_what_is_no_stream_says_what_it_is(
        self, machine: Machine, path: str, code: int, what: str
    ) -> None:
        with mjpeg_server() as server:
            told = machine.run("camera", "probe", server.url(path))
        assert told.code == code, told.out
        assert f"✗ 127.0.0.1 {'answered' if path == 'page' else 'sent'}" in told.out
        assert what in told.out
        assert "next: " in told.out

    def test_a_wrong_password_is_told_and_kept_nowhere(self, machine: Machine) -> None:
        with mjpeg_server(f"admin:{SECRET}") as server:
            machine.write_config(
                cameras={"gate": {"source": server.url("stream"), "credentials": "env:GATE"}}
            )
            wrong = machine.run("camera", "probe", "--duration", "1s", GATE="admin:wr0ng#")
            unset = machine.run("camera", "probe", "--duration", "1s")
            right = machine.run(
                "camera", "probe", "--duration", "1s", "--json", "a.json", GATE=f"admin:{SECRET}"
            )
        assert wrong.code == unset.code == 3
        assert "refused the user name and password" in wrong.out
        assert "export GATE=USER:PASSWORD" in wrong.out
        assert "environment variable GATE is not set" in " ".join(unset.out.split())
        assert "mjpeg 160x120" in right.out
        said = wrong.out + wrong.err + right.out + right.err
        kept = b"".join(path.read_bytes() for path in machine.files())
        for secret in (SECRET, "wr0ng#", "s3cr%3Aet%2Fpw"):
            assert secret not in said
            assert secret.encode() not in kept

    def test_without_the_package_each_camera_says_how_to_get_it(self, machine: Machine) -> None:
        barred = machine.work / "barred" / "av"
        barred.mkdir(parents=True)
        (barred / "__init__.py").write_text("raise ImportError('no av here')")
        path = f"{barred.parent}:{Path(__file__).parents[1]}"
        told = machine.run("camera", "probe", "--duration", "1s", PYTHONPATH=path)
        assert told.code == 3
        assert "pip install 'jetproof[camera]'" in told.out

    def test_interrupted_it_says_what_it_has_and_leaves_no_reader(self, machine: Machine) -> None:
        with machine.running("camera", "probe", "--duration", "600s") as running:
            [reader] = eventually(lambda: readers_of(running.pid))
            running.signal(signal.SIGINT)
            told = running.end()
            assert told.code == 130
            assert told.out[2:].startswith("pattern")
            assert "interrupted" in told.err
            eventually(lambda: not Path(f"/proc/{reader}").exists())

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("rtsp://admin:s3cret@10.0.0.5/live",), "credentials"),
            (("dok-3",), "unknown camera"),
            (("--duration", "soon"), "--duration"),
            (("--duration", "100ms"), "at least 1s"),
            (("--keep-reference", "--forget-reference"), "not together"),
        ],
    )
    def test_what_can_not_be_meant_is_refused(
        self, type_in: Type, words: tuple[str, ...], said: str
    ) -> None:
        told = type_in("probe", *words)
        assert told.code == 2
        assert said in told.err
        assert "s3cret" not in told.err
