"""What can be said of a locustfile's shapes without running it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.catalogue import read_scenario
from tui.cli.locustfile import locustfile_problems

USERS = """
from locust import HttpUser, LoadTestShape{extra}

class Some(HttpUser):
    pass
"""
STEPS = """
class Base(LoadTestShape):
    abstract = True

class Steps(Base):
    def tick(self):
        return None
"""


def said(directory: Path, text: str, shape: str = "") -> list[str]:
    """The problems of a scenario whose users are this text."""
    directory.mkdir(exist_ok=True)
    (directory / "users.py").write_text(text)
    path = directory / "mine.toml"
    level = f'shape = "{shape}"' if shape else "spawn_rate = 1"
    path.write_text(
        'kind = "load"\ntitle = "Mine"\nsummary = "One"\n[load]\nusers = 5\n'
        f'{level}\nduration = "10s"\nlocustfile = "users.py"\n[thresholds]\nerror_rate = "< 0.1"\n'
    )
    return [f"{problem}" for problem in locustfile_problems(read_scenario(path, {}))]


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        (USERS.format(extra=""), ""),
        (USERS.format(extra="") + STEPS, "Steps"),
        (USERS.format(extra="\nfrom shapes import Steps"), "Steps"),
        (USERS.format(extra="\nfrom shapes import *"), "Steps"),
    ],
    ids=["none", "its own", "imported", "nobody knows"],
)
def test_what_fits_is_no_problem(tmp_path: Path, text: str, shape: str) -> None:
    assert said(tmp_path / "load", text, shape) == []


@pytest.mark.parametrize(
    "text",
    [
        USERS.format(extra="") + STEPS,
        USERS.format(extra=", LoadTestShape as Shape") + STEPS.replace("(LoadTest", "("),
        "import locust\n" + USERS.format(extra="") + STEPS.replace("(LoadTest", "(locust.LoadTest"),
    ],
)
def test_a_shape_that_the_scenario_does_not_name_is_a_problem(tmp_path: Path, text: str) -> None:
    (problem,) = said(tmp_path / "load", text)
    assert "load.shape: users.py has the LoadTestShape Steps: name it" in problem
    assert '(shape = "Steps")' in problem


@pytest.mark.parametrize("shape", ["Stepps", "Base"])
def test_a_shape_that_is_not_there_is_a_problem(tmp_path: Path, shape: str) -> None:
    (problem,) = said(tmp_path / "load", USERS.format(extra="") + STEPS, shape)
    assert "load.shape: no such class in users.py" in problem
