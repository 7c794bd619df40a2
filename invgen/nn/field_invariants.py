"""The layer that turns images and volumes into invariants of what is about each voxel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from invgen.basis.basis import Basis
from invgen.checks import integer, positive
from invgen.compiler.invariants import compile
from invgen.errors import InputError
from invgen.fields.grids import read_spacing
from invgen.fields.local_invariants import recipe_of
from invgen.fields.normalisation import weights_of_norm
from invgen.fields.slabs import exponents_of
from invgen.fields.torch_moments import BandedMoments
from invgen.fields.windows import Window
from invgen.nn.kernels import KeepsDtype
from invgen.spaces.outputs import SCALAR

_DRAWS = 1024  # of random moments, which say how large each invariant is; a fixed seed makes them the same everywhere


class FieldInvariants(KeepsDtype):
    """y[o] = Σ_mk V[o, m, k] N(I_k(M_m)) + b[o] at each voxel, with moments M_m = Σ_cs W[m, c, s] moments(x[c], s).

    Channels and scales are mixed before the invariants are made, which mixes moments that turn together, so y is a
    field of numbers that turns with x: exactly by quarter turns, and by other rotations up to the error of sampling,
    exp(-2π² (scale / spacing)²), and of the faces.

    N(I(M)) = s I(M / s) with the norm s = (|M|² + eps²)^½ of all moments that I may be made of: an invariant of degree
    d is divided by s^(d - 1). So all are of first degree in x where x is large beside eps, and have bounded slopes
    everywhere. A second factor, fixed when the layer is made, gives each a mean square of one for moments of unit white
    noise.

    Args:
        basis: invariants of `TensorSpace.moments` of a scalar field, in space or in the plane, of all orders from 0 on.
        scales: of the Hermite windows, in the units of the spacing.
        in_channels: channels of x.
        out_channels: channels of y.
        mixed: how many mixtures m there are; by default as many as channels of y.
        spacing: of the voxels, one number or one for each axis.
        boundary: what is beyond the faces: "zero", "nearest" or "wrap".
        eps: the norm of moments below which invariants of higher degree fade.
        dtype: torch.float32 or torch.float64.
        target: of the kernel of invariants, "c" for CPU tensors, "cuda" for NVIDIA GPUs, "torch" for any device.

    Shapes:
        (batch, in_channels, X, Y, Z) -> (batch, out_channels, X, Y, Z); in the plane (batch, channels, X, Y).

    Raises:
        InputError: an argument is not allowed, the voxels are too large for a scale, or x does not have the shape,
            dtype or device of the layer; on loading a state dict that was saved with another basis.
    """

    def __init__(
        self,
        basis: Basis,
        scales: Sequence[float],
        in_channels: int,
        out_channels: int,
        mixed: int | None = None,
        spacing: float | Sequence[float] = 1.0,
        boundary: str = "zero",
        eps: float = 1e-2,
        dtype: torch.dtype = torch.float32,
        target: str = "c",
    ) -> None:
        super().__init__()
        values, order = recipe_of(basis)
        if values != "scalar" or basis.outputs != SCALAR:
            raise InputError(
                "FieldInvariants takes invariants of the moments of scalar fields, got members "
                f"{basis.outputs} of {basis.space}"
            )
        self.basis = basis
        self.in_channels = integer("in_channels", in_channels, 1)
        self.out_channels = integer("out_channels", out_channels, 1)
        self.mixed = self.out_channels if mixed is None else integer("mixed", mixed, 1)
        self.scales = _scales(scales)
        self.eps = positive("eps", eps)
        self.dimension = basis.space.spatial_dimension
        sizes = read_spacing(spacing, self.dimension)
        self._moments = []
        for number, scale in enumerate(self.scales):
            window = Window.hermite(scale)
            for axis, size in zip("xyz", sizes, strict=False):
                window.check(size, axis)
            made = BandedMoments(window, order, sizes, boundary)
            for place, matrix in enumerate(made.matrices("cpu", dtype)):
                self.register_buffer(_matrix_name(number, place), matrix, persistent=False)
            self._moments.append(made)
        self.squares: torch.Tensor
        self.factors: torch.Tensor
        exponents = exponents_of(order, self.dimension)
        self.register_buffer("squares", torch.tensor(weights_of_norm(exponents), dtype=dtype), persistent=False)
        self.register_buffer("factors", torch.tensor(self._factors(exponents), dtype=dtype), persistent=False)
        self.mixing = torch.nn.Parameter(torch.empty(self.mixed, self.in_channels, len(self.scales), dtype=dtype))
        self.weight = torch.nn.Parameter(torch.empty(self.out_channels, self.mixed, len(basis), dtype=dtype))
        self.bias = torch.nn.Parameter(torch.zeros(self.out_channels, dtype=dtype))
        torch.nn.init.normal_(self.mixing, std=1.0 / math.sqrt(self.in_channels * len(self.scales)))
        torch.nn.init.normal_(self.weight, std=1.0 / math.sqrt(self.mixed * len(basis)))
        self.kernel = compile(basis, target=target, dtype=dtype, layout="channel")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The mixed invariants at each voxel."""
        self._check(x)
        moments = self._mixed_moments(x)  # (batch, mixed, X, Y, dim, Z)
        size = torch.sqrt(self.squares @ moments.square() + self.eps**2).unsqueeze(-2)
        invariants = self.kernel(moments / size) * size  # (batch, mixed, X, Y, K, Z)
        weight = self.weight * self.factors
        axes = "xyz"[: self.dimension]
        inner, last = axes[:-1], axes[-1]
        found = torch.einsum(f"bm{inner}k{last},omk->bo{axes}", invariants, weight)
        return found + self.bias.reshape(-1, *(1,) * self.dimension)

    def _mixed_moments(self, x: torch.Tensor) -> torch.Tensor:
        """Moments are linear: whichever is fewer, channels or mixtures, has moments taken."""
        total: Any = 0.0
        for number, made in enumerate(self._moments):
            matrices = [getattr(self, _matrix_name(number, axis)) for axis in range(self.dimension)]
            weight = self.mixing[:, :, number]
            if self.in_channels <= self.mixed:
                total = total + torch.einsum("bc...,mc->bm...", made(x, matrices), weight)
            else:
                total = total + made(torch.einsum("bc...,mc->bm...", x, weight), matrices)
        return total  # type: ignore[no-any-return]

    def _factors(self, exponents: Sequence[tuple[int, ...]]) -> list[float]:
        """One over the root of the mean square of each invariant as it is normalised, of moments of white noise."""
        noise = np.array([Window.hermite(1.0).noise(e) for e in exponents])
        draws = np.random.default_rng(0).standard_normal((_DRAWS, len(noise))) * np.sqrt(noise)
        size = np.sqrt(draws**2 @ weights_of_norm(exponents) + self.eps**2)[:, None]
        found = self.basis.evaluate(draws / size) * size
        return [float(factor) for factor in 1.0 / np.sqrt((found**2).mean(axis=0))]

    def _check(self, x: torch.Tensor) -> None:
        axes = ", ".join("XYZ"[: self.dimension])
        if x.ndim != self.dimension + 2 or x.shape[1] != self.in_channels:
            raise InputError(
                f"FieldInvariants of a basis in {self.dimension} dimensions takes (batch, {self.in_channels}, {axes}), "
                f"got {tuple(x.shape)}"
            )
        if x.dtype != self.mixing.dtype or x.device != self.mixing.device:
            raise InputError(
                f"FieldInvariants has {self.mixing.dtype} weights on {self.mixing.device}, got {x.dtype} on "
                f"{x.device}; move the field, or make the layer with another dtype"
            )

    def get_extra_state(self) -> dict[str, Any]:
        """The basis's id and the scales, so that weights are never used with others."""
        return {"basis_id": self.basis.id, "scales": list(self.scales)}

    def set_extra_state(self, state: Any) -> None:
        """Refuse the state of another basis or of other scales."""
        mine = self.get_extra_state()
        if state != mine:
            raise InputError(
                f"the state was saved with {state}, this layer has {mine}; build the layer with what the state names"
            )

    def extra_repr(self) -> str:
        """Widths, scales and the basis."""
        widths = f"{self.in_channels} -> {self.mixed} -> {self.out_channels}, scales {list(self.scales)}"
        return f"{widths}, {len(self.basis)} invariants of {self.basis.space}, basis {self.basis.id[:12]}"


def _scales(given: Any) -> tuple[float, ...]:
    scales = tuple(given) if isinstance(given, Sequence) and not isinstance(given, str) else ()
    if not scales:
        raise InputError(f"scales is a list of at least one positive number, such as [1.5, 3.0], got {given!r}")
    return tuple(positive("a scale", scale) for scale in scales)


def _matrix_name(scale: int, axis: int) -> str:
    return f"matrix_{scale}_{axis}"
