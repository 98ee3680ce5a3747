from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.lib.orin import OrinTree
from tests.lib.reader import reader, whole
from tui.board.recording import RecordingTree
from tui.board.source import Readings
from tui.board.tree import MANIFEST, Tree, Unreadable, why_of


@pytest.fixture
def board(tmp_path: Path) -> Iterator[OrinTree]:
    made = OrinTree(tmp_path / "orin")
    yield made
    made.close()


def put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def test_a_nodes_text_comes_without_newline_and_nul(tmp_path: Path) -> None:
    put(tmp_path / "proc/device-tree/model", b"Jetson Orin Nano\0\n")
    assert Tree(tmp_path).text("/proc/device-tree/model") == "Jetson Orin Nano"


def test_this_machines_own_tree_is_read_like_any_other() -> None:
    tree = Tree()
    assert not tree.is_other
    assert tree.text("/proc/uptime").count(".") == 2
    assert "self" in tree.names("/proc")


def test_a_long_node_of_the_kernel_is_read_to_its_end() -> None:
    here = Path("/proc/self/maps")  # handed out by the page
    whole = here.read_bytes()[: 64 * 1024].count(b"\n")
    assert whole * 60 > 4096, "one page would have held it"
    assert Tree().text("/proc/self/maps").count("\n") == pytest.approx(whole, abs=5)


def test_a_node_is_never_read_without_bound(tmp_path: Path) -> None:
    put(tmp_path / "sys/huge", b"x" * 1_000_000)
    assert len(Tree(tmp_path).text("/sys/huge")) == 64 * 1024


def test_bytes_that_are_no_text_do_no_harm(tmp_path: Path) -> None:
    put(tmp_path / "sys/node", b"\xff\xfe1")
    assert Tree(tmp_path).text("/sys/node").endswith("1")


def test_an_absolute_link_stays_inside_the_tree(tmp_path: Path) -> None:
    put(tmp_path / "etc/real.conf", b"inside")
    (tmp_path / "etc/nvpmodel.conf").symlink_to("/etc/real.conf")
    assert Tree(tmp_path).text("/etc/nvpmodel.conf") == "inside"


@pytest.mark.parametrize("to", ["/etc/hostname", "../../../../../../../etc/hostname"])
def test_no_link_leads_out_of_the_tree(tmp_path: Path, to: str) -> None:
    (tmp_path / "tree/etc").mkdir(parents=True)
    (tmp_path / "tree/etc/name").symlink_to(to)
    (tmp_path / "tree/out").symlink_to("/")
    with pytest.raises(Unreadable, match="its node is gone"):
        Tree(tmp_path / "tree").text("/etc/name")
    assert "tree" not in Tree(tmp_path / "tree").names("/out/..")
    assert set(Tree(tmp_path / "tree").names("/out")) == {"etc", "out"}


def test_a_link_that_leads_elsewhere_by_now_is_followed_anew(tmp_path: Path) -> None:
    put(tmp_path / "sys/devices/hwmon1/name", b"one")
    put(tmp_path / "sys/devices/hwmon2/name", b"two")
    link = tmp_path / "sys/class"
    link.symlink_to("devices/hwmon1")
    tree = Tree(tmp_path)
    assert tree.text("/sys/class/name") == "one"
    link.unlink()
    link.symlink_to("devices/hwmon2")
    (tmp_path / "sys/devices/hwmon1/name").unlink()
    assert tree.text("/sys/class/name") == "two"


def test_links_in_circles_are_a_reason_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("/b")
    (tmp_path / "b").symlink_to("/a")
    with pytest.raises(Unreadable, match="symbolic links"):
        Tree(tmp_path).text("/a")


def test_names_are_sorted_as_people_count(tmp_path: Path) -> None:
    for name in ("hwmon10", "hwmon9", "hwmon1"):
        (tmp_path / "sys" / name).mkdir(parents=True)
    assert Tree(tmp_path).names("/sys") == ["hwmon1", "hwmon9", "hwmon10"]
    assert Tree(tmp_path).names("/none") == []


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (errno.EAGAIN, "switched off"),
        (errno.ENODATA, "switched off"),
        (errno.EACCES, "needs root"),
        (errno.EPERM, "needs root"),
        (errno.ENOENT, "its node is gone"),
        (errno.ENODEV, "its node is gone"),
        (errno.EIO, "the sensor does not answer"),
        (errno.EINVAL, "the driver does not tell it"),
        (errno.EISDIR, "can't be read: is a directory"),
    ],
)
def test_every_error_of_the_kernel_has_its_reason_in_words(code: int, why: str) -> None:
    assert why_of(code) == why


def test_a_node_that_is_switched_off_says_so_and_does_not_block(board: OrinTree) -> None:
    board.have_fail("/sys/class/net/enP8p1s0/speed")
    with pytest.raises(Unreadable, match="switched off") as caught:
        Tree(board.root).text("/sys/class/net/enP8p1s0/speed")
    assert caught.value.code == errno.EAGAIN


def plain(readings: Readings) -> Readings:
    """Without where they come from and how old they are."""
    return {
        name: msgspec.structs.replace(reading, source="", age_s=0.0)
        for name, reading in readings.items()
    }


def test_a_recording_gives_the_same_readings_and_the_same_reasons(
    board: OrinTree, tmp_path: Path
) -> None:
    board.have_fail(board.zone("cv0") + "/temp")
    board.have_fail(board.hwmon("ina3221") + "/curr2_input", errno.EISDIR)
    board.write(board.hwmon("soctherm_oc") + "/oc1_event_cnt", "nonsense\n")
    slow = ("nvme_c", "net_link_mbps")
    with reader(RecordingTree(board.root, tmp_path / "kept")) as source:
        first = source.read()
        first |= whole(source, *slow)
    with reader(tmp_path / "kept", name="replay") as source:
        again = source.read()
        again |= whole(source, *slow)
    assert plain(again) == plain({name: first[name] for name in again})
    assert {reading.source for reading in again.values()} == {"replay"}
    assert again["cv0_c"].why == "switched off"
    assert again["vdd_cpu_gpu_cv_ma"].why == "can't be read: is a directory"
    assert "nonsense" in again["oc1_events"].why
    assert again["tj_c"].value == 49.5


def test_a_recording_can_be_recorded_again(board: OrinTree, tmp_path: Path) -> None:
    board.have_fail(board.zone("cv0") + "/temp")
    for root, to in ((board.root, "one"), (tmp_path / "one", "two")):
        with reader(RecordingTree(root, tmp_path / to)) as source:
            source.read()
    board.close()
    with reader(tmp_path / "two") as source:
        assert source.read()["cv0_c"].why == "switched off"


def test_a_recording_keeps_the_newest_content(board: OrinTree, tmp_path: Path) -> None:
    with reader(RecordingTree(board.root, tmp_path / "kept")) as source:
        source.read()
        board.set_temp("tj", 88.0)
        source.read()
    with reader(tmp_path / "kept") as source:
        assert source.read()["tj_c"].value == 88.0


def test_a_recording_says_what_made_it_and_when(board: OrinTree, tmp_path: Path) -> None:
    board.have_fail(board.zone("cv0") + "/temp")
    with reader(RecordingTree(board.root, tmp_path / "kept")) as source:
        source.read()
    said = json.loads((tmp_path / "kept" / MANIFEST).read_text())
    assert said["version"]
    assert 0 < said["began_at"] <= said["ended_at"]
    assert said["unreadable"][board.zone("cv0") + "/temp"] == errno.EAGAIN


def test_a_recording_holds_no_secret_of_this_machine(tmp_path: Path) -> None:
    with reader(RecordingTree(Path("/"), tmp_path / "kept"), tmp_path) as source:
        whole(source, "disk_free_mb")
        source.read()
    kept = [path for path in (tmp_path / "kept").rglob("*") if path.is_file()]
    assert kept
    forbidden = ("environ", "cmdline", "machine-id", "serial", "address", "hostname", "uuid")
    for path in kept:
        assert not any(word in path.name for word in forbidden), path
    everything = b"".join(path.read_bytes() for path in kept)
    assert os.uname().nodename.encode() not in everything or len(os.uname().nodename) < 4
    for address in Path("/sys/class/net").glob("*/address"):
        mac = address.read_text().strip()
        assert mac == "00:00:00:00:00:00" or mac.encode() not in everything


def test_routers_and_names_made_of_mac_addresses_are_not_recorded(
    board: OrinTree, tmp_path: Path
) -> None:
    board.write(
        "/proc/net/route",
        "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
        "enx00e04c680123\t00000000\t0100000A\t0003\t0\t0\t1\t00000000\t0\t0\t0\n"
        "enx00e04c680123\t00C0A80A\t00000000\t0001\t0\t0\t1\t00FFFFFF\t0\t0\t0\n",
    )
    board.write("/sys/class/net/enx00e04c680123/speed", 100)
    with reader(RecordingTree(board.root, tmp_path / "kept")) as source:
        assert whole(source, "net_link_mbps")["net_link_mbps"].text == "enx00e04c680123"
    names = [str(path) for path in (tmp_path / "kept").rglob("*")]
    assert not any("e04c68" in name for name in names)
    routes = (tmp_path / "kept/proc/net/route").read_text()
    assert "e04c68" not in routes
    assert "0100000A" not in routes
    assert "00C0A80A" not in routes
    with reader(tmp_path / "kept") as source:
        link = whole(source, "net_link_mbps")["net_link_mbps"]
    assert link.value == 100


def test_a_recording_that_can_not_be_written_costs_no_reading(
    board: OrinTree, tmp_path: Path
) -> None:
    to = tmp_path / "kept"
    tree = RecordingTree(board.root, to)
    (to / "sys").write_text("a file stands where a folder has to be")
    with reader(tree) as source:
        assert source.read()["tj_c"].value == 49.5
        assert "recording can't be written" in source.trouble()
        (to / "sys").unlink()
    assert source.trouble() == ""
    assert Tree(to).text(board.zone("tj") + "/temp") == "49500"


def test_a_broken_manifest_is_no_manifest(board: OrinTree) -> None:
    (board.root / MANIFEST).write_text('{"unreadable": 5}')
    assert Tree(board.root).text("/proc/uptime").startswith("86400")


def test_links_that_somebody_named_are_numbered_in_a_recording_and_cards_keep_their_names(
    board: OrinTree, tmp_path: Path
) -> None:
    private = ("wg-acme", "tailscale0", "br-4f1d2c3b4a59", "entrance", "enx00e04c680123")
    board.set_network(1_000_000, 500_000, errors=3)
    rows = "".join(f"{name}: 1 2 0 0 0 0 0 0 1 2 0 0 0 0 0 0\n" for name in private)
    board.write("/proc/net/dev", board.text("/proc/net/dev") + rows)
    head = board.text("/proc/net/route").splitlines()[0]
    route = "wg-acme\t00000000\t0100000A\t0003\t0\t0\t1\t00000000\t0\t0\t0"
    board.write("/proc/net/route", f"{head}\n{route}\n")
    board.write("/sys/class/net/wg-acme/speed", 100)
    with reader(RecordingTree(board.root, tmp_path / "kept")) as source:
        first = whole(source, "net_link_mbps")
    files = [path for path in (tmp_path / "kept").rglob("*") if path.is_file()]
    everything = "".join(f"{path}\n{path.read_text(errors='replace')}" for path in files)
    for name in private:
        assert name not in everything
    for name in ("lo", "enP8p1s0", "wlP1p1s0"):
        assert f"{name}:" in (tmp_path / "kept/proc/net/dev").read_text()
    with reader(tmp_path / "kept") as source:
        again = whole(source, "net_link_mbps")
    assert again["net_link_mbps"].value == first["net_link_mbps"].value == 100
    assert again["net_errors"].value == first["net_errors"].value == 3
