"""A kernel written by hand for the contract of docs/architecture.md: y0 = x0^2 + x1^2 + x2^2, y1 = x0 x1 x2."""

from __future__ import annotations

import re
from typing import Any

import torch

from invgen.runtime import KernelSpec, build, build_count

DIMENSION = 3
COUNT = 2

# One loop over all (sample, channel) pairs; `I(k)` and `O(k)` step through rows of 3 and of 2 components.
_C_TEMPLATE = """\
#include <stdint.h>
typedef REAL real;

#define LOOP \\
    _Pragma("omp parallel for num_threads(threads) schedule(static)") \\
    for (int64_t i = 0; i < samples * channels; ++i)
#define I(array, k) array[(i / channels * 3 + (k)) * channels + i % channels]
#define O(array, k) array[(i / channels * 2 + (k)) * channels + i % channels]

void invgen_value(const real *x, real *y, int64_t samples, int64_t channels, int threads)
{
    LOOP {
        const real a = I(x, 0), b = I(x, 1), c = I(x, 2);
        O(y, 0) = a * a + b * b + c * c;
        O(y, 1) = a * b * c;
    }
}

void invgen_vjp(const real *x, const real *ybar, real *xbar, int64_t samples, int64_t channels, int threads)
{
    LOOP {
        const real a = I(x, 0), b = I(x, 1), c = I(x, 2), g = 2 * O(ybar, 0), h = O(ybar, 1);
        I(xbar, 0) = g * a + h * b * c;
        I(xbar, 1) = g * b + h * a * c;
        I(xbar, 2) = g * c + h * a * b;
    }
}

void invgen_value_and_vjp(const real *x, const real *ybar, real *y, real *xbar, int64_t samples, int64_t channels,
                          int threads)
{
    invgen_value(x, y, samples, channels, threads);
    invgen_vjp(x, ybar, xbar, samples, channels, threads);
}

void invgen_jvp(const real *x, const real *u, real *ydot, int64_t samples, int64_t channels, int threads)
{
    LOOP {
        const real a = I(x, 0), b = I(x, 1), c = I(x, 2), p = I(u, 0), q = I(u, 1), r = I(u, 2);
        O(ydot, 0) = 2 * (a * p + b * q + c * r);
        O(ydot, 1) = p * b * c + a * q * c + a * b * r;
    }
}

void invgen_vjp_of_vjp(const real *x, const real *ybar, const real *u, real *grad_x, real *grad_ybar, int64_t samples,
                       int64_t channels, int threads)
{
    LOOP {
        const real a = I(x, 0), b = I(x, 1), c = I(x, 2), g = 2 * O(ybar, 0), h = O(ybar, 1);
        const real p = I(u, 0), q = I(u, 1), r = I(u, 2);
        I(grad_x, 0) = g * p + h * (q * c + r * b);
        I(grad_x, 1) = g * q + h * (p * c + r * a);
        I(grad_x, 2) = g * r + h * (p * b + q * a);
        O(grad_ybar, 0) = 2 * (a * p + b * q + c * r);
        O(grad_ybar, 1) = p * b * c + a * q * c + a * b * r;
    }
}
"""

TORCH_SOURCE = """\
import torch


def value(x):
    a, b, c = x.unbind(-2)
    return torch.stack([a * a + b * b + c * c, a * b * c], -2)


def vjp(x, ybar):
    a, b, c = x.unbind(-2)
    g, h = ybar.unbind(-2)
    return torch.stack([2 * g * a + h * b * c, 2 * g * b + h * a * c, 2 * g * c + h * a * b], -2)


def value_and_vjp(x, ybar):
    return value(x), vjp(x, ybar)


def jvp(x, u):
    a, b, c = x.unbind(-2)
    p, q, r = u.unbind(-2)
    return torch.stack([2 * (a * p + b * q + c * r), p * b * c + a * q * c + a * b * r], -2)


def vjp_of_vjp(x, ybar, u):
    a, b, c = x.unbind(-2)
    g, h = ybar.unbind(-2)
    p, q, r = u.unbind(-2)
    grad_x = [
        2 * g * p + h * (q * c + r * b),
        2 * g * q + h * (p * c + r * a),
        2 * g * r + h * (p * b + q * a),
    ]
    return torch.stack(grad_x, -2), jvp(x, u)
"""


def c_source(dtype: str) -> str:
    return re.sub(r"\bREAL\b", "float" if dtype == "float32" else "double", _C_TEMPLATE)


def make_spec(dtype: str = "float64", target: str = "c", **changes: Any) -> KernelSpec:
    fields: dict[str, Any] = {
        "name": "handwritten",
        "basis_id": "0" * 64,
        "convention": "cartesian",
        "dimension": DIMENSION,
        "count": COUNT,
        "dtype": dtype,
        "target": target,
        "source": TORCH_SOURCE if target == "torch" else c_source(dtype),
        "codegen_version": "1",
    }
    return KernelSpec(**{**fields, **changes})


def expected(x: torch.Tensor) -> torch.Tensor:
    """The same invariants in plain PyTorch, differentiated by PyTorch."""
    a, b, c = x.unbind(-2)
    return torch.stack([a * a + b * b + c * c, a * b * c], -2)


def build_when_all_are_ready(barrier: Any) -> tuple[list[float], int]:
    """The invariants of (1, 2, 3), and how many kernels this process compiled for them."""
    barrier.wait()
    kernel = build(make_spec())
    return kernel.value(torch.tensor([[1.0], [2.0], [3.0]], dtype=torch.float64)).flatten().tolist(), build_count()
