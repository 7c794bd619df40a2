"""What `benchmarks/gpu.py` does with equivariant networks: numbers beside those of the CPU, and the time of a step."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch

from invgen import nn
from invgen.structures import Batch, Dataset, Frames

CHECKED, TIMED, CUTOFF = 4, 64, 5.0
"""Structures that are compared with the reference, structures of a step that is timed, and the cutoff."""
SPECIES, MOLECULE = (1, 6, 8), 21
TOLERANCE = {torch.float32: 1e-4, torch.float64: 1e-11}
"""Of the largest number of each result: two networks of two layers, summed in two orders."""
NETWORKS: dict[str, Callable[..., Any]] = {
    "MACE": partial(nn.MACE, messages="0e + 1o + 2e", channels=64),
    "NequIP": partial(nn.NequIP, messages="0e + 1o + 2e", channels=64, layers=3),
    "Allegro": partial(nn.Allegro, l_max=2, layers=2, channels=32, features=64),
}
REFERENCES = {"MACE": "c", "NequIP": "c", "Allegro": "torch"}
"""What numbers are compared with: this target on the CPU in float64."""


def networks(device: torch.device, timed: Callable[[Callable[[], object], torch.device], float]) -> dict[str, Any]:
    """MACE, NequIP and Allegro of target cuda: errors, and seconds beside target torch.

    Args:
        device: the GPU.
        timed: (call, device) -> seconds.
    """
    rows: list[dict[str, Any]] = []
    good = True
    for name, make in NETWORKS.items():
        for dtype, allowed in TOLERANCE.items():
            reference = _potential(make, torch.float64, REFERENCES[name])
            wanted = _step(reference, _batch(CHECKED, torch.float64))
            ours = _potential(make, dtype, "cuda")
            ours.load_state_dict({key: _as(value, dtype) for key, value in reference.state_dict().items()})
            found = _step(ours.to(device), _batch(CHECKED, dtype).to(device))
            error = max(
                float((a.cpu().double() - b).abs().max() / b.abs().max()) for a, b in zip(found, wanted, strict=True)
            )
            good &= error <= allowed
            rows.append({"network": name, "dtype": str(dtype), "error": error, "allowed": allowed})
            rows[-1]["reference"] = REFERENCES[name]
        for target in ("cuda", "torch"):
            potential = _potential(make, torch.float32, target).to(device)
            batch = _batch(TIMED, torch.float32).to(device)
            seconds = timed(partial(_step, potential, batch), device)
            rows.append({"network": name, "target": target, "atoms": batch.atoms, "seconds": seconds})
    for row in rows:
        print("network", *(f"{key} {value}" for key, value in row.items()), flush=True)
    return {"good": good, "rows": rows}


def _potential(make: Callable[..., Any], dtype: torch.dtype, target: str) -> nn.Potential:
    torch.manual_seed(0)
    return nn.Potential(make(SPECIES, CUTOFF, dtype=dtype, target=target))


def _as(value: Any, dtype: torch.dtype) -> Any:
    return value.to(dtype) if isinstance(value, torch.Tensor) and value.is_floating_point() else value


def _batch(structures: int, dtype: torch.dtype) -> Batch:
    """Molecules with as many atoms as aspirin in random places."""
    generator = np.random.default_rng(1)
    atoms = MOLECULE * structures
    frames = Frames(
        numbers=generator.choice(SPECIES, atoms),
        positions=1.5 * generator.standard_normal((atoms, 3)),
        pointer=np.arange(0, atoms + 1, MOLECULE),
        cells=np.zeros((structures, 3, 3)),
        periodic=np.zeros((structures, 3), dtype=bool),
    )
    return Dataset(frames, CUTOFF, targets=(), dtype=dtype).batch(range(structures))


def _step(potential: nn.Potential, batch: Batch) -> list[torch.Tensor]:
    """Energies, forces, and the gradients of a loss of both."""
    potential.zero_grad(set_to_none=True)
    found = potential(batch, forces=True, create_graph=True)
    (found.energy.square().sum() + found.forces.square().sum()).backward()
    gradients = [each.grad for each in potential.parameters() if each.grad is not None]
    return [found.energy.detach(), found.forces.detach(), *gradients]
