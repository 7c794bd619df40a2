"""Which models of mace-torch `nn.MACE` has a counterpart for, and what the parts of one are called there."""

from __future__ import annotations

from typing import Any, Final

from invgen.errors import InputError
from invgen.interop.e3nn_layouts import slots_of
from invgen.nn.distance_transforms import AGNESI
from invgen.nn.equivariant import ALL, AVERAGE, DENSITY, LATER, NONE

WHOLE: Final = {
    "RealAgnosticInteractionBlock": ("after", False),
    "RealAgnosticResidualInteractionBlock": ("before", False),
    "RealAgnosticDensityInteractionBlock": ("after", True),
    "RealAgnosticDensityResidualInteractionBlock": ("before", True),
}
"""Blocks that are taken whole: where they have their linear map by species, and whether a density divides."""

PRODUCT: Final = "EquivariantProductBasisBlock"
READOUTS: Final = ("LinearReadoutBlock", "NonLinearReadoutBlock")
TRANSFORMS: Final = {"AgnesiTransform": AGNESI}


def check(model: Any) -> None:
    """Every part is one that `nn.MACE` has.

    Raises:
        InputError: one is not.
    """
    blocks = _blocks(model)
    if not blocks:
        raise InputError(f"{type(model).__name__} has none of MACE's interaction blocks")
    if not {"MACE", "ScaleShiftMACE"} & {each.__name__ for each in type(model).__mro__}:
        raise InputError(f"{type(model).__name__} is not a MACE of energies: take MACE or ScaleShiftMACE")
    what = _other_blocks(model, blocks) or _other_parts(model)
    if what:
        raise InputError(f"nn.MACE has no counterpart for {what}; interop.mace.accelerate keeps the model as it is")


def options_of(model: Any) -> dict[str, Any]:
    """What `nn.MACE` calls the choice of blocks and distances."""
    connected = [WHOLE[block][0] == "before" for block in _blocks(model)]
    transform = getattr(model.radial_embedding, "distance_transform", None)
    dense = WHOLE[_blocks(model)[0]][1]
    found = {
        "self_connection": ALL if all(connected) else LATER if any(connected) else NONE,
        "normalisation": DENSITY if dense else AVERAGE,
        "distance_transform": None if transform is None else TRANSFORMS[type(transform).__name__],
    }
    return found if dense else {**found, "average_neighbours": float(model.interactions[0].avg_num_neighbors)}


def head_of(model: Any, head: str | None) -> int:
    """The number of a head among those of the model.

    Raises:
        InputError: it has none of that name, or several and none is given.
    """
    heads = [str(name) for name in getattr(model, "heads", None) or ("Default",)]
    listed = f"the model has the head{'s' if len(heads) > 1 else ''} {', '.join(map(repr, heads))}"
    if head is None and len(heads) > 1:
        raise InputError(f"{listed}: choose one with head=")
    if head is not None and head not in heads:
        raise InputError(f"{listed}, got head={head!r}: choose one that it has")
    return 0 if head is None else heads.index(head)


def _blocks(model: Any) -> list[str]:
    return [type(block).__name__ for block in getattr(model, "interactions", ())]


def _other_blocks(model: Any, blocks: list[str]) -> str:
    """A block without a counterpart, in words; empty if there is none."""
    others = [name for name in blocks if name not in WHOLE]
    if others:
        return f"an interaction block of class {others[0]}"
    connected = [WHOLE[name][0] == "before" for name in blocks]
    if len(set(connected[1:])) > 1 or (connected[0] and not all(connected)):
        return "a layer without self-connection after one that has it"
    if len({WHOLE[name][1] for name in blocks}) > 1:
        return "blocks with and without density in one model"
    if any(getattr(block, "edge_irreps", own := block.node_feats_irreps) != own for block in model.interactions):
        return "other irreps on edges than on atoms"
    if any(parity != (-1) ** l for _, l, parity in slots_of(model.interactions[0].edge_attrs_irreps)):
        return "harmonics without parity"
    if any(type(product).__name__ != PRODUCT for product in model.products):
        return "a product of another class: convert or load the model before it is accelerated"
    if any(getattr(product, "use_agnostic_product", False) for product in model.products):
        return "products without species"
    return ""


def _other_parts(model: Any) -> str:
    """Another part without a counterpart, in words; empty if there is none."""
    radial = model.radial_embedding
    transform = type(getattr(radial, "distance_transform", None)).__name__
    if type(radial.bessel_fn).__name__ != "BesselBasis":
        return "radial functions other than Bessel functions"
    if transform not in ("NoneType", *TRANSFORMS):
        return f"a distance transform of class {transform}"
    if hasattr(model, "pair_repulsion_fn") and type(model.pair_repulsion_fn).__name__ != "ZBLBasis":
        return f"a pair repulsion of class {type(model.pair_repulsion_fn).__name__}"
    if hasattr(model, "joint_embedding"):
        return "embeddings of further inputs"
    if not getattr(radial, "apply_cutoff", True) or len(model.readouts) != len(model.interactions):
        return "a cutoff outside the radial functions, or readouts of some layers alone"
    others = [type(readout).__name__ for readout in model.readouts if type(readout).__name__ not in READOUTS]
    if others:
        return f"a readout of class {others[0]}"
    if any(act != "silu" for act in _activations(model)):
        return "activations other than silu"
    return ""


def _activations(model: Any) -> list[str]:
    """The names of the functions in radial networks and readouts."""
    acts = [
        layer.act for block in model.interactions for layer in block.conv_tp_weights.children() if layer.act is not None
    ]
    acts += [act for each in model.readouts if hasattr(each, "linear_1") for act in each.non_linearity.acts]
    return [str(getattr(act.f, "__name__", type(act.f).__name__)).lower() for act in acts]
