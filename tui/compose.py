"""Puts the engine together from its adapters. The only place that knows them all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tui import __version__
from tui.board.detect import detect_device
from tui.catalogue import Loaded
from tui.child.spawn import Lifelines
from tui.engine.clock import SystemClock
from tui.engine.parts import Parts
from tui.engine.supervisor import Supervisor
from tui.load.driver import LocustDriver
from tui.ports import Board
from tui.service.client import HttpService
from tui.service.embedded import DemoTarget
from tui.service.token import read_token
from tui.store.database import SqliteStore
from tui.store.lock import BoardLock


@contextmanager
def engine(state_dir: Path, loaded: Loaded, target: str) -> Iterator[Supervisor]:
    """An engine over the real adapters, not started yet: the console paints first.

    When the block ends nothing of it is left.
    """
    log_dir = state_dir / "log"
    log_dir.mkdir(exist_ok=True)
    store = SqliteStore(state_dir)
    lifelines = Lifelines()
    driver = LocustDriver(lifelines, log_dir)

    def board() -> Board:
        from tui.board.detect import detect_board

        return detect_board(loaded.config.board, state_dir, driver.pids).board

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
        ),
        target,
    )
    for notice in store.notices:
        supervisor.note("warn", notice)
    try:
        yield supervisor
    finally:
        supervisor.close()
        driver.shut_down()
        lifelines.close()
