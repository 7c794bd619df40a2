"""A compiled weighted contraction, loaded with ctypes: calls release the interpreter's lock."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import torch

from invgen.errors import CompilerError
from invgen.runtime.output_pool import SMALLEST, output_pool
from invgen.runtime.threads import threads
from invgen.runtime.weighted_implementation import Tensors, empty_result, misplaced_error
from invgen.runtime.weighted_spec import FUNCTIONS, LIKE_W, WeightedSpec

CHUNK: Final = 64
"""CHUNK of the source, of which the runtime allocates one sum for each."""


class WeightedLibrary:
    """A `WeightedImplementation` for CPU tensors; every call passes the number of `threads()`, which changes no bit.

    Raises:
        CompilerError: If the library cannot be loaded or lacks a function.
    """

    def __init__(self, path: Path, spec: WeightedSpec) -> None:
        self._spec = spec
        try:
            self._library = ctypes.CDLL(str(path))
            self._misplaced = self._function("invgen_misplaced", "pii", ctypes.c_int64)
            self._chunks = self._function("invgen_chunks", "piipppp", ctypes.c_int64)
            self._sum = self._function("invgen_sum", "ppiiipz", None)
            self._functions = {
                name: self._function(f"invgen_{name}", "p" * (len(inputs) + len(outputs)) + "pppiiz", None)
                for name, (inputs, outputs) in FUNCTIONS.items()
            }
        except (OSError, AttributeError) as error:
            raise CompilerError(
                f"the compiled kernel {path} cannot be loaded ({error}): regenerate its source, or repair the "
                "compiler's OpenMP library"
            ) from error

    def run(
        self, name: str, species: torch.Tensor, inputs: Sequence[torch.Tensor], out: Tensors | None = None
    ) -> Tensors:
        """One function: its results in the order of `FUNCTIONS`.

        Raises:
            InputError: If a species is out of range.
        """
        x, w = inputs[0], inputs[1]
        kinds, samples = w.shape[0], species.numel()
        kind_of = species.contiguous()
        wrong = self._misplaced(kind_of.data_ptr(), samples, kinds)
        if wrong >= 0:
            raise misplaced_error(self._spec, kind_of, wrong, kinds)
        names = FUNCTIONS[name][1]
        results = tuple(self._fresh(each, x, w) for each in names) if out is None else out
        if x.shape[-1] and samples:
            self._call(name, kind_of, inputs, results)
        else:
            for each, result in zip(names, results, strict=True):
                if each in LIKE_W:
                    result.zero_()
        return results

    def _fresh(self, name: str, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        """What `empty_result` gives, in memory from the pool where the result is large."""
        shape = tuple(w.shape) if name in LIKE_W else (*x.shape[:-2], self._spec.size(name), x.shape[-1])
        if torch.compiler.is_compiling() or math.prod(shape) * x.element_size() < SMALLEST:
            return empty_result(self._spec, name, x, w)
        return output_pool.empty(shape, x.dtype)

    def _call(self, name: str, species: torch.Tensor, inputs: Sequence[torch.Tensor], results: Tensors) -> None:
        kinds, weights, channels = inputs[1].shape
        samples, most = species.numel(), species.numel() // CHUNK + kinds
        count = threads()
        # One block of integers: order, begin, kind, chunk_of.
        sizes = (samples, most + 1, most, kinds + 1)
        order, begin, kind, chunk_of = torch.empty(sum(sizes), dtype=torch.int64).split(sizes)
        plan = [part.data_ptr() for part in (order, begin, kind, chunk_of)]
        chunks = self._chunks(species.data_ptr(), samples, kinds, *plan)
        # The lists keep contiguous copies and sums alive until the calls have returned.
        arrays = [array.contiguous() for array in inputs]
        sums: list[tuple[torch.Tensor, torch.Tensor]] = []
        targets = []
        for each, result in zip(FUNCTIONS[name][1], results, strict=True):
            if each in LIKE_W:
                sums.append((result.new_empty((chunks, weights, channels)), result))
                targets.append(sums[-1][0])
            else:
                targets.append(result)
        pointers = [array.data_ptr() for array in (*arrays, *targets)]
        self._functions[name](*pointers, *plan[:3], chunks, channels, count)
        for parts, total in sums:
            self._sum(parts.data_ptr(), plan[3], kinds, weights, channels, total.data_ptr(), count)

    def _function(self, name: str, kinds: str, result: Any) -> Callable[..., Any]:
        types = {"p": ctypes.c_void_p, "i": ctypes.c_int64, "z": ctypes.c_int}
        function = getattr(self._library, name)
        function.argtypes = [types[kind] for kind in kinds]
        function.restype = result
        return function  # type: ignore[no-any-return]
