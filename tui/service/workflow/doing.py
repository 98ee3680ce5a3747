"""Whatever a step does: once, once for each of many items, or page by page through a list."""

from __future__ import annotations

import time
from collections.abc import Sequence

from tui.core.e2e.checking import Wrong
from tui.core.e2e.deed import Archive
from tui.core.e2e.marking import is_jpeg
from tui.core.e2e.needed import needed_words
from tui.core.e2e.workflow import Step
from tui.core.events import StepMoved
from tui.ports import Emit, NoStill, Still, TakePicture, WorkflowJob
from tui.service.workflow.archive import archive
from tui.service.workflow.batch import Batch, Moved, Origin, single
from tui.service.workflow.crew import Crew
from tui.service.workflow.done import Done, Wait
from tui.service.workflow.files import read_file
from tui.service.workflow.items import Item, Items
from tui.service.workflow.paging import Paging, polled
from tui.service.workflow.request import Unfit
from tui.service.workflow.spool import Spool
from tui.service.workflow.step import Steps
from tui.service.workflow.telling import Telling
from tui.service.workflow.under_way import UnderWay
from tui.service.workflow.values import Values

MOVED_S = 0.25
"""So often it is told how far a step is."""


class Doing:
    """Does the steps of as many rounds as one thread goes through. Nothing is raised."""

    def __init__(self, job: WorkflowJob, take_picture: TakePicture, tell: Emit) -> None:
        self._job = job
        self._take_picture = take_picture
        self._tell = tell
        self._operations = {operation.name: operation for operation in job.target.operations}
        self._archived = {
            step.deed.of for step in job.workflow.all_steps if isinstance(step.deed, Archive)
        }
        self._under_way = UnderWay()
        self._crew = Crew(lambda: Steps(job, self._picture, self._under_way))
        self._round = ""
        self._items: dict[str, Items] = {}
        """By the names of their steps, in this round alone."""
        self._origins: dict[str, Origin] = {}
        self._spools: dict[str, Spool] = {}
        self._strange = 0
        """Records of the newest list that bear the round's name, and that nobody made."""
        self.still_there: Sequence[str] | None = None
        """What the newest list had of the round where nothing may be; None: it was not read."""

    def missing(self, step: Step, values: Values) -> str:
        """The word, or the step, that a step needs and that nothing came of; empty where there is
        none such. What goes on from items needs one that succeeded, a clean-up any."""
        self._begin_round(values)
        needed = _step_before(step)
        if not needed:
            return self._crew.own.missing(step, values)
        is_cleanup = any(each.name == step.name for each in self._job.workflow.cleanup)
        items = self._to_clean(step, values) if is_cleanup else self._good(needed)
        if items:
            return ""
        return (self._crew.own.missing(single(step), values) if step.each else "") or needed

    def do(self, step: Step, values: Values, wait: Wait, *, is_cleanup: bool = False) -> Done:
        """Do it; what it saves is added to `values`, or kept by item. `wait` is False once it must
        not go on: no more items begin then."""
        try:
            self._begin_round(values)
            before = _step_before(step)
            if step.omit and (not is_cleanup or step.pages is not None):
                return _left_out(step, step.omit, values)
            if before and values.left_out_by(before):
                return _left_out(step, f"{before} was left out", values)
            if before and not is_cleanup and not self._good(before):
                return _failed(f"{before} made nothing to go on from")
            if step.pages is not None:
                return self._read(step, values, wait)
            if isinstance(step.deed, Archive):
                return self._put_away(step.deed, wait)
            if step.has_items:
                return self._batch(step, values, wait, is_cleanup=is_cleanup)
        except Unfit as unfit:
            return _failed(str(unfit))
        except Exception as error:
            return _failed(f"not done: {type(error).__name__}")
        return self._crew.own.do(step, values, wait, is_cleanup=is_cleanup)

    @property
    def in_doubt(self) -> int:
        """What the items of this round may have made and nobody was told of, or what a list had of
        it that nobody made: whichever is more, for the one may be the other. What no clean-up goes
        through makes nothing."""
        making = {step.each for step in self._job.workflow.cleanup} & set(self._items)
        return max(sum(self._items[name].in_doubt for name in making), self._strange)

    def paths_of(self, step: Step) -> Sequence[str]:
        """Those of the first items of a step that failed."""
        items = self._items.get(step.name)
        return items.paths if items is not None else ()

    def close(self) -> None:
        """Leave the service, and give back what is kept of the last round."""
        self._forget()
        self._crew.close()

    def _begin_round(self, values: Values) -> None:
        if self._round != values.texts["round.id"]:
            self._forget()
            self._round = values.texts["round.id"]

    def _forget(self) -> None:
        self._items, self._origins, self._strange = {}, {}, 0
        self.still_there = None
        spools, self._spools = self._spools, {}
        for spool in spools.values():
            spool.close()

    def _batch(self, step: Step, values: Values, wait: Wait, *, is_cleanup: bool) -> Done:
        before = self._before(step, values, is_cleanup=is_cleanup) if step.each else None
        origin = self._origin(step, values)
        if origin is not None and origin.is_unique and not is_jpeg(origin.blob.data):
            return _failed(f"{step.send or step.file} is no JPEG, as unique needs it")
        moved = self._moved(step, values)
        batch = Batch(
            step,
            before,
            origin,
            values,
            wait,
            self._under_way,
            moved,
            self._spool(step),
            is_cleanup=is_cleanup,
        )
        self._items[step.name] = batch.items
        if origin is not None:
            self._origins[step.name] = origin
        self._under_way.reset()
        self._crew.go(step.at_once, batch.work)
        return batch.done()

    def _before(self, step: Step, values: Values, *, is_cleanup: bool) -> Sequence[Item]:
        if is_cleanup:
            return self._to_clean(step, values)
        return self._good(step.each)

    def _good(self, name: str) -> Sequence[Item]:
        items = self._items.get(name)
        return items.good if items is not None else ()

    def _to_clean(self, step: Step, values: Values) -> Sequence[Item]:
        """Whatever was made, also by items that failed."""
        items = self._items.get(step.each)
        one, own = single(step), self._crew.own
        return [
            item
            for item in (items.all if items is not None else ())
            if item.is_good or not own.missing(one, item.values(values))
        ]

    def _origin(self, step: Step, values: Values) -> Origin | None:
        """None where its items neither send bytes nor go on from some that did."""
        inherited = self._origins.get(step.each)
        if step.file and not step.without_file:
            return Origin(read_file(self._job.folder, step.file), step.unique)
        sent = values.blob(step.send) if step.send and not step.without_file else None
        return inherited if sent is None else Origin(sent, step.unique)

    def _spool(self, step: Step) -> Spool | None:
        if step.name not in self._archived:
            return None
        operation = self._operations.get(step.operation)
        gives = dict(operation.gives) if operation is not None else {}
        bodies = (name for name, place in step.save if gives.get(place, place) == "body")
        name = next(bodies, None)
        if name is not None and step.name not in self._spools:
            self._spools[step.name] = Spool(name)
        return self._spools.get(step.name)

    def _read(self, step: Step, values: Values, wait: Wait) -> Done:
        pages, operation = step.pages, self._operations.get(step.operation)
        assert pages is not None
        if operation is None:
            return _failed(f"the target has no operation {step.operation}")
        pages = pages.on(operation)
        items = self._items.get(pages.of)
        made: dict[int, str] = {}
        known: list[str] = []
        for item in items.all if items is not None else ():
            id_ = item.word(pages.saved)
            if item.is_good and id_ is not None:
                made[item.number] = id_
            elif id_ is not None:
                known.append(id_)
        moved = self._moved(step, values)
        most = 0

        def found(read: int) -> None:
            nonlocal most
            # Each try begins with the first page again.
            most = max(most, read)
            moved(most, max(most, len(made)), 0)

        own = self._own_ids(values)
        paging = Paging(step, pages, operation, made, [*known, *own], values)
        done = polled(
            lambda: paging.read(self._crew.own, wait, found),
            step.poll,
            wait,
        )
        self._strange = paging.strange
        telling = Telling(self._job.token, *values.secrets)
        telling.of(done)
        if not pages.of:
            there = paging.still_there
            self.still_there = None if there is None else tuple(map(telling.text, there))
        return done

    def _own_ids(self, values: Values) -> list[str]:
        """Of what this round made, as far as its clean-up goes by them."""
        cleanup = self._job.workflow.cleanup
        operation_of = self._operations.get
        needed = {w for step in cleanup for w in needed_words(step, operation_of(step.operation))}
        saved = {name for step in self._job.workflow.steps for name, _ in step.save} & needed
        texts = [values.texts[name] for name in saved if name in values.texts]
        batches = (item.saved for items in self._items.values() for item in items.all)
        return [*texts, *(kept[name] for kept in batches for name in saved & kept.keys())]

    def _moved(self, step: Step, values: Values) -> Moved:
        """Tells how far a step is, now and then."""
        place = self._job.workflow.names.index(step.name)
        number = int(values.texts["round.number"])
        next_s = 0.0

        def moved(done: int, of: int, failed: int) -> None:
            nonlocal next_s
            now_s = time.monotonic()
            if now_s < next_s:
                return
            next_s = now_s + MOVED_S
            self._tell(StepMoved(round=number, step=place, done=done, of=of, failed=failed))

        return moved

    def _picture(self, camera: str) -> Still | NoStill:
        with self._under_way.asking():
            return self._take_picture(camera)

    def _put_away(self, deed: Archive, wait: Wait) -> Done:
        spool = self._spools.get(deed.of)
        return archive(spool, wait) if spool is not None else _failed(f"{deed.of} saved no body")


def _step_before(step: Step) -> str:
    """The step whose items one needs; empty: none."""
    if isinstance(step.deed, Archive):
        return step.deed.of
    return step.each or (step.pages.of if step.pages is not None else "")


def _left_out(step: Step, why: str, values: Values) -> Done:
    done = Done()
    done.omit(why)
    values.leave_out(step)
    return done


def _failed(why: str) -> Done:
    done = Done()
    done.fail(Wrong(why))
    return done
