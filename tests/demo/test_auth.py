from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.demo.pictures import encoded, plain
from tests.demo.running import refused, running


@pytest.fixture(scope="module")
def guarded() -> Iterator[httpx.Client]:
    with running("--token-env", "DEMO_TOKEN", DEMO_TOKEN="s3cret") as demo, demo.client() as client:
        yield client


@pytest.mark.parametrize("path", ["/health", "/openapi.json"])
def test_open_paths_need_no_token(guarded: httpx.Client, path: str) -> None:
    assert guarded.get(path).status_code == 200


@pytest.mark.parametrize(
    "header",
    [None, "", "s3cret", "Bearer", "Bearer s3cre", "Bearer s3cret2", "Basic s3cret"],
)
def test_without_the_right_token_nothing_is_done(guarded: httpx.Client, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    before = guarded.get("/health").json()["images"]
    files = {"file": encoded(plain())}
    answer = guarded.post("/images", files=files, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert guarded.get("/health").json()["images"] == before


def test_the_token_opens_every_route(guarded: httpx.Client) -> None:
    headers = {"Authorization": "Bearer s3cret"}
    files = {"file": encoded(plain())}
    assert guarded.post("/predict", files=files, headers=headers).status_code == 200
    assert guarded.get("/images", headers=headers).status_code == 200


def test_the_document_says_where_the_token_is_needed(guarded: httpx.Client) -> None:
    document = guarded.get("/openapi.json").json()
    assert document["security"] == [{"token": []}]
    assert document["paths"]["/health"]["get"]["security"] == []
    assert "security" not in document["paths"]["/predict"]["post"]


def test_a_variable_without_a_token_does_not_open_the_service() -> None:
    ended = refused("--token-env", "DEMO_TOKEN", DEMO_TOKEN="")
    assert ended.returncode == 2
    assert "DEMO_TOKEN" in ended.stdout
