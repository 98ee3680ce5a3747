"""Scenarios changed by hand: for one start, or kept as files of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

from tui.catalogue import read_scenario, read_toml, shipped_locustfile
from tui.core.overlay import with_changes
from tui.core.problem import InputError
from tui.core.scenario import Scenario, parse_scenario


def own_directory() -> Path:
    """Where they are kept; need not exist."""
    return user_config_path("jetproof") / "scenarios"


def changed_scenario(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """The scenario's file with dotted keys laid over it. InputError says what is wrong."""
    return read_scenario(Path(scenario.path), changes)


def save_scenario(name: str, scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """The changed scenario as a new file, which is never one that exists.

    InputError says what is wrong with its name, its values or the directory.
    """
    import tomli_w

    path = own_directory() / f"{name}.toml"
    if path.stem != name:
        raise InputError.of(name, "", "a name, not a path: lower case letters, digits and dashes")
    source = Path(scenario.path)
    data = with_changes(path.name, read_toml(source), changes)
    data["title"] = name.replace("-", " ").capitalize()
    if scenario.load is not None:
        data["load"]["locustfile"] = _named(source.parent / scenario.load.locustfile)
    parse_scenario(path, data, {})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(f"# {source.stem}, changed in the console\n{tomli_w.dumps(data)}")
    except FileExistsError:
        raise InputError.of(str(path), "", "exists already: nothing is overwritten") from None
    except OSError as error:
        what = f"can't be written: {error.strerror or error}"
        raise InputError.of(str(path), "", what) from None
    return read_scenario(path, {})


def _named(locustfile: Path) -> str:
    """How a file of one's own names it: where the package lies may change, a name stays."""
    locustfile = locustfile.resolve()
    shipped = shipped_locustfile(locustfile.name)
    beside = own_directory() / locustfile.name
    # One of one's own under a shipped name would be found first.
    meant = beside if beside.is_file() else shipped
    return locustfile.name if meant and meant.resolve() == locustfile else str(locustfile)
