"""Exports a model with forces inside, and the operators that it calls, for a program without Python.

    python export.py FOLDER

writes FOLDER/model.pt2 (compiled by AOTInductor), FOLDER/operators.so, and FOLDER/inputs.bin and FOLDER/outputs.bin,
which hold what `run.cpp` should be given and should find. Needs the package `hiphop_l3_n4` on PYTHONPATH.
"""

from __future__ import annotations

import sys
from pathlib import Path

import hiphop_l3_n4
import torch

CHANNELS = 8


class EnergyAndForces(torch.nn.Module):
    """x (batch, 16, 2) -> energy (batch,) and its negative gradient (batch, 16, 2)."""

    def __init__(self) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(0)
        self.kernel = hiphop_l3_n4.kernel(dtype=torch.float64, registration="c++")
        # Weights stand in products: torch.export cannot trace the gradient of nn.Linear by itself.
        self.mix = torch.nn.Parameter(torch.randn(2, CHANNELS, generator=generator, dtype=torch.float64))
        self.out = torch.nn.Parameter(torch.randn(13, CHANNELS, generator=generator, dtype=torch.float64))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Energies and forces."""
        energy = (torch.nn.functional.silu(self.kernel(x @ self.mix) / 10) * self.out).sum((-1, -2))
        (gradient,) = torch.autograd.grad(energy.sum(), x)
        return energy, -gradient


def main(folder: Path) -> None:
    """Write the four files."""
    model = EnergyAndForces()
    example = torch.zeros(4, 16, 2, dtype=torch.float64, requires_grad=True)
    program = torch.export.export(model, (example,), dynamic_shapes=({0: torch.export.Dim("batch")},))
    torch._inductor.aoti_compile_and_package(program, package_path=str(folder / "model.pt2"))
    model.kernel.write_operators(folder / "operators.so")
    x = torch.randn(7, 16, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64, requires_grad=True)
    energy, forces = model(x)
    x.detach().numpy().tofile(folder / "inputs.bin")
    torch.cat([energy.detach().reshape(-1), forces.detach().reshape(-1)]).numpy().tofile(folder / "outputs.bin")


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("usage: python export.py FOLDER, where FOLDER exists")
    main(Path(sys.argv[1]))
