"""MACE models on compiled kernels, in place: parameters, state dict, optimiser and training loop stay as they are."""

from __future__ import annotations

from typing import Any, Final

import torch

from invgen.checks import positive
from invgen.compiler.weighted import compile_weighted
from invgen.errors import InputError
from invgen.interop.block_tables import BlockTables, TableSettings, check_table_options
from invgen.interop.e3nn_layouts import (
    check_linear,
    convolution_of,
    features_of,
    flat_of,
    linear,
    linear_by_species,
    parts_of,
    rows_linear,
    slots_of,
)
from invgen.interop.mace_checks import WHOLE
from invgen.interop.mace_contractions import bases_for, map_of, weights_of
from invgen.interop.mace_networks import load, potential_of
from invgen.interop.mace_tables import layers_of, tabulated_parts
from invgen.interop.replacing import KernelsByDtype, PairOrder, check_model, in_order, take_over
from invgen.nn.by_species import BySpecies
from invgen.nn.joining import joined
from invgen.runtime import ConvolutionKernel, TabulatedKernel, WeightedKernel

__all__ = [
    "accelerate",
    "load",
    "potential_of",
    "AcceleratedInteraction",
    "AcceleratedConvolution",
    "AcceleratedProduct",
    "PairOrder",
]

CONVOLUTION_ALONE: Final = ("RealAgnosticAttResidualInteractionBlock", "RealAgnosticResidualNonLinearInteractionBlock")
"""Blocks of which the convolution is taken and the rest stays as it is."""


def accelerate(
    model: Any,
    target: str = "c",
    *,
    radial: str = "network",
    knots: int = 512,
    bound: float = 1e-5,
    shortest: float | None = None,
) -> Any:
    """The model with its convolutions and symmetric contractions on compiled kernels, changed in place.

    Energies, forces, stress and gradients with respect to parameters stay the same numbers, up to rounding. With
    `radial="table"` they are those of a model whose radial functions are splines; its forces are exact gradients.
    Blocks are replaced by modules that hold the same submodules under the same names: parameters are the same objects,
    and state dicts have the same keys, so that an optimiser, a checkpoint and a training loop go on as they were.
    Kernels are built when the model is converted, for the dtype that it has, and when it is first called in another.

    Args:
        model: a model of mace-torch 0.3.16, or any module that holds its blocks; on e3nn's implementation, that is not
            converted to cuEquivariance or OpenEquivariance.
        target: of the kernels: "c" for CPUs, "cuda" for NVIDIA GPUs, "torch" for any device.
        radial: "network": radial networks run on every edge; "table": they run on knots, and weights of edges are cubic
            splines, evaluated inside the kernels. Training goes on through the tables. Target "cuda" has none.
        knots: of tables, from the shortest distance to the cutoff.
        bound: the largest error of a table that is accepted, relative to its largest weight; it is checked between the
            knots when the model is converted, and not when training has changed it.
        shortest: the distance where tables begin; 0.01 of the cutoff by default. A closer pair is refused when it
            comes. Distance transforms are steep where atoms overlap: tables of foundation models need 0.5 Å here.

    Returns:
        The model.

    Raises:
        InputError: the model has no block that can be taken, or one that cannot; nothing is changed then.
        CompilerError: no compiler was found, or it refused a source.
    """
    check_model(model, "interop.mace.accelerate", "mace-torch")
    tabulated, count, accepted = check_table_options(radial, knots, bound)
    begin = None if shortest is None else positive("the shortest distance of tables", shortest)
    if begin is not None and not tabulated:
        raise InputError(f'shortest={begin:g} is where tables begin: give radial="table" with it, or leave it out')
    done = (AcceleratedInteraction, AcceleratedConvolution, AcceleratedProduct)
    if any(isinstance(each, done) for each in model.modules()):
        raise InputError("the model is accelerated already: call interop.mace.accelerate once")
    order = PairOrder()
    replaced: list[tuple[Any, str, torch.nn.Module]] = []
    tables: TableSettings | None = None
    if tabulated:
        dense = any(WHOLE.get(type(each).__name__, ("", False))[1] for each in model.modules())
        replaced, embedding = tabulated_parts(model, needed=dense, shortest=begin)
        tables = TableSettings(embedding, replaced[1][2].l_max, count, accepted)  # type: ignore[arg-type]
    unknown: list[str] = []
    for parent in model.modules():
        child: Any
        for name, child in parent.named_children():
            kind = type(child).__name__
            if kind in WHOLE:
                replaced.append((parent, name, AcceleratedInteraction(child, order, target, tables)))
            elif kind in CONVOLUTION_ALONE:
                if tables is not None:
                    raise InputError(
                        f'radial="table" takes blocks {", ".join(WHOLE)}, got {kind}: use radial="network"'
                    )
                replaced.append(
                    (
                        child,
                        "conv_tp",
                        AcceleratedConvolution(child.conv_tp, order, target, child.linear_up.weight.dtype),
                    )
                )
            elif kind == "EquivariantProductBasisBlock":
                replaced.append((parent, name, AcceleratedProduct(child, target)))
            elif kind.endswith("InteractionBlock"):
                unknown.append(kind)
    if unknown:
        raise InputError(
            f"interop.mace.accelerate does not take blocks of class {unknown[0]}; it takes "
            f"{', '.join((*WHOLE, *CONVOLUTION_ALONE))}"
        )
    if len(replaced) == (0 if tables is None else 2):
        raise InputError(f"{type(model).__name__} has none of MACE's interaction blocks: nothing to accelerate")
    for parent, name, module in replaced:
        setattr(parent, name, module)
        if isinstance(module, AcceleratedConvolution):
            parent.conv_fusion = "invgen"  # MACE's blocks then hand over edges in place of gathered features
    return model


def _check_product(conv: Any) -> None:
    from e3nn import o3

    if not isinstance(conv, o3.TensorProduct):
        raise InputError(
            f"a convolution of class {type(conv).__name__} is not e3nn's: the model was converted to cuEquivariance or "
            "OpenEquivariance; accelerate it before, or convert it back with mace.cli.convert_cueq_e3nn"
        )


class AcceleratedConvolution(KernelsByDtype[ConvolutionKernel]):
    """The `conv_tp` of one of MACE's blocks with the sum over neighbours, on e3nn's layout.

    Args:
        conv: e3nn's tensor product.
        order: what sorts edges.
        target: of the kernel.
        dtype: of the model.
    """

    def __init__(self, conv: Any, order: PairOrder, target: str, dtype: torch.dtype) -> None:
        super().__init__()
        _check_product(conv)
        take_over(self, conv)
        self.irreps_in1, self.irreps_in2, self.irreps_out = conv.irreps_in1, conv.irreps_in2, conv.irreps_out
        self.instructions, self.weight_numel = conv.instructions, conv.weight_numel
        self._order, self._target = order, target
        self.kernel(dtype)

    def _build(self, dtype: torch.dtype) -> ConvolutionKernel:
        return convolution_of(self, dtype, self._target, "mace_convolution")

    def forward(
        self, node_feats: torch.Tensor, edge_attrs: torch.Tensor, tp_weights: torch.Tensor, edge_index: torch.Tensor
    ) -> torch.Tensor:
        """The messages summed by receiver, in e3nn's layout."""
        order, neighbours = self._order(edge_index, node_feats.shape[0])
        kernel = self.kernel(node_feats.dtype)
        features = features_of(parts_of(node_feats, slots_of(self.irreps_in1)), kernel)
        weights = in_order(tp_weights, order).reshape(tp_weights.shape[0], kernel.weights, features.shape[2])
        sums = kernel(in_order(edge_attrs, order), weights, features, neighbours)
        slots = slots_of(self.irreps_out)
        found: list[torch.Tensor | None] = [None] * len(slots)
        begin = {block.irrep: 0 for block in kernel.blocks}
        for path, instruction in zip(kernel.paths, self.instructions, strict=True):
            (block,) = (each for each in kernel.blocks if each.irrep == path.target)
            copies = path.weights.stop - path.weights.start
            rows = sums[:, block.rows].reshape(sums.shape[0], -1, block.copies, sums.shape[2])
            own = rows[:, :, begin[block.irrep] : begin[block.irrep] + copies].flatten(2)
            begin[block.irrep] += copies
            before = found[instruction.i_out]
            found[instruction.i_out] = own if before is None else before + own
        return flat_of(
            [
                sums.new_zeros((sums.shape[0], 2 * l + 1, mul)) if part is None else part
                for part, (mul, l, _) in zip(found, slots, strict=True)
            ]
        )


class AcceleratedInteraction(KernelsByDtype[ConvolutionKernel | TabulatedKernel]):
    """One of MACE's interaction blocks on arrays (atoms, component, channel).

    Args:
        block: the block, of a class in `WHOLE`.
        order: what sorts edges.
        target: of the kernel.
        tables: of weights by distance; None where the radial network runs on every edge.

    Raises:
        InputError: the block holds something that is not taken.
    """

    linear_up: Any
    linear: Any
    conv_tp: Any
    conv_tp_weights: Any
    skip_tp: Any
    density_fn: Any

    def __init__(self, block: Any, order: PairOrder, target: str, tables: TableSettings | None = None) -> None:
        super().__init__()
        _check_product(block.conv_tp)
        for name in ("linear_up", "linear"):
            check_linear(getattr(block, name), f"{name} of {type(block).__name__}")
        take_over(self, block)
        self._skip, self._density = WHOLE[type(block).__name__]
        self.node_attrs_irreps, self.node_feats_irreps = block.node_attrs_irreps, block.node_feats_irreps
        self.edge_attrs_irreps, self.edge_feats_irreps = block.edge_attrs_irreps, block.edge_feats_irreps
        self.target_irreps, self.hidden_irreps = block.target_irreps, block.hidden_irreps
        self.irreps_out, self.avg_num_neighbors = block.irreps_out, block.avg_num_neighbors
        self._middle = tuple(int(instruction.i_out) for instruction in block.conv_tp.instructions)
        if len(set(self._middle)) != len(self._middle):
            raise InputError("a convolution is taken where every path has an irrep of its own in the result")
        self._order, self._target, self._settings = order, target, tables
        kernel = self.kernel(block.linear.weight.dtype)
        self._tables: BlockTables | None = None
        if tables is not None and isinstance(kernel, TabulatedKernel):
            channels = int(self.conv_tp.weight_numel) // kernel.weights
            self._tables = tables.tables(layers_of(block.conv_tp_weights), kernel, channels)
        # The block itself, for what it does in LAMMPS; not a submodule, or its keys would appear twice.
        self._block = (block,)

    def _build(self, dtype: torch.dtype) -> ConvolutionKernel | TabulatedKernel:
        settings = self._settings
        if settings is None:
            return convolution_of(self.conv_tp, dtype, self._target, "mace_convolution")
        return settings.kernel(self.conv_tp, dtype, self._target, "mace_convolution")

    def forward(
        self,
        node_attrs: torch.Tensor,
        node_feats: torch.Tensor,
        edge_attrs: torch.Tensor,
        edge_feats: torch.Tensor,
        edge_index: torch.Tensor,
        cutoff: torch.Tensor | None = None,
        lammps_class: Any = None,
        lammps_natoms: tuple[int, int] = (0, 0),
        first_layer: bool = False,
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """What MACE's block returns: messages (atoms, channels, components) and the residual in e3nn's layout."""
        real = lammps_natoms[0] if lammps_class is not None else node_feats.shape[0]
        species = node_attrs.argmax(1)
        kinds = node_attrs.shape[1]
        parts = parts_of(node_feats, slots_of(self.node_feats_irreps))
        residual = (
            linear_by_species(self.skip_tp, parts, BySpecies.of(species, kinds)) if self._skip == "before" else None
        )
        up = linear(self.linear_up, parts)
        if lammps_class is not None and not first_layer:
            exchanged = self._block[0].handle_lammps(
                flat_of(up), lammps_class=lammps_class, lammps_natoms=lammps_natoms, first_layer=first_layer
            )
            up = parts_of(exchanged, slots_of(self.linear_up.irreps_out))
        order, neighbours = self._order(edge_index, up[0].shape[0])
        kernel = self.kernel(node_feats.dtype)
        features = features_of(up, kernel)
        own_feats = in_order(edge_feats, order)
        own_cutoff = None if cutoff is None else in_order(cutoff, order)
        angles = in_order(edge_attrs, order)
        if isinstance(kernel, TabulatedKernel) and self._tables is not None:
            pairs = neighbours.index, neighbours.receivers
            table, numbers = self._tables(kernel, features.shape[2], species, *pairs)
            sums = kernel(angles, table, features, neighbours, numbers)
        else:
            weights = self.conv_tp_weights(own_feats)
            if own_cutoff is not None:
                weights = weights * own_cutoff
            weights = weights.reshape(weights.shape[0], kernel.weights, features.shape[2])
            sums = kernel(angles, weights, features, neighbours)
        sums = sums if lammps_class is None else sums[:real]
        if self._density:
            density = torch.tanh(self.density_fn(own_feats) ** 2)
            if own_cutoff is not None:
                density = density * own_cutoff
            total = density.new_zeros((features.shape[0], 1)).index_add(0, neighbours.receivers, density)[:real]
            message = rows_linear(self.linear, sums, kernel, self._middle)
            message = [part / (total[:, :, None] + 1) for part in message]
        else:
            message = rows_linear(self.linear, sums, kernel, self._middle, 1 / float(self.avg_num_neighbors))
        if self._skip == "after":
            message = linear_by_species(self.skip_tp, message, BySpecies.of(species[:real], kinds))
        together = joined(message, 1).transpose(1, 2)
        if residual is None:
            return together, None
        return together, flat_of(residual if lammps_class is None else [part[:real] for part in residual])


class AcceleratedProduct(KernelsByDtype[WeightedKernel]):
    """MACE's `EquivariantProductBasisBlock` on a weighted contraction.

    Args:
        block: the block.
        target: of the kernel.

    Raises:
        InputError: the block holds something that is not taken.
    """

    symmetric_contractions: Any
    linear: Any

    def __init__(self, block: Any, target: str) -> None:
        super().__init__()
        contraction = block.symmetric_contractions
        if not hasattr(contraction, "contractions"):
            raise InputError(
                f"a symmetric contraction of class {type(contraction).__name__} is not MACE's own: "
                "accelerate the model before it is converted to cuEquivariance"
            )
        check_linear(block.linear, "linear of EquivariantProductBasisBlock")
        take_over(self, block)
        self.use_sc = block.use_sc
        self.use_agnostic_product = bool(getattr(block, "use_agnostic_product", False))
        self._bases, self._target = bases_for(contraction), target
        self._maps = tuple(
            map_of(part, basis) for part, basis in zip(contraction.contractions, self._bases, strict=True)
        )
        self.kernel(block.linear.weight.dtype)

    def _build(self, dtype: torch.dtype) -> WeightedKernel:
        kinds = int(self.symmetric_contractions.contractions[0].weights_max.shape[0])
        return compile_weighted(self._bases, kinds, target=self._target, dtype=dtype, name="mace_contraction")

    def weights(self) -> torch.Tensor:
        """MACE's weights as those of our members, (species, weights, channels)."""
        parts = []
        for part, map_ in zip(self.symmetric_contractions.contractions, self._maps, strict=True):
            theirs = weights_of(part)
            parts.append(torch.einsum("skc,kj->sjc", theirs, map_.to(theirs)))
        return torch.cat(parts, 1)

    def forward(self, node_feats: torch.Tensor, sc: torch.Tensor | None, node_attrs: torch.Tensor) -> torch.Tensor:
        """What MACE's block returns, in e3nn's layout."""
        x = node_feats.transpose(1, 2)
        species = (
            torch.zeros(x.shape[0], dtype=torch.int64, device=x.device)
            if self.use_agnostic_product
            else node_attrs.argmax(1)
        )
        covariants = self.kernel(x.dtype)(x, self.weights(), species)
        sizes = [2 * l + 1 for _, l, _ in slots_of(self.linear.irreps_in)]
        found = flat_of(linear(self.linear, list(covariants.split(sizes, 1))))
        return found + sc if self.use_sc and sc is not None else found
