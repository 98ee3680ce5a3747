"""Steps that do not apply to a target, and those that would have needed them."""

from __future__ import annotations

from tests.service.workflow.saying import Said, gets, posts, saying
from tests.service.workflow.walking import walked
from tui.core.e2e.deed import Make
from tui.core.e2e.operation import Operation
from tui.core.e2e.pages import Pages
from tui.core.e2e.workflow import Check, Step, Workflow

NOWHERE = "http://127.0.0.1:9"
UPLOAD = Operation("upload", "POST", "/upload", sends="bytes")


class TestWhatIsLeftOut:
    LOGIN = Step(
        "login", "login", values=(("password", "{secret.ann}"),), save=(("token", "json:/token"),)
    )
    ME = Step("me", "me", bearer="{token}", save=(("id", "json:/id"),))
    THING = Step("thing", "thing")
    CHECKED = Step("checked", "free", checks=(Check("json:/x", contains="{id}"),))
    FREE = Step("free", "free")
    OPERATIONS = (
        posts("login", '{"password": "{password}"}'), gets("me"),
        Operation("thing", "DELETE", "/things/{id}"), gets("free"),
    )  # fmt: skip

    def test_leaves_out_what_would_have_needed_it_and_nothing_else(self) -> None:
        steps = (self.LOGIN, self.ME, self.THING, self.CHECKED, self.FREE)
        with saying(free={}) as service:
            walk = walked(service.url, Workflow(steps, (self.THING,)), self.OPERATIONS)
            assert walk.states == "oooopo", walk.ended
            assert [heard.path for heard in service.heard] == ["/free"]
        login, me, thing, checked, _, delete = walk.ended
        assert login.why == "the target has no secret ann in config.toml"
        assert me.why == "login was left out"
        assert thing.why == checked.why == delete.why == "me was left out"
        assert all(step.requests == 0 for step in (login, me, thing))
        assert (walk.round.left, walk.round.maybe_left) == (0, 0)

    def test_is_left_out_of_the_clean_up_of_a_broken_round_too(self) -> None:
        lost = Step("lost", "free", checks=(Check("json:/none"),))
        with saying(free={}) as service:
            steps = (self.LOGIN, self.ME, lost)
            walk = walked(service.url, Workflow(steps, (self.THING,)), self.OPERATIONS)
        assert walk.states == "oofo"
        assert walk.ended[-1].why == "me was left out"

    def test_is_left_where_nobody_may_delete_it(self) -> None:
        made = Step("made", "free", save=(("id", "json:/id"),))
        many = Step("many", "free", repeat=3, save=(("id", "json:/id"),))
        for step, each, left in ((made, "", 1), (many, "many", 3)):
            delete = Step("thing", "thing", bearer="{secret.ann}", each=each)
            with saying(free={"id": 7}) as service:
                walk = walked(service.url, Workflow((step,), (delete,)), self.OPERATIONS)
            assert walk.states == "pf"
            assert "the target has no secret ann in config.toml" in walk.failed.why
            assert (walk.round.left, walk.round.is_complete) == (left, False)

    def test_is_not_left_where_nothing_was_made(self) -> None:
        refused = Step("made", "free", save=(("id", "json:/none"),))
        delete = Step("thing", "thing", bearer="{secret.ann}")
        with saying(free={"id": 7}) as service:
            walk = walked(service.url, Workflow((refused,), (delete,)), self.OPERATIONS)
        assert walk.states == "fo"
        assert walk.round.left == 0

    def test_is_done_where_the_secret_is_there(self) -> None:
        with saying(login={"token": "t"}, me={"id": 7}, free={"x": "7"}) as service:
            service.pages["/things/7"] = Said({})
            steps = (self.LOGIN, self.ME, self.THING, self.CHECKED)
            walk = walked(
                service.url, Workflow(steps), self.OPERATIONS, of_job={"secrets": {"ann": "x"}}
            )
        assert walk.states == "pppp", walk.failed

    def test_is_what_a_picture_would_be_hashed_for(self) -> None:
        made = Step("made", deed=Make(text="{secret.ann}"))
        sent = Step("sent", "upload", send="made")
        hashed = Step("hashed", "free", checks=(Check("body", hash_of="made"),))
        (_, first, second) = walked(
            NOWHERE, Workflow((made, sent, hashed)), (UPLOAD, gets("free"))
        ).ended
        assert first.why == second.why == "made was left out"


class TestWhatTheTargetDoesNotOffer:
    """The step itself, however it goes about it, and what needs what it would have saved."""

    WHY = "the target does not offer it"

    def test_is_left_out_and_its_items_too(self) -> None:
        many = Step("many", "store", repeat=3, save=(("id", "json:/id"),), omit=self.WHY)
        read = Step("read", "free", values=(("id", "{id}"),), each="many")
        pages = Pages("json:", "/id", name="/name")
        listed = Step("listed", "list", pages=pages, omit=self.WHY)
        steps = (many, read, listed, Step("free", "free"))
        delete = Step("delete", "thing", each="many")
        nothing = Step("nothing", "list", pages=pages, omit=self.WHY)
        operations = (gets("free"), Operation("thing", "DELETE", "/things/{id}"))
        with saying(free={}) as service:
            walk = walked(service.url, Workflow(steps, (delete, nothing)), operations)
            assert [heard.path for heard in service.heard] == ["/free"]
        assert walk.states == "ooopoo", walk.ended
        assert [step.why for step in walk.ended if step.why] == [
            self.WHY, "many was left out", self.WHY, "many was left out", self.WHY,
        ]  # fmt: skip
        assert (walk.round.left, walk.round.is_complete) == (0, True)

    def test_leaves_behind_what_was_made_where_it_is_the_deletion(self) -> None:
        made = Step("made", "free", save=(("id", "json:/id"),))
        many = Step("many", "free", repeat=3, save=(("id", "json:/id"),))
        for step, each, left in ((made, "", 1), (many, "many", 3)):
            delete = Step("thing", "thing", values=(("id", "{id}"),), each=each, omit=self.WHY)
            with saying(free={"id": 7}) as service:
                walk = walked(service.url, Workflow((step,), (delete,)), (gets("free"),))
            assert walk.states == "pf", walk.ended
            assert self.WHY in walk.failed.why
            assert (walk.round.left, walk.round.is_complete) == (left, False)
