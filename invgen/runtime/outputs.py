"""Memory of large results, used again: a fresh block above 32 MiB costs more page faults than a kernel costs time."""

from __future__ import annotations

import math
import os
import threading
import weakref
from collections import deque
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch

from invgen import checks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Block = NDArray[np.uint8]

SMALLEST: Final = 1 << 20
"""Bytes from which results come from the pool; the C library recycles smaller blocks well, and at less cost."""

DEFAULT_LIMIT: Final = 1 << 30
"""Bytes of unused blocks that the pool keeps if nobody sets another limit."""

_LINE: Final = 64
_DTYPES: Final[dict[torch.dtype, np.dtype[Any]]] = {
    torch.float32: np.dtype(np.float32),
    torch.float64: np.dtype(np.float64),
}


class OutputPool:
    """Two results never share memory while both are alive; memory of one that died serves the next of its size.

    A block comes back when the *storage* of its tensor dies, so views, saved tensors and gradients keep it for as long
    as they live. At most `limit` bytes wait unused; what came back first goes first. Any thread may allocate, and
    storages may die in any thread, at any moment. A forked child begins with an empty pool.

    A storage from the pool cannot be resized (`resize_`), as none of `torch.from_numpy` can.

    Args:
        limit: bytes of unused blocks to keep; 0 keeps none.
    """

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        self._limit = _checked(limit)
        self._reset()
        pool = weakref.ref(self)

        def after_fork() -> None:
            alive = pool()
            if alive is not None:
                alive._reset()

        # The parent's lock may have been held by a thread that the child does not have, and writing to the parent's
        # pages would copy them.
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=after_fork)

    @property
    def limit(self) -> int:
        """Bytes of unused blocks that are kept; setting a lower limit frees what exceeds it.

        Raises:
            InputError: on setting something else than a number of bytes, 0 or more.
        """
        return self._limit

    @limit.setter
    def limit(self, limit: int) -> None:
        self._limit = _checked(limit)
        with self._lock:
            self._file()
        self._file_late()

    @property
    def unused(self) -> int:
        """Bytes of the blocks that wait for a use."""
        with self._lock:
            self._file()
            return self._unused

    def clear(self) -> None:
        """Frees every unused block; tensors that are alive keep theirs."""
        with self._lock:
            self._returned.clear()
            self._waiting.clear()
            self._unused = 0

    def empty(self, shape: tuple[int, ...], dtype: torch.dtype) -> torch.Tensor:
        """An uninitialised contiguous CPU tensor, aligned to cache lines, of torch.float32 or torch.float64."""
        numbers = _DTYPES[dtype]
        size = numbers.itemsize
        for length in shape:
            size *= length
        block = self._take(_rounded(size + _LINE))
        view: NDArray[Any] = np.ndarray(shape, numbers, block, -block.ctypes.data % _LINE)
        # The storage holds the view until it dies, and then the view dies.
        weakref.finalize(view, self._give_back, block).atexit = False
        return torch.from_numpy(view)

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._returned: deque[Block] = deque()
        self._waiting: list[Block] = []
        self._unused = 0

    def _take(self, size: int) -> Block:
        found = None
        with self._lock:
            self._file()
            # From the latest, which is the likeliest to be in a cache.
            for position in range(len(self._waiting) - 1, -1, -1):
                if self._waiting[position].nbytes == size:
                    found = self._waiting.pop(position)
                    self._unused -= size
                    break
        self._file_late()
        return np.empty(size, np.uint8) if found is None else found

    def _give_back(self, block: Block) -> None:
        # Runs wherever a storage dies, perhaps in the middle of one of our own methods, in a thread that holds the
        # lock: appending needs none.
        self._returned.append(block)
        self._file_late()

    def _file_late(self) -> None:
        """Files what came back while the lock was held, unless somebody holds it again and will do so."""
        while self._returned and self._lock.acquire(blocking=False):
            try:
                self._file()
            finally:
                self._lock.release()

    def _file(self) -> None:
        """Puts what came back with what waits, and drops what is too much, the oldest first; needs the lock."""
        while self._returned:
            block = self._returned.popleft()
            self._waiting.append(block)
            self._unused += block.nbytes
        while self._unused > self._limit:
            self._unused -= self._waiting.pop(0).nbytes


def _rounded(size: int) -> int:
    """The next multiple of an eighth of the power of two below: batches of nearly one size share blocks."""
    step = 1 << max(size.bit_length() - 4, 12)
    return -(-size // step) * step


def _checked(limit: int) -> int:
    return checks.integer("the limit of the output pool, a number of bytes,", limit, least=0)


output_pool: Final = OutputPool()
"""The pool of this process, which every kernel of target `c` takes its results from."""


def fresh(shape: tuple[int, ...], like: torch.Tensor) -> torch.Tensor:
    """Uninitialised memory of the dtype and device of a tensor, on the CPU from the pool where there is much of it."""
    # The compilers trace this where a bare function appears in what they compile, and they plan memory themselves.
    if torch.compiler.is_compiling() or math.prod(shape) * like.element_size() < SMALLEST or like.device.type != "cpu":
        return like.new_empty(shape)
    return output_pool.empty(shape, like.dtype)
