"""What a workflow asks for against what a target and a site have."""

from __future__ import annotations

import pytest

from tui.core.e2e.asking import check_cameras, check_operations
from tui.core.e2e.operation import OPERATIONS, Operation
from tui.core.e2e.workflow import Check, Step, Workflow
from tui.core.problem import InputError

CAPTURE = Step("capture")
STORE = Step(
    "store", "store", send="capture", values=(("name", "x"),), save=(("id", "json:/id"),)
)  # fmt: skip
OFFERED = (*OPERATIONS, Operation("mark", "POST", "/marks", sends="json", body='{"a": "{a}"}'))


def said(*steps: Step, cleanup: tuple[Step, ...] = ()) -> list[str]:
    with pytest.raises(InputError) as caught:
        check_operations(Workflow(steps, cleanup), OFFERED, "x")
    return str(caught.value).splitlines()


def test_what_fits_is_not_told() -> None:
    workflow = Workflow((CAPTURE, STORE), (Step("delete", "delete"),))
    check_operations(workflow, OFFERED, "x")


@pytest.mark.parametrize(
    ("step", "what"),
    [
        (
            Step("s", "stor"),
            'unknown operation "stor" (did you mean "store"?); known: health, pred',
        ),
        (Step("s", "predict"), "predict sends a file: send = the name of the step that has it"),
        (Step("s", "health", send="capture"), "health sends nothing (leave send out?)"),
        (
            Step("s", "mark", send="capture", values=(("a", "b"),)),
            "mark sends no file, but JSON (leave send out?)",
        ),
        (Step("s", "mark"), 'mark needs {a}: values = { a = "…" }'),
        (Step("s", "retrieve"), 'retrieve needs {id}: values = { id = "…" }'),
        (
            Step("s", "health", checks=(Check("stat", equals="ok"),)),
            'health gives no "stat" (did you mean "state"?); it gives: state',
        ),
        (
            Step("s", "delete", values=(("id", "1"),), save=(("x", "gone"),)),
            'delete gives no "gone"; it gives: nothing',
        ),
    ],
)
def test_what_does_not_fit_is_one_line_of_its_step(step: Step, what: str) -> None:
    (line,) = said(CAPTURE, step)
    assert line.startswith(f"x:step s: {what}")


def test_all_is_told_at_once_and_the_clean_up_too() -> None:
    lines = said(CAPTURE, Step("a", "stor"), STORE, cleanup=(Step("b", "delet"),))
    assert [line.split(":")[1] for line in lines] == ["step a", "step b"]


def test_what_is_saved_only_later_is_not_known_yet() -> None:
    assert said(CAPTURE, Step("fetch", "retrieve"), STORE) == [
        'x:step fetch: retrieve needs {id}: values = { id = "…" }'
    ]


def test_a_camera_is_known_or_told() -> None:
    workflow = Workflow((CAPTURE, Step("other", camera="gat")))
    check_cameras(workflow, ["gat"], "x")
    with pytest.raises(InputError) as caught:
        check_cameras(workflow, ["gate", "dock"], "x")
    assert str(caught.value) == (
        'x:step other: unknown camera "gat" (did you mean "gate"?); known: gate, dock'
    )
