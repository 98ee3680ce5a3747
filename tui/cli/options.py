"""Options that every command knows, and what they lead to."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tui.core.problem import InputError
from tui.reports.clean import visible

if TYPE_CHECKING:
    from tui.catalogue import Catalogue, Loaded
    from tui.core.config import Target

F = TypeVar("F", bound=Callable[..., Any])


def common_options(command: F) -> F:
    """`--config`, `--scenarios` and `--state`, before or after the command."""
    for option in (
        click.option("--state", type=click.Path(path_type=Path), help="Where runs are kept."),
        click.option(
            "--scenarios", type=click.Path(path_type=Path), help="Adds to the shipped scenarios."
        ),
        click.option("--config", type=click.Path(path_type=Path), help="Instead of config.toml."),
    ):
        command = option(command)
    return command


class Places:
    """The common options, as given before the command and to it."""

    def __init__(self, context: click.Context) -> None:
        above = context.find_root().params
        here = context.params
        self._config = here.get("config") or above.get("config")
        self._scenarios = here.get("scenarios") or above.get("scenarios")
        self._state = here.get("state") or above.get("state")

    def words(self) -> list[str]:
        """The options that were given, for a command line in any directory."""
        given = {"--config": self._config, "--scenarios": self._scenarios, "--state": self._state}
        return [
            word
            for option, path in given.items()
            if path is not None
            for word in (option, str(path.absolute()))
        ]

    def loaded(self, root: Path | None = None) -> Loaded:
        """The configuration in force, with another tree of the board if one was asked for."""
        from tui.catalogue import find_config

        return find_config(self._config, root)

    def catalogue(self) -> Catalogue:
        """Shipped scenarios and the user's."""
        from tui.catalogue import find_scenarios

        return find_scenarios(self._scenarios)

    def state_dir(self) -> Path:
        """Where runs are kept; exists and can be written."""
        from tui.store.paths import state_directory

        return state_directory(self._state)


def target_of(loaded: Loaded, name: str | None) -> Target:
    """The target of that name or URL; the configuration's first without one."""
    return loaded.config.target(name) if name else loaded.config.targets[0]


def log_to(state_dir: Path, level: str) -> None:
    """The engine's own log goes to a file: the screen belongs to the console."""
    path = state_dir / "log" / "engine.log"
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("ab"):
            pass
    except OSError as error:
        what = f"can't be written: {error.strerror or error}"
        raise InputError.of(str(path), "", what) from None
    handler = logging.FileHandler(path, delay=True)
    handler.setFormatter(_LogLines("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(handlers=[handler], level=level.upper())


class _LogLines(logging.Formatter):
    """Somebody will look at the file in a terminal, and boards and targets have a say in it."""

    def format(self, record: logging.LogRecord) -> str:
        return "\n".join(map(visible, super().format(record).split("\n")))
