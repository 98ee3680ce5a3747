"""The golden pictures are what their script draws, and the scenario expects what it drew."""

from __future__ import annotations

import runpy
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.e2e.trial import CATALOGUE, steps_in
from tui.core.e2e.detection import Likeness
from tui.core.e2e.workflow import Step

GOLDEN = CATALOGUE.path("golden-images").parent / "golden"
SCRIPT: dict[str, Any] = runpy.run_path(str(GOLDEN / "draw.py"))
NAMES = tuple(SCRIPT["PICTURES"])


def step_of(name: str) -> Step:
    workflow = CATALOGUE.scenario("golden-images").workflow
    assert workflow is not None
    (step,) = (step for step in workflow.steps if step.name == name)
    return step


def likeness_of(name: str) -> Likeness:
    (check,) = step_of(name).checks
    assert check.like is not None
    return check.like


def test_the_scenario_has_all_of_them() -> None:
    files = sorted(path.name for path in GOLDEN.glob("*.jpg"))
    assert files == sorted(f"{name}.jpg" for name in NAMES)
    assert [step["send_file"] for step in steps_in("golden-images")] == [
        f"golden/{name}.jpg" for name in NAMES
    ]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_expected_is_what_was_drawn(name: str) -> None:
    like = likeness_of(name)
    drawn = [(category, tuple(map(float, box))) for category, box in SCRIPT["PICTURES"][name]]
    assert [(each.category, each.box) for each in like.objects] == drawn
    assert (like.width, like.height) == SCRIPT["SIZE"]
    assert (like.least_iou, like.confidence_within) == (0.5, 0.1)


@pytest.mark.parametrize("name", NAMES)
def test_the_file_is_the_drawing(name: str) -> None:
    drawn = np.asarray(SCRIPT["draw"](SCRIPT["PICTURES"][name]), np.int16)
    shipped = np.asarray(Image.open(GOLDEN / f"{name}.jpg").convert("RGB"), np.int16)
    # Encoders differ in their last levels, and at the edges of colours.
    assert float(np.abs(drawn - shipped).mean()) < 1.0


def test_there_is_one_without_anything() -> None:
    assert [name for name in NAMES if not likeness_of(name).objects] == ["empty"]


def test_the_smoke_suite_has_one_of_them() -> None:
    copy = CATALOGUE.path("critical-path").parent / "golden" / "box.jpg"
    assert copy.read_bytes() == (GOLDEN / "box.jpg").read_bytes()
