from __future__ import annotations

import base64
import hashlib
import http.client
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import numpy as np
import pytest
from PIL import Image

from tests.demo.pictures import RED, bomb, encoded, plain, with_rectangles
from tests.demo.running import PATIENCE_S, Running

DRAWN = (100, 80, 300, 200)
PICTURE = encoded(with_rectangles(DRAWN))
FORM = {"Content-Type": "multipart/form-data; boundary=b"}
NAMELESS = b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"
LIMIT_BYTES = 16 * 1024**2


def upload(client: httpx.Client, data: bytes = PICTURE, name: str = "") -> str:
    answer = client.post("/images", files={"file": data}, params={"name": name})
    assert answer.status_code == 201
    return str(answer.json()["id"])


def test_health_says_that_all_is_well_and_quiet(client: httpx.Client) -> None:
    health = client.get("/health").json()
    assert (health["status"], health["in_flight"]) == ("ok", 0)


def test_a_blank_picture_is_predicted_to_hold_nothing(client: httpx.Client) -> None:
    answer = client.post("/predict", files={"file": encoded(plain(320, 200))}).json()
    assert (answer["predictions"], answer["width"], answer["height"]) == ([], 320, 200)


@pytest.mark.parametrize("field", ["file", "image"])
def test_a_drawn_object_is_predicted_with_a_box_around_it(client: httpx.Client, field: str) -> None:
    answer = client.post("/predict", files={field: PICTURE}).json()
    (found,) = answer["predictions"]
    left, top, right, bottom = found["box"]
    assert DRAWN[0] - 4 <= left <= DRAWN[0]
    assert DRAWN[1] - 4 <= top <= DRAWN[1]
    assert DRAWN[2] <= right <= DRAWN[2] + 4
    assert DRAWN[3] <= bottom <= DRAWN[3] + 4
    assert found["class"] == "box"
    assert answer["inference_ms"] > 0


def test_the_annotated_picture_differs_at_the_edge_of_the_box(client: httpx.Client) -> None:
    params = {"return_image": "true"}
    answer = client.post("/predict", files={"file": PICTURE}, params=params).json()
    annotated = Image.open(io.BytesIO(base64.b64decode(answer["image"])))
    assert (annotated.format, annotated.size) == ("JPEG", (640, 480))
    left, top, right, bottom = answer["predictions"][0]["box"]
    sent = Image.open(io.BytesIO(PICTURE))
    changes = np.abs(np.asarray(annotated, np.int16) - np.asarray(sent, np.int16)).max(axis=2)
    assert changes[top, left:right].min() > 40
    assert changes[top:bottom, left].min() > 40
    assert changes[top + 20 : bottom - 20, left + 20 : right - 20].max() < 20
    assert annotated.getpixel((200, 140)) == pytest.approx(RED, abs=8)


@pytest.mark.parametrize("query", ["", "?return_image=false"])
def test_without_asking_no_picture_is_returned(client: httpx.Client, query: str) -> None:
    assert "image" not in client.post(f"/predict{query}", files={"file": PICTURE}).json()


def test_a_stored_picture_comes_back_byte_for_byte(client: httpx.Client) -> None:
    sent = PICTURE + b"a tail that no decoder reads\r\n\x00"
    stored = client.post("/images", files={"file": sent}, data={"name": "shelf 3"})
    assert stored.status_code == 201
    record = stored.json()
    assert (record["name"], record["size"]) == ("shelf 3", len(sent))
    got = client.get(stored.headers["Location"])
    assert got.content == sent
    assert got.headers["X-Sha256"] == record["sha256"] == hashlib.sha256(sent).hexdigest()
    assert got.headers["content-type"] == "image/jpeg"


def test_a_picture_that_the_caller_has_is_not_sent_again(client: httpx.Client) -> None:
    path = f"/images/{upload(client)}"
    etag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304


def test_the_list_is_newest_first_and_paged(client: httpx.Client) -> None:
    ids = [upload(client, name=f"page {n}") for n in range(3)]
    page = client.get("/images", params={"limit": 2, "offset": 1}).json()
    assert [image["id"] for image in page["images"]] == [ids[1], ids[0]]
    assert page["total"] == client.get("/health").json()["images"]


def test_a_deleted_picture_is_gone(client: httpx.Client) -> None:
    path = f"/images/{upload(client)}"
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404
    assert client.delete(path).status_code == 404


def test_uploads_at_once_all_come_back_with_their_own_bytes(client: httpx.Client) -> None:
    pictures = [PICTURE + b"%d" % n for n in range(40)]
    with ThreadPoolExecutor(8) as threads:
        ids = list(threads.map(lambda data: upload(client, data), pictures))
        got = list(threads.map(lambda one: client.get(f"/images/{one}").content, ids))
    assert len(set(ids)) == 40
    assert got == pictures


def test_a_name_in_a_devious_charset_is_stored_as_text(client: httpx.Client) -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="name"\r\n\r\n+2AA-\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
        + PICTURE
        + b"\r\n--b--\r\n"
    )
    kind = {"Content-Type": "multipart/form-data; boundary=b; charset=utf-7"}
    assert client.post("/images", content=body, headers=kind).json()["name"] == "?"


@pytest.mark.parametrize("path", ["/predict", "/images"])
@pytest.mark.parametrize(
    ("status", "request_parts"),
    [
        (422, {}),
        (422, {"json": {"file": "x"}}),
        (422, {"data": {"file": "x"}}),
        (422, {"files": {"other": PICTURE}}),
        (422, {"files": {"file": b""}}),
        (415, {"files": {"file": b"not a picture"}}),
        (400, {"files": [("file", PICTURE), ("file", PICTURE)]}),
        (400, {"content": NAMELESS, "headers": FORM}),
        (400, {"content": b"junk", "headers": {"Content-Type": "multipart/form-data"}}),
        (413, {"files": {"file": b"x" * LIMIT_BYTES}}),
    ],
)
def test_a_bad_upload_is_refused(
    client: httpx.Client, path: str, status: int, request_parts: dict[str, object]
) -> None:
    assert client.post(path, **request_parts).status_code == status  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "method", "path", "files"),
    [
        (404, "GET", "/", None),
        (404, "GET", "/docs", None),
        (404, "GET", "/images/", None),
        (404, "GET", f"/images/{'0' * 32}", None),
        (405, "GET", "/predict", None),
        (405, "DELETE", "/images", None),
        (405, "POST", "/health", None),
        (413, "POST", "/predict", {"file": bomb()}),
        (415, "POST", "/predict", {"file": PICTURE[:1000]}),
        (422, "POST", "/predict?return_image=maybe", {"file": PICTURE}),
        (422, "POST", f"/images?name={'x' * 201}", {"file": PICTURE}),
        (422, "GET", "/images?limit=0", None),
        (422, "GET", "/images?limit=501", None),
        (422, "GET", "/images?offset=-1", None),
        (422, "GET", f"/images?offset={'9' * 5000}", None),
    ],
)
def test_a_bad_request_is_refused(
    client: httpx.Client, status: int, method: str, path: str, files: dict[str, bytes] | None
) -> None:
    assert client.request(method, path, files=files).status_code == status


def test_a_wrong_method_is_told_the_right_ones(client: httpx.Client) -> None:
    allowed = client.put("/images").headers["Allow"]
    assert set(allowed.split(", ")) == {"GET", "HEAD", "POST"}


def test_a_body_without_a_length_is_cut_off_too_and_the_connection_lives(
    client: httpx.Client,
) -> None:
    def endless() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
        for _ in range(LIMIT_BYTES // 65536 + 1):
            yield b"x" * 65536

    assert client.post("/predict", content=endless(), headers=FORM).status_code == 413
    assert client.get("/health").status_code == 200


def test_a_body_that_announces_too_much_is_refused_before_it_is_sent(demo: Running) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", demo.ready["port"], timeout=PATIENCE_S)
    connection.putrequest("POST", "/predict")
    connection.putheader("Content-Type", FORM["Content-Type"])
    connection.putheader("Content-Length", str(LIMIT_BYTES + 1))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


@pytest.mark.parametrize(
    "image_id",
    ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e", "..", ".", "%00", "a%5c..%5cb"],
)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_an_id_leads_nowhere_else(demo: Running, method: str, image_id: str) -> None:
    # Not with httpx, which would tidy the path up before it is sent.
    connection = http.client.HTTPConnection("127.0.0.1", demo.ready["port"], timeout=PATIENCE_S)
    connection.request(method, f"/images/{image_id}")
    answer = connection.getresponse()
    assert answer.status == 404
    answer.read()
    connection.close()
