"""What systemd and its journal say of one unit: systemctl(1), journalctl(1)."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tui.board.command import answer_of

CGROUPS = (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/systemd"), Path("/sys/fs/cgroup/unified"))
"""Where a unit's cgroup is: unified, legacy, hybrid."""
ANSWER_S = 3.0
_HIDDEN = ("not seeing messages", "insufficient permissions")


class UnitState(msgspec.Struct, frozen=True):
    """A unit now, or why that is not known."""

    main_pid: int = 0
    active: str = ""
    control_group: str = ""
    restarts: int | None = None
    """Those that systemd did by itself."""
    why: str = ""


def unit_state(unit: str) -> UnitState:
    """Ask systemd for it."""
    properties = "LoadState,ActiveState,MainPID,NRestarts,ControlGroup"
    answer = answer_of(["systemctl", "show", "--property", properties, "--", unit], ANSWER_S)
    if answer.code:
        return UnitState(why=answer.why)
    told = dict(line.partition("=")[::2] for line in answer.text.splitlines())
    if told.get("LoadState") == "not-found":
        return UnitState(why=f"systemd knows no unit {unit}")
    restarts = told.get("NRestarts", "")
    return UnitState(
        main_pid=int(told.get("MainPID") or 0),
        active=told.get("ActiveState", ""),
        control_group=told.get("ControlGroup", ""),
        restarts=int(restarts) if restarts.isdigit() else None,
    )


def members(control_group: str) -> list[int]:
    """The processes in a unit's cgroup, those whose parents are gone included."""
    if control_group in ("", "/"):
        return []
    for root in CGROUPS:
        try:
            text = (root / control_group.lstrip("/") / "cgroup.procs").read_text()
        except OSError:
            continue
        return [int(pid) for pid in text.split()]
    return []


class Journal:
    """Counts the errors that a unit writes from now on; one may have many lines."""

    def __init__(self, unit: str, since_utc: float) -> None:
        self._unit = unit
        self._from = f"--since=@{since_utc:.0f}"
        self._errors = 0

    def errors(self) -> tuple[int | None, str]:
        """How many entries of level error or worse so far; None, and why it can't be known."""
        answer = answer_of(
            [
                "journalctl",
                f"--unit={self._unit}",
                "--priority=err",
                self._from,
                "--output=json",
                "--output-fields=PRIORITY",
                "--no-pager",
            ],
            ANSWER_S,
        )
        # Without these rights a reader sees an empty journal, not an error.
        if any(word in answer.why for word in _HIDDEN):
            return None, "needs root or the group systemd-journal to read the journal"
        if answer.code:
            return None, answer.why
        for line in answer.text.splitlines():
            entry = _entry(line)
            if entry is not None:
                self._errors += 1
                self._from = f"--after-cursor={entry.cursor}"
        return self._errors, ""


class _Entry(msgspec.Struct, frozen=True):
    cursor: str = msgspec.field(name="__CURSOR")


def _entry(line: str) -> _Entry | None:
    """An entry of the journal; None for what else journalctl prints."""
    try:
        return msgspec.json.decode(line, type=_Entry)
    except msgspec.MsgspecError:
        return None
