"""Allegro models on compiled kernels, in place: parameters, state dict and training loop stay as they are."""

from __future__ import annotations

from math import sqrt
from typing import Any, Final

import torch

from invgen.compiler.weighted import compile_weighted
from invgen.errors import InputError
from invgen.interop.mace_contractions import OUTSIDE_SPAN, combination_of
from invgen.interop.replacing import KernelsByDtype, check_model, take_over
from invgen.nn.bilinear import bilinear_bases
from invgen.runtime import GatheredKernel

__all__ = ["accelerate", "register_modifier", "AcceleratedContracter"]

OTHERS: Final = ("TritonContracter", "CuEquivarianceContracter")
POINTS: Final = 50
"""Random inputs at which both sides are compared: more equations than an irrep has bilinear paths."""


def accelerate(model: Any, target: str = "c") -> Any:
    """The model with its tensor products on compiled contractions, changed in place.

    Energies, forces, stress and gradients with respect to parameters stay the same numbers, up to rounding. Products
    are replaced by modules with the same parameters and buffers under the same names: state dicts have the same keys,
    so that an optimiser, a checkpoint and a training loop go on as they were. Kernels are built when the model is
    converted, for the dtype that it has, and when it is first called in another. They read the sums over an atom's
    neighbours for each of its edges without storing them for every edge.

    Args:
        model: a model of nequip-allegro 0.8, or any module that holds its `Contracter` modules; built with
            compile_mode="eager", and not converted to Triton or cuEquivariance.
        target: of the kernels: "c" for CPUs, "cuda" for NVIDIA GPUs, "torch" for any device.

    Returns:
        The model.

    Raises:
        InputError: the model has no tensor product that can be taken, or one that cannot; nothing is changed then.
        CompilerError: no compiler was found, or it refused a source.
    """
    check_model(model, "interop.allegro.accelerate", "nequip-allegro")
    replaced: list[tuple[torch.nn.Module, str, torch.nn.Module]] = []
    for parent in model.modules():
        if isinstance(parent, AcceleratedContracter):
            raise InputError("the model is accelerated already: call interop.allegro.accelerate once")
        for name, child in parent.named_children():
            kind = type(child).__name__
            if kind in OTHERS:
                raise InputError(
                    f"a tensor product of class {kind} is not Allegro's own: load the model without the modifier that "
                    "converts it"
                )
            if kind == "Contracter":
                replaced.append((parent, name, AcceleratedContracter(child, target)))
    if not replaced:
        raise InputError(f"{type(model).__name__} has none of Allegro's tensor products: nothing to accelerate")
    for parent, name, module in replaced:
        parent._modules[name] = module  # in a list of modules too, whose names are numbers
    return model


def register_modifier() -> None:
    """NequIP knows the modifier `enable_invgenContracter` of Allegro models; `interop.nequip.modify` calls this."""
    from allegro.nn._strided._contract import Contracter
    from nequip.nn.model_modifier_utils import model_modifier

    if "enable_invgenContracter" in vars(Contracter):
        return

    def enable_invgen(cls: type, model: Any, target: str = "c") -> Any:
        """Tensor products on compiled kernels of invgen, for training and inference."""
        return accelerate(model, target)

    decorated = model_modifier(persistent=False, private=False, supported_compile_modes=[])(classmethod(enable_invgen))
    Contracter.enable_invgenContracter = decorated


class AcceleratedContracter(KernelsByDtype[GatheredKernel]):
    """Allegro's `Contracter` on a weighted contraction with a gather.

    Args:
        contracter: the module.
        target: of the kernel.

    Raises:
        InputError: it couples irreps in a way that is not taken.
    """

    weights: torch.nn.Parameter
    w3j: torch.Tensor

    def __init__(self, contracter: Any, target: str) -> None:
        super().__init__()
        take_over(self, contracter)
        self.irreps_in1, self.irreps_in2 = contracter.irreps_in1, contracter.irreps_in2
        self.irreps_out, self.instructions = contracter.irreps_out, contracter.instructions
        self.mul, self.num_paths = contracter.mul, contracter.num_paths
        self.path_channel_coupling = contracter.path_channel_coupling
        self.irrep_normalization = contracter.irrep_normalization
        names = tuple(tuple(str(ir) for _, ir in each) for each in (self.irreps_in1, self.irreps_in2, self.irreps_out))
        if any(len(set(each)) != len(each) for each in names):
            raise InputError(
                f"a tensor product is taken where every irrep stands once, got {self.irreps_in1} and "
                f"{self.irreps_in2} to {self.irreps_out}"
            )
        self._bases, self._target = bilinear_bases(*names), target
        self._map = self._maps()
        self.kernel(self.weights.dtype)

    def _maps(self) -> torch.Tensor:
        """The matrix (paths, members) that turns weights of paths into weights of members."""
        space = self._bases[0].space
        paths = self._paths()
        x = torch.randn(POINTS, space.dimension, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
        a, b = x.split([self.irreps_in1.dim, self.irreps_in2.dim], 1)
        ends = self.irreps_out.slices()
        matrix = torch.zeros(len(paths), sum(map(len, self._bases)), dtype=torch.float64)
        column = 0
        for number, (basis, rows) in enumerate(zip(self._bases, ends, strict=True)):
            own = [k for k, (output, _) in enumerate(paths) if output == number]
            theirs = [torch.einsum("zi,zj,ijk->zk", a, b, paths[k][1][:, :, rows]).flatten() for k in own]
            found = combination_of(basis, x, torch.stack(theirs, 1), "a tensor product")
            matrix[own, column : column + len(basis)] = found
            column += len(basis)
        return matrix

    def _paths(self) -> list[tuple[int, torch.Tensor]]:
        """For each path the number of its irrep in the result and its coupling tensor, in float64."""
        from e3nn import o3

        given = self.instructions
        if given is None:
            given = [
                (i, j, k)
                for k, (_, c) in enumerate(self.irreps_out)
                for i, (_, a) in enumerate(self.irreps_in1)
                for j, (_, b) in enumerate(self.irreps_in2)
                if c in a * b
            ]
        slices = [each.slices() for each in (self.irreps_in1, self.irreps_in2, self.irreps_out)]
        found = []
        for i, j, k in given:
            a, b, c = self.irreps_in1[i].ir, self.irreps_in2[j].ir, self.irreps_out[k].ir
            tensor = torch.zeros(self.irreps_in1.dim, self.irreps_in2.dim, self.irreps_out.dim, dtype=torch.float64)
            size = 1.0 if self.irrep_normalization is None else sqrt(2 * c.l + 1)
            tensor[slices[0][i], slices[1][j], slices[2][k]] = size * o3.wigner_3j(a.l, b.l, c.l, dtype=torch.float64)
            found.append((k, tensor))
        self._check([tensor for _, tensor in found])
        return found

    def _check(self, tensors: list[torch.Tensor]) -> None:
        """The couplings are those that the model holds, up to the rounding of its dtype."""
        theirs = (
            self.w3j.detach().double().cpu().reshape(self.num_paths, *self.w3j.shape[1 if self.num_paths > 1 else 0 :])
        )
        ours = torch.stack(tensors)
        if theirs.dim() == 3:  # what couples equal components alone is stored by one of them
            ours = torch.diagonal(ours, dim1=1, dim2=2).transpose(1, 2)
        if theirs.shape != ours.shape or float((theirs - ours).abs().max()) > OUTSIDE_SPAN:
            raise InputError(
                "the coupling tensors of a tensor product are not those of e3nn: the model was made with another "
                "version of it, or is damaged"
            )

    def _build(self, dtype: torch.dtype) -> GatheredKernel:
        return compile_weighted(self._bases, gather="b", target=self._target, dtype=dtype, name="allegro_contraction")

    def members_weights(self) -> torch.Tensor:
        """Allegro's weights as those of our members, (weights, channels)."""
        given = self.weights if self.num_paths > 1 else self.weights[..., None]
        found = given @ self._map.to(given)
        return found.T if self.path_channel_coupling else found[:, None].expand(-1, self.mul)

    def forward(self, x1: torch.Tensor, x2: torch.Tensor, idxs: torch.Tensor) -> torch.Tensor:
        """What Allegro's module returns, (edges, channels, components)."""
        own = x1.reshape(-1, self.mul, self.irreps_in1.dim).transpose(1, 2)
        others = x2.reshape(-1, self.mul, self.irreps_in2.dim).transpose(1, 2)
        return self.kernel(x1.dtype)(own, others, self.members_weights(), idxs).transpose(1, 2)
