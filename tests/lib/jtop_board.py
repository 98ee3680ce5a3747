"""The real jetson-stats service on an emulated Orin Nano, in namespaces of its own.

Nothing of it is replaced: the service finds the board's nodes under /sys, its group, its socket
in /run, and no other process of the machine. It needs root and leave to make namespaces.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from tests.lib.eventually import eventually
from tests.lib.machine import ROOT
from tests.lib.orin import CORES, OrinTree

EMULATED = {
    # Where the service looks and the board's own reader does not.
    "/sys/kernel/debug/nvmap/iovmm/maps": (
        "CLIENT                        PROCESS      PID        SIZE\n"
        "root                           tester      {pid}      46080K\n"
        "total                                               46080K\n"
    ),
    "/sys/devices/virtual/dmi/id/product_name": "emulated\n",
    "/proc/buddyinfo": "Node 0, zone   Normal  100  50  25  12  6  3  2  1  1  1  20\n",
    "/proc/swaps": "Filename Type Size Used Priority\n",
}
OFF = ("nvjpg", "vic", "ofa")
"""The service takes an engine with a clock for one that is on."""
NVPMODEL = """#!/bin/sh
sleep "$(cat {slow})"
[ "$1" = -p ] && cat <<END
PM_CONFIG: DEFAULT=25W(1)
POWER_MODEL: ID=0 NAME=15W
POWER_MODEL: ID=1 NAME=25W
POWER_MODEL: ID=2 NAME=MAXN_SUPER
END
[ "$1" = -q ] && printf 'NV Power Mode: MAXN_SUPER\\n2\\n'
exit 0
"""
INIT = """
set -e
mount --make-rprivate /
mount -t tmpfs none {work}
mkdir {work}/upper {work}/work {work}/root
mount -t overlay overlay -o lowerdir=/,upperdir={work}/upper,workdir={work}/work {work}/root
R={work}/root
mkdir -p $R/proc.real && mount --rbind /proc $R/proc.real
mount --rbind /dev $R/dev
for place in {places}; do
  # Another file system than that of / is not below the overlay; it gets its own, so that nothing
  # that the service writes beside its interpreter reaches the machine.
  [ -n "$(ls -A $R$place 2>/dev/null)" ] && continue
  O={work}/$(echo $place | tr / _); mkdir -p $O/upper $O/work $R$place
  mount -t overlay overlay -o lowerdir=$place,upperdir=$O/upper,workdir=$O/work $R$place
done
mkdir -p $R{path} && mount --bind {path} $R{path}
mount --bind {tree}/sys $R/sys
mount --bind {tree}/proc $R/proc
mount -t tmpfs none $R/run
cp {nvpmodel} $R/usr/bin/nvpmodel
chmod o+x $R/root
chroot $R groupadd -f jtop
read -r pid _ < /proc/self/stat
echo "$pid"
exec chroot $R bash -c 'while read -r line; do eval "$line"; echo done; done'
"""


class Unemulable(Exception):
    """Why this machine can't run the service; the text says it in words."""


class JtopBoard:
    """The board; its service is not started yet. Everything ends with it, or with this process."""

    def __init__(self, path: Path) -> None:
        """Raises Unemulable."""
        _check()
        self.path = path
        self.tree = OrinTree(path / "tree")
        self._add_nodes()
        (path / "work").mkdir()
        self.set_nvpmodel_delay(0)
        (path / "nvpmodel").write_text(NVPMODEL.format(slow=path / "slow"))
        (path / "nvpmodel").chmod(0o755)
        places = {ROOT, Path(sys.prefix), Path(sys.base_prefix)}
        script = INIT.format(
            path=path,
            work=path / "work",
            tree=self.tree.root,
            nvpmodel=path / "nvpmodel",
            places=shlex.join(map(str, sorted(places))),
        )
        with (path / "init.log").open("w") as log:
            self._init = subprocess.Popen(
                # It reads our orders to their end: when this process is gone, however it went, it
                # ends, and the kernel ends with it all that lives in its namespace.
                ["unshare", "-m", "-p", "-f", "--kill-child", "bash", "-c", script],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        assert self._init.stdout is not None
        said = self._init.stdout.readline().strip()
        if not said:
            self.close()
            raise Unemulable(f"no namespaces: {(path / 'init.log').read_text().strip()[-300:]}")
        self._pid = int(said)
        self.socket = Path(f"/proc/{self._pid}/root/run/jtop.sock")

    def start_service(self, python_path: str = "") -> None:
        """Start jetson-stats' service, as its unit does; it listens when this returns."""
        before = self._socket_now()
        self._order(
            f"PYTHONPATH={shlex.quote(python_path)} PYTHONDONTWRITEBYTECODE=1 JTOP_SERVICE=True "
            f"{sys.executable} -m jtop --force </dev/null >>{self.path}/service.log 2>&1 &"
        )

        def listens() -> bool:
            # A killed one leaves its socket behind; a new one opens it to the group a moment later.
            now = self._socket_now()
            return now not in (None, before) and self.socket.stat().st_mode & 0o777 == 0o660

        eventually(listens, "the service does not start")

    def kill_service(self) -> None:
        """SIGKILL to all its processes, as systemd does; its socket stays behind."""
        self._order("kill -KILL -1; sleep 0.1")

    def remove_service(self) -> None:
        """As if it had never been."""
        self._order("kill -KILL -1; rm -f /run/jtop.sock; sleep 0.1")

    def freeze_service(self) -> None:
        """SIGSTOP to all its processes."""
        self._order("kill -STOP -1")

    def thaw_service(self) -> None:
        """SIGCONT."""
        self._order("kill -CONT -1")

    def set_nvpmodel_delay(self, seconds: float) -> None:
        """The service asks nvpmodel at each tick; it takes so long to answer from now on."""
        (self.path / "slow").write_text(f"{seconds:g}\n")

    def python(self, name: str = "python", *, user: str = "", python_path: str = "") -> str:
        """A program that is an interpreter on the board: the one that runs these tests.

        It stays the same process and a child of its starter, as the lifeline wants it.
        """
        program = self.path / name
        # Whoever runs the tests may keep the interpreter where no other user may look.
        looks = "--inh-caps=+dac_read_search --ambient-caps=+dac_read_search"
        as_user = f"setpriv --reuid={user} --regid={user} --clear-groups {looks} " if user else ""
        path = f"env PYTHONPATH={shlex.quote(python_path)} " if python_path else ""
        program.write_text(
            f"#!/bin/sh\nexec nsenter --target {self._pid} --mount --root --wd=/ "
            f'{as_user}{path}{sys.executable} "$@"\n'
        )
        program.chmod(0o755)
        return str(program)

    @property
    def log(self) -> str:
        """What the service said."""
        path = self.path / "service.log"
        return path.read_text() if path.exists() else ""

    def close(self) -> None:
        """End everything."""
        assert self._init.stdin is not None
        assert self._init.stdout is not None
        self._init.stdin.close()
        self._init.wait(10.0)
        self._init.stdout.close()

    def _order(self, line: str) -> None:
        assert self._init.stdin is not None
        assert self._init.stdout is not None
        self._init.stdin.write(line + "\n")
        self._init.stdin.flush()
        said = self._init.stdout.readline()
        assert said == "done\n", f"the emulated board is gone: {said}{self.log}"

    def _socket_now(self) -> tuple[int, int] | None:
        try:
            found = self.socket.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    def _add_nodes(self) -> None:
        tree = self.tree
        for node, text in EMULATED.items():
            tree.write(node, text.format(pid=os.getpid()))
        bus = tree.root / "sys/bus/i2c/devices"
        bus.mkdir(parents=True)
        sensor = (tree.root / tree.hwmon("ina3221").lstrip("/")).resolve().parent
        (bus / "1-0040").mkdir()
        (bus / "1-0040/name").write_text("ina3221\n")
        (bus / "1-0040/hwmon").symlink_to(os.path.relpath(sensor, bus / "1-0040"))
        for core in range(CORES):
            cpu = tree.root / f"sys/devices/system/cpu/cpu{core}"
            (cpu / "cpufreq").symlink_to(f"../cpufreq/policy{0 if core < 4 else 4}")
        for engine in OFF:
            tree.write(f"/sys/kernel/debug/clk/{engine}/clk_rate", 0)
        # Time must go on: the service tells its own by it.
        for node in ("uptime", "cpuinfo"):
            (tree.root / "proc" / node).unlink(missing_ok=True)
        for node in ("self", "uptime", "cpuinfo", str(os.getpid())):
            (tree.root / "proc" / node).symlink_to(f"/proc.real/{node}")


def _check() -> None:
    if find_spec("jtop") is None:
        raise Unemulable("jetson-stats is not installed")
    if os.geteuid() != 0:
        raise Unemulable("only root may make the namespaces that it needs")
