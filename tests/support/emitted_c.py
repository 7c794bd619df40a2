"""Functions of emitted C called as they are, between guard cells, and what they must give: from the interpreter."""

from __future__ import annotations

import ctypes
from fractions import Fraction
from typing import Any

import numpy as np

from invgen.algebra.exact import Surd
from invgen.emit.header import Header
from invgen.ir import Builder, Program

STRICT = "-std=c11 -Wall -Wextra -Werror -Wconversion -Wpedantic".split()
HEADER = Header("hiphop", "0" * 64, "hippynn", 1)
GUARD = 64


def awkward_program() -> Program:
    """Outputs that are an input, a constant, the same value twice, a negation and an irrational multiple."""
    b = Builder()
    x = b.input("x", 3)
    product = b.mul(x[0], x[1])
    b.output(
        "y", [x[2], b.constant(Fraction(1, 3)), product, product, b.neg(product), b.scale(Surd.root(2, 1), product)]
    )
    return b.build()


def guarded(array: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A copy between guard cells: (the whole buffer, the view of the array)."""
    whole = np.full(array.size + 2 * GUARD, 12345.0, dtype=array.dtype)
    view = whole[GUARD : GUARD + array.size].reshape(array.shape)
    view[...] = array
    return whole, view


def call(
    library: Any, program: Program, name: str, arrays: dict[str, np.ndarray], threads: int
) -> dict[str, np.ndarray]:
    """Run one C function; fails if it writes past an array's ends."""
    samples, _, channels = arrays["x"].shape
    wholes, outputs, pointers = [], {}, []
    for vector, _ in program.inputs:
        whole, view = guarded(arrays[vector])
        wholes.append(whole)
        pointers.append(view)
    for vector, ids in program.outputs:
        blank = np.full((samples, len(ids), channels), np.nan, arrays["x"].dtype)
        whole, outputs[vector] = guarded(blank)
        wholes.append(whole)
        pointers.append(outputs[vector])
    arguments = [ctypes.c_void_p(view.ctypes.data) for view in pointers]
    function = getattr(library, f"invgen_{name}")
    function.restype = None
    function(*arguments, ctypes.c_int64(samples), ctypes.c_int64(channels), ctypes.c_int(threads))
    for whole in wholes:
        assert (whole[:GUARD] == 12345).all() and (whole[len(whole) - GUARD :] == 12345).all()
    return outputs


def draw(program: Program, samples: int, channels: int, dtype: Any) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(11)
    return {name: rng.standard_normal((samples, size, channels)).astype(dtype) for name, size in program.inputs}


def expected(program: Program, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    shape = arrays["x"][:, 0].shape
    exact = program.evaluate({name: np.moveaxis(a.astype(np.float64), 1, 0) for name, a in arrays.items()})
    return {name: np.stack([np.broadcast_to(v, shape) for v in values], 1) for name, values in exact.items()}
