"""Puts the engine together from its adapters. The only place that knows them all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tui import __version__
from tui.board.detect import detect_device
from tui.camera.watches import Watches
from tui.catalogue import Loaded
from tui.child.orphans import sweep
from tui.child.spawn import Lifelines
from tui.core.events import Level
from tui.demo.datadir import sweep as sweep_images
from tui.engine.clock import SystemClock
from tui.engine.parts import HealthAsked, Parts
from tui.engine.supervisor import Supervisor
from tui.faults.harm import Harm
from tui.faults.left_over import undo_left_over
from tui.faults.undo_words import line_of_left_over
from tui.load.driver import LocustDriver
from tui.ports import Board
from tui.service.client import HttpService
from tui.service.embedded import DemoTarget
from tui.service.health import HealthProbe
from tui.service.token import read_credentials, read_secret, read_storage_keys, read_token
from tui.service.workflow.run import HttpWorkflows
from tui.store.database import SqliteStore
from tui.store.lock import BoardLock
from tui.store.references import References
from tui.store.wear_book import WearBook
from tui.stress.nameless import sweep as sweep_names
from tui.stress.objects.bench import ObjectsBench
from tui.stress.rig import Rig


@contextmanager
def engine(state_dir: Path, loaded: Loaded, target: str) -> Iterator[Supervisor]:
    """An engine over the real adapters, not started yet: the console paints first.

    What an earlier one left is undone first. When the block ends nothing of it is left.
    """
    scratch = Path(loaded.config.stress.scratch or state_dir)
    cleared = list(_clear_up(state_dir, scratch))
    log_dir = state_dir / "log"
    log_dir.mkdir(exist_ok=True)
    store = SqliteStore(state_dir)
    lifelines = Lifelines()
    driver = LocustDriver(lifelines, log_dir)

    def board() -> Board:
        from tui.board.detect import detect_board

        found = detect_board(loaded.config.board, state_dir, driver.pids, scratch=scratch)
        return found.board

    def health(asked: HealthAsked) -> HealthProbe:
        probe = HealthProbe(asked.url, asked.target, asked.token, asked.emit, now_s=asked.at_s)
        probe.start()
        return probe

    supervisor = Supervisor(
        Parts(
            clock=SystemClock(),
            board=board,
            driver=driver,
            service=HttpService(),
            embedded=DemoTarget(lifelines, log_dir),
            store=store,
            lock=BoardLock(),
            config=loaded.config,
            device=detect_device(Path(loaded.config.board.root or "/")),
            version=__version__,
            config_sha256=loaded.sha256,
            read_token=read_token,
            read_secret=read_secret,
            burners=Rig(lifelines, log_dir),
            faults=Harm(state_dir, lifelines, log_dir),
            health=health,
            wear=lambda: WearBook(state_dir),
            scratch=scratch,
            cameras=Watches(lifelines),
            predictor=HttpService(),
            read_credentials=read_credentials,
            references=References(state_dir).all,
            workflows=HttpWorkflows(),
            storage=ObjectsBench(lifelines, log_dir),
            read_storage_keys=read_storage_keys,
        ),
        target,
    )
    for level, line in cleared:
        supervisor.note(level, line)
    for notice in store.notices:
        supervisor.note("warn", notice)
    try:
        yield supervisor
    finally:
        supervisor.close()
        driver.shut_down()
        lifelines.close()


def _clear_up(state_dir: Path, scratch: Path) -> Iterator[tuple[Level, str]]:
    """Undo the faults, end the processes and remove the names that an earlier run left; a log line
    for each."""
    for undone in undo_left_over(state_dir):
        yield line_of_left_over(undone)
    for swept in sweep():
        what = f"process {swept.orphan.pid} ({swept.orphan.module}) of an earlier run"
        if swept.trouble:
            yield "fail", f"{what} can't be ended: {swept.trouble}"
        else:
            yield "ok", f"{what} was ended"
    for name in sweep_names(str(scratch)):
        yield "ok", f"{name} of an earlier run was removed"
    sweep_images()
