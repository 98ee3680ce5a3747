"""Which processes a service is: found by port, unit, pid, name or container."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping

import msgspec

from tui.board import processes as proc
from tui.board import systemd
from tui.board.command import answer_of
from tui.board.processes import Stat
from tui.core.process import Kind, parse_process

FORWARDERS = frozenset(
    name[:15]  # as much of it as the kernel keeps
    for name in (
        *("docker-proxy", "dockerd", "rootlesskit", "rootlessport", "rootlessport-child"),
        *("slirp4netns", "pasta", "pasta.avx2", "passt", "passt.avx2", "gvproxy"),
        *("conmon", "kube-proxy"),
    )
)
"""Programs that hold a port of the host for a container, and pass on what comes."""
_CONTAINER_ID = re.compile(r"[0-9a-f]{6,64}")
ANSWER_S = 3.0


class Found(msgspec.Struct, frozen=True):
    """The processes at the head of a service: the main one first; none, and why."""

    roots: tuple[int, ...] = ()
    why: str = ""
    is_hidden: bool = False
    """It may well run, but can't be seen."""
    restarts: int | None = None
    """As systemd counts them since the unit was loaded."""


def watch_problem(process: str) -> str:
    """Why a text names no process to watch; empty when it does."""
    try:
        parse_process(process)
    except ValueError as error:
        return str(error)
    return ""


def find(process: str, running: Mapping[int, Stat]) -> Found:
    """Who it is now. May ask systemd or a container engine, for seconds when those hang.
    Raises ValueError for a text with a `watch_problem`."""
    asked = parse_process(process)
    found = _LOOKS[asked.kind](asked.name, running)
    if os.getpid() in found.roots:
        return Found(why=f"{process} is jetproof itself", is_hidden=True)
    return found


def _by_port(port: str, running: Mapping[int, Stat]) -> Found:
    inodes = {
        f"socket:[{socket.inode}]"
        for socket in proc.tcp_sockets()
        if socket.state == proc.LISTENS and socket.port == int(port)
    }
    if not inodes:
        return Found(why=f"nothing listens on port {port}")
    owners, was_refused = set(), False
    for pid in running:
        try:
            if not inodes.isdisjoint(proc.descriptors(pid)):
                owners.add(pid)
        except PermissionError:
            was_refused = True
        except OSError:
            continue  # ended meanwhile
    if len(owners) > 1:
        owners.discard(1)  # socket activation: systemd holds it too
    if not owners:
        why = f"port {port} is served by another user's process: needs root"
        return Found(
            why=why if was_refused else f"nobody is seen to serve port {port}", is_hidden=True
        )
    if owners == {1}:
        return Found(why=f"only systemd listens on port {port}, for a service that is not started")
    served = {pid for pid in owners if running[pid].name not in FORWARDERS}
    if not served:
        by = running[min(owners)].name
        why = f"port {port} is published by a container ({by}): "
        return Found(why=why + 'name it with process = "container:NAME"', is_hidden=True)
    return Found(proc.tops(served, running))


def _by_unit(unit: str, running: Mapping[int, Stat]) -> Found:
    state = systemd.unit_state(unit)
    if state.why:
        return Found(why=state.why, is_hidden=True)
    members = {state.main_pid, *systemd.members(state.control_group)} & set(running)
    members.discard(os.getpid())
    others = tuple(pid for pid in proc.tops(members, running) if pid != state.main_pid)
    roots = ((state.main_pid,) if state.main_pid in running else ()) + others
    why = "" if roots else f"{unit} is {state.active}"
    return Found(roots, why, restarts=state.restarts)


def _by_pid(pid: str, running: Mapping[int, Stat]) -> Found:
    stat = running.get(int(pid))
    if stat is None or not stat.is_alive:
        return Found(why=f"there is no process {pid}")
    return Found((int(pid),))


def _by_name(name: str, running: Mapping[int, Stat]) -> Found:
    # What jetproof has started bears names such as python3 too.
    ours = {stat.pid for stat in proc.family([os.getpid()], running)}
    named = {
        stat.pid
        for stat in running.values()
        if stat.pid not in ours and stat.is_alive and name in proc.names_of(stat)
    }
    roots = proc.tops(named, running)
    return Found(roots, "" if roots else f"no process is called {name}")


def _by_container(container: str, running: Mapping[int, Stat]) -> Found:
    if _CONTAINER_ID.fullmatch(container):
        inside = {
            pid
            for pid in running
            if any(
                f"/{container}" in path or f"-{container}" in path
                for path in proc.cgroup_paths(pid).values()
            )
        }
        if inside:
            return Found(proc.tops(inside, running))
    refusals = []
    for engine in ("docker", "podman"):
        answer = answer_of([engine, "inspect", "--format", "{{.State.Pid}}", container], ANSWER_S)
        if answer.is_missing:
            continue
        pid = answer.text.strip()
        if answer.code == 0 and pid.isdigit():
            if int(pid) in running:
                return Found((int(pid),))
            return Found(why=f"container {container} is not running")
        refusals.append(f"{engine}: {answer.why}")
    if refusals:
        return Found(why="; ".join(refusals), is_hidden=True)
    return Found(
        why="neither docker nor podman is here to find a container by its name: give its id",
        is_hidden=True,
    )


_LOOKS: dict[Kind, Callable[[str, Mapping[int, Stat]], Found]] = {
    "port": _by_port,
    "unit": _by_unit,
    "pid": _by_pid,
    "name": _by_name,
    "container": _by_container,
}
