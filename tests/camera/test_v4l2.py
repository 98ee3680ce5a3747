from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.lib import fakecam
from tests.lib.machine import ROOT
from tui.camera import ioctls
from tui.camera.v4l2 import Device, devices

NUMBERS = ("QUERYCAP", "ENUM_FMT", "ENUM_FRAMESIZES", "ENUM_FRAMEINTERVALS")
ASK = """
import sys, msgspec
from pathlib import Path
from tui.camera import v4l2
v4l2.ANSWER_S = float(sys.argv[2])
found = v4l2.devices(Path(sys.argv[1]))
sys.stdout.buffer.write(msgspec.json.encode(found))
"""


class Site:
    """A machine's `/sys` and `/dev`, as far as V4L2 shows there."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "dev").mkdir()

    def put(self, number: int, name: str) -> str:
        """A node that the kernel knows; what it says is up to the test."""
        folder = self.root / f"sys/class/video4linux/video{number}"
        folder.mkdir(parents=True)
        (folder / "name").write_text(f"{name}\n")
        return str(self.root / f"dev/video{number}")

    def found(self, mode: fakecam.Mode, node: str, meta: str = "", patience_s: float = 10.0) -> str:
        """What a program finds that sees the fake camera at a node, as JSON."""
        return subprocess.run(
            [sys.executable, "-c", ASK, str(self.root), str(patience_s)],
            cwd=ROOT,
            env={**os.environ, **fakecam.environment(mode, node=node, meta=meta)},
            stdout=subprocess.PIPE,
            text=True,
            timeout=30,
            check=True,
        ).stdout

    def devices(self, mode: fakecam.Mode, patience_s: float = 10.0) -> list[Device]:
        """Of a camera at video0, with its metadata at video1."""
        node, meta = (
            self.put(0, "Fake Camera: Fake Camera"),
            self.put(1, "Fake Camera: Fake Camera"),
        )
        return msgspec.json.decode(self.found(mode, node, meta, patience_s), type=list[Device])


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@fakecam.NEEDED
def test_the_questions_are_those_of_the_kernels_header(tmp_path: Path) -> None:
    words = "".join(f'printf("%lu\\n", (unsigned long)VIDIOC_{name});' for name in NUMBERS)
    source = tmp_path / "numbers.c"
    source.write_text(
        f"#include <linux/videodev2.h>\n#include <stdio.h>\nint main(void) {{ {words} }}\n"
    )
    subprocess.run(["gcc", "-o", tmp_path / "numbers", source], check=True, timeout=60)
    told = subprocess.check_output([tmp_path / "numbers"], text=True, timeout=10)
    # A number holds the size of the structure that goes with it.
    assert [int(line) for line in told.split()] == [getattr(ioctls, name) for name in NUMBERS]


@fakecam.NEEDED
def test_a_camera_tells_what_it_is_and_offers_and_its_metadata_is_no_camera(site: Site) -> None:
    [camera] = site.devices("ok")
    assert (camera.node, camera.source) == ("/dev/video0", "v4l2:/dev/video0")
    assert (camera.name, camera.driver, camera.bus) == ("Fake Camera", "uvcvideo", "usb-fake-1.2")
    assert (camera.is_argus, camera.why) == (False, "")
    [mode] = camera.modes
    assert (mode.pixel_format, mode.width, mode.height) == ("yuyv422", 640, 480)
    # One that it tells as nothing in no time is none.
    assert mode.fps == (30.0, 29.97, 15.0)
    assert (mode.least_width, mode.least_fps, mode.is_readable) == (None, None, True)


@fakecam.NEEDED
@pytest.mark.parametrize("told", ["stepwise", "continuous"])
def test_a_range_is_told_by_its_ends(site: Site, told: fakecam.Mode) -> None:
    [mode] = site.devices(told)[0].modes
    assert (mode.width, mode.height) == (640, 480)
    assert (mode.least_width, mode.least_height) == (160, 120)
    assert (mode.fps, mode.least_fps) == ((30.0,), 5.0)


@fakecam.NEEDED
def test_a_driver_that_tells_no_sizes_is_listed_by_its_format(site: Site) -> None:
    [mode] = site.devices("silent")[0].modes
    assert (mode.pixel_format, mode.width, mode.height, mode.fps) == ("yuyv422", 0, 0, ())


@fakecam.NEEDED
def test_a_format_that_can_not_be_read_is_told_so(site: Site) -> None:
    [mode] = site.devices("otherformat")[0].modes
    assert (mode.pixel_format, mode.is_readable, mode.is_bayer) == ("S910", False, False)


@fakecam.NEEDED
def test_a_raw_sensor_is_offered_through_argus(site: Site) -> None:
    [sensor] = site.devices("tegra")
    assert (sensor.is_argus, sensor.source, sensor.driver) == (True, "csi:0", "tegra-video")
    assert (sensor.modes[0].pixel_format, sensor.modes[0].is_bayer) == ("RG10", True)


@fakecam.NEEDED
def test_a_csi_camera_that_sends_ready_pictures_is_not(site: Site) -> None:
    [camera] = site.devices("tegra-yuv")
    assert (camera.is_argus, camera.source) == (False, "v4l2:/dev/video0")


def test_sensors_are_counted_in_the_order_of_their_nodes(site: Site) -> None:
    for number, name in [(10, "vi-output, imx477 10-001a"), (9, "vi-output, imx219 9-0010")]:
        site.put(number, name)
    site.put(2, "HD Webcam")
    sources = [(device.node, device.source) for device in devices(site.root)]
    assert sources == [
        ("/dev/video2", "v4l2:/dev/video2"),
        ("/dev/video9", "csi:0"),
        ("/dev/video10", "csi:1"),
    ]


@fakecam.NEEDED
def test_one_that_may_not_be_opened_says_how_to_be_let_in(site: Site) -> None:
    camera = site.devices("perm")[0]
    assert (camera.node, camera.name) == ("/dev/video0", "Fake Camera: Fake Camera")
    assert camera.why.startswith("/dev/video0 may not be opened by this user: ")
    assert "usermod -aG video" in camera.why


@fakecam.NEEDED
def test_one_whose_driver_hangs_does_not_keep_the_others_waiting(site: Site) -> None:
    site.put(7, "HD Webcam")
    *hung, other = site.devices("frozen", patience_s=0.2)
    assert {device.why for device in hung} == {"it does not answer: see dmesg | tail"}
    assert other.node == "/dev/video7"
    assert "no node here" in other.why


def test_what_can_not_be_asked_says_why(site: Site) -> None:
    Path(site.put(0, "Old \x1b[2JTuner")).write_text("")
    site.put(1, "HD Webcam")
    (site.root / "dev/video5").symlink_to(site.root / "dev/video5")
    (site.root / "dev/video-notes").write_text("")
    told = {device.node: (device.name, device.why) for device in devices(site.root)}
    assert list(told) == ["/dev/video0", "/dev/video1", "/dev/video5"]
    assert "\x1b" not in told["/dev/video0"][0]
    assert told["/dev/video0"][1] == "it is no V4L2 device"
    assert told["/dev/video1"][1].endswith("a container must be given it")
    assert told["/dev/video5"][0] == "video5"
    assert told["/dev/video5"][1].startswith("it can't be asked: ")


def test_a_machine_without_any_has_none(tmp_path: Path) -> None:
    assert devices(tmp_path) == ()
