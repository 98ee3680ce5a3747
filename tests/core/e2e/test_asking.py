"""What a workflow asks for against what a target and a site have."""

from __future__ import annotations

import msgspec
import pytest

from tui.core.config import Target
from tui.core.e2e.asking import check_cameras, check_operations, offered
from tui.core.e2e.deed import Decide, Make
from tui.core.e2e.operation import OPERATIONS, Operation
from tui.core.e2e.pages import Pages
from tui.core.e2e.workflow import Check, Poll, Step, Workflow
from tui.core.problem import InputError

CAPTURE = Step("capture")
STORE = Step(
    "store", "store", send="capture", values=(("name", "x"),), save=(("id", "json:/id"),)
)  # fmt: skip
OFFERED = (*OPERATIONS, Operation("mark", "POST", "/marks", sends="json", body='{"a": "{a}"}'))


def mine(*operations: Operation) -> Target:
    """A service that has these operations."""
    return Target("mine", "http://127.0.0.1:9", operations=operations)


def said(*steps: Step, cleanup: tuple[Step, ...] = (), target: Target | None = None) -> list[str]:
    with pytest.raises(InputError) as caught:
        check_operations(Workflow(steps, cleanup), target or mine(*OFFERED), "x")
    return str(caught.value).splitlines()


def test_what_fits_is_not_told() -> None:
    workflow = Workflow((CAPTURE, STORE), (Step("delete", "delete"),))
    check_operations(workflow, mine(*OFFERED), "x")


@pytest.mark.parametrize(
    ("step", "what"),
    [
        (
            Step("s", "stor"),
            'unknown operation "stor" (did you mean "store"?); known: health, logi',
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


PUT = Step(
    "put", "store", send="capture", repeat=3, values=(("name", "{item.number}"),),
    save=(("id", "id"),),
)  # fmt: skip
COUNTED = (("limit", "{page.size}"), ("offset", "{page.offset}"))
PAGES = Pages("items", "id", of="put", name="/meta/name", cursor="next")
LIST = Step("list", "list", values=(*COUNTED, ("cursor", "{page.cursor}")), pages=PAGES)
BY_CURSOR = (
    Operation("list", path="/marks", query=(("after", "{cursor}"),), gives=(
        ("items", "body"), ("next", "json:/next"),
    )),
)  # fmt: skip


def test_items_pages_and_made_up_bytes_fit() -> None:
    noise = Step("noise", deed=Make(size_bytes=9))
    rule = Step("rule", deed=Decide("objects", "box"))
    read = Step("read", "retrieve", each="put", save=(("image", "body"),))
    later = Step("later", "mark", each="read", body='{"a": "{image.sha256}"}')
    told = Step("told", "mark", values=(("a", "{rule}{noise.sha256}{target.x}{secret.y}"),))
    steps = (CAPTURE, noise, PUT, read, LIST, rule, later, told)
    check_operations(Workflow(steps, (Step("delete", "delete", each="put"),)), mine(*OFFERED), "x")


def test_words_of_the_target_s_own_fit_wherever_they_stand() -> None:
    own = Operation("own", path="/{target.line}", headers=(("X-Key", "{secret.key}"),))
    check_operations(Workflow((Step("s", "own"),)), mine(own), "x")


def test_a_list_is_gone_through_as_the_operation_has_it() -> None:
    by_cursor = msgspec.structs.replace(PAGES, id="/id")
    check_operations(Workflow((PUT, LIST)), mine(*OPERATIONS), "x")
    listed = msgspec.structs.replace(LIST, pages=by_cursor)
    check_operations(Workflow((listed,)), mine(*BY_CURSOR), "x")


@pytest.mark.parametrize(
    ("step", "what"),
    [
        (Step("s", "health", file="a.jpg"), "health sends nothing (leave send_file out?)"),
        (Step("s", "health", without_file=True), "health sends nothing (leave without_file out?)"),
        (Step("s", "health", body="x"), "health sends nothing (leave body out?)"),
        (
            Step("s", "predict", without_file=True, body="x"),
            "predict sends no document (leave body",
        ),
        (
            Step("s", "retrieve"),
            'retrieve needs {id}, which put saves for each item: each = "put"',
        ),
        (
            Step("s", "mark", values=(("a", "x"),), repeat=2, at_once=2, file="x"),
            "mark sends no file, but JSON (leave send_file out?)",
        ),
        (Step("s", "of-item"), "of-item is of one item among many: repeat = so many, or each ="),
        (Step("s", "of-page"), "of-page reads a list page by page: pages = { … } says what is in"),
        (
            Step("s", "list", values=(("limit", "9"), ("offset", "0")), pages=PAGES),
            'list needs to know which page is meant: values = { … = "…" } with {page.offset} or',
        ),
        (
            msgspec.structs.replace(LIST, pages=Pages("items", "id", fields=("sise",))),
            'the records of list have no "sise" (did you mean "size"?); they have: id, name, size,',
        ),
        (
            msgspec.structs.replace(LIST, pages=Pages("itms", "id")),
            'list gives no "itms" (did you mean "items"?); it gives: items',
        ),
    ],
)
def test_a_step_of_another_kind_that_does_not_fit_is_one_line(step: Step, what: str) -> None:
    more = (
        Operation("of-item", path="/{item.number}"),
        Operation("of-page", path="/{page.number}"),
    )
    with pytest.raises(InputError) as caught:
        check_operations(Workflow((CAPTURE, PUT, step)), mine(*OFFERED, *more), "x")
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"x:step {step.name}: {what}")


def test_a_cursor_that_is_not_asked_with_is_told() -> None:
    step = msgspec.structs.replace(
        LIST, values=(*COUNTED, ("cursor", "")), pages=Pages("items", "/id", cursor="next")
    )
    with pytest.raises(InputError, match="list needs the cursor of the next page: values"):
        check_operations(Workflow((step,)), mine(*BY_CURSOR), "x")


def changed(name: str, **changes: object) -> Target:
    """A service that has a usual operation otherwise."""
    return mine(
        *(
            msgspec.structs.replace(each, **changes) if each.name == name else each
            for each in OPERATIONS
        )
    )


LOGIN = Step("login", "login", values=(("user", "u"), ("password", "p"), ("expires_in", "9")))
STORED = msgspec.structs.replace(STORE, checks=(Check("sha256", type="string"),))


@pytest.mark.parametrize(
    ("step", "target", "what"),
    [
        (
            LIST,
            changed("list", query=(("n", "{count}"), ("from", "{offset}"))),
            "[targets.mine.operations.list] query has {count}; the workflow gives limit, offset, "
            "cursor",
        ),
        (
            LOGIN,
            changed("login", body='{"user": "{username}"}'),
            "[targets.mine.operations.login] body has {username}; the workflow gives user, "
            'password, expires_in (did you mean "user"?)',
        ),
        (
            Step("alive", "health"),
            changed("health", path="/{line}/health"),
            "[targets.mine.operations.health] path has {line}; the workflow gives nothing",
        ),
        (
            STORED,
            changed("store", gives=(("id", "json:/id"), ("hash", "json:/sha256"))),
            "[targets.mine.operations.store] gives has no sha256; it has: id, hash",
        ),
        (
            STORED,
            changed("store", sends="json", body="{}"),
            '[targets.mine.operations.store] sends = "json"; the workflow sends a file with it',
        ),
        (
            LIST,
            changed("list", query=()),
            "[targets.mine.operations.list] does not say which page is meant: the workflow gives "
            "{offset} for it",
        ),
        (
            msgspec.structs.replace(LIST, pages=Pages("items", "id", of="put")),
            changed("list", record=(("key", "/id"),)),
            "[targets.mine.operations.list] record has no id; it has: key",
        ),
    ],
)
def test_what_the_configuration_has_otherwise_names_its_key(
    step: Step, target: Target, what: str
) -> None:
    (line,) = said(CAPTURE, step, target=target)
    assert line.startswith(f"x:step {step.name}: {what}")


def test_what_makes_things_is_not_asked_again_and_again() -> None:
    step = msgspec.structs.replace(STORE, poll=Poll(1.0, 9.0))
    assert said(CAPTURE, step) == [
        "x:step store: store is a POST whose answer is saved: poll would make one more with each "
        "question, and the last alone be known"
    ]


def test_what_makes_nothing_that_is_kept_may_be_asked_again() -> None:
    ask = Step("ask", "predict", send="capture", poll=Poll(1.0, 9.0))
    check_operations(Workflow((CAPTURE, ask)), mine(*OFFERED), "x")


def test_what_is_not_offered_is_left_out_and_asks_for_nothing() -> None:
    target = msgspec.structs.replace(changed("health"), not_offered=("predict_with_image",))
    kept = [each for each in target.operations if each.name != "predict_with_image"]
    target = msgspec.structs.replace(target, operations=tuple(kept))
    workflow = Workflow((CAPTURE, Step("drawn", "predict_with_image"), STORE))
    found = offered(workflow, target)
    assert [step.omit for step in found.steps] == [
        "", "the target does not offer predict_with_image", "",
    ]  # fmt: skip
    check_operations(found, target, "x")
    assert offered(workflow, mine(*OPERATIONS)) == workflow


def test_a_mistake_of_the_configuration_is_told_once_and_nothing_that_follows_from_it() -> None:
    target = changed("list", query=(("n", "{count}"),))
    again = msgspec.structs.replace(LIST, name="again")
    lines = said(CAPTURE, PUT, LIST, again, target=target)
    assert [line.partition(";")[0] for line in lines] == [
        "x:step list: [targets.mine.operations.list] query has {count}"
    ]
