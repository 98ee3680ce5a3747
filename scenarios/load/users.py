"""The shipped users: an ordinary locustfile. Copy it, change it, name it in a scenario."""

import base64
import binascii
import hashlib
import json
import random

from locust import FastHttpUser, between, task

from tui.load.images import scene_jpeg
from tui.load.kit import kit

VGA = (640, 480)
FULL_HD = (1920, 1080)
JPEG_MAGIC = b"\xff\xd8\xff"
# Drawn now, not in the middle of the load: a full HD scene takes a tenth of a second.
SCENES = {size: [scene_jpeg(*size, seed=seed) for seed in range(4)] for size in (VGA, FULL_HD)}


def multipart(image: bytes) -> dict:
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


def answer(response) -> dict:
    """The JSON object in a response; ValueError when there is none."""
    found = json.loads(response.text or "")
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")
    return found


class ServiceUser(FastHttpUser):
    """Asks for what the mix of config.toml says, and checks every answer."""

    abstract = True

    @task
    def mixed(self) -> None:
        shares = {
            self.health: kit.mix.health,
            self.predict: kit.mix.predict,
            self.predict_with_image: kit.mix.predict_with_image,
            self.predict_large: kit.mix.predict_large,
        }
        random.choices(list(shares), weights=list(shares.values()))[0]()

    def health(self) -> None:
        with self.client.get("/health", catch_response=True) as response:
            if response.status_code == 200:
                try:
                    if "status" not in answer(response):
                        response.failure("payload: no status in the answer")
                except ValueError as error:
                    response.failure(f"payload: {error}")

    def predict(self) -> None:
        self._predict("/predict?return_image=false", "/predict", VGA)

    def predict_with_image(self) -> None:
        self._predict("/predict?return_image=true", "/predict+image", VGA)

    def predict_large(self) -> None:
        self._predict("/predict?return_image=false", "/predict 1080p", FULL_HD)

    def _predict(self, url: str, name: str, size: tuple) -> None:
        image = random.choice(SCENES[size])
        with self.client.post(url, name=name, catch_response=True, **multipart(image)) as response:
            if response.status_code != 200:
                return
            try:
                found = answer(response)
            except ValueError as error:
                response.failure(f"payload: {error}")
                return
            if not isinstance(found.get("predictions"), list):
                response.failure("payload: no list of predictions in the answer")
            elif "return_image=true" in url and not self._is_image(found.get("image")):
                response.failure("payload: no JPEG in the answer")

    @staticmethod
    def _is_image(text) -> bool:
        try:
            return base64.b64decode(text or "", validate=True).startswith(JPEG_MAGIC)
        except (binascii.Error, TypeError, ValueError):
            return False


class BaselineUser(ServiceUser):
    """Normal behaviour: looks, waits, looks again."""

    weight = 70
    wait_time = between(1, 3)


class PeakUser(ServiceUser):
    """In a hurry."""

    weight = 20
    wait_time = between(0.1, 0.5)


class AdminUser(ServiceUser):
    """Works on what is stored: costly requests, where the service offers them."""

    weight = 10
    wait_time = between(1, 3)

    @task(2)
    def annotated(self) -> None:
        """The costliest answer, unless the mix says that the service can't draw."""
        if kit.mix.predict_with_image:
            self.predict_with_image()
        else:
            self.predict_large()

    @task(1)
    def round_trip(self) -> None:
        """Store a picture, find it, read it back unharmed, delete it."""
        if not kit.has("/images/{id}"):
            self.predict_large()
            return
        image = random.choice(SCENES[VGA])
        with self.client.post("/images", catch_response=True, **multipart(image)) as response:
            if response.status_code != 201:
                return
            try:
                found = answer(response)
            except ValueError as error:
                response.failure(f"payload: {error}")
                return
            name = found.get("id")
            path = f"/images/{name}" if isinstance(name, str | int) and name != "" else ""
            try:
                kit.created(path)
            except ValueError:
                response.failure("payload: no usable id in the answer")
                return
            if found.get("sha256") != hashlib.sha256(image).hexdigest():
                response.failure("integrity: the stored sha256 differs")
        self.client.get("/images?limit=20", name="/images")
        with self.client.get(path, name="/images/{id}", catch_response=True) as response:
            if response.status_code == 200 and response.content != image:
                response.failure("integrity: the picture came back changed")
        if self.client.delete(path, name="/images/{id}").status_code == 204:
            kit.deleted(path)
