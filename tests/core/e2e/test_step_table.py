"""What a step may say, by way of the whole scenario file."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.e2e.test_table import CAPTURE, workflow, wrong
from tui.core.e2e.deed import Archive, Certificate, Decide, Make, NoSecrets, Restart, Simulate
from tui.core.e2e.detection import Detection, Likeness
from tui.core.e2e.pages import Pages
from tui.core.e2e.workflow import Check, Step

PUT = {
    "name": "put", "operation": "store", "send": "capture", "repeat": 3, "save": {"id": "id"}
}  # fmt: skip
READ = {"name": "read", "operation": "retrieve", "each": "put", "save": {"image": "body"}}
LIST = {"name": "list", "operation": "list"}
PAGES = {"items": "items", "id": "id", "of": "put"}
ASK = {"name": "ask", "operation": "health"}
MODEL = {"name": "model", "operation": "predict", "send": "capture", "save": {"objects": "objects"}}


@pytest.mark.parametrize(
    ("keys", "deed"),
    [
        ({"make": {"text": "{round.id}"}}, Make(text="{round.id}")),
        ({"make": {"text": ""}}, Make(text="")),
        ({"make": {"size": 0}}, Make(size_bytes=0)),
        (
            {"make": {"of": "capture", "keep": 0.5, "flip": 3, "content_type": "image/jpeg"}},
            Make(of="capture", keep=0.5, flip=3, content_type="image/jpeg"),
        ),
        ({"decide": {"of": "objects"}}, Decide("objects", "")),
        (
            {
                "decide": {
                    "of": "objects", "class": "box", "least_confidence": 0.8, "then": "open",
                    "otherwise": "shut",
                }
            },
            Decide("objects", "box", 0.8, "open", "shut"),
        ),
        ({"simulate": "gate: {objects}"}, Simulate("gate: {objects}")),
        ({"restart": True}, Restart()),
        ({"certificate": {}}, Certificate()),
        ({"certificate": {"least_days": 30}}, Certificate(30)),
        ({"no_secrets": True}, NoSecrets()),
        ({"archive": "read"}, Archive("read")),
    ],
)  # fmt: skip
def test_a_deed_is_read(keys: dict[str, Any], deed: object) -> None:
    found = workflow(CAPTURE, MODEL, PUT, READ, {"name": "deed", **keys})
    assert found.steps[-1] == Step("deed", deed=deed)  # type: ignore[arg-type]


def test_all_else_of_a_step_is_read() -> None:
    step = {
        **ASK,
        "send_file": "golden/two.jpg",
        "bearer": "{round.id}",
        "body": "{not json",
        "each": "put",
        "at_once": 4,
        "most_failed": 0.01,
        "p95_ms": 2000,
        "unique": True,
        "expect": {"state": {"contains": "{id}"}, "error": {"absent": True}},
    }
    found = workflow(CAPTURE, PUT, step, {**ASK, "name": "brief", "leave_after": "50ms"}).steps
    assert found[2] == Step(
        "ask",
        "health",
        file="golden/two.jpg",
        bearer="{round.id}",
        body="{not json",
        each="put",
        at_once=4,
        most_failed=0.01,
        p95_ms=2000,
        unique=True,
        checks=(Check("state", contains="{id}"), Check("error", absent=True)),
    )
    assert found[3] == Step("brief", "health", leave_after_s=0.05)


def test_no_token_is_not_the_target_s_token() -> None:
    steps = workflow(ASK, {**ASK, "name": "stranger", "bearer": ""}).steps
    assert [step.bearer for step in steps] == [None, ""]


def test_objects_that_are_expected_are_read() -> None:
    objects = [{"class": "box", "confidence": 1, "box": [1, 2, 30.5, 40]}]
    like = {"objects": objects, "least_iou": 0.7, "confidence_within": 0.05, "width": 64}
    step = {**MODEL, "expect": {"objects": {"like": {**like, "height": 48}}}}
    (check,) = workflow(CAPTURE, step).steps[1].checks
    assert check.like == Likeness(
        (Detection("box", 1, (1, 2, 30.5, 40)),), 0.7, 0.05, width=64, height=48
    )
    empty = {**MODEL, "expect": {"objects": {"like": {"objects": []}}}}
    assert workflow(CAPTURE, empty).steps[1].checks[0].like == Likeness(())


def test_a_list_that_is_read_to_its_end() -> None:
    pages = {**PAGES, "saved": "id", "size": 50, "most": 500, "cursor": "json:/next"}
    pages |= {"name": "/meta/name", "fields": ["size", "/a~1b"], "order": "created_at"}
    assert workflow(CAPTURE, PUT, {**LIST, "pages": pages}).steps[2].pages == Pages(
        "items", "id", "put", "id", 50, 500, "json:/next", "/meta/name", ("size", "/a~1b"),
        "created_at",
    )  # fmt: skip


@pytest.mark.parametrize(
    "keys",
    [
        {"expect": {"sha256": "{item.sha256}", "size": "{item.size}"}},
        {"values": {"name": "{round.id}-{item.number}.jpg"}},
        {"expect": {"body": {"hash_of": "item"}}},
    ],
)
def test_an_item_is_known_where_something_is_done_item_by_item(keys: dict[str, Any]) -> None:
    assert workflow(CAPTURE, {**PUT, **keys})
    assert workflow(CAPTURE, PUT, {**READ, **keys}, {**ASK, "each": "read", **keys})
    assert workflow(CAPTURE, {**PUT, "repeat": 1, "unique": True, **keys})
    assert all("item" in line for line in wrong(CAPTURE, {**PUT, "repeat": 1, **keys}))


def test_what_an_item_saved_is_known_to_those_that_go_on_from_it() -> None:
    last = {**ASK, "each": "read", "values": {"a": "{id}", "b": "{image.sha256}"}}
    last |= {"send": "item", "expect": {"body": {"hash_of": "image"}}}
    steps = (CAPTURE, PUT, READ, last)
    assert workflow(*steps, cleanup=[{"name": "delete", "operation": "delete", "each": "put"}])


def test_bytes_of_an_item_s_answer_can_not_be_sent() -> None:
    assert wrong(CAPTURE, PUT, READ, {**ASK, "each": "read", "send": "image"}) == [
        'e2e.steps.4.send: of the answer for an item only text and hash are kept (meant "item"?)'
    ]


def test_what_an_item_saved_is_not_known_to_others() -> None:
    step = {**ASK, "values": {"id": "{id}"}}
    said = 'e2e.steps.3.values.id: put saves "id" for each of its items: each = "put"'
    assert wrong(CAPTURE, PUT, step) == [said]
    assert wrong(CAPTURE, {**PUT, "expect": {"body": "{id}"}})[0].startswith(
        'e2e.steps.2.expect.body: no step before this one saves "id"'
    )


@pytest.mark.parametrize(
    "word", ["target.site", "secret.anything", "objects.sha256", "capture.size", "noise.sha256"]
)
def test_a_word_is_known(word: str) -> None:
    noise = {"name": "noise", "make": {"size": 9}}
    steps = (CAPTURE, MODEL, noise, {**ASK, "bearer": f"{{{word}}}"})
    assert workflow(*steps, values={"site": "hall 3"}).values == (("site", "hall 3"),)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (
            {**ASK, "make": {"size": 1}},
            "make: a step takes a picture or asks for an operation or does a deed: it has operat"
            "ion and make",
        ),
        ({"name": "x", "restart": True, "no_secrets": True}, "no_secrets: a step takes a pict"),
        ({"name": "x", "restart": True, "send": "capture"}, "send: no part of a step that asks"),
        ({"name": "x", "restart": True, "timeout": "3s"}, "timeout: no part of a step that asks"),
        ({"name": "x", "picture": "", "repeat": 2}, "repeat: no part of a step that takes a pic"),
        ({"name": "x", "picture": "", "bearer": ""}, "bearer: no part of a step that takes a pi"),
        ({"name": "item", "picture": ""}, "name: the name stands for the item itself: take anot"),
        ({"name": "x", "simulate": ""}, "simulate: says what would be done"),
        ({"name": "x", "simulate": "{gate}"}, 'simulate: no step before this one saves "gate"'),
        ({"name": "x", "make": {}}, "make: needs one of text, size and of"),
        ({"name": "x", "make": {"text": "a", "size": 1}}, "make: text and size: one alone"),
        ({"name": "x", "make": {"size": -1}}, "make.size: from 0 to 67 108 864"),
        ({"name": "x", "make": {"of": "captur"}}, 'make.of: no step before this one saves "capt'),
        ({"name": "x", "make": {"size": 9, "keep": 0.5}}, "make.keep: damages a copy: of = the v"),
        ({"name": "x", "make": {"of": "capture", "keep": 2}}, "make.keep: from 0 to 1"),
        ({"name": "x", "make": {"of": "capture", "content_type": "jpeg"}}, "make.content_type: no"),
        ({"name": "x", "decide": {"of": "capture"}}, 'decide.of: no step before this one saves "c'),
        ({"name": "x", "decide": {}}, "decide.of: is missing"),
        (
            {"name": "x", "decide": {"of": "objects", "then": "no"}},
            "decide.otherwise: is what it comes to anyway",
        ),
        ({"name": "x", "certificate": {"least_days": -1}}, "certificate.least_days: from 0 to 3 6"),
        ({"name": "x", "archive": "puts"}, 'archive: no step before this one is called "puts" (d'),
        ({"name": "x", "archive": "model"}, 'archive: "model" has no items: it needs repeat or'),
        ({"name": "x", "archive": "put"}, "archive: put saves nothing to archive: save = { image"),
        ({**ASK, "send_file": "../a.jpg"}, 'send_file: "../a.jpg": a file beside the scenario'),
        ({**ASK, "send_file": "/etc/passwd"}, 'send_file: "/etc/passwd": a file beside the sc'),
        ({**ASK, "send_file": "a/../../b"}, 'send_file: "a/../../b": a file beside the scenario'),
        ({**ASK, "send_file": "a\\b"}, 'send_file: "a\\b" is no path of a file: its parts stand'),
        ({**ASK, "send_file": "."}, 'send_file: "." is no file'),
        ({**ASK, "send": "capture", "send_file": "a"}, "send_file: a step sends a value or a fi"),
        ({**ASK, "send": "capture", "without_file": True}, "without_file: is sent without a fil"),
        ({**ASK, "send_file": "a", "without_file": True}, "without_file: is sent without a file"),
        ({**ASK, "bearer": "{token}"}, 'bearer: no step before this one saves "token"'),
        ({**ASK, "body": '{"a": "{b}"}'}, 'body: no step before this one saves "b"'),
        ({**ASK, "bearer": "{target.sit}"}, 'bearer: {target.sit} needs a value for targets th'),
        ({**ASK, "bearer": "{item.sha}"}, 'bearer: no step before this one saves "item.sha"'),
        ({**ASK, "bearer": "{item.number}"}, "bearer: {item.number} is known in a step with rep"),
        ({**ASK, "bearer": "{page.size}"}, "bearer: {page.size} is known in a step with pages a"),
        (
            {**ASK, "repeat": 2, "bearer": "{item.size}"},
            "bearer: {item.size} is not known: the items of this step send nothing",
        ),
        ({**ASK, "leave_after": "50ms", "save": {"a": "body"}}, "save: whoever leaves before the"),
        ({**ASK, "leave_after": "50ms", "expect": {"a": 1}}, "expect: whoever leaves before the"),
        ({**ASK, "leave_after": "20s"}, "leave_after: longer than its timeout (15 s), which ends"),
        ({**ASK, "leave_after": "0s"}, "leave_after: from 1ms to 10m"),
        ({**ASK, "repeat": 0}, "repeat: from 1 to 100 000"),
        ({**ASK, "repeat": 100_001}, "repeat: from 1 to 100 000"),
        ({**ASK, "repeat": 2, "each": "put"}, "repeat: once for each item, or so many times: not"),
        ({**ASK, "each": "model"}, 'each: "model" has no items: it needs repeat or each'),
        ({**ASK, "each": "list"}, 'each: no step before this one is called "list"'),
        ({**ASK, "at_once": 4}, "at_once: is of a step with items: it needs repeat or each"),
        ({**ASK, "repeat": 9, "at_once": 17}, "at_once: from 1 to 16"),
        ({**ASK, "most_failed": 0.1}, "most_failed: is of a step with items"),
        ({**ASK, "repeat": 9, "most_failed": 5}, "most_failed: from 0 to 1"),
        ({**ASK, "p95_ms": 10}, "p95_ms: is of a step with items"),
        ({**ASK, "repeat": 9, "unique": True}, "unique: the items of this step send no picture"),
        ({**ASK, "repeat": 9, "p95_ms": 20_000}, "p95_ms: longer than its timeout (15 s)"),
        ({**LIST, "pages": {"items": "items", "of": "put"}}, "pages.id: is missing"),
        ({**LIST, "pages": {**PAGES, "of": "model"}}, 'pages.of: "model" has no items: it needs'),
        ({**LIST, "pages": {**PAGES, "saved": "key"}}, 'pages.saved: put saves no "key"; it sav'),
        ({**LIST, "pages": {**PAGES, "items": "/a"}}, 'pages.items: "/a" is no place in an answ'),
        ({**LIST, "pages": {**PAGES, "id": "json:/a"}}, 'pages.id: "json:/a" is no JSON pointer '),
        ({**LIST, "pages": {**PAGES, "fields": ["a b"]}}, 'pages.fields.1: "a b" is no JSON poin'),
        ({**LIST, "pages": {**PAGES, "size": 0}}, "pages.size: from 1 to 10 000"),
        ({**LIST, "pages": {**PAGES, "of": ""}}, 'pages.name: is missing: without "of" a name t'),
        ({**LIST, "pages": PAGES, "repeat": 2}, "repeat: no part of a step that reads a list to"),
        ({**ASK, "expect": {"a": {"absent": True, "least": 1}}}, "expect.a.absent: where nothing"),
        ({**ASK, "expect": {"a": {"contains": "{b}"}}}, "expect.a.contains: no step before this"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line(step: dict[str, Any], said: str) -> None:
    (line,) = wrong(CAPTURE, MODEL, PUT, step)
    assert line.startswith(f"e2e.steps.4.{said}")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"box": [30, 2, 1, 40]}, "objects.1.box: x1, y1, x2, y2 in pixels: from 0, x1 below x2"),
        ({"box": [1, 2, 3]}, "objects.1.box: four numbers"),
        ({"box": [1, 2, 3, float("nan")]}, "objects.1.box: x1, y1, x2, y2 in pixels"),
        ({"box": [1, 2, 65, 40]}, "objects.1.box: lies outside of the picture"),
        ({"box": [1, 2, "3", 40]}, "objects.1.box.3: expected a number, got text in quotes"),
        ({"class": ""}, "objects.1.class: an object is of a class"),
        ({"confidence": 90}, "objects.1.confidence: from 0 to 1"),
    ],
)
def test_a_mistake_of_an_expected_object_is_one_line(changes: dict[str, Any], said: str) -> None:
    each = {"class": "box", "confidence": 1, "box": [1, 2, 30, 40], **changes}
    like = {"objects": [each], "width": 64, "height": 48}
    (line,) = wrong(CAPTURE, {**MODEL, "expect": {"objects": {"like": like}}})
    assert line.startswith(f"e2e.steps.2.expect.objects.like.{said}")


def test_a_picture_has_both_a_width_and_a_height() -> None:
    like = {"objects": [], "width": 64}
    (line,) = wrong(CAPTURE, {**MODEL, "expect": {"objects": {"like": like}}})
    assert line.startswith("e2e.steps.2.expect.objects.like.height: is missing beside the other")


@pytest.mark.parametrize("keys", [{"make": {"size": 1}}, {"restart": True}, {"no_secrets": True}])
def test_a_clean_up_has_no_deeds(keys: dict[str, Any]) -> None:
    (line,) = wrong(ASK, cleanup=[{"name": "x", **keys}])
    assert line == f"e2e.cleanup.1.{next(iter(keys))}: no part of a clean-up"


def test_what_a_wrong_count_may_have_made_items_of_is_not_missed() -> None:
    assert wrong(CAPTURE, {**PUT, "repeat": "many"}, READ) == [
        "e2e.steps.2.repeat: expected a whole number, got text in quotes"
    ]


def test_an_item_saves_nothing_under_a_name_that_is_taken() -> None:
    one = {"name": "one", "operation": "store", "send": "capture", "save": {"id": "id"}}
    said = "e2e.steps.3.save.id: a step before it saves that already: the first would be lost"
    assert wrong(CAPTURE, one, PUT) == [said]
    assert workflow(CAPTURE, PUT, {**READ, "save": {"id": "sha256"}})
