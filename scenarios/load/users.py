"""The shipped users: an ordinary locustfile. Copy it, change it, name it in a scenario.

BaselineUser, PeakUser and AdminUser share the load of most scenarios. A scenario's `tags` choose
among the tasks: health, predict, image, large and store.
"""

import base64
import binascii
import hashlib
import json
import random

from locust import FastHttpUser, between, tag, task

from tui.load.images import scene_jpeg
from tui.load.kit import kit

VGA = (640, 480)
FULL_HD = (1920, 1080)
JPEG_MAGIC = b"\xff\xd8\xff"
LONGEST_WAIT_S = 10.0
# Drawn now, not in the middle of the load: a full HD scene takes a tenth of a second.
SCENES = {size: [scene_jpeg(*size, seed=seed) for seed in range(4)] for size in (VGA, FULL_HD)}
MIX = kit.mix
WHOLE = MIX.health + MIX.predict + MIX.predict_with_image + MIX.predict_large


def form(image: bytes) -> dict:
    """Body and headers of a form with one file in the field `file`."""
    boundary = "----jetproof-7d1f0a"
    head = (
        f"--{boundary}\r\n"
        'Content-Disposition: form-data; name="file"; filename="frame.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    return {
        "data": head.encode() + image + f"\r\n--{boundary}--\r\n".encode(),
        "headers": {"Content-Type": f"multipart/form-data; boundary={boundary}"},
    }


def retry_after_s(response) -> float:
    """How long a service that has too much asks its users to wait; 0 when it doesn't."""
    if response.status_code not in (429, 503):
        return 0.0
    try:
        return min(float(response.headers["Retry-After"]), LONGEST_WAIT_S)
    except (KeyError, TypeError, ValueError):
        return 1.0


def no_status(found: dict) -> str:
    """What is wrong with an answer of /health."""
    return "" if "status" in found else "payload: no status in the answer"


def no_predictions(found: dict) -> str:
    """What is wrong with an answer of /predict."""
    is_list = isinstance(found.get("predictions"), list)
    return "" if is_list else "payload: no list of predictions in the answer"


def no_picture(found: dict) -> str:
    """The same, where the answer holds the picture with its predictions drawn in."""
    try:
        image = base64.b64decode(found.get("image") or "", validate=True)
    except (binascii.Error, TypeError, ValueError):
        image = b""
    missing = "" if image.startswith(JPEG_MAGIC) else "payload: no JPEG in the answer"
    return no_predictions(found) or missing


class ServiceUser(FastHttpUser):
    """What a user can ask the service for. Every answer is checked."""

    abstract = True
    asked_to_wait_s = 0.0
    """By the last answer; for users who do as they are asked."""

    def health(self) -> None:
        with self.client.get("/health", catch_response=True) as response:
            self.check(response, no_status)

    def predict(self) -> None:
        self.post("/predict?return_image=false", "/predict", self.frame(), no_predictions)

    def predict_with_image(self) -> None:
        self.post("/predict?return_image=true", "/predict+image", self.frame(), no_picture)

    def predict_large(self) -> None:
        frame = self.frame(FULL_HD)
        self.post("/predict?return_image=false", "/predict 1080p", frame, no_predictions)

    def store(self, image: bytes) -> str:
        """Store a picture; its path on the service, or nothing when that failed."""
        paths = []

        def wrong(found: dict) -> str:
            name = found.get("id")
            path = f"/images/{name}" if isinstance(name, str | int) and name != "" else ""
            try:
                kit.created(path)
            except ValueError:
                return "payload: no usable id in the answer"
            paths.append(path)
            is_same = found.get("sha256") == hashlib.sha256(image).hexdigest()
            return "" if is_same else "integrity: the stored sha256 differs"

        self.post("/images", "/images", image, wrong)
        return paths[0] if paths else ""

    def list_stored(self) -> None:
        self.client.get("/images?limit=20", name="/images")

    def read_back(self, path: str, image: bytes) -> None:
        with self.client.get(path, name="/images/{id}", catch_response=True) as response:
            if response.status_code == 200 and response.content != image:
                response.failure("integrity: the picture came back changed")

    def forget(self, path: str) -> None:
        if self.client.delete(path, name="/images/{id}").status_code == 204:
            kit.deleted(path)

    @staticmethod
    def frame(size: tuple = VGA) -> bytes:
        return random.choice(SCENES[size])

    def post(self, url: str, name: str, image: bytes, wrong) -> None:
        """Post a picture as a form; `wrong` says what is wrong with a good status's JSON."""
        with self.client.post(url, name=name, catch_response=True, **form(image)) as response:
            self.check(response, wrong)

    def check(self, response, wrong) -> None:
        self.asked_to_wait_s = retry_after_s(response)
        if not 200 <= response.status_code < 300:
            return
        try:
            found = json.loads(response.text or "")
        except ValueError as error:
            response.failure(f"payload: {error}")
            return
        fault = wrong(found) if isinstance(found, dict) else "payload: not a JSON object"
        if fault:
            response.failure(fault)


class MixedUser(ServiceUser):
    """Asks for what the mix of config.toml says."""

    abstract = True

    @tag("health")
    @task(MIX.health)
    def mixed_health(self) -> None:
        self.health()

    @tag("predict")
    @task(MIX.predict)
    def mixed_predict(self) -> None:
        self.predict()

    @tag("image")
    @task(MIX.predict_with_image)
    def mixed_image(self) -> None:
        self.predict_with_image()

    @tag("large")
    @task(MIX.predict_large)
    def mixed_large(self) -> None:
        self.predict_large()


class BaselineUser(MixedUser):
    """Normal behaviour: looks, waits, looks again."""

    weight = 70
    wait_time = between(1, 3)


class PeakUser(MixedUser):
    """In a hurry, and twice as fond of large pictures."""

    weight = 20
    wait_time = between(0.1, 0.5)

    @tag("large")
    @task(MIX.predict_large)
    def more_large(self) -> None:
        self.predict_large()


class AdminUser(MixedUser):
    """Works on what is stored: costly requests, where the service offers them."""

    weight = 10
    wait_time = between(1, 3)

    @tag("image")
    @task(2 * WHOLE)
    def annotated(self) -> None:
        """The costliest answer, unless the mix says that the service can't draw."""
        if MIX.predict_with_image:
            self.predict_with_image()
        else:
            self.predict_large()

    @tag("store")
    @task(WHOLE)
    def round_trip(self) -> None:
        """Store a picture, find it, read it back unharmed, delete it."""
        if not kit.has("/images/{id}"):
            self.predict_large()
            return
        image = self.frame()
        path = self.store(image)
        if path:
            self.list_stored()
            self.read_back(path, image)
            self.forget(path)


class StressTestUser(MixedUser):
    """Does not think. Waits only where a service that has too much asks for it."""

    weight = 0  # runs only where a scenario names it

    def wait_time(self) -> float:
        return self.asked_to_wait_s
