"""What a round knows by name."""

from __future__ import annotations

import hashlib

from tui.core.config import Target
from tui.core.e2e.workflow import Step, Workflow
from tui.ports import WorkflowJob
from tui.service.workflow.values import Blob, Values, values_of

SHA256 = hashlib.sha256(b"own").hexdigest()


def values() -> Values:
    workflow = Workflow(
        (Step("login"), Step("me", bearer="x {token}")), values=(("a", "1"), ("b", "1"))
    )
    target = Target("plant", "http://plant", values=(("b", "2"), ("c", "3")))
    job = WorkflowJob(workflow, target, "http://plant", "", "r7", secrets={"ann": "s1"})
    return values_of(job, 2, "r7-2")


def test_it_knows_of_target_and_secrets_from_the_beginning() -> None:
    assert values().texts == {
        "run.id": "r7", "round.number": "2", "round.id": "r7-2",
        "target.a": "1", "target.b": "2", "target.c": "3", "secret.ann": "s1",
    }  # fmt: skip


def test_secret_is_what_was_given_so_and_what_bearers_are_made_of() -> None:
    known = values()
    assert list(known.secrets) == ["s1"]
    known.keep("token", "t0ken", "")
    known.keep("id", "7", "")
    assert list(known.secrets) == ["s1", "t0ken"]
    assert known.beside({"token": "another"}).secrets == ("s1", "another")


def test_what_one_beside_it_saves_is_its_own() -> None:
    known = values()
    known.keep("id", "7", "")
    one = known.beside({"item.number": "1"}, {"item": Blob(b"own", "image/jpeg")})
    other = known.beside({"item.number": "2", "id": "8"})
    one.keep("made", "x", "")
    assert (one.texts["id"], one.texts["item.number"], one.texts["item.sha256"]) == (
        "7",
        "1",
        SHA256,
    )
    assert one.blob("item") == Blob(b"own", "image/jpeg")
    assert (other.texts["id"], other.knows("made"), other.knows("item")) == ("8", False, False)
    assert (known.texts["id"], known.knows("made"), known.knows("item.number")) == (
        "7",
        False,
        False,
    )


def test_what_is_left_out_is_left_out_for_all() -> None:
    known = values()
    known.beside({}).leave_out(Step("login", save=(("token", "json:/t"),)))
    for word in ("login", "login.sha256", "token"):
        assert known.left_out_by(word) == known.beside({}).left_out_by(word) == "login"
    assert known.left_out_by("id") == ""


def test_bytes_are_known_by_their_hash_alone() -> None:
    known = values().beside({"item.sha256": SHA256})
    assert known.knows("item")
    assert known.blob("item") is None


def test_a_long_text_can_be_sent_and_stands_for_no_word() -> None:
    known = values()
    known.keep("list", ["x" * 70_000], "")
    assert known.knows("list")
    assert "list" not in known.texts
    assert known.texts["list.size"] == "70004"


def test_a_long_text_does_not_leave_a_short_one_in_its_place() -> None:
    known = values()
    known.keep("text", "short", "")
    known.keep("text", "x" * 100_000, "")
    assert ("text" in known.texts, known.texts["text.size"]) == (False, "100000")
