"""NequIP models on compiled kernels, in place: parameters, state dict, optimiser and training loop stay as they are."""

from __future__ import annotations

import importlib.util
from typing import Any, Final

import torch

from invgen.errors import InputError
from invgen.interop.block_tables import BlockTables, TableSettings, check_table_options
from invgen.interop.e3nn_layouts import (
    Coupling,
    Parts,
    check_linear,
    convolution_of,
    features_of,
    flat_of,
    linear,
    linear_by_species,
    parts_of,
    slots_of,
)
from invgen.interop.nequip_tables import EMBEDDING, VECTORS, layers_of, tabulated_parts
from invgen.interop.replacing import KernelsByDtype, PairOrder, check_model, in_order, take_over
from invgen.nn.by_species import BySpecies
from invgen.runtime import ConvolutionKernel, TabulatedKernel
from invgen.spaces.irreps import symbol_of

__all__ = ["accelerate", "modify", "register_modifier", "AcceleratedInteractionBlock"]

# NequIP's names of fields (nequip.data.AtomicDataDict), which its files have too.
FEATURES: Final = "node_features"
ATTRIBUTES: Final = "node_attrs"
HARMONICS: Final = "edge_attrs"
EDGES: Final = "edge_index"
POSITIONS: Final = "pos"
TYPES: Final = "atom_types"
LAMMPS: Final = "lmp_mliap_data"

RECEIVERS: Final = 0
"""The row of NequIP's edges that holds the atoms at which messages are summed."""


def accelerate(model: Any, target: str = "c", *, radial: str = "network", knots: int = 512, bound: float = 1e-5) -> Any:
    """The model with its interaction blocks on compiled convolutions, changed in place.

    Energies, forces, stress and gradients with respect to parameters stay the same numbers, up to rounding. With
    `radial="table"` they are those of a model whose radial functions are splines; its forces are exact gradients.
    Blocks are replaced by modules that hold the same submodules under the same names: parameters are the same objects,
    and state dicts have the same keys, so that an optimiser, a checkpoint and a training loop go on as they were.
    Kernels are built when the model is converted, for the dtype that it has, and when it is first called in another.

    Args:
        model: a model of nequip 0.19, or any module that holds its interaction blocks; built with
            compile_mode="eager", and not converted to OpenEquivariance or cuEquivariance.
        target: of the kernels: "c" for CPUs, "cuda" for NVIDIA GPUs, "torch" for any device.
        radial: "network": radial networks run on every edge; "table": they run on knots, and weights of edges are cubic
            splines, evaluated inside the kernels; of models with a cutoff for each pair of types, one for each pair.
            Training goes on through the tables. Target "cuda" has none.
        knots: of tables, from 0.01 of the cutoff to the cutoff.
        bound: the largest error of a table that is accepted, relative to its largest weight; it is checked between the
            knots when the model is converted, and not when training has changed it.

    Returns:
        The model.

    Raises:
        InputError: the model has no block that can be taken, or one that cannot; nothing is changed then.
        CompilerError: no compiler was found, or it refused a source.
    """
    check_model(model, "interop.nequip.accelerate", "nequip")
    tabulated, count, accepted = check_table_options(radial, knots, bound)
    if any(isinstance(each, AcceleratedInteractionBlock) for each in model.modules()):
        raise InputError("the model is accelerated already: call interop.nequip.accelerate once")
    order, by_type = PairOrder(RECEIVERS), _attributes_are_types(model)
    replaced: list[tuple[Any, str, torch.nn.Module]] = []
    edges: list[tuple[Any, str, torch.nn.Module]] = []
    tables: TableSettings | None = None
    if tabulated:
        edges, functions, l_max = tabulated_parts(model)
        tables = TableSettings(functions, l_max, count, accepted)
    for parent in model.modules():
        for name, child in parent.named_children():
            if type(child).__name__ == "InteractionBlock":
                replaced.append((parent, name, AcceleratedInteractionBlock(child, order, target, by_type, tables)))
    if not replaced:
        raise InputError(f"{type(model).__name__} has none of NequIP's interaction blocks: nothing to accelerate")
    for parent, name, module in (*replaced, *edges):
        parent.add_module(name, module)
    return model


def modify(model: Any, modifiers: Any) -> Any:
    """What `nequip.model.modify` returns, with the modifiers of invgen known.

    It stands in a configuration file in the place of NequIP's: `_target_: invgen.interop.nequip.modify` with
    `modifiers: [{modifier: enable_invgen}]`, or `enable_invgenContracter` for Allegro. NequIP does not apply them to
    what it packages, which loads without invgen.

    Args:
        model: as of NequIP's function: a model, a configuration of one, or several by name.
        modifiers: a list of modifiers, or a list for each name.
    """
    from nequip.model.modify_utils import modify as theirs

    register_modifier()
    if importlib.util.find_spec("allegro") is not None:
        from invgen.interop import allegro

        allegro.register_modifier()
    return theirs(model, modifiers)


def register_modifier() -> None:
    """NequIP knows the modifier `enable_invgen` in this process; calling the function again changes nothing."""
    from nequip.nn.interaction_block import InteractionBlock
    from nequip.nn.model_modifier_utils import model_modifier

    if "enable_invgen" in vars(InteractionBlock):
        return

    def enable_invgen(
        cls: type, model: Any, target: str = "c", radial: str = "network", knots: int = 512, bound: float = 1e-5
    ) -> Any:
        """Convolutions on compiled kernels of invgen, for training and inference."""
        return accelerate(model, target, radial=radial, knots=knots, bound=bound)

    decorated = model_modifier(persistent=False, private=False, supported_compile_modes=[])(classmethod(enable_invgen))
    InteractionBlock.enable_invgen = decorated


class AcceleratedInteractionBlock(KernelsByDtype[ConvolutionKernel | TabulatedKernel]):
    """NequIP's `InteractionBlock` on arrays (atoms, component, channel).

    Args:
        block: the block.
        order: what sorts edges.
        target: of the kernel.
        by_type: whether attributes of atoms are known to be functions of their types.
        tables: of weights by distance; None where the radial network runs on every edge.

    Raises:
        InputError: the block holds something that is not taken.
    """

    linear_1: Any
    linear_2: Any
    tp_scatter: Any
    edge_mlp: Any
    sc: Any
    avg_num_neighbors_norm: Any
    ghost_exchange: Any

    def __init__(
        self, block: Any, order: PairOrder, target: str, by_type: bool = False, tables: TableSettings | None = None
    ) -> None:
        super().__init__()
        kind = type(block.tp_scatter).__name__
        if kind != "TensorProductScatter":
            raise InputError(
                f"a convolution of class {kind} is not NequIP's own: load the model without the modifiers that "
                "convert it to OpenEquivariance or cuEquivariance"
            )
        for name in ("linear_1", "linear_2"):
            check_linear(getattr(block, name), f"{name} of InteractionBlock")
        take_over(self, block)
        self.irreps_in, self.irreps_out = block.irreps_in, block.irreps_out
        self.use_sc, self.is_first_layer = block.use_sc, block.is_first_layer
        if block.sc is None:
            self.sc = None
        self._order, self._target, self._by_type, self._settings = order, target, by_type, tables
        kernel = self.kernel(block.linear_2.weight.dtype)
        self._tables: BlockTables | None = None
        if tables is not None and isinstance(kernel, TabulatedKernel):
            channels = int(self.tp_scatter.tp.weight_numel) // kernel.weights
            self._tables = tables.tables(layers_of(block.edge_mlp), kernel, channels)

    def _build(self, dtype: torch.dtype) -> ConvolutionKernel | TabulatedKernel:
        if self._settings is not None:
            return self._settings.kernel(self.tp_scatter.tp, dtype, self._target, "nequip_convolution")
        return convolution_of(self.tp_scatter.tp, dtype, self._target, "nequip_convolution")

    def forward(self, data: dict[str, Any]) -> dict[str, Any]:
        """What NequIP's block returns, features in e3nn's layout."""
        local = data[LAMMPS].nlocal if LAMMPS in data else data[POSITIONS if POSITIONS in data else TYPES].shape[0]
        x, attributes = data[FEATURES], data[ATTRIBUTES]
        if not self.is_first_layer:
            x, attributes = x[:local], attributes[:local]
        residual = None if self.sc is None else self._residual(x, attributes, data[TYPES])
        slots = slots_of(self.linear_1.irreps_in)
        data[FEATURES] = flat_of(linear(self.linear_1, parts_of(x, slots)))
        data = self.avg_num_neighbors_norm(data)
        if not self.is_first_layer:
            data = self.ghost_exchange(data, ghost_included=False)
        x = data[FEATURES]
        order, neighbours = self._order(data[EDGES], x.shape[0])
        kernel = self.kernel(x.dtype)
        features = features_of(parts_of(x, slots), kernel)
        if isinstance(kernel, TabulatedKernel) and self._tables is not None:
            vectors = in_order(data[VECTORS], order).to(x.dtype)
            pairs = neighbours.receivers, neighbours.index
            table, numbers = self._tables(kernel, features.shape[2], data[TYPES].reshape(-1), *pairs)
            sums = kernel(vectors, table, features, neighbours, numbers)[:local]
        else:
            # The few numbers from which the weights are made are sorted, not the weights of all paths and channels.
            weights = self.edge_mlp(in_order(data[EMBEDDING], order))
            weights = weights.reshape(weights.shape[0], kernel.weights, features.shape[2])
            sums = kernel(in_order(data[HARMONICS], order), weights, features, neighbours)[:local]
        found = flat_of(linear(self.linear_2, self._summed(sums, kernel)))
        data[FEATURES] = found if residual is None else found + residual[:local]
        return data

    def _residual(self, x: torch.Tensor, attributes: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
        """The product with attributes: one matrix for each type, where e3nn multiplies both for every atom."""
        if self._by_type:
            kinds = types.reshape(-1)[: x.shape[0]]
            present, places = torch.unique(kinds, return_inverse=True)
            if present.shape[0]:
                by_species = BySpecies.of(places, present.shape[0])
                first = by_species.order[torch.tensor((0, *by_species.counts[:-1])).cumsum(0)]
                rows = attributes[first]
                if torch.equal(rows[places], attributes):
                    parts = parts_of(x, slots_of(self.sc.irreps_in1))
                    return flat_of(linear_by_species(self.sc, parts, by_species, rows))
        found: torch.Tensor = self.sc(x, attributes)
        return found

    def _summed(self, sums: torch.Tensor, kernel: Coupling) -> Parts:
        """The sums as parts of the irreps that `linear_2` takes, which has one of each, with all paths side by side."""
        rows = {block.irrep: block.rows for block in kernel.blocks}
        return [
            sums[:, rows[symbol_of(l, parity)]].reshape(sums.shape[0], 2 * l + 1, mul)
            for mul, l, parity in slots_of(self.linear_2.irreps_in)
        ]


def _attributes_are_types(model: torch.nn.Module) -> bool:
    """Attributes of atoms come from the embedding of their types and from nothing else."""
    makers = set()
    for module in model.modules():
        before, after = getattr(module, "irreps_in", None), getattr(module, "irreps_out", None)
        if not isinstance(before, dict) or not isinstance(after, dict):
            continue
        whole = any(isinstance(getattr(child, "irreps_out", None), dict) for child in module.children())
        if not whole and before.get(ATTRIBUTES) != after.get(ATTRIBUTES):
            makers.add(type(module).__name__)
    return makers == {"NodeTypeEmbed"}
