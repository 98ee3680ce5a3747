"""Campaign files."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import pytest

from tests.core import script
from tui.core.campaign import parse_campaign, total_s
from tui.core.problem import InputError


def table(**sections: Any) -> dict[str, Any]:
    return {"kind": "campaign", "title": "Gate", "campaign": {"runs": ["smoke"]}, **sections}


def test_a_campaign_is_a_list_of_scenarios() -> None:
    campaign = parse_campaign(PurePath("gate.toml"), table(campaign={"runs": ["smoke", "load"]}))
    assert (campaign.id, campaign.runs) == ("gate", ("smoke", "load"))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (table(campaign={"runs": []}), "gate.toml:campaign.runs: names 1 to 50 scenarios"),
        (table(campaign={"runs": "smoke"}), "gate.toml:campaign.runs: expected a list, got text"),
        (
            table(campaign={"rungs": []}),
            "gate.toml:campaign.rungs: unknown key (did",
        ),
        (table(load={}), "gate.toml:load: unknown key"),
        ({"kind": "campaign", "title": "x"}, "gate.toml:campaign: is missing"),
    ],
)
def test_a_mistake_is_one_line(data: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_campaign(PurePath("gate.toml"), data)
    assert str(caught.value).startswith(said)
    assert len(caught.value.problems) == 1


def test_a_campaign_takes_its_runs_and_the_waits_between_them() -> None:
    def run(cool_down: str) -> Any:
        return script.scenario(load={"users": 1, "duration": "1m"}, cool_down=cool_down)

    assert total_s([run("2m"), run("0s"), run("5m")]) == (180.0, 120.0)
