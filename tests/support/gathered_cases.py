"""A bilinear contraction with a gather that tests share, its arguments, and the same as plain PyTorch."""

from __future__ import annotations

from functools import cache

import torch

import invgen
from invgen import Basis, TensorSpace, generate
from invgen.runtime import GatheredKernel
from invgen.runtime.families.gathered import GATHERED

# What is gathered stands neither first nor last, and outputs have both parities.
SPACE = TensorSpace("a:(0e + 1o) + z:(0e + 1o) + b:1e")
OUTPUTS = ("0e", "1o", "1e")
DEGREES: dict[str | tuple[str, ...], int] = {("a", "b"): 1, "z": 1}
OWN, OTHER = [0, 1, 2, 3, 8, 9, 10], [4, 5, 6, 7]
# What each function reads beside the index, and its results.
FUNCTIONS = {
    f.name: (tuple(name for name in GATHERED.tensors(f) if name != "index"), f.outputs) for f in GATHERED.functions
}


@cache
def bases() -> tuple[Basis, ...]:
    """One basis for each output."""
    return tuple(generate(SPACE, 2, select="linear", outputs=o, degrees=DEGREES) for o in OUTPUTS)


@cache
def kernel_of(target: str = "c", dtype: torch.dtype = torch.float64) -> GatheredKernel:
    """The kernel that gathers z."""
    return invgen.compile_weighted(bases(), target=target, dtype=dtype, name="a_gather", gather="z")


@cache
def _values() -> tuple[invgen.runtime.Kernel, ...]:
    return tuple(invgen.compile(basis, "torch", torch.float64) for basis in bases())


def reference(x: torch.Tensor, z: torch.Tensor, w: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
    """The definition: gather, evaluate all members, and weigh them."""
    joined = x.new_empty(*x.shape[:-2], SPACE.dimension, x.shape[-1])
    joined = joined.index_copy(-2, torch.tensor(OWN), x).index_copy(-2, torch.tensor(OTHER), z[index])
    parts, first = [], 0
    for basis, kernel in zip(bases(), _values(), strict=True):
        values = kernel(joined).unflatten(-2, (len(basis), -1))
        parts.append(torch.einsum("...koc,kc->...oc", values, w[first : first + len(basis)]))
        first += len(basis)
    return torch.cat(parts, -2)


def draw(shape: tuple[int, ...], channels: int, rows: int = 5, seed: int = 0) -> dict[str, torch.Tensor]:
    """Random arguments by name, float64; the last row is left out, so that one sum is empty."""
    seeded = torch.Generator().manual_seed(seed)

    def normal(*size: int) -> torch.Tensor:
        return torch.randn(*size, generator=seeded, dtype=torch.float64)

    own, other = (*shape, len(OWN), channels), (rows, len(OTHER), channels)
    weights = (sum(map(len, bases())), channels)
    count = sum(2 * int(o[0]) + 1 for o in OUTPUTS)
    return {
        "x": normal(*own),
        "z": normal(*other),
        "w": normal(*weights),
        "index": torch.randint(rows - 1, shape, generator=seeded),
        "ybar": normal(*shape, count, channels),
        "u": normal(*own),
        "t": normal(*other),
        "v": normal(*weights),
    }
