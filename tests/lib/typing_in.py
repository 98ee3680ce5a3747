"""`jetproof` typed in this very process, where a test can put its own parts."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.lib.machine import Finished, Machine
from tui.cli import main

Type = Callable[..., Finished]


@contextmanager
def typing_in(
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *before: str,
) -> Iterator[Type]:
    """In the machine's working directory; `before` stands in front of what is typed."""
    monkeypatch.chdir(machine.work)
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "JETPROOF_LOCK"):
        monkeypatch.setenv(name, machine.env[name])
    signals = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def type_in(*arguments: str) -> Finished:
        monkeypatch.setattr(sys, "argv", ["jetproof", *before, *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Finished(ended.value.code, said.out, said.err)

    yield type_in
    for number, handler in signals.items():
        signal.signal(number, handler)
