"""The kernel's speed compared with plain PyTorch and hippynn's layer, on the same samples and the same polynomials."""

from __future__ import annotations

import statistics
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from invariance import frobenius_norms, member_products, samples
from neighbourhoods import Floats

import invgen
from invgen.runtime import Kernel

LIST = Path(__file__).resolve().parent.parent / "generated" / "hiphop_l3_n4.txt"
ROUNDS = 4
_LEAST_SECONDS = 0.05  # a fast call is repeated for so long in each turn


@dataclass(frozen=True)
class Contender:
    """One way to compute invariants: `call(x)` is what a user writes, with x in the layout that it takes."""

    name: str
    polynomials: str
    call: Callable[[torch.Tensor], torch.Tensor]
    x: torch.Tensor


@dataclass(frozen=True)
class Duration:
    """Seconds of one call: the best and the median of all calls that were timed."""

    best: float
    median: float


@dataclass(frozen=True)
class Timing:
    """What one contender took; `gradient` is the value and its gradient by autograd."""

    name: str
    polynomials: str
    value: Duration
    gradient: Duration


@dataclass(frozen=True)
class Race:
    """All timings of one run; `disagreement` is that of the kernel and hippynn's layer, None without hippynn."""

    timings: tuple[Timing, ...]
    samples: int
    threads: int
    hippynn: str | None
    disagreement: float | None


def hippynn_basis() -> invgen.Basis:
    """hippynn's 13 invariants in its order and its components."""
    lines = [line for line in LIST.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return invgen.Basis.from_contractions(lines, invgen.TensorSpace("s:0e + v:1o + q:2e + t:3o"), "hippynn")


def hippynn_layer() -> tuple[str, Any] | None:
    """hippynn's version and its layer for l <= 3, n <= 4, or None if hippynn is not installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns about accelerators that this layer does not use
        try:
            import hippynn
            from hippynn.layers.hiplayers.tensors import HopInvariantLayer
        except ImportError:
            return None
    return str(hippynn.__version__), HopInvariantLayer(n_max=4, l_max=3)


def compare_speed(basis: invgen.Basis, kernel: Kernel, x: Floats, listed: invgen.Basis, theirs: Floats) -> Race:
    """Time the kernel and plain PyTorch, and hippynn's layer beside a kernel of hippynn's own list.

    Args:
        basis: of the demo.
        kernel: its C kernel, float32.
        x: moment tensors (atoms, component, channel) in the basis's convention.
        listed: hippynn's list.
        theirs: the same moment tensors in hippynn's components.
    """
    ours = torch.tensor(x, dtype=torch.float32)
    polynomials = f"the {len(basis)} of this page"
    contenders = [
        Contender("C kernel", polynomials, kernel, ours),
        Contender("plain PyTorch", polynomials, invgen.compile(basis, "torch"), ours),
    ]
    installed = hippynn_layer()
    apart = None
    if installed is not None:
        version, layer = installed
        their_kernel = invgen.compile(listed, "c")
        channels = torch.tensor(theirs, dtype=torch.float32)
        rows = torch.tensor(samples(theirs), dtype=torch.float32)
        apart = disagreement(listed, their_kernel, channels, layer, rows)
        polynomials = f"the {len(listed)} of hippynn"
        contenders += [
            Contender("C kernel", polynomials, their_kernel, channels),
            Contender(f"hippynn {version}, eager", polynomials, layer, rows),
        ]
    return Race(
        timings=tuple(race(contenders)),
        samples=x.shape[0] * x.shape[2],
        threads=torch.get_num_threads(),
        hippynn=None if installed is None else installed[0],
        disagreement=apart,
    )


def disagreement(basis: invgen.Basis, kernel: Kernel, channels: torch.Tensor, layer: Any, rows: torch.Tensor) -> float:
    """The largest difference between a kernel and hippynn's layer, relative to the product of the Frobenius norms."""
    with torch.no_grad():
        difference = np.abs(samples(kernel(channels).double().numpy()) - layer(rows).double().numpy())
    product = member_products(basis, frobenius_norms(basis, rows.double().numpy()))
    normal = product > float(np.finfo(np.float32).tiny)
    return float(np.max(difference[normal] / product[normal]))


def race(contenders: Sequence[Contender]) -> list[Timing]:
    """Time all contenders in turns, so that other work on the machine slows all of them alike."""
    values: list[list[float]] = [[] for _ in contenders]
    gradients: list[list[float]] = [[] for _ in contenders]
    for _ in range(ROUNDS):
        for place, contender in enumerate(contenders):
            values[place] += _calls(_value, contender)
            gradients[place] += _calls(_gradient, contender)
    return [
        Timing(c.name, c.polynomials, _duration(v), _duration(g))
        for c, v, g in zip(contenders, values, gradients, strict=True)
    ]


def _duration(times: Sequence[float]) -> Duration:
    return Duration(min(times), statistics.median(times))


def _value(contender: Contender) -> None:
    with torch.no_grad():
        contender.call(contender.x)


def _gradient(contender: Contender) -> None:
    x = contender.x.detach().requires_grad_()
    y = contender.call(x)
    torch.autograd.grad(y, x, torch.ones_like(y))


def _calls(work: Callable[[Contender], None], contender: Contender) -> list[float]:
    """Seconds of each call of one turn: two at least, since the first pays for the cold cache that others leave."""
    times: list[float] = []
    while len(times) < 2 or sum(times) < _LEAST_SECONDS:
        start = time.perf_counter()
        work(contender)
        times.append(time.perf_counter() - start)
    return times
