"""Users of a single purpose: a scenario names the one that it needs.

An ordinary locustfile, too. It takes what it needs from users.py: copy both. A scenario's `tags`
choose among the tasks: health, predict, store, list, and cheap for what needs no inference.
"""

import itertools
import random

from locust import constant, constant_throughput, tag, task
from users import ServiceUser

from tui.load.images import scene_jpeg
from tui.load.kit import kit

# Frames five percent smaller and larger than 640x480: what a busy scene does to a video stream.
RESTLESS = [
    scene_jpeg(640 * percent // 100, 480 * percent // 100, seed)
    for seed, percent in enumerate((95, 97, 100, 103, 105))
]


class PredictUser(ServiceUser):
    """One camera's frame after the other, and nothing else."""

    wait_time = constant(0)

    @tag("predict")
    @task
    def next_frame(self) -> None:
        self.predict()


class RushUser(ServiceUser):
    """Frames of a scene that never rests: their size varies, and so does their pace."""

    def wait_time(self) -> float:
        return random.uniform(0.5, 1.5) + self.asked_to_wait_s

    @tag("predict")
    @task
    def next_frame(self) -> None:
        self.predict()

    @staticmethod
    def frame(*_) -> bytes:
        return random.choice(RESTLESS)


class CaptureUser(ServiceUser):
    """Keeps a frame and has it looked at, as one operation."""

    wait_time = constant(0)

    @tag("store", "predict")
    @task
    def capture(self) -> None:
        path = self.store(self.frame()) if kit.has("/images/{id}") else ""
        self.predict()
        if path:
            self.forget(path)


class ShiftUser(ServiceUser):
    """The start of a shift: screens are refreshed, lists looked through, first frames come in."""

    wait_time = constant_throughput(3)

    @tag("health", "cheap")
    @task(5)
    def refresh(self) -> None:
        self.health()

    @tag("list", "cheap")
    @task(4)
    def look_through(self) -> None:
        if kit.has("/images/{id}"):
            self.list_stored()
        else:
            self.health()

    @tag("predict")
    @task(1)
    def next_frame(self) -> None:
        self.predict()


class SweepUser(ServiceUser):
    """Each endpoint in turn, one request an operation."""

    wait_time = constant(0)

    def on_start(self) -> None:
        self.image, self.path = self.frame(), ""
        asked = (
            (kit.mix.health, self.health),
            (kit.mix.predict, self.predict),
            (kit.mix.predict_with_image, self.predict_with_image),
            (kit.mix.predict_large, self.predict_large),
        )
        steps = [step for share, step in asked if share]
        if kit.has("/images/{id}"):
            steps += [self.keep, self.list_stored, self.look, self.drop]
        self.steps = itertools.cycle(steps)

    @task
    def next_endpoint(self) -> None:
        next(self.steps)()

    def keep(self) -> None:
        self.path = self.store(self.image)

    def look(self) -> None:
        if self.path:
            self.read_back(self.path, self.image)
        else:
            self.list_stored()

    def drop(self) -> None:
        if self.path:
            self.forget(self.path)
        else:
            self.list_stored()
