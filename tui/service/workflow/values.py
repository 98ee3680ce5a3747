"""What one round of a workflow knows by name: texts for words in braces, and bytes to send."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

import msgspec

from tui.core.e2e.checking import bytes_of, text_of
from tui.core.e2e.needed import saved_names
from tui.core.e2e.words import SECRET, TARGET, words_in
from tui.core.e2e.workflow import Step
from tui.ports import Still, WorkflowJob
from tui.service.workflow.answers import Answers

MOST_TEXT_BYTES = 64 * 1024
"""Of what stands for a word; a body that is longer can be sent and hashed alone."""
PICTURE_TYPE = "image/jpeg"


class Blob(msgspec.Struct, frozen=True, dict=True):
    """Bytes as they came."""

    data: bytes
    content_type: str

    @cached_property
    def sha256(self) -> str:
        """Of all of them, in hex."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def facts(self) -> dict[str, str]:
        """What is known of them behind a name and a dot."""
        return {"sha256": self.sha256, "size": f"{len(self.data)}"}


class Values:
    """Grows step by step. One thread uses it."""

    def __init__(
        self,
        run_id: str,
        number: int,
        correlation: str,
        given: Mapping[str, str] | None = None,
        bearers: Iterable[str] = (),
    ) -> None:
        """`given` are words from the beginning; those of `bearers` stand for secrets."""
        self._texts = {
            **(given or {}),
            "run.id": run_id,
            "round.number": f"{number}",
            "round.id": correlation,
        }
        self._blobs: dict[str, Blob] = {}
        self._bearers = frozenset(bearers)
        self._left_out: dict[str, str] = {}
        self.answers = Answers()
        """Those that came in this round, as far as they are searched for secrets."""

    @property
    def texts(self) -> Mapping[str, str]:
        """What words in braces stand for; of all that has bytes `NAME.sha256` and `NAME.size`."""
        return self._texts

    @property
    def secrets(self) -> tuple[str, ...]:
        """Texts that must never be told: those given as secrets, and what bearers are made of."""
        return tuple(text for word, text in self._texts.items() if text and self.is_secret(word))

    def is_secret(self, word: str) -> bool:
        """Whether what a word stands for must never be told."""
        return word.startswith(f"{SECRET}.") or word in self._bearers

    def blob(self, name: str) -> Blob | None:
        """The bytes under a name; None where there are none."""
        return self._blobs.get(name)

    def knows(self, word: str) -> bool:
        """Whether it stands for a text or for bytes, or at least for the hash of some."""
        return word in self._texts or word in self._blobs or f"{word}.sha256" in self._texts

    def keep_picture(self, name: str, still: Still) -> None:
        """A camera's picture, under the name of its step."""
        self.keep_blob(name, Blob(still.jpeg, PICTURE_TYPE))
        self._texts[f"{name}.camera"] = still.camera

    def keep(self, name: str, part: object, content_type: str) -> None:
        """A part of an answer."""
        blob = Blob(bytes_of(part), content_type)
        self.keep_blob(name, blob)
        self._texts.pop(name, None)
        if len(blob.data) <= MOST_TEXT_BYTES:
            self._texts[name] = text_of(part)

    def keep_blob(self, name: str, blob: Blob) -> None:
        """Bytes that stand for no word themselves."""
        self._blobs[name] = blob
        self._texts |= {f"{name}.{word}": text for word, text in blob.facts.items()}

    def leave_out(self, step: Step) -> None:
        """A step was omitted: what it would have saved will never be there in this round."""
        for name in saved_names(step):
            self._left_out[name] = step.name

    def left_out_by(self, word: str) -> str:
        """The omitted step that would have saved it; empty where there is none such."""
        return self._left_out.get(word) or self._left_out.get(word.partition(".")[0], "")

    def beside(self, texts: Mapping[str, str], blobs: Mapping[str, Blob] | None = None) -> Values:
        """The same with more words and bytes. What it saves is its own; what is left out and which
        answers came it has in common with this one."""
        child = copy.copy(self)
        child._texts = {**self._texts, **texts}
        child._blobs = dict(self._blobs)
        for name, blob in (blobs or {}).items():
            child.keep_blob(name, blob)
        return child


def values_of(job: WorkflowJob, number: int, correlation: str) -> Values:
    """What a round knows before its first step."""
    told = {**dict(job.workflow.values), **dict(job.target.values)}
    given = {
        **{f"{TARGET}.{name}": value for name, value in told.items()},
        **{f"{SECRET}.{name}": value for name, value in job.secrets.items()},
    }
    bearers = (word for step in job.workflow.all_steps for word in _bearer_words(step))
    return Values(job.run_id, number, correlation, given, bearers)


def _bearer_words(step: Step) -> Iterator[str]:
    """What its bearer token is made of, also by the step's own values."""
    own = dict(step.values)
    for word in words_in(step.bearer or ""):
        yield word
        yield from words_in(own.get(word, ""))
