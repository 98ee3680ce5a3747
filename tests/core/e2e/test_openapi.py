"""From OpenAPI documents to workflows: which steps, in which order, and what is left out."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

import msgspec
import pytest

from tests.lib.kennel import DOCUMENT
from tui.core.config import Target
from tui.core.e2e.answer import Answer, Missing, part_of
from tui.core.e2e.asking import check_operations
from tui.core.e2e.openapi import Unreadable, expanded
from tui.core.e2e.operation import Operation
from tui.core.e2e.workflow import Step, Workflow
from tui.demo.openapi import document as demo

Json = dict[str, Any]
PLAIN = Workflow((), openapi="/openapi.json")
TARGET = Target("plant", "http://10.0.0.7")
OK: Json = {"200": {"description": "fine"}}


class Made:
    """What a document becomes."""

    def __init__(
        self,
        about: object,
        workflow: Workflow = PLAIN,
        target: Target = TARGET,
        secrets: Collection[str] = (),
    ) -> None:
        self.workflow, operations = expanded(workflow, about, target, secrets)
        whole = msgspec.structs.replace(target, operations=operations)
        check_operations(self.workflow, whole, "api")
        self.operations: dict[str, Operation] = {each.name: each for each in operations}
        self.steps: dict[str, Step] = {each.name: each for each in self.workflow.all_steps}

    @property
    def names(self) -> list[str]:
        """Of the steps, in their order; the clean-up left out."""
        return [step.name for step in self.workflow.steps]

    @property
    def omitted(self) -> dict[str, str]:
        """Why each is that is left out."""
        return {name: step.omit for name, step in self.steps.items() if step.omit}

    def sent(self, name: str) -> Any:
        """The document that an operation sends."""
        return json.loads(self.operations[name].body)


def paths(paths: Json, version: str = "3.1.0", **more: Any) -> Json:
    return {"openapi": version, "paths": paths, **more}


def one(method: str, path: str, version: str = "3.1.0", **about: Any) -> Json:
    operation = {"operationId": "it", "responses": OK, **about}
    return paths({path: {method: operation}}, version)


def sending(schema: Any, version: str = "3.1.0", **components: Any) -> Json:
    body = {"content": {"application/json": {"schema": schema}}}
    made = one("post", "/it", version, requestBody=body)
    return {**made, "components": {"schemas": components}}


def answering(schema: Any, status: str = "201") -> Json:
    return {status: {"description": "", "content": {"application/json": {"schema": schema}}}}


def with_id(*names: str) -> Json:
    return answering({"type": "object", "properties": {name: {"type": "string"} for name in names}})


def test_the_demo_is_asked_for_everything_that_it_documents() -> None:
    workflow = Workflow((), openapi="/openapi.json", values=(("user", "operator"),))
    made = Made(demo(with_token=True), workflow, secrets=["operator_password"])
    assert made.names == [
        "picture", "addImage", "health", "openapi", "listImages", "getImage", "getImage-unknown",
        "login", "predict", "deleteImage",
    ]  # fmt: skip
    assert made.omitted == {}
    assert [step.name for step in made.workflow.cleanup] == ["clean-deleteImage"]
    assert made.sent("login") == {
        "user": "{target.user}", "password": "{secret.operator_password}"
    }  # fmt: skip
    assert (made.steps["health"].bearer, made.steps["addImage"].bearer) == ("", None)


def test_each_operation_is_a_test_of_its_own() -> None:
    made = Made(DOCUMENT)
    tests = made.workflow.tests
    assert [test.title for test in tests][:2] == ["POST /dogs", "GET /dogs"]
    assert len(tests) == sum(len(methods.keys() - {"parameters"}) for methods in _items())
    assert [name for test in tests for name in test.steps] == made.names


def _items() -> list[Json]:
    return list(DOCUMENT["paths"].values())


def test_what_is_made_comes_first_and_what_is_deleted_last() -> None:
    made = Made(DOCUMENT)
    assert made.names[0] == "addDog"
    assert made.steps["addDog"].save == (("addDog_id", "json:/id"),)
    assert made.names.index("getPhoto") > made.names.index("putPhoto")
    assert made.names[-2:] == ["deleteDog", "deleteAllDogs"]
    for name in ("getDog", "putDog", "deleteDog", "clean-deleteDog"):
        assert made.steps[name].values == (("dogId", "{addDog_id}"),)


def test_paths_begin_as_the_first_server_says() -> None:
    assert Made(DOCUMENT).operations["addDog"].path == "/api/v1/dogs"
    near = Target("plant", "http://10.0.0.7/api/v1")
    assert Made(DOCUMENT, target=near).operations["addDog"].path == "/dogs"


def test_only_what_the_run_made_is_deleted_or_overwritten() -> None:
    made = Made(
        paths(
            {
                "/pets": {"delete": {"responses": OK}},
                "/pets/{id}": {
                    "delete": {"responses": OK, "parameters": [_path("id", example="7")]},
                    "put": {"responses": OK, "parameters": [_path("id", example="7")]},
                },
                "/settings": {"patch": {"responses": OK}},
                "/admin/reset": {"post": {"responses": OK}},
                "/purgeAll": {"post": {"responses": OK}},
            }
        ),
        target=Target("plant", "http://10.0.0.7", values=(("id", "7"),)),
    )
    assert set(made.omitted) == set(made.names)
    assert {why.split(" ", 1)[1] for why in made.omitted.values()} == {
        "would delete what this run did not make",
        "would overwrite what this run did not make",
        "name says that it ends or deletes more than this run made",
    }
    assert made.workflow.cleanup == ()


def _path(name: str, **schema: Any) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", **schema}}


def test_an_id_that_belongs_to_something_else_is_not_the_one_that_was_made() -> None:
    owner = {"type": "object", "properties": {"id": {"type": "integer"}}}
    schema = {"type": "object", "properties": {"owner": owner, "name": {"type": "string"}}}
    made = Made(_crud(answering(schema)))
    assert set(made.omitted) == {"get-dogs-dogId", "delete-dogs-dogId"}
    assert made.steps["post-dogs"].save == ()


def _crud(made: Json, **body: Any) -> Json:
    return paths(
        {
            "/dogs/{dogId}": {"get": {"responses": OK}, "delete": {"responses": OK}},
            "/dogs": {"post": {"responses": made, **body}},
        }
    )


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        (with_id("dog_id", "id"), "json:/dog_id"),
        (with_id("name", "uuid"), "json:/uuid"),
        (answering({"properties": {"data": {"properties": {"id": {}}}}}), "json:/data/id"),
        (answering({"properties": {"dog": {"properties": {"id": {}}}}}), "json:/dog/id"),
        (answering({"type": "integer"}), "json:"),
        ({"201": {"description": "", "headers": {"Location": {}}}}, "tail:Location/dogs"),
    ],
)
def test_the_id_is_found_where_answers_have_it(answer: Json, place: str) -> None:
    made = Made(_crud(answer))
    assert [place for _, place in made.steps["post-dogs"].save] == [place]
    assert made.omitted == {}


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("/v1/dogs/7", "7"),
        ("https://a.example/dogs/x%2F1/?a=b", "x/1"),
        ("/jobs/7", None),
        ("", None),
    ],
)
def test_of_a_location_only_what_was_made_is_taken(location: str, said: str | None) -> None:
    answer = Answer(201, {"location": location}, b"", 1.0)
    try:
        assert part_of(answer, "tail:Location/dogs", Operation("it")) == said
    except Missing:
        assert said is None


def test_an_id_of_the_document_is_not_taken_for_the_one_to_make() -> None:
    schema = {
        "type": "object",
        "required": ["id", "name"],
        "properties": {"id": {"type": "string"}, "name": {"type": "string"}},
        "example": {"id": "rex", "name": "Rex"},
    }
    sent = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
    made = Made(_crud(with_id("id"), **sent))
    assert made.sent("post-dogs") == {"id": "{round.id}", "name": "Rex"}


def test_what_is_put_under_a_name_of_the_run_is_its_own() -> None:
    made = Made(
        paths({"/blobs/{name}": {
            "parameters": [_path("name")],
            "put": {"responses": {"201": {"description": ""}}},
            "get": {"responses": {**OK, "404": {"description": ""}}},
            "delete": {"responses": OK},
        }})
    )  # fmt: skip
    assert made.omitted == {}
    assert made.steps["delete-blobs-name"].values == (("name", "{round.id}"),)
    unknown = made.steps["get-blobs-name-unknown"]
    assert (unknown.values, unknown.status) == ((("name", "{round.id}-unknown"),), (404,))


def test_what_nobody_knows_is_asked_of_the_configuration() -> None:
    about = one("get", "/users/{userId}", parameters=[_path("userId")])
    assert Made(about).omitted == {
        "it": 'it needs userId: [targets.plant.values] userId = "…" in config.toml'
    }
    target = Target("plant", "http://10.0.0.7", values=(("userId", "ada"),))
    assert Made(about, target=target).steps["it"].values == (("userId", "{target.userId}"),)


@pytest.mark.parametrize(
    ("schema", "sent"),
    [
        ({"type": "integer", "minimum": 5}, "5"),
        ({"type": "string", "enum": ["b", "a"]}, "b"),
        ({"type": "integer", "default": 3}, "3"),
        ({"type": "boolean"}, "false"),
        ({"type": "array", "items": {"type": "string"}, "example": ["x", "y"]}, "x,y"),
        ({"anyOf": [{"type": "null"}, {"const": "c"}]}, "c"),
    ],
)
def test_parameters_are_what_their_schemas_say(schema: Json, sent: str) -> None:
    parameters = [
        {"name": "p", "in": "query", "required": True, "schema": schema},
        {"name": "free", "in": "query", "schema": {"type": "string"}},
    ]
    assert Made(one("get", "/it", parameters=parameters)).operations["it"].query == (("p", sent),)


def test_what_the_document_calls_a_password_is_a_secret_whatever_its_name() -> None:
    schema = {
        "type": "object",
        "required": ["door"],
        "properties": {"door": {"type": "string", "format": "password", "default": "x"}},
    }
    (why,) = Made(sending(schema)).omitted.values()
    assert why == 'it needs door: [targets.plant.secrets] door = "env:…" in config.toml'
    target = Target("plant", "http://10.0.0.7", secrets=(("door", "env:DOOR"),))
    assert Made(sending(schema), target=target).sent("it") == {"door": "{secret.door}"}


def test_secrets_are_sent_where_the_document_wants_them() -> None:
    about = one("get", "/it", security=[{"Key": []}])
    scheme = {"type": "apiKey", "in": "header", "name": "X-API-Key"}
    about["components"] = {"securitySchemes": {"Key": scheme}}
    why = Made(about).omitted["it"]
    assert why == 'it needs a secret: [targets.plant.secrets] Key = "env:…" in config.toml'
    target = Target("plant", "http://10.0.0.7", secrets=(("Key", "env:KEY"),))
    operation = Made(about, target=target).operations["it"]
    assert operation.headers == (("X-API-Key", "{secret.Key}"),)


NODE: Json = {"type": "object", "required": ["child"], "properties": {
    "child": {"$ref": "#/components/schemas/Node"}}}  # fmt: skip


@pytest.mark.parametrize(
    ("schema", "sent"),
    [
        ({"const": 3}, 3),
        ({"type": ["null", "string"], "format": "uuid"}, "6f1c2b1e-6d0b-4b7e-9b3e-0a6d2c7a4f10"),
        ({"type": "string", "minLength": 12}, "jetproofxxxx"),
        ({"type": "string", "pattern": "^[A-Z]{3}$"}, "ABC"),
        ({"type": "number", "exclusiveMinimum": 4, "maximum": 4.5}, 4.5),
        ({"type": "integer", "minimum": 7, "multipleOf": 5}, 10),
        ({"type": "array", "items": {"type": "boolean"}, "minItems": 2}, [False, False]),
        ({"allOf": [{"$ref": "#/components/schemas/A"}, {"required": ["b"], "properties": {
            "b": {"type": "integer"}}}]}, {"a": "x", "b": 1}),
        ({"oneOf": [{"$ref": "#/components/schemas/A"}], "discriminator": {
            "propertyName": "kind", "mapping": {"an-a": "#/components/schemas/A"}}},
         {"a": "x", "kind": "an-a"}),
        ({"type": "object", "required": ["id", "a"], "properties": {
            "id": {"type": "integer", "readOnly": True}, "a": {"type": "null"}}}, {"a": None}),
    ],
)  # fmt: skip
def test_a_body_is_the_least_that_its_schema_allows(schema: Json, sent: object) -> None:
    a = {"type": "object", "required": ["a"], "properties": {"a": {"enum": ["x"]}, "c": {}}}
    assert Made(sending(schema, A=a)).sent("it") == sent


def test_openapi_3_0_bounds_are_understood() -> None:
    schema = {"type": "integer", "minimum": 4, "exclusiveMinimum": True}
    assert Made(sending(schema, "3.0.3")).sent("it") == 5


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ({"$ref": "#/components/schemas/Node"}, "nests deeper than 12"),
        ({"$ref": "#/components/schemas/Loop"}, "goes round in a circle"),
        ({"$ref": "#/components/schemas/Both"}, "goes round in a circle"),
        ({"$ref": "#/components/schemas/Nobody"}, "leads nowhere"),
        ({"$ref": "https://example.com/schema.json"}, "leads out of its OpenAPI"),
        ({"type": "string", "pattern": "^q{7}z$"}, "nothing known matches the pattern"),
        ({"type": "string", "pattern": "^(a+)+b$", "minLength": 60}, "give an example"),
        ({"type": "string", "minLength": 10**9}, "is too long"),
    ],
)
def test_a_body_that_can_not_be_made_up_is_left_out_with_its_reason(schema: Json, why: str) -> None:
    loop = {"$ref": "#/components/schemas/Loop"}
    both = {"allOf": [{"$ref": "#/components/schemas/Both"}] * 4}
    made = Made(sending(schema, Node=NODE, Loop=loop, Both=both))
    assert why in made.omitted["it"]


def test_a_tree_that_may_end_ends() -> None:
    tree = {
        "type": "object",
        "required": ["up"],
        "properties": {"up": {"anyOf": [{"$ref": "#/components/schemas/Tree"}, {"type": "null"}]}},
    }
    sent = Made(sending({"$ref": "#/components/schemas/Tree"}, Tree=tree)).sent("it")
    while sent is not None:
        sent = sent["up"]


def test_forms_have_their_fields_beside_a_picture() -> None:
    file = {"type": "string", "format": "binary"}
    properties = {"photo": file, "caption": {"type": "string"}, "more": {"type": "string"}}
    schema = {"type": "object", "required": ["photo", "caption"], "properties": properties}
    body = {"content": {"multipart/form-data": {"schema": schema}}}
    made = Made(one("post", "/it", requestBody=body))
    operation = made.operations["it"]
    assert made.names == ["picture", "it"]
    assert (operation.sends, operation.file_field) == ("form", "photo")
    assert operation.fields == (("caption", "jetproof"),)


def test_names_are_those_of_steps_each_once() -> None:
    made = Made(
        paths(
            {
                "/a": {"get": {"operationId": "do it!", "responses": OK}},
                "/b": {"get": {"operationId": "do-it", "responses": OK}},
                "/c": {"get": {"operationId": "x" * 60, "responses": OK}},
                "/9": {"get": {"operationId": "9", "responses": OK}},
                f"/{'d' * 60}": {"get": {"responses": OK}},
            }
        )
    )
    assert made.names == ["do-it", "do-it-2", "get-c", "op-9", "get-" + "d" * 28]


def test_own_steps_come_before_and_keep_their_operations() -> None:
    own = Workflow((Step("alive", "health"),), openapi="/openapi.json")
    made = Made(one("get", "/it"), own)
    assert made.names == ["alive", "it"]
    assert list(made.operations) == ["health", "it"]
    assert [test.steps for test in made.workflow.tests] == [("alive",), ("it",)]


def test_rounds_are_no_tests() -> None:
    again = Workflow((), rounds=3, openapi="/openapi.json")
    assert Made(one("get", "/it"), again).workflow.tests == ()


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ([], "it is no OpenAPI document"),
        ({}, "it is no OpenAPI document; OpenAPI 3.0 and 3.1 are read"),
        ({"swagger": "2.0", "paths": {}}, 'it is Swagger "2.0"; OpenAPI 3.0 and 3.1 are read'),
        ({"openapi": "4.0.0", "paths": {}}, 'it is OpenAPI "4.0.0"; 3.0 and 3.1 are read'),
        ({"openapi": "3.1.0", "paths": []}, "it has no paths"),
        ({"openapi": "3.1.0"}, "it has no operations"),
        (
            paths({f"/{number}": {"get": {"responses": OK}} for number in range(2000)}),
            "it has more than 500 operations",
        ),
    ],
)
def test_a_document_that_is_none_is_told(about: object, why: str) -> None:
    with pytest.raises(Unreadable) as told:
        expanded(PLAIN, about, TARGET)
    assert str(told.value) == why


@pytest.mark.parametrize(
    "junk", [None, 3, True, 1e999, "x", [], {}, [{}], {"a": None}, {"$ref": "#/paths"}]
)
def test_no_part_of_a_document_that_is_junk_breaks_anything(junk: object) -> None:
    for key in ("parameters", "requestBody", "responses", "security", "tags", "operationId"):
        Made(one("post", "/it/{id}", "3.1.0", **{key: junk}))
    for key in ("type", "properties", "required", "enum", "allOf", "oneOf", "items", "pattern"):
        Made(sending({"type": "object", key: junk}))
        Made(sending({"type": "string", key: junk}))
    for key in ("minimum", "maximum", "multipleOf", "minItems", "default", "example"):
        Made(sending({"type": ["integer", "array"], key: junk}))
    for key in ("servers", "components", "security"):
        Made({**one("get", "/it/{id}"), key: junk})
    for where in ("content", "headers"):
        Made(one("post", "/it", responses={"200": {where: junk}}))
