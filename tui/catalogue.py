"""Reads config.toml and the scenario files; the user's own win over the shipped ones."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from platformdirs import user_config_path

from tui.core.campaign import MAX_RUNGS, Campaign, parse_campaign
from tui.core.config import Config, is_config, parse_config
from tui.core.problem import COMMAND_LINE, InputError, Problem, did_you_mean, quoted
from tui.core.scenario import Scenario, parse_scenario

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

MAX_USERS = "JETPROOF_MAX_USERS"
"""The environment's word on how many users any target may get."""
_OTHER_FILES = {"config.toml", "pyproject.toml"}


class Loaded(msgspec.Struct, frozen=True):
    """A configuration and where it came from."""

    config: Config
    sha256: str
    path: Path


class Contents(msgspec.Struct, frozen=True):
    """What a catalogue holds."""

    scenarios: tuple[Scenario, ...]
    campaigns: tuple[Campaign, ...]
    problems: tuple[Problem, ...]


class Catalogue:
    """Every scenario that can be run, by id."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._files = dict(files)

    def ids(self) -> Sequence[str]:
        """Known ids, also of files that are wrong."""
        return tuple(self._files)

    def path(self, scenario_id: str) -> Path:
        """The file behind an id. InputError for an unknown one."""
        try:
            return self._files[scenario_id]
        except KeyError:
            known = did_you_mean(scenario_id, self._files) or "; `jetproof list` shows all"
            what = f"unknown scenario {quoted(scenario_id)}{known}"
            raise InputError.of(COMMAND_LINE, "", what) from None

    def scenario(self, scenario_id: str, changes: Mapping[str, Any] | None = None) -> Scenario:
        """One scenario with `changes` laid over it. InputError lists what is wrong."""
        return read_scenario(self.path(scenario_id), changes or {})

    def campaign(self, campaign_id: str) -> Campaign | None:
        """The campaign of that id, its scenarios known; None when the id is a scenario's.

        InputError lists what is wrong.
        """
        path = self.path(campaign_id)
        data = read_toml(path)
        return self.checked(parse_campaign(path, data)) if is_campaign(data) else None

    def contents(self) -> Contents:
        """Everything that is in order, lightest first, and what is wrong with the rest."""
        scenarios: list[Scenario] = []
        campaigns: list[Campaign] = []
        problems: list[Problem] = []
        for path in self._files.values():
            try:
                data = read_toml(path)
                if is_campaign(data):
                    campaigns.append(self.checked(parse_campaign(path, data)))
                else:
                    scenarios.append(_scenario_in(path, data, {}))
            except InputError as error:
                problems += error.problems
        scenarios.sort(key=lambda each: (each.users * each.duration_s, each.id))
        campaigns.sort(key=lambda each: (len(each.runs), each.id))
        return Contents(tuple(scenarios), tuple(campaigns), tuple(problems))

    def checked(self, campaign: Campaign) -> Campaign:
        """The campaign with the runs of those that it names in their place, all known. InputError
        names what is not."""
        problems: list[Problem] = []
        runs = self._flattened(campaign, (campaign.id,), problems)
        if len(runs) > MAX_RUNGS and not problems:
            where, what = Path(campaign.path).name, f"{len(runs)} runs in all, at most {MAX_RUNGS}"
            problems.append(Problem(where, "campaign.runs", what))
        if problems:
            raise InputError(list(dict.fromkeys(problems)))
        return msgspec.structs.replace(campaign, runs=tuple(runs))

    def _flattened(
        self, campaign: Campaign, above: tuple[str, ...], problems: list[Problem]
    ) -> list[str]:
        """`above`: the campaigns that lead to this one, itself the last."""
        where = Path(campaign.path).name
        runs: list[str] = []
        for rung in campaign.runs:
            path = self._files.get(rung)
            if rung in above:
                what = f"{' → '.join((*above, rung))}: a campaign can't run itself"
                problems.append(Problem(where, "campaign.runs", what))
                continue
            if path is None:
                what = f"unknown scenario {quoted(rung)}{did_you_mean(rung, self._files)}"
                problems.append(Problem(where, "campaign.runs", what))
                continue
            data = read_toml(path)
            if is_campaign(data):
                runs += self._flattened(parse_campaign(path, data), (*above, rung), problems)
            else:
                runs.append(rung)
        return runs


def shipped_root() -> Path:
    """Where the package keeps its `scenarios/` and `config.toml`: beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "shipped"
    return installed if installed.is_dir() else package.parent


def shipped_locustfile(name: str) -> Path | None:
    """The shipped locustfile of that name; None for a path, and for a name that none has."""
    path = shipped_root() / "scenarios" / "load" / name
    return path if Path(name).name == name and os.path.isfile(path) else None


def parse_toml(text: str) -> dict[str, Any]:
    """The tables in `text`. ValueError when it is not TOML."""
    try:
        return dict(tomllib.loads(text))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file. InputError in one line when it can't be read."""
    try:
        return parse_toml(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise InputError.of(path.name, "", "not TOML: not UTF-8 text") from None
    except ValueError as error:
        # Not only the decoder's own: a number of thousands of digits is Python's to refuse.
        raise InputError.of(path.name, "", f"not TOML: {error}") from None
    except OSError as error:
        raise InputError.of(str(path), "", f"can't be read: {error.strerror}") from None


def read_scenario(path: Path, changes: Mapping[str, Any]) -> Scenario:
    """The scenario in a file, its locustfile found. InputError lists what is wrong."""
    data = read_toml(path)
    if is_campaign(data):
        what = "a campaign, where a single scenario is meant"
        raise InputError.of(path.name, "kind", what)
    return _scenario_in(path, data, changes)


def is_campaign(data: Mapping[str, Any]) -> bool:
    """Whether a decoded TOML file means to be a campaign."""
    return data.get("kind") == "campaign"


def _scenario_in(path: Path, data: dict[str, Any], changes: Mapping[str, Any]) -> Scenario:
    try:
        scenario = parse_scenario(path, data, changes)
    except InputError as error:
        load = data.get("load")
        named = load.get("locustfile") if isinstance(load, dict) else None
        named = changes.get("load.locustfile", named)
        lost = [_lost(path, named)] if isinstance(named, str) and not _found(path, named) else []
        raise InputError([*error.problems, *lost]) from None
    if scenario.load is None:
        return scenario
    found = _found(path, scenario.load.locustfile)
    if found is None:
        raise InputError([_lost(path, scenario.load.locustfile)])
    load = msgspec.structs.replace(scenario.load, locustfile=found)
    return msgspec.structs.replace(scenario, load=load)


def _found(path: Path, locustfile: str) -> str | None:
    """The locustfile as the scenario in `path` is to name it: beside it, else a shipped one."""
    # Not Path's own: a name that no file system takes is no file, too.
    if os.path.isfile(path.parent / locustfile):
        return locustfile
    shipped = shipped_locustfile(locustfile)
    return None if shipped is None else str(shipped)


def _lost(path: Path, locustfile: str) -> Problem:
    what = f"{quoted(locustfile)} is neither beside {path.name} nor a shipped one"
    return Problem(path.name, "load.locustfile", what)


def find_scenarios(own: Path | None) -> Catalogue:
    """The shipped catalogue, what the console saved, and the user's directory laid over both."""
    files = _files_in((shipped_root() / "scenarios").rglob("*.toml"))
    saved = user_config_path("jetproof") / "scenarios"
    if saved.is_dir():
        files |= _files_in(filter(_may_be_scenario, saved.rglob("*.toml")))
    if own is not None:
        if not own.is_dir():
            raise InputError.of(COMMAND_LINE, "--scenarios", f"{own} is not a directory")
        files |= _files_in(filter(_may_be_scenario, own.rglob("*.toml")))
    return Catalogue(files)


def find_config(chosen: Path | None, root: Path | None = None) -> Loaded:
    """`--config`, else ./config.toml, else the user's, else the shipped one.

    `root` is the tree of the board in place of the file's. InputError where none stands.
    """
    candidates = [
        Path("config.toml"),
        user_config_path("jetproof") / "config.toml",
        shipped_root() / "config.toml",
    ]
    path = chosen or next(candidate for candidate in candidates if candidate.is_file())
    config = parse_config(path.name, read_toml(path))
    if root is None:
        config = with_tree(config, path)
    else:
        _check_tree(root, COMMAND_LINE, "--root")
        board = msgspec.structs.replace(config.board, root=str(root.absolute()))
        config = msgspec.structs.replace(config, board=board)
    if os.environ.get(MAX_USERS):
        config = config.with_max_users(_max_users(os.environ[MAX_USERS]))
    return Loaded(config, hashlib.sha256(path.read_bytes()).hexdigest(), path)


def with_tree(config: Config, path: Path) -> Config:
    """The configuration of that file, its board's tree found: beside the file if it is relative.

    InputError where no tree stands.
    """
    if not config.board.root:
        return config
    root = path.absolute().parent / config.board.root
    _check_tree(root, path.name, "board.root")
    board = msgspec.structs.replace(config.board, root=str(root))
    return msgspec.structs.replace(config, board=board)


def _check_tree(root: Path, where: str, key: str) -> None:
    what = ""
    try:
        names = os.listdir(root)
    except FileNotFoundError:
        what = f"{root} is not there"
    except NotADirectoryError:
        what = f"{root} is not a directory"
    except (OSError, ValueError) as error:
        what = f"{root} can't be read: {getattr(error, 'strerror', None) or error}"
    else:
        if not any(name in names and os.path.isdir(root / name) for name in ("sys", "proc")):
            what = f"{root} is no tree of a board: it has neither sys nor proc"
    if what:
        raise InputError.of(where, key, what)


def _max_users(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 10 and int(text):
        return int(text)
    raise InputError.of("environment", MAX_USERS, f"{quoted(text)} is no number of users")


def _may_be_scenario(path: Path) -> bool:
    """Whether a TOML file below the user's directory is one; what can't be told counts as one."""
    if path.name in _OTHER_FILES:
        return False
    try:
        data = read_toml(path)
    except InputError:
        return True
    # An empty one is a scenario that was only begun.
    kinds = {"kind", "load", "stress", "campaign"}
    return not data or (not is_config(data) and not kinds.isdisjoint(data))


def _files_in(paths: Iterable[Path]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    problems = []
    for path in sorted(paths):
        if path.stem in found:
            what = f"the id is taken by {found[path.stem]}"
            problems.append(Problem(str(path), "", what))
        found[path.stem] = path.resolve()
    if problems:
        raise InputError(problems)
    return found
