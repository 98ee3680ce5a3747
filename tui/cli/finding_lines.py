"""Findings as lines, for people."""

from __future__ import annotations

from tui.core.finding import Finding

SIGNS = {"ok": "✓", "unknown": "?", "warn": "!", "fail": "✗"}
NAME_WIDTH = 20


def finding_lines(finding: Finding) -> list[str]:
    """What was found, and beneath it what to do."""
    lines = [f"{SIGNS[finding.state]} {finding.name:<{NAME_WIDTH}}{finding.said}"]
    return [*lines, f"{'':<{NAME_WIDTH + 2}}{finding.advice}"] if finding.advice else lines
