"""Compiled moments, loaded with ctypes: calls release the interpreter's lock."""

from __future__ import annotations

import ctypes
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import torch

from invgen.errors import CompilerError, InputError
from invgen.runtime.neighbours import Lists
from invgen.runtime.output_pool import SMALLEST, output_pool
from invgen.runtime.threads import threads

Triple = tuple[torch.Tensor, torch.Tensor, torch.Tensor]
Quadruple = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]

FUNCTIONS: Final = ("value", "vjp", "vjp_rows", "vjp_columns", "jvp", "second_rows", "second_columns")

# What a function returns when it refuses its lists; 0 is success.
_COMPLAINTS: Final = {
    1: "row_pointer or column_pointer does not rise from 0 to the number of pairs",
    2: "index refers to a source that does not exist",
    3: "the pairs by source are not those by receiver",
}
_NO_MEMORY: Final = 4


class MomentsImplementation(ABC):
    """Value and derivatives of moments, without autograd, in terms of six functions that a target brings.

    Inputs are vectors (pairs, 3) or (pairs, 0), radial values (pairs, n), features of the sources, and five lists as
    in `Neighbours`; shapes and dtypes have been checked. Results are fresh and contiguous.

    Args:
        name: The kernel's name, for messages.
        trailing: The shape of a moment of one receiver and feature, given the number of radial values.
    """

    def __init__(self, name: str, trailing: Callable[[int], tuple[int, ...]]) -> None:
        self._name = name
        self._trailing = trailing

    @abstractmethod
    def _call(self, name: str, lists: Lists, inputs: Sequence[torch.Tensor], outputs: Sequence[torch.Tensor]) -> None:
        """One of `FUNCTIONS`; the first three inputs are vectors, radial values and features."""

    def moments_shape(self, radial: torch.Tensor, features: torch.Tensor, lists: Lists) -> tuple[int, ...]:
        """The shape of the value."""
        return (lists[0].shape[0] - 1, *self._trailing(radial.shape[-1]), features.shape[-1])

    def value(
        self, vectors: torch.Tensor, radial: torch.Tensor, features: torch.Tensor, *lists: torch.Tensor
    ) -> torch.Tensor:
        """The moments."""
        five = as_lists(lists)
        result = _fresh(self.moments_shape(radial, features, five), radial)
        self._call("value", five, (vectors, radial, features), (result,))
        return result

    def vjp(
        self,
        vectors: torch.Tensor,
        radial: torch.Tensor,
        features: torch.Tensor,
        ybar: torch.Tensor,
        row_pointer: torch.Tensor,
        index: torch.Tensor,
        receivers: torch.Tensor,
        column_pointer: torch.Tensor,
        column_pairs: torch.Tensor,
        by_pairs: bool,
        by_features: bool,
    ) -> Triple:
        """Gradients of <ybar, moments> by vectors and radial values, and by features; empty where not wanted."""
        lists = (row_pointer, index, receivers, column_pointer, column_pairs)
        inputs = (vectors, radial, features, ybar)
        gradients = gradients_like(vectors, radial, features, by_pairs, by_features, _fresh)
        if by_pairs and by_features:
            self._call("vjp", lists, inputs, gradients)
        elif by_pairs:
            self._call("vjp_rows", lists, inputs, gradients[:2])
        elif by_features:
            self._call("vjp_columns", lists, inputs, gradients[2:])
        return gradients

    def jvp(
        self,
        vectors: torch.Tensor,
        radial: torch.Tensor,
        features: torch.Tensor,
        u_vectors: torch.Tensor,
        u_radial: torch.Tensor,
        u_features: torch.Tensor,
        *lists: torch.Tensor,
    ) -> torch.Tensor:
        """The change of the moments along u."""
        five = as_lists(lists)
        result = _fresh(self.moments_shape(radial, features, five), radial)
        self._call("jvp", five, (vectors, radial, features, u_vectors, u_radial, u_features), (result,))
        return result

    def vjp_of_vjp(
        self,
        vectors: torch.Tensor,
        radial: torch.Tensor,
        features: torch.Tensor,
        ybar: torch.Tensor,
        u_vectors: torch.Tensor,
        u_radial: torch.Tensor,
        u_features: torch.Tensor,
        *lists: torch.Tensor,
    ) -> Quadruple:
        """Gradients of <u, vjp> by vectors, radial values, features and ybar."""
        five = as_lists(lists)
        inputs = (vectors, radial, features, ybar, u_vectors, u_radial, u_features)
        by_vectors, by_radial, by_features = gradients_like(vectors, radial, features, True, True, _fresh)
        by_ybar = _fresh(tuple(ybar.shape), ybar)
        self._call("second_rows", five, inputs, (by_vectors, by_radial, by_ybar))
        self._call("second_columns", five, inputs, (by_features,))
        return by_vectors, by_radial, by_features, by_ybar


class MomentsLibrary(MomentsImplementation):
    """The functions of a shared library made from ``templates/c/moments.c.j2``, on CPU tensors.

    Args:
        path: The library.
        name: As of `MomentsImplementation`.
        trailing: As of `MomentsImplementation`.

    Raises:
        CompilerError: If the library cannot be loaded or lacks a function.
    """

    def __init__(self, path: Path, name: str, trailing: Callable[[int], tuple[int, ...]]) -> None:
        super().__init__(name, trailing)
        try:
            library = ctypes.CDLL(str(path))
            self._functions = {function: getattr(library, f"invgen_{function}") for function in FUNCTIONS}
        except (OSError, AttributeError) as error:
            raise CompilerError(
                f"the compiled kernel {path} cannot be loaded ({error}): repair the compiler's OpenMP library, or "
                "remove the file and build it again"
            ) from error
        for function in self._functions.values():
            function.argtypes = [ctypes.c_void_p] * 4 + [ctypes.c_int]
            function.restype = ctypes.c_int

    def _call(self, name: str, lists: Lists, inputs: Sequence[torch.Tensor], outputs: Sequence[torch.Tensor]) -> None:
        # The lists keep the contiguous copies alive until the call has returned.
        arrays = [array.contiguous() for array in inputs]
        integers = [array.contiguous() for array in lists]
        radial, features = arrays[1], arrays[2]
        sizes = (ctypes.c_int64 * 5)(
            lists[0].shape[0] - 1, lists[3].shape[0] - 1, lists[1].shape[0], radial.shape[-1], features.shape[-1]
        )
        status = self._functions[name](
            sizes,
            _pointers(integers),
            _pointers(arrays),
            _pointers(outputs),
            threads(),
        )
        if status == _NO_MEMORY:
            raise MemoryError(f"kernel {self._name!r} found no memory for one chunk of pairs")
        if status:
            raise lists_error(self._name, status)


def lists_error(name: str, complaint: int) -> InputError:
    """The sentence for lists that were altered, by what is wrong with them."""
    return InputError(
        f"kernel {name!r} was given a neighbour list in which {_COMPLAINTS[complaint]}: make it with "
        "Neighbours.from_csr and leave it as it is"
    )


def gradients_like(
    vectors: torch.Tensor,
    radial: torch.Tensor,
    features: torch.Tensor,
    by_pairs: bool,
    by_features: bool,
    empty: Callable[[tuple[int, ...], torch.Tensor], torch.Tensor],
) -> Triple:
    """Memory for the three gradients; those that are not wanted have no elements."""

    def like(tensor: torch.Tensor, wanted: bool) -> torch.Tensor:
        return empty(tuple(tensor.shape) if wanted else (0,), tensor)

    return like(vectors, by_pairs), like(radial, by_pairs), like(features, by_features)


def as_lists(lists: tuple[torch.Tensor, ...]) -> Lists:
    """Five tensors as the lists of a `Neighbours`."""
    row_pointer, index, receivers, column_pointer, column_pairs = lists
    return row_pointer, index, receivers, column_pointer, column_pairs


def _pointers(arrays: Sequence[torch.Tensor]) -> ctypes.Array[ctypes.c_void_p]:
    # An array without elements has no address, which C reads as "absent".
    return (ctypes.c_void_p * len(arrays))(*(array.data_ptr() if array.numel() else None for array in arrays))


def _fresh(shape: tuple[int, ...], like: torch.Tensor) -> torch.Tensor:
    """Uninitialised memory, on the CPU from the pool where there is much of it."""
    if torch.compiler.is_compiling() or like.device.type != "cpu" or math.prod(shape) * like.element_size() < SMALLEST:
        return like.new_empty(shape)
    return output_pool.empty(shape, like.dtype)
