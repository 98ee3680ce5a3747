"""Rounds of work for one core, a few milliseconds each at most, whose result is compared.

numpy is imported by the rounds that need it, when they are made: the number of its threads must
be settled before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Floats: TypeAlias = "npt.NDArray[np.floating[Any]]"

Round = Callable[[], bool]
"""One round; whether its result was right."""

KNOWN_DIGEST = (
    "6993be3c4719878ef73491ef109bc1ecf84924822b84fe5d18ed82f97465af86"
    "e84496e2968f7e8fa66f7da7a501f317a159c26004e11da20445d2494e55cb4a"
)
_HASHED_BYTES = bytes(range(256)) * 1024
_SIDE = 256
_ELEMENTS = 16_384
_SEED = 2026


def hash_round() -> Round:
    """Integer work: BLAKE2b, for which no processor has instructions of its own, so that it
    heats where SHA would not."""

    def work() -> bool:
        return hashlib.blake2b(_HASHED_BYTES).hexdigest() == KNOWN_DIGEST

    return work


def vector_round() -> Round:
    """Element-wise arithmetic on single floats, in the cache of one core."""
    import numpy as np

    values = np.random.default_rng(_SEED).random(_ELEMENTS, dtype=np.float32)
    room = np.empty_like(values)

    def calculate() -> Floats:
        np.copyto(room, values)
        for _ in range(16):
            np.multiply(room, values, out=room)
            np.add(room, values, out=room)
            np.sqrt(room, out=room)
        return room

    exact = values.astype(np.float64)
    for _ in range(16):
        exact = np.sqrt(exact * values + values)
    return compared(calculate, exact)


def matrix_round() -> Round:
    """A product of two matrices of single floats by BLAS: what heats a core most."""
    import numpy as np

    random = np.random.default_rng(_SEED)
    left = random.random((_SIDE, _SIDE), dtype=np.float32)
    right = random.random((_SIDE, _SIDE), dtype=np.float32)
    room = np.empty_like(left)

    def calculate() -> Floats:
        return np.matmul(left, right, out=room)

    # einsum goes its own way, without BLAS.
    exact = np.einsum("ij,jk->ik", left.astype(np.float64), right.astype(np.float64))
    return compared(calculate, exact)


def compared(calculate: Callable[[], Floats], exact: Floats) -> Round:
    """The same input gives the same bytes each time, and they are near the exact result.

    When the first result is not, it is no measure for the others: every round is wrong then.
    """
    import numpy as np

    first = calculate().copy()
    is_near = bool(np.allclose(first, exact, rtol=1e-4))
    bits = first.view(np.uint32)

    def work() -> bool:
        return np.array_equal(calculate().view(np.uint32), bits) and is_near

    return work


ROUNDS: dict[str, Callable[[], Round]] = {
    "hash": hash_round,
    "vector": vector_round,
    "matrix": matrix_round,
}
