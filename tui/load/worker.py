"""A worker: Locust's users in a process of their own. `python -m tui.load.worker`"""

from __future__ import annotations

from tui.child.lifeline import hold, read_spec

# Before anything else: the lifeline's thread must be a real one, and the owner may be gone already.
_SPEC_LINE = read_spec() if __name__ == "__main__" else ""
if __name__ == "__main__":
    hold()

import contextlib  # noqa: E402
import io  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import resource  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from typing import Any, TextIO  # noqa: E402

import msgspec  # noqa: E402

from tui.core.failure import printable  # noqa: E402
from tui.load.wire import WorkerSpec  # noqa: E402

WANTED_DESCRIPTORS = 65_536
MAX_LOG_CHARACTERS = 1_000_000


def say(**line: object) -> None:
    """One JSON line to the owner."""
    sys.__stdout__.write(json.dumps(line) + "\n")  # type: ignore[union-attr]
    sys.__stdout__.flush()  # type: ignore[union-attr]


class Unusable(Exception):
    """A locustfile that can be imported and still is none for us; the text says why."""


class Scrubbed(io.TextIOBase):
    """Standard error without the token: user code prints what it likes, and it goes to a log.

    Bounded: a task that raises writes a traceback each time, all day long.
    """

    def __init__(self, stream: TextIO, secret: str) -> None:
        self._stream = stream
        self._secret = secret
        self._room = MAX_LOG_CHARACTERS

    def write(self, text: str) -> int:
        if self._room > 0:
            said = text.replace(self._secret, "***") if self._secret else text
            self._stream.write(said[: self._room])
            self._room -= len(said)
            if self._room <= 0:
                self._stream.write("\n(the rest of this run is not logged)\n")
        return len(text)

    def flush(self) -> None:
        self._stream.flush()


def load_locustfile(spec: WorkerSpec) -> tuple[dict[str, Any], Any]:
    """The user classes that this run starts, and its shape or None. Unusable when it has neither
    what the scenario names nor any users."""
    import locust
    from locust.util.load_locustfile import load_locustfile

    found, shapes = load_locustfile(spec.locustfile)
    if locust.events.init_command_line_parser._handlers:
        raise Unusable("custom command-line arguments are not supported; read the environment")
    if not found:
        raise Unusable("no user class in it (a class that inherits HttpUser or FastHttpUser)")
    shape = _chosen_shape(spec.shape, {type(shape).__name__: shape for shape in shapes})
    unknown = [name for name in spec.user_classes if name not in found]
    if unknown:
        raise Unusable(f'no user class "{unknown[0]}" in it (it has: {", ".join(found)})')
    chosen = {name: found[name] for name in spec.user_classes} if spec.user_classes else found
    for name, user_class in chosen.items():
        user_class.weight = spec.user_classes.get(name, user_class.weight)
        if not getattr(user_class, "tasks", None):
            raise Unusable(f"user class {name} has no tasks")
    kept = {name: cls for name, cls in chosen.items() if cls.weight > 0 or cls.fixed_count > 0}
    _filter_tasks(kept, spec)
    return kept, shape


def _chosen_shape(name: str, shapes: dict[str, Any]) -> Any:
    if name in shapes:
        return shapes[name]
    if name:
        raise Unusable(f'no LoadTestShape "{name}" in it (it has: {", ".join(shapes) or "none"})')
    if shapes:
        first = min(shapes)
        said = f'has the LoadTestShape {first}: name it in the scenario (shape = "{first}")'
        raise Unusable(said)
    return None


def _filter_tasks(classes: dict[str, Any], spec: WorkerSpec) -> None:
    from locust.user.task import filter_tasks_by_tags

    tags, without = set(spec.tags) or None, set(spec.exclude_tags) or None
    if tags is None and without is None:
        return
    for name, user_class in classes.items():
        filter_tasks_by_tags(user_class, tags, without)
        if not user_class.tasks:
            raise Unusable(f"user class {name} has no task left by the tags of the scenario")


def say_floor(user_classes: list[Any], port: int) -> None:
    """Measure what the clients of these users add to a latency, and say that of the worst."""
    from tui.load.calibration import NoClient, calibrate, sessions_of
    from tui.load.floors import worst

    try:
        floor = worst([calibrate(make, port) for make in sessions_of(user_classes)])
    except NoClient as error:
        say(type="floor", error=str(error))
    except Exception as error:  # whatever it is, the run goes on without
        say(type="floor", error=printable(f"{type(error).__name__}: {error}"))
    else:
        say(type="floor", floor=msgspec.structs.asdict(floor))


def main(spec_line: str) -> int:
    """Run until the master says quit."""
    _raise_descriptor_limit()
    os.environ.pop("LOCUST_SKIP_MONKEY_PATCH", None)
    import locust  # patches the process; everything below is greenlets
    import locust.runners
    from gevent import spawn

    from tui.load.clients import prepare_clients, prepare_user
    from tui.load.kit import kit
    from tui.load.recorder import Recorder
    from tui.load.reporter import Reporter
    from tui.load.wire import CALIBRATE, REPORT_INTERVAL_S

    spec = msgspec.json.decode(spec_line, type=WorkerSpec)
    # print() in user code must not be taken for our words.
    sys.stdout = sys.stderr = Scrubbed(sys.stderr, spec.token)
    is_open = spec.arrival is not None
    recorder = Recorder(time.monotonic, spec.counted, spec.slow_ms, (spec.token,), is_open=is_open)
    prepare_clients(spec, recorder)
    if spec.responder_port:
        say_floor([getattr(locust, name) for name in spec.user_classes], spec.responder_port)
        return 0
    kit.configure(spec.mix, spec.paths)
    try:
        classes, shape = load_locustfile(spec)
    except BaseException as error:  # SystemExit from user code is its error, not our exit
        what = str(error) if isinstance(error, Unusable) else _where_raised(error, spec)
        say(type="error", error=recorder.scrub(what))
        return 2
    for user_class in classes.values():
        prepare_user(user_class, spec)
    say(
        type="hello",
        classes={
            name: {"weight": cls.weight, "fixed_count": cls.fixed_count}
            for name, cls in classes.items()
        },
        locust=locust.__version__,
    )
    locust.runners.WORKER_REPORT_INTERVAL = REPORT_INTERVAL_S
    environment = locust.env.Environment(
        user_classes=list(classes.values()),
        events=locust.events,
        host=spec.url,
        tags=spec.tags or None,
        exclude_tags=spec.exclude_tags or None,
    )
    reporter = Reporter(spec, recorder, environment, shape)
    runner = environment.create_worker_runner(spec.master_host, spec.master_port)
    reporter.attach(runner)
    kept = list(classes.values())
    runner.register_message(CALIBRATE, lambda msg, **_: spawn(say_floor, kept, msg.data["port"]))
    locust.events.init.fire(environment=environment, runner=runner, web_ui=None)
    # Only now: an order that came before would be dropped, as nobody listened for it.
    say(type="ready")
    runner.greenlet.join()
    return 0


def _raise_descriptor_limit() -> None:
    # Locust's command line does this, its library does not: a socket for each user needs one.
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(WANTED_DESCRIPTORS, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _where_raised(error: BaseException, spec: WorkerSpec) -> str:
    """`line 12: ZeroDivisionError: division by zero`, seen from the locustfile."""
    line = getattr(error, "lineno", None) if isinstance(error, SyntaxError) else None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == spec.locustfile:
            line = trace.tb_lineno
        trace = trace.tb_next
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    what = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return f"line {line}: {what}" if line else what


if __name__ == "__main__":
    sys.exit(main(_SPEC_LINE))
