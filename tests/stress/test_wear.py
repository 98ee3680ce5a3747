from __future__ import annotations

import pytest

from tui.core.wear import BUDGETS, DAY_S, GIB, DeviceKind, Wear, kind_of


@pytest.mark.parametrize(
    ("device", "nodes", "kind"),
    [
        ("nvme0n1p1", {}, "nvme"),
        ("mmcblk0p1", {"mmc_type": "MMC"}, "emmc"),
        ("mmcblk1", {"mmc_type": "SD"}, "sd"),
        ("mmcblk1", {}, "sd"),
        ("sda1", {"rotational": "0", "removable": "0"}, "ssd"),
        ("sda1", {"rotational": "1", "removable": "0"}, "spinning"),
        ("sda1", {"rotational": "1", "removable": "1"}, "sd"),
        ("sda", {}, "unknown"),
        ("dm-0", {"rotational": "0"}, "unknown"),
        ("vda", {"rotational": "1"}, "unknown"),
        ("zram0", {}, "ram"),
        ("overlay", {}, "unknown"),
    ],
)
def test_a_device_is_known_by_its_name_and_nodes(
    device: str, nodes: dict[str, str], kind: DeviceKind
) -> None:
    assert kind_of(device, **nodes) == kind


def test_what_cannot_be_told_is_treated_like_the_weakest() -> None:
    assert BUDGETS["unknown"] == BUDGETS["sd"]
    assert min(each.run_bytes for each in BUDGETS.values()) == BUDGETS["sd"].run_bytes


def test_a_fresh_device_takes_the_budget_of_a_run() -> None:
    assert Wear("serial", "sd").allowed_bytes(0.0) == 2 * GIB
    assert Wear("serial", "nvme").allowed_bytes(0.0) == 20 * GIB


def test_memory_does_not_wear() -> None:
    assert Wear("zram0", "ram").add(1000 * GIB, 0.0).allowed_bytes(0.0) is None


def test_runs_of_one_day_share_a_budget_and_the_next_day_has_its_own() -> None:
    wear = Wear("serial", "sd")
    for hour in range(4):
        wear = wear.add(2 * GIB, hour * 3600.0)
    wear = wear.add(GIB, 4 * 3600.0)
    assert wear.allowed_bytes(5 * 3600.0) == GIB
    wear = wear.add(2 * GIB, 5 * 3600.0)
    assert wear.allowed_bytes(5 * 3600.0) == 0, "more than allowed is no credit for less"
    assert wear.allowed_bytes(DAY_S + 5 * 3600.0) == 2 * GIB
    assert wear.seen(10 * DAY_S).recent == ()
    assert wear.seen(10 * DAY_S).total_bytes == 11 * GIB


def test_what_a_wrong_clock_wrote_in_the_future_ages_from_now_on() -> None:
    wear = Wear("serial", "sd").add(10 * GIB, 400 * DAY_S)
    assert wear.allowed_bytes(0.0) == 0
    kept = wear.seen(0.0)
    assert kept.allowed_bytes(DAY_S / 2) == 0
    assert kept.allowed_bytes(DAY_S + 1) == 2 * GIB


def test_nothing_written_leaves_no_entry_and_less_than_nothing_is_refused() -> None:
    assert Wear("serial", "sd").add(0, 1.0).recent == ()
    with pytest.raises(ValueError, match="can't have been written"):
        Wear("serial", "sd").add(-1, 1.0)
