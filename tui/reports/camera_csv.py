"""Cameras as a table for spreadsheets: one row a camera and second, wider steps in long runs."""

from __future__ import annotations

import msgspec

from tui.core.model import RunView
from tui.reports.camera_course import CameraPoint
from tui.reports.cells import said, table
from tui.reports.course import Course
from tui.reports.utc import of_load

CAMERAS_END = "_cameras.csv"
HEADS = ("Timestamp", "camera", "source", "label", *CameraPoint.__struct_fields__)


def cameras_csv(view: RunView, course: Course) -> str:
    """In order of time for each camera; in seconds since the work began, the opening before it."""
    began_utc = of_load(view, 0.0)
    return table(
        HEADS,
        (
            (
                began_utc + point.start_s,
                said(camera.name),
                said(camera.source.text),
                camera.source.label,
                *msgspec.structs.astuple(point),
            )
            for camera in view.cameras
            for point in course.cameras.get(camera.name, ())
        ),
    )
