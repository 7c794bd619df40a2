"""Kernels of the shared bases, their results by name, and how near these come to what the bases give."""

from __future__ import annotations

import importlib
from functools import cache

import numpy as np
import torch

import invgen
from invgen.runtime import Kernel
from tests.support.basis_cases import PACKAGES, Array, basis_of
from tests.support.built_kernels import as_users_build

# The largest error of float32 and float64 kernels, relative to the largest entry of each output: each rounds a few
# hundred times, and sums of terms of both signs lose some digits of them.
TOLERANCE = {torch.float32: 1e-4, torch.float64: 1e-11}


@cache
def kernel_of(case: str, target: str = "c", dtype: torch.dtype = torch.float64, layout: str = "channel") -> Kernel:
    """The kernel of a case; of a package, the one that the package itself gives."""
    if case in PACKAGES:
        with as_users_build():
            return importlib.import_module(case).kernel(dtype=dtype, layout=layout, target=target)
    return invgen.compile(basis_of(case), target, dtype, layout, name="a_case")


def results(kernel: Kernel, x: torch.Tensor, ybar: torch.Tensor, u: torch.Tensor) -> dict[str, torch.Tensor]:
    """The bare functions of a kernel by the names of `expected`, and value_and_vjp as "value+" and "vjp+"."""
    y, xbar = kernel.value_and_vjp(x, ybar)
    grad_x, grad_ybar = kernel.vjp_of_vjp(x, ybar, u)
    return {
        "value": kernel.value(x),
        "vjp": kernel.vjp(x, ybar),
        "jvp": kernel.jvp(x, u),
        "value+": y,
        "vjp+": xbar,
        "grad_x": grad_x,
        "grad_ybar": grad_ybar,
    }


def assert_close(found: dict[str, torch.Tensor], wanted: dict[str, Array], tolerance: float) -> None:
    """Every result equals its expectation, relative to the largest entry of its output over all samples."""
    for name, tensor in found.items():
        reference = wanted[name.rstrip("+")]
        assert tensor.shape == reference.shape, name
        scale = np.abs(reference).max(axis=(*range(reference.ndim - 2), -1), keepdims=True)
        error = np.abs(tensor.double().numpy() - reference)
        # Where an output is zero everywhere it must be so exactly up to the rounding of numbers of order one.
        assert (error <= tolerance * np.maximum(scale, 1e-3)).all(), f"{name}: {(error / scale).max():.1e}"


def tensors(arrays: tuple[Array, ...], dtype: torch.dtype) -> tuple[torch.Tensor, ...]:
    """The arrays as torch tensors."""
    return tuple(torch.tensor(array, dtype=dtype) for array in arrays)
