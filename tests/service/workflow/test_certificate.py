"""Certificates of real TLS services."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.lib.target import Target, self_signed
from tests.service.workflow.walking import walked
from tui.core.e2e.deed import Certificate
from tui.core.e2e.workflow import Step, Workflow
from tui.core.events import StepEnded

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")


def tls(url: str, least_days: float) -> StepEnded:
    (step,) = walked(url, Workflow((Step("tls", deed=Certificate(least_days)),))).ended
    return step


def test_that_are_trusted_are_valid_for_some_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}")
    with Target(certificate) as service:
        right, wrong = tls(service.url, 1), tls(service.url, 14)
    assert (right.state, right.note, right.requests) == ("passed", "valid for 1 day", 0)
    assert 0 < right.request_ms <= right.ms
    assert (wrong.state, wrong.why) == (
        "failed",
        "its TLS certificate is valid for 2.0 days, not 14",
    )
    assert (wrong.wanted, wrong.got) == ("at least 14 days", "2.0")


def test_that_nobody_vouches_for_are_told_so(tmp_path: Path) -> None:
    with Target(self_signed(tmp_path)) as service:
        step = tls(service.url, 1)
    assert step.state == "failed"
    assert step.why.startswith("its TLS certificate is not trusted: self")
    assert "verify_tls" not in step.why, "that would accept it, and prove nothing"


def test_that_are_another_host_s_are_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path, "DNS:other.example")
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}")
    with Target(certificate) as service:
        step = tls(service.url, 1)
    assert step.state == "failed"
    assert "not valid for '127.0.0.1'" in step.why
