from __future__ import annotations

from tui.core.e2e.deed import Make
from tui.core.e2e.operation import Operation
from tui.core.e2e.secret_use import secrets_used
from tui.core.e2e.workflow import Check, Step, Workflow

ASKED = Operation("login", "POST", "/login", sends="json", body='{"key": "{secret.body}"}')
NOT_ASKED = Operation("other", headers=(("X-Key", "{secret.other}"),))


def test_they_are_found_wherever_a_workflow_has_texts() -> None:
    workflow = Workflow(
        steps=(
            Step("made", deed=Make(text="{secret.deed}")),
            Step(
                "login",
                "login",
                values=(("password", "x{secret.value}y"),),
                bearer="{secret.bearer}",
                checks=(Check("body", equals="{secret.check}"),),
            ),
        ),
        cleanup=(Step("health", "health", body="{secret.cleanup}"),),
    )
    found = secrets_used(workflow, (ASKED, NOT_ASKED))
    assert found == {"body", "deed", "value", "bearer", "check", "cleanup"}


def test_other_words_and_operations_that_nobody_asks_for_are_none() -> None:
    workflow = Workflow((Step("x", "health", values=(("a", "{secrets.b} {round.id} {secret}"),)),))
    assert secrets_used(workflow, (ASKED, NOT_ASKED)) == frozenset()
