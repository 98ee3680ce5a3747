"""Cameras in a ticket: tables as GitHub and GitLab draw them."""

from __future__ import annotations

from tui.core.model import RunView
from tui.reports import camera_words as words
from tui.reports.ticket import code, prose, table


def camera_sections(view: RunView) -> list[str]:
    """A table of all, and what is known of each; nothing for a run without any."""
    if not view.cameras:
        return []
    drawn = words.cameras_table(view.cameras)
    rows = [(code(row[0]), *map(prose, row[1:])) for row in drawn.rows]
    found = ["### Cameras", table(drawn.heads, rows, right=set(drawn.numbers))]
    for camera in view.cameras:
        facts = [(prose(name), prose(said)) for name, said in words.camera_words(camera)]
        found += [f"#### {code(camera.name)}", table(("", ""), facts)]
    return found


def label_notes(view: RunView) -> list[str]:
    """That some are no cameras, ahead of everything."""
    return [f"> **NOT A CAMERA**: {prose(line)}." for line in words.simulated_words(view)]
