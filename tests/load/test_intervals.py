from __future__ import annotations

import os
import subprocess
import sys

import pytest

HEAD = """
from types import SimpleNamespace
from locust import (
    FastHttpUser, TaskSet, between, constant, constant_pacing, constant_throughput
)
from tui.load.intervals import interval_s

class Base(FastHttpUser):
    host = "http://127.0.0.1:1"
    wait_time = constant_pacing(3)

class Some(Base):
    pass

class Tasks(TaskSet):
    pass
"""
ASK = """
from locust.env import Environment
print(interval_s(Tasks(Some(Environment()))))
"""


@pytest.mark.parametrize(
    ("rule", "said"),
    [
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
    ],
)
def test_a_pace_is_known_wherever_it_was_set(rule: str, said: str) -> None:
    # Locust stays out of this process's sockets and threads.
    asked = subprocess.run(
        [sys.executable, "-c", HEAD + rule + ASK],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "LOCUST_SKIP_MONKEY_PATCH": "1"},
    )
    assert asked.stdout.strip() == said
