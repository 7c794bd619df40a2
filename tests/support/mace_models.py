"""MACE models with random weights and molecules of random atoms; imports mace-torch, whose folder is on PYTHONPATH."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import ase
import mace  # noqa: F401 - e3nn 0.4.4 imports on this torch after it alone
import numpy as np
import torch
from e3nn import o3
from mace import data, modules, tools
from mace.tools import torch_geometric

ELEMENTS = (1, 6, 8)
CUTOFF = 4.0


def model(
    hidden: str = "8x0e + 8x1o",
    *,
    elements: Sequence[int] = ELEMENTS,
    block: str = "RealAgnosticResidualInteractionBlock",
    first: str | None = None,
    layers: int = 2,
    l_max: int = 2,
    correlation: int = 2,
    dtype: torch.dtype = torch.float64,
    **options: Any,
) -> torch.nn.Module:
    """A `ScaleShiftMACE`; whatever else it takes goes into `options`."""
    torch.manual_seed(0)
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    classes = modules.interaction_classes
    given = {
        "avg_num_neighbors": 9.0,
        "atomic_energies": np.zeros(len(elements)),
        "atomic_inter_scale": 1.0,
        "atomic_inter_shift": 0.0,
        "use_reduced_cg": False,
        "gate": torch.nn.functional.silu,
        **options,
    }
    try:
        return modules.ScaleShiftMACE(
            r_max=CUTOFF,
            num_bessel=8,
            num_polynomial_cutoff=5,
            max_ell=l_max,
            interaction_cls=classes[block],
            interaction_cls_first=classes[first or block],
            num_interactions=layers,
            num_elements=len(elements),
            hidden_irreps=o3.Irreps(hidden),
            MLP_irreps=o3.Irreps("16x0e"),
            atomic_numbers=list(elements),
            correlation=correlation,
            **given,
        )
    finally:
        torch.set_default_dtype(before)


def batch(
    elements: Sequence[int] = ELEMENTS,
    *,
    dtype: torch.dtype = torch.float64,
    periodic: bool = False,
    head: str = "Default",
    heads: Sequence[str] = ("Default",),
) -> dict[str, Any]:
    """Two frames of twelve atoms."""
    rng = np.random.default_rng(0)
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        frames = []
        for _ in range(2):
            atoms = ase.Atoms(rng.choice(elements, 12), rng.uniform(0, 6, (12, 3)), cell=[7.0] * 3, pbc=periodic)
            keys = data.KeySpecification.from_defaults()
            config = data.config_from_atoms(atoms, key_specification=keys, head_name=head)
            table = tools.AtomicNumberTable(list(elements))
            frames.append(data.AtomicData.from_config(config, z_table=table, cutoff=CUTOFF, heads=list(heads)))
        loader = torch_geometric.dataloader.DataLoader(frames, batch_size=2, shuffle=False)
        return next(iter(loader)).to_dict()  # type: ignore[no-any-return]
    finally:
        torch.set_default_dtype(before)


def loss_gradients(network: torch.nn.Module, results: dict[str, Any]) -> dict[str, torch.Tensor | None]:
    """The gradients of a loss of energies and forces by all parameters."""
    loss = (results["forces"] ** 2).sum() + (results["energy"] ** 2).sum()
    own = {name: parameter for name, parameter in network.named_parameters() if parameter.requires_grad}
    return dict(zip(own, torch.autograd.grad(loss, list(own.values()), allow_unused=True), strict=True))


def copied(network: torch.nn.Module) -> torch.nn.Module:
    """A model that shares nothing with another."""
    return copy.deepcopy(network)
