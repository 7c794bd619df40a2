"""e3nn's linear maps and tensor products on arrays (samples, component, channel).

e3nn keeps an irrep of multiplicity k as k tensors one after the other, (samples, k (2l + 1)). Here it is a part of
shape (samples, 2l + 1, k). Weights stay where e3nn has them and are read at every call, so that training changes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from math import gcd, prod, sqrt
from typing import Any

import torch

from invgen.compiler.convolution import compile_convolution, coupling_terms
from invgen.errors import InputError
from invgen.nn.by_species import BySpecies
from invgen.nn.covariant_linear import of_rows
from invgen.nn.joining import joined
from invgen.runtime import ConvolutionKernel, TabulatedKernel
from invgen.spaces.irreps import symbol_of

Slots = tuple[tuple[int, int, int], ...]
"""Multiplicity, rank and parity of every irrep."""

Parts = list[torch.Tensor]

Coupling = ConvolutionKernel | TabulatedKernel


# Every call of a module asks for several, and irreps of e3nn are slow to go through.
@lru_cache(maxsize=256)
def slots_of(irreps: Any) -> Slots:
    """What e3nn's `Irreps` say."""
    return tuple((int(mul), int(ir.l), int(ir.p)) for mul, ir in irreps)


def parts_of(flat: torch.Tensor, slots: Slots) -> Parts:
    """e3nn's array as one part for each irrep."""
    sizes = [mul * (2 * l + 1) for mul, l, _ in slots]
    return [
        part.reshape(part.shape[0], mul, 2 * l + 1).transpose(1, 2)
        for part, (mul, l, _) in zip(flat.split(sizes, 1), slots, strict=True)
    ]


def flat_of(parts: Sequence[torch.Tensor]) -> torch.Tensor:
    """e3nn's array of the parts of all irreps."""
    return joined([part.transpose(1, 2).reshape(part.shape[0], -1) for part in parts], 1)


def instruction_weights(module: Any) -> list[tuple[Any, torch.Tensor]]:
    """The instructions of a linear map or tensor product, and the weights of each in its own shape."""
    # Gradients of parts that were split off are joined; those of slices would each be filled up with zeros.
    sizes = [prod(instruction.path_shape) for instruction in module.instructions]
    return [
        (instruction, own.view(*instruction.path_shape))
        for instruction, own in zip(module.instructions, module.weight.split(sizes), strict=True)
    ]


def check_linear(module: Any, what: str) -> None:
    """e3nn's `Linear` has its own weights and no biases.

    Raises:
        InputError: Otherwise.
    """
    if not getattr(module, "weight_numel", 0) or module.weight.numel() != module.weight_numel or module.bias_numel:
        raise InputError(f"{what} is a linear map with biases or with weights from outside, which is not taken")


def linear(module: Any, parts: Parts, scale: float = 1.0) -> Parts:
    """e3nn's `Linear`, times a number: one matrix product for each irrep of the result."""
    outputs: dict[int, tuple[list[torch.Tensor], list[torch.Tensor]]] = {}
    for instruction, weight in instruction_weights(module):
        inputs, matrices = outputs.setdefault(instruction.i_out, ([], []))
        inputs.append(parts[instruction.i_in])
        matrices.append(weight * (float(instruction.path_weight) * scale))
    return _products(outputs, slots_of(module.irreps_out), parts[0])


def rows_linear(
    module: Any,
    sums: torch.Tensor,
    kernel: Coupling,
    middle: Sequence[int],
    scale: float = 1.0,
) -> Parts:
    """e3nn's `Linear` of what a convolution made, whose copies already stand side by side.

    Args:
        module: the map from the irreps of all paths.
        sums: (receivers, rows, channels).
        kernel: what made them.
        middle: for each path the number of its irrep among the inputs of the map.
        scale: a number by which the result is multiplied.
    """
    by_input = {instruction.i_in: (instruction, weight) for instruction, weight in instruction_weights(module)}
    outputs: dict[int, tuple[list[torch.Tensor], list[torch.Tensor]]] = {}
    blocks = sums.split([block.rows.stop - block.rows.start for block in kernel.blocks], 1)
    for block, rows in zip(kernel.blocks, blocks, strict=True):
        own = [by_input[middle[k]] for k, path in enumerate(kernel.paths) if path.target == block.irrep]
        matrix = joined([weight * (float(instruction.path_weight) * scale) for instruction, weight in own], 0)
        outputs[own[0][0].i_out] = ([rows.reshape(rows.shape[0], -1, matrix.shape[0])], [matrix])
    return _products(outputs, slots_of(module.irreps_out), sums)


def _products(
    outputs: dict[int, tuple[list[torch.Tensor], list[torch.Tensor]]], slots: Slots, like: torch.Tensor
) -> Parts:
    found = []
    for number, (mul, l, _) in enumerate(slots):
        if number not in outputs:
            found.append(like.new_zeros((like.shape[0], 2 * l + 1, mul)))
            continue
        inputs, matrices = outputs[number]
        found.append(of_rows(joined(inputs, 2), joined(matrices, 0)))
    return found


def linear_by_species(module: Any, parts: Parts, sorted_: BySpecies, attributes: torch.Tensor | None = None) -> Parts:
    """e3nn's `FullyConnectedTensorProduct` with scalars that say the species: one matrix for each species.

    Args:
        module: the product.
        parts: its first argument.
        sorted_: the species of the samples.
        attributes: (species, scalars), the second argument of every species; one-hot if left out.
    """
    slots, samples = slots_of(module.irreps_out), parts[0].shape[0]
    sums: list[torch.Tensor | None] = [None] * len(slots)
    for instruction, weight in instruction_weights(module) if samples else ():
        part = parts[instruction.i_in1]
        # The coupling of rank l with a scalar is the unit matrix over the root of 2l + 1.
        scaled = weight * (float(instruction.path_weight) / sqrt(part.shape[1]))
        matrices = scaled.unbind(1) if attributes is None else torch.einsum("tv,uvw->tuw", attributes, scaled).unbind(0)
        own = part.index_select(0, sorted_.order).split(sorted_.counts)
        found = torch.cat([of_rows(rows, matrix) for rows, matrix in zip(own, matrices, strict=True) if rows.shape[0]])
        before = sums[instruction.i_out]
        sums[instruction.i_out] = found if before is None else before + found
    return [
        parts[0].new_zeros((samples, 2 * l + 1, mul)) if total is None else total.index_select(0, sorted_.back)
        for total, (mul, l, _) in zip(sums, slots, strict=True)
    ]


@cache
def coupling_sign(a: int, b: int, c: int) -> int:
    """Of e3nn's `wigner_3j` relative to our couplings: it differs between versions of e3nn.

    Raises:
        InputError: e3nn's couplings are others.
    """
    from e3nn import o3

    return sign_of(o3.wigner_3j(a, b, c, dtype=torch.float64), a, b, c)


def own_sign(module: Any, a: int, b: int, c: int) -> int:
    """Of a coupling as the `TensorProduct` itself holds it, which needs no e3nn; see `coupling_sign`.

    Raises:
        InputError: its couplings are others.
    """
    if min(a, b, c):
        return sign_of(getattr(module._compiled_main_left_right, f"_w3j_{a}_{b}_{c}").double().cpu(), a, b, c)
    # e3nn writes couplings with scalars as products and keeps no numbers for them.
    unit = torch.eye(2 * max(a, b, c) + 1, dtype=torch.float64)
    return sign_of(unit.reshape(2 * a + 1, 2 * b + 1, 2 * c + 1) / sqrt(unit.shape[0]), a, b, c)


def sign_of(theirs: torch.Tensor, a: int, b: int, c: int) -> int:
    """Of a coupling tensor (2a + 1, 2b + 1, 2c + 1) relative to ours.

    Raises:
        InputError: it is not one of ours with a sign.
    """
    ours = torch.zeros_like(theirs)
    for m, i, j, coefficient in coupling_terms(a, b, c):
        ours[i, j, m] = coefficient / sqrt(2 * c + 1)
    for sign in (1, -1):
        # Numbers below one, rounded to float32 where the model was made in it.
        if float((theirs - sign * ours).abs().max()) < 1e-6:
            return sign
    raise InputError(f"e3nn's coupling of ranks {a} and {b} to {c} is not a Clebsch-Gordan coefficient")


def convolution_of(module: Any, dtype: torch.dtype, target: str, name: str) -> ConvolutionKernel:
    """The kernel of e3nn's channelwise `TensorProduct`, whose second argument is given to it as harmonics.

    Paths stand as its instructions do, and so do their weights.

    Raises:
        InputError: an instruction is not channelwise, or has no weights of its own for each pair.
    """
    harmonics = " + ".join(symbol_of(l, parity) for _, l, parity in slots_of(module.irreps_in2))
    kernel: ConvolutionKernel = compile_convolution(
        _sources_of(module), harmonics=harmonics, **_coupled(module, dtype, target, name)
    )
    return kernel


def tabulated_of(
    module: Any, dtype: torch.dtype, target: str, name: str, *, l_max: int, knots: int, span: tuple[float, float]
) -> TabulatedKernel:
    """The same with harmonics made from vectors, and weights looked up in tables by their lengths.

    Raises:
        InputError: as `convolution_of`, or the second argument of the product is not harmonics of ranks 0 ... l_max.
    """
    if [l for _, l, _ in slots_of(module.irreps_in2)] != list(range(l_max + 1)):
        raise InputError(f"a tensor product with tables takes harmonics of ranks 0 to {l_max}, got {module.irreps_in2}")
    kernel: TabulatedKernel = compile_convolution(
        _sources_of(module), l_max, radial="table", knots=knots, span=span, **_coupled(module, dtype, target, name)
    )
    return kernel


def _sources_of(module: Any) -> str:
    """The irreps of the features, with their multiplicities relative to each other."""
    sources = slots_of(module.irreps_in1)
    unit = gcd(*(mul for mul, _, _ in sources))
    return " + ".join(f"{mul // unit}x{symbol_of(l, parity)}" for mul, l, parity in sources)


def _coupled(module: Any, dtype: torch.dtype, target: str, name: str) -> dict[str, Any]:
    """The paths of a channelwise product, and how they are compiled."""
    sources, harmonics = slots_of(module.irreps_in1), slots_of(module.irreps_in2)
    outputs = slots_of(module.irreps_out)
    if any(mul != 1 for mul, _, _ in harmonics):
        raise InputError("a tensor product is taken where its second argument has multiplicity one everywhere")
    paths, factors = [], []
    for instruction in module.instructions:
        mode = instruction.connection_mode
        if mode != "uvu" or not instruction.has_weight:
            kind = mode if mode != "uvu" else "uvu without weights"
            raise InputError(f'a tensor product is taken where every path is "uvu" with weights, got {kind}')
        (_, a, _), (_, b, _) = sources[instruction.i_in1], harmonics[instruction.i_in2]
        _, c, parity = outputs[instruction.i_out]
        paths.append((instruction.i_in1, instruction.i_in2, symbol_of(c, parity)))
        factors.append(coupling_sign(a, b, c) * float(instruction.path_weight) / sqrt(2 * c + 1))
    return {
        "paths": paths,
        "factors": factors,
        "convention": "e3nn_component",
        "dtype": dtype,
        "name": name,
        "target": target,
    }


def features_of(parts: Sequence[torch.Tensor], kernel: Coupling) -> torch.Tensor:
    """The features that a kernel of `convolution_of` takes."""
    channels = sum(part.shape[1] * part.shape[2] for part in parts) // kernel.dimension
    return joined([part.reshape(part.shape[0], -1, channels) for part in parts], 1)
