"""Secrets that a workflow knows, and those that answers give away."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from tests.service.workflow.saying import Said, gets, posts, saying
from tests.service.workflow.walking import TOKEN, walked
from tui.core.e2e.answer import Answer
from tui.core.e2e.deed import NoSecrets, Simulate
from tui.core.e2e.workflow import Check, Step, Workflow
from tui.service.workflow.request import Request
from tui.service.workflow.telling import Telling


class TestSearchingForSecrets:
    LOOK = Step("look", deed=NoSecrets())

    def look(self, page: object, *before: Step, **keys: Any) -> Any:
        with saying(page=page) as service:
            steps = (*before, Step("ask", "page"), Step("again", "page"), self.LOOK)
            return walked(service.url, Workflow(steps), (gets("page"),), **keys).ended[-1]

    def test_finds_none_and_says_how_many_answers_it_saw(self) -> None:
        step = self.look({"status": "ok"})
        assert (step.state, step.note) == ("passed", "2 answers before it looked at")
        assert step.requests == 0

    def test_says_what_it_saw_in_part(self) -> None:
        step = self.look({"status": "x" * 1024 * 1024})
        assert step.note == "2 answers before it looked at, 2 of them in part"

    @pytest.mark.parametrize(
        ("page", "kind"),
        [
            ({"pass": {"password": "hunter2"}}, 'a text for "password"'),
            (Said(b"-----BEGIN EC PRIVATE KEY-----", 500, "text/plain"), "a private key"),
            ({"echo": TOKEN}, "a secret of this run"),
            ({"echo": 'q"uoted\u20ac'}, "a secret of this run"),
        ],
    )
    def test_tells_whose_answer_and_which_kind_and_never_the_secret(
        self, page: object, kind: str
    ) -> None:
        is_said = isinstance(page, Said) and page.status == 500
        before = Step("first", "page", status=(500,) if is_said else ())
        with saying(page=page) as service:
            secrets = {"viewer": 'q"uoted\u20ac'}
            walk = walked(
                service.url, Workflow((before, self.LOOK)), (gets("page"),), token=TOKEN,
                of_job={"secrets": secrets},
            )  # fmt: skip
        step = walk.failed
        assert step.why == f"the answer of first has {kind}"
        assert (step.wanted, step.got) == ("no secrets", f"first: {kind}")
        assert "hunter2" not in str(step)

    def test_is_not_needed_for_them_to_be_hidden_from_reports(self) -> None:
        ask = Step("ask", "page", checks=(Check("json:/none"),))
        with saying(page={"password": "hunter2", "a": 1}) as service:
            step = walked(service.url, Workflow((ask,)), (gets("page"),)).failed
        assert step.exchange is not None
        assert step.exchange.answer == '{"password": "***", "a": 1}'

    def test_counts_how_many_more_there_are(self) -> None:
        step = self.look({"password": "hunter2"})
        assert step.why == 'the answer of ask has a text for "password" (and 1 more)'

    def test_looks_at_text_alone(self) -> None:
        picture = Said(b"\xff\xd8\0 Traceback (most recent call last)", kind="image/jpeg")
        step = self.look(picture)
        told = "0 answers before it looked at, headers alone of 2 more"
        assert (step.state, step.note) == ("passed", told)

    @pytest.mark.parametrize("body", [{}, b"\xff\xd8"])
    @pytest.mark.parametrize("name", ["X-Debug", "Set-Cookie", "WWW-Authenticate"])
    def test_looks_at_headers_too(self, name: str, body: object) -> None:
        page = Said(body, headers=((name, f"tok {TOKEN}"),))
        with saying(page=page) as service:
            workflow = Workflow((Step("ask", "page"), self.LOOK))
            step = walked(service.url, workflow, (gets("page"),), token=TOKEN).failed
        kind = f"a secret of this run in its header {name.lower()}"
        assert step.why == f"the answer of ask has {kind}"
        assert TOKEN not in str(step)

    def test_takes_a_cookie_of_the_service_for_its_own(self) -> None:
        page = Said({}, headers=(("Set-Cookie", "session=0123456789abcdef; password=x"),))
        assert self.look(page).state == "passed"

    def test_of_another_round_is_another(self) -> None:
        pages = [{"password": "hunter2"}, {}]
        with saying(page=lambda _: Said(pages.pop(0))) as service:
            service.pages["/page"] = lambda _: Said(pages.pop(0))
            workflow = Workflow((Step("ask", "page"), self.LOOK), rounds=2)
            assert walked(service.url, workflow, (gets("page"),)).states == "pfpp"


class TestATokenThatAStepGives:
    LOGIN = Step(
        "login", "login", values=(("who", "ann"),), save=(("token", "token"), ("note", "note"))
    )
    OPERATIONS = (
        posts("login", '{"user": "{who}", "password": "{secret.ann}"}', token="json:/secret",
              note="json:/note"),
        gets("me"),
    )  # fmt: skip
    ME = Step("me", "me", bearer="{token}")
    LOOK = Step("look", deed=NoSecrets())
    PASSWORD = 'pa"ss-w0rd'

    def walk(self, steps: tuple[Step, ...], me: object) -> Any:
        with saying(login={"secret": "t0ken-of-ann", "note": "x"}, me=me) as service:
            of_job = {"secrets": {"ann": self.PASSWORD}}
            walk = walked(service.url, Workflow(steps), self.OPERATIONS, of_job=of_job, token=TOKEN)
            self.heard = service.heard
        return walk

    def test_is_meant_where_it_is_given(self) -> None:
        walk = self.walk((self.LOGIN, self.ME, self.LOOK), {"name": "ann"})
        assert walk.states == "ppp", walk.failed
        login, me = self.heard
        assert json.loads(login.body) == {"user": "ann", "password": self.PASSWORD}
        assert login.headers["authorization"] == f"Bearer {TOKEN}"
        assert me.headers["authorization"] == "Bearer t0ken-of-ann"

    def test_is_a_leak_where_it_comes_back(self) -> None:
        step = self.walk((self.LOGIN, self.ME, self.LOOK), {"of": "t0ken-of-ann"}).failed
        assert step.why == "the answer of me has a secret of this run"

    def test_is_told_nowhere(self) -> None:
        wrong = Step("me", "me", bearer="{token}", checks=(Check("json:/of", equals="{note}"),))
        said = {"of": "t0ken-of-ann and " + self.PASSWORD}
        step = self.walk((self.LOGIN, wrong), said).failed
        assert step.exchange is not None
        assert (step.wanted, step.got) == ("x", "*** and ***")
        assert step.exchange.answer == '{"of": "*** and ***"}'
        refused = Step("login", "login", values=(("who", "{token}"),), status=(403,))
        step = self.walk((self.LOGIN, refused, self.ME), {}).failed
        assert step.exchange is not None
        assert step.exchange.sent == '{"user": "***", "password": "***"}'
        assert "t0ken" not in str(step)

    def test_is_told_nowhere_where_a_step_calls_it_otherwise(self) -> None:
        own, checks = (("key", "{token}"),), (Check("json:/of", equals=1.0),)
        wrong = Step("me", "me", values=own, bearer="{key}", checks=checks)
        step = self.walk((self.LOGIN, wrong), {"of": "t0ken-of-ann"}).failed
        assert self.heard[1].headers["authorization"] == "Bearer t0ken-of-ann"
        assert "t0ken" not in str(step)

    def test_is_told_nowhere_where_it_could_not_be_saved(self) -> None:
        login = msgspec.structs.replace(
            self.LOGIN, checks=(Check("body", contains="hello"),), save=(("token", "json:/none"),)
        )
        said = {"access_token": "t0ken-of-ann", "other": 1}
        with saying(login=said) as service:
            of_job = {"secrets": {"ann": "pass"}}
            walk = walked(service.url, Workflow((login,)), self.OPERATIONS, of_job=of_job)
        assert walk.failed.got == '{"access_token": "***", "other": 1}'
        assert "t0ken" not in str(walk.failed)

    def test_is_hidden_in_what_would_have_been_done(self) -> None:
        act = Step("act", deed=Simulate("knock with {token}, {secret.ann}"))
        walk = self.walk((self.LOGIN, self.ME, act), {})
        assert walk.ended[-1].note == "simulated: knock with ***, ***"


@pytest.mark.parametrize("before", [130, 150, 155, 158, 195])
def test_a_secret_is_not_cut_in_two_where_an_answer_is_none_that_is_documented(before: int) -> None:
    media = {"schema": {"properties": {"echo": {"type": "integer"}}}}
    responses = {"200": {"description": "", "content": {"application/json": media}}}
    document = {"openapi": "3.1.0", "paths": {"/page": {"get": {"responses": responses}}}}
    ask = Step("ask", "page", checks=(Check("answer:", schema="/paths/~1page/get"),))
    with saying(page={"echo": "x" * before + TOKEN + "y" * 200}) as service:
        walk = walked(
            service.url, Workflow((ask,)), (gets("page"),), token=TOKEN,
            of_job={"openapi": document},
        )  # fmt: skip
    assert walk.failed.why == "/echo is not of type integer"
    assert walk.failed.got.startswith("xxx")
    told = str(walk.failed)
    assert all(TOKEN[:length] not in told for length in range(5, len(TOKEN)))


def test_a_secret_behind_long_ones_of_others_is_not_cut_in_two() -> None:
    def bodies(before: int) -> bytes:
        fields = '"password": "' + "p" * 4000 + '", '
        last = '"password": "' + "p" * before + '", "x": "'
        return ("{" + fields * 19 + last + TOKEN + "y" * 20_000 + '"}').encode()

    for before in range(3500, 3800, 3):
        answer = Answer(200, {"content-type": "application/json"}, bodies(before), 1.0)
        exchange = Telling(TOKEN).exchange(Request("GET", "/", (), b"", ""), answer)
        assert all(TOKEN[:length] not in exchange.answer for length in range(5, len(TOKEN)))
