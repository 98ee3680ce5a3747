from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

HEAD = """
import json
from types import SimpleNamespace
from locust import (
    FastHttpUser, TaskSet, between, constant, constant_pacing, constant_throughput
)
from locust.env import Environment
from tui.load.intervals import interval_s
"""
ASK = """
class Base(FastHttpUser):
    host = "http://127.0.0.1:1"
    wait_time = constant_pacing(3)

class Some(Base):
    pass

class Tasks(TaskSet):
    pass

{rule}
said.append(str(interval_s(Tasks(Some(Environment())))))
"""
RULES = [
    ("", "3.0"),
    ("Base.wait_time = constant_throughput(4)", "0.25"),
    ("Some.wait_time = constant_throughput(0.5)", "2.0"),
    ("Tasks.wait_time = constant_pacing(7)", "7.0"),
    ("Tasks.wait_time = constant(7)", "None"),
    ("Some.wait_time = constant(0)", "0.0"),
    ("Some.wait_time = constant(0.5)", "None"),
    ("Some.wait_time = between(1, 2)", "None"),
    ("Some.wait_time = lambda self: 0", "None"),
    ("Some.wait_time = None", "None"),
    ("del Base.wait_time", "0.0"),
]


@pytest.fixture(scope="module")
def said() -> dict[str, str]:
    """What is known of the pace under each rule."""
    # Locust stays out of this process's sockets and threads.
    asks = [
        HEAD,
        "said = []",
        *(ASK.format(rule=rule) for rule, _ in RULES),
        "print(json.dumps(said))",
    ]
    asked = subprocess.run(
        [sys.executable, "-c", "\n".join(asks)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "LOCUST_SKIP_MONKEY_PATCH": "1"},
    )
    return dict(zip((rule for rule, _ in RULES), json.loads(asked.stdout), strict=True))


@pytest.mark.parametrize(("rule", "known"), RULES)
def test_a_pace_is_known_wherever_it_was_set(rule: str, known: str, said: dict[str, str]) -> None:
    assert said[rule] == known
