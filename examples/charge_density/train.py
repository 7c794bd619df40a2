"""Train MACE with a head of tensors for each element on the same coefficients, in the same metric."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from covariants import IRREPS
from densities import Molecule, read
from fit import error
from layout import CONVENTION, SHELLS, SIZES, Shells, to_orthonormal

from invgen.files import replacing
from invgen.nn import MACE, AtomTensors
from invgen.spaces.conventions import component_matrix, tensor_map
from invgen.structures import Batch, Structure, pair_vectors


def conversion(source: str, target: str, l: int) -> torch.Tensor:
    """The matrix that takes the components of one convention to those of another, as in docs/conventions.md."""
    to_tensor, (norms, from_tensor) = tensor_map(source, l), component_matrix(target, l)
    entries = np.array(to_tensor.matrix, float) * [scale.round() for scale in to_tensor.scale]
    matrix = np.array([norm.round() for norm in norms])[:, None] * (np.array(from_tensor, float) @ entries)
    # Of one scale in both conventions: the scale is left to weights.
    return torch.tensor(matrix / np.sqrt((matrix**2).sum(1, keepdims=True)))


class Densities(torch.nn.Module):
    """d[a] = head of the element of a (tensors of MACE), coefficients of functions that are orthonormal on each atom.

    Args:
        channels: of MACE.
        cutoff: Angstrom.
        sizes: of every element, the root mean square of each coefficient over its components, and its mean.
    """

    def __init__(self, channels: int, cutoff: float, sizes: dict[int, tuple[np.ndarray, np.ndarray]]) -> None:
        super().__init__()
        last = " + ".join(IRREPS)
        self.network = MACE(
            list(SHELLS), cutoff, messages="0e + 1o", last=last, channels=channels, readout=None, average_neighbours=5.0
        )
        heads = {}
        for number, shells in SHELLS.items():
            irreps = " + ".join(f"{len(s.exponents)}x{irrep}" for s, irrep in zip(shells, IRREPS))
            heads[str(number)] = AtomTensors(self.network, irreps)
            self.register_buffer(f"scale_{number}", torch.tensor(sizes[number][0], dtype=torch.float32))
            self.register_buffer(f"mean_{number}", torch.tensor(sizes[number][1], dtype=torch.float32))
        self.heads = torch.nn.ModuleDict(heads)
        for l in range(len(IRREPS)):
            self.register_buffer(f"turn_{l}", conversion(self.network.convention, CONVENTION, l).float())

    def forward(self, batch: Batch) -> list[torch.Tensor]:
        """d of every atom."""
        tensors = self.network.tensors(batch.species, pair_vectors(batch), batch.pairs.neighbours)
        found: list[torch.Tensor] = [batch.positions] * batch.atoms
        for name, head in self.heads.items():
            number = int(name)
            atoms = (batch.species == number).nonzero()[:, 0]
            mine = head([level.index_select(0, atoms) for level in tensors], batch.species.index_select(0, atoms))
            parts, start = [], 0
            for s in SHELLS[number]:
                width = len(s.exponents) * (2 * s.l + 1)
                rows = mine[:, start : start + width].unflatten(1, (2 * s.l + 1, len(s.exponents)))
                parts.append((self.get_buffer(f"turn_{s.l}") @ rows).transpose(1, 2).flatten(1))
                start += width
            rows = torch.cat(parts, 1) * self.get_buffer(f"scale_{number}") + self.get_buffer(f"mean_{number}")
            for k, atom in enumerate(atoms.tolist()):
                found[atom] = rows[k]
        return found


def statistics(molecules: Sequence[Molecule]) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """Of every element: how large its coefficients are, and their means, which are zero but for l = 0."""
    parts: dict[int, list[np.ndarray]] = {number: [] for number in SHELLS}
    for molecule in molecules:
        d = np.linalg.solve(to_orthonormal(molecule.numbers), molecule.coefficients)
        ends = np.cumsum([SIZES[number] for number in molecule.numbers])[:-1]
        for number, part in zip(molecule.numbers.tolist(), np.split(d, ends)):
            parts[number].append(part)
    found = {}
    for number, lists in parts.items():
        rows = np.array(lists)
        mean = np.zeros(rows.shape[1])
        scalars = SHELLS[number][0].rows
        mean[scalars] = rows[:, scalars].mean(0)
        rows = rows - mean
        sizes = [np.repeat(np.sqrt((_by_shell(rows, s) ** 2).mean((0, 2))), 2 * s.l + 1) for s in SHELLS[number]]
        found[number] = np.concatenate(sizes), mean
    return found


def _by_shell(rows: np.ndarray, shells: Shells) -> np.ndarray:
    return rows[:, shells.rows].reshape(len(rows), -1, 2 * shells.l + 1)


def main() -> None:
    """Train for some minutes of processor time, keep the best state of the validation geometries, write predictions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labels", type=Path, default=Path("labels.npz"))
    parser.add_argument("--output", type=Path, default=Path("network.npz"))
    parser.add_argument("--channels", type=int, default=32)
    parser.add_argument("--cutoff", type=float, default=4.0, help="Angstrom")
    parser.add_argument("--epochs", type=int, default=80)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rate", type=float, default=0.01)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    start = time.process_time()
    molecules = read(arguments.labels)
    train = [m for m in molecules if m.subset == "train"]
    model = Densities(arguments.channels, arguments.cutoff, statistics(train))
    print(f"{sum(p.numel() for p in model.parameters())} parameters, {time.process_time() - start:.0f} s", flush=True)

    def batch_of(some: Sequence[Molecule]) -> Batch:
        structures = [Structure(m.numbers, m.positions) for m in some]
        return Batch.from_structures(structures, dtype=torch.float32).with_pairs(arguments.cutoff)

    def factors(m: Molecule) -> tuple[torch.Tensor, torch.Tensor]:
        root = np.linalg.cholesky(m.overlap).T / np.sqrt(m.coefficients @ m.overlap @ m.coefficients)
        metric = torch.tensor(root @ to_orthonormal(m.numbers), dtype=torch.float32)
        return metric, torch.tensor(root @ m.coefficients, dtype=torch.float32)

    def predict(some: Sequence[Molecule]) -> list[np.ndarray]:
        with torch.no_grad():
            atoms = iter(model(batch_of(some)))
        parts = [torch.cat([next(atoms) for _ in m.numbers]).double().numpy() for m in some]
        return [to_orthonormal(m.numbers) @ part for m, part in zip(some, parts)]

    known = [factors(m) for m in train]
    subsets = {name: [m for m in molecules if m.subset == name] for name in ("validate", "test", "other")}
    steps = arguments.epochs * -(-len(train) // arguments.batch)
    optimiser = torch.optim.Adam(model.parameters(), lr=arguments.rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, arguments.rate, total_steps=steps, pct_start=0.1)
    best, state = float("inf"), model.state_dict()
    for epoch in range(arguments.epochs):
        total = 0.0
        for chosen in torch.randperm(len(train)).split(arguments.batch):
            picked = chosen.tolist()
            atoms = iter(model(batch_of([train[k] for k in picked])))
            loss = torch.zeros(())
            for k in picked:
                metric, target = known[k]
                d = torch.cat([next(atoms) for _ in train[k].numbers])
                loss = loss + (metric @ d - target).square().sum()
            optimiser.zero_grad()
            (loss / len(picked)).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += float(loss.detach())
        found = error(subsets["validate"], predict(subsets["validate"]))
        if found < best:
            best, state = (
                found,
                {name: value.clone() for name, value in model.state_dict().items() if torch.is_tensor(value)},
            )
        if (epoch + 1) % 10 == 0 or epoch == 0:
            print(
                f"epoch {epoch + 1}: train {100 * (total / len(train)) ** 0.5:.2f}, validate {found:.2f} % of δρ, "
                f"{time.process_time() - start:.0f} s",
                flush=True,
            )
    model.load_state_dict(state, strict=False)
    print(", ".join(f"{name} {error(some, predict(some)):.2f}" for name, some in subsets.items()), "% of δρ")
    with replacing(arguments.output) as path, path.open("wb") as file:
        np.savez_compressed(file, coefficients=np.concatenate(predict(molecules)))


if __name__ == "__main__":
    main()
