"""Which descriptors and networks tell degenerate atomic environments apart, beside what theory says.

The pairs of environments are public: their sources stand in the folder's NOTICE.txt. Two environments of a pair hold
the same clusters of fewer than `order` atoms (the centre counted), so that nothing of lower body order separates them.

    python benchmarks/degenerate.py [--data ../shared/data] [--json FILE]

The table shows the largest difference between descriptors of the two central atoms, on the scale of the descriptor's
largest value over random moments of the same size. Radial functions are smooth and random, everything is float64.
Three pairs have whole coordinates: there the same question is asked once more in rational arithmetic, with random
rational weights for every rank and shell, and the answer must be the same.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.support import ROOT, table, write_json
from invgen.basis.basis import Basis
from invgen.basis.generation import generate
from invgen.nn import HIPHOPNN, HIPNN, HIPNNTS, moment_basis
from invgen.runtime import Neighbours
from invgen.spaces import harmonics
from invgen.spaces.space import TensorSpace
from invgen.structures import Structure, read
from invgen.testing import harmonic_components

# Coordinates with eight decimals leave differences of about 1e-8 where there should be none; no separation that was
# found is below 1e-4.
SEPARATED = 1e-6
FEATURES = 8
GAUSSIANS = 8


@dataclass(frozen=True)
class Pair:
    """Two environments of atom 0, the lowest body order that tells them apart, and whether they are mirror images."""

    name: str
    order: int
    structures: tuple[Structure, Structure]
    chiral: bool = False

    @property
    def exact(self) -> bool:
        """Whether all coordinates are whole numbers."""
        return all((each.positions == each.positions.round()).all() for each in self.structures)


FILES = (
    ("2-body", 3, "pozdnyakov2020_2body.xyz"),
    ("3-body", 4, "pozdnyakov2020_3body.xyz"),
    ("power spectrum", 4, "nigam2022_powerspectrum-triplet.xyz"),
    ("4-body", 5, "pozdnyakov2020_4body_nonchiral_scalene.xyz"),
    ("bispectrum", 5, "nigam2022_bispectrum.xyz"),
    ("4-body, chiral", 5, "pozdnyakov2020_4body_chiral_scalene.xyz"),
)


def pairs(folder: Path) -> list[Pair]:
    """The pairs of the folder `degenerate`; a file with three environments makes three."""
    found = []
    for name, order, file in FILES:
        frames = read(folder / file)
        several = len(frames) > 2
        for a in range(len(frames)):
            for b in range(a + 1, len(frames)):
                label = f"{name} {a}{b}" if several else name
                found.append(Pair(label, order, (frames.structure(a), frames.structure(b)), "chiral" in name))
    return found


@dataclass(frozen=True)
class Descriptors:
    """Invariants up to a degree of the moments up to l_max of one channel, or of several that are mixed (ACE)."""

    name: str
    l_max: int
    degree: int
    select: str
    group: str = "O3"
    channels: int = 1

    @property
    def basis(self) -> Basis:
        """The invariants, made once."""
        return _basis(self.l_max, self.degree, self.select, self.group, self.channels)

    def separates(self, pair: Pair) -> bool:
        """What theory says.

        A product of ν moments is a sum over clusters of the centre and ν neighbours: body order ν + 1, with ν the
        highest degree among the members. l = 0 knows distances alone; invariants of one vector are its length, which
        knows angles between two neighbours. Invariants under reflections never tell mirror images apart, and one
        channel has no pseudo-scalar of degree 4 below l = 3.
        """
        degree = max(self.basis.degrees)
        body_order = 1 + (min(degree, self.l_max + 1) if self.l_max < 2 else degree)
        return body_order >= pair.order and not (pair.chiral and (self.group == "O3" or self.l_max < 3))


@lru_cache(maxsize=64)
def _basis(l_max: int, degree: int, select: str, group: str, channels: int) -> Basis:
    if channels > 1:
        return generate(TensorSpace.ace(n_max=channels, l_max=l_max, group=group), degree, select=select)
    if select == "norms":
        members = [("", ["l0"]), *((f"{'ijk'[:l]},{'ijk'[:l]}", [f"l{l}", f"l{l}"]) for l in range(1, l_max + 1))]
        return Basis.from_contractions(members, natural(l_max, group))
    if select == "hippynn":
        return moment_basis(l_max, degree).with_convention("sphericart")
    return generate(natural(l_max, group), degree, select=select)


def natural(l_max: int, group: str) -> TensorSpace:
    """One moment of each rank."""
    return TensorSpace(" + ".join(f"{l}{'eo'[l % 2]}" for l in range(l_max + 1)), group)


MODELS = (
    Descriptors("HIP-NN", 0, 1, "linear"),
    Descriptors("HIP-NN-TS, l = 1", 1, 2, "norms"),
    Descriptors("HIP-NN-TS, l = 2", 2, 2, "norms"),
    Descriptors("all invariants, l <= 1, n <= 4", 1, 4, "linear"),
    Descriptors("HIP-HOP (2, 3), hippynn's list", 2, 3, "hippynn"),
    Descriptors("HIP-HOP (2, 4), hippynn's list", 2, 4, "hippynn"),
    Descriptors("HIP-HOP (3, 4), hippynn's list", 3, 4, "hippynn"),
    Descriptors("HIP-HOP (3, 4), independent", 3, 4, "independent"),
    Descriptors("HIP-HOP (2, 4), flexible", 2, 4, "flexible"),
    Descriptors("HIP-HOP (3, 10), flexible", 3, 10, "flexible"),
    Descriptors("HIP-HOP (4, 5), independent", 4, 5, "independent"),
    Descriptors("HIP-HOP (4, 3), all", 4, 3, "linear"),
    Descriptors("HIP-HOP (3, 4), all, SO(3)", 3, 4, "linear", "SO3"),
    Descriptors("ACE, ν <= 2, l <= 2", 2, 2, "linear", channels=2),
    Descriptors("ACE, ν <= 3, l <= 2", 2, 3, "linear", channels=2),
    Descriptors("ACE, ν <= 4, l <= 2", 2, 4, "linear", channels=2),
    Descriptors("ACE, ν <= 3, l <= 2, independent", 2, 3, "independent", channels=2),
    Descriptors("ACE, ν <= 4, l <= 2, independent", 2, 4, "independent", channels=2),
    Descriptors("ACE, ν <= 4, l <= 3, SO(3)", 3, 4, "linear", "SO3", channels=2),
)


def difference(model: Descriptors, pair: Pair, seed: int = 0) -> float:
    """The largest difference of a descriptor over both environments and all features, on its own scale."""
    basis = model.basis
    rng = np.random.default_rng(seed)
    first, second = (_moments(each, basis, model, seed) for each in pair.structures)
    size = np.linalg.norm(first, axis=-1, keepdims=True)
    noise = rng.normal(size=(64, basis.space.dimension))
    scale = np.abs(basis.evaluate(noise / np.linalg.norm(noise, axis=-1, keepdims=True))).max(axis=0)
    return float((np.abs(basis.evaluate(first / size) - basis.evaluate(second / size)) / scale).max())


def _moments(structure: Structure, basis: Basis, model: Descriptors, seed: int) -> np.ndarray:
    """(FEATURES, dimension): the moments of atom 0 with random radial functions of each species."""
    vectors = structure.positions[1:] - structure.positions[0]
    distances = np.linalg.norm(vectors, axis=-1, keepdims=True)
    reach = 7.0 if distances.max() > 2 else 1.2
    weights = np.random.default_rng(seed).normal(size=(119, GAUSSIANS, FEATURES * model.channels))
    bumps = np.exp(-(((distances - np.linspace(0.3, 1.4, GAUSSIANS) * reach) / (0.3 * reach)) ** 2))
    radial = np.einsum("pg,pgf->pf", bumps, weights[structure.numbers[1:]])
    angular = np.concatenate(
        [harmonic_components(l, vectors / distances, basis.convention) for l in range(model.l_max + 1)], axis=-1
    )
    return np.einsum("pf,pc->fc", radial, angular).reshape(FEATURES, basis.space.dimension)


def exact_difference(model: Descriptors, pair: Pair, seed: int = 0) -> bool:
    """Whether the descriptors differ in rational arithmetic, with a random rational weight per rank, shell, species.

    Where they do not, they agree for all radial functions except with a probability below degree / 10^6.
    """
    basis = model.basis.with_convention("rational")
    rng = np.random.default_rng(seed)
    weights: dict[tuple[int, int, int, int], Fraction] = {}
    values = []
    for structure in pair.structures:
        vectors = (structure.positions[1:] - structure.positions[0]).astype(int).tolist()
        x = []
        for channel in range(model.channels):
            for l in range(model.l_max + 1):
                total = [Fraction(0)] * (2 * l + 1)
                for z, (a, b, c) in zip(structure.numbers[1:].tolist(), vectors, strict=True):
                    shell = (channel, l, a * a + b * b + c * c, z)
                    if shell not in weights:
                        weights[shell] = Fraction(int(rng.integers(1, 10**6)))
                    monomials = [a**i * b**j * c**k for i, j, k in harmonics.monomials(l)]
                    for m, row in enumerate(harmonics.components_of_tensor(l)):
                        total[m] += weights[shell] * sum(p * q for p, q in zip(row, monomials, strict=True))
                x += total
        values.append(basis.evaluate(np.array([x], dtype=object))[0].tolist())
    return bool(values[0] != values[1])


NETWORKS: dict[str, tuple[Callable[..., torch.nn.Module], int, int]] = {
    "HIPNN": (HIPNN, 0, 1),
    "HIPNNTS(l_max=1)": (lambda *a, **k: HIPNNTS(*a, l_max=1, **k), 1, 2),
    "HIPNNTS(l_max=2)": (lambda *a, **k: HIPNNTS(*a, l_max=2, **k), 2, 2),
    "HIPHOPNN(l_max=2, n_max=3)": (lambda *a, **k: HIPHOPNN(*a, l_max=2, n_max=3, **k), 2, 3),
    "HIPHOPNN(l_max=3, n_max=4)": (lambda *a, **k: HIPHOPNN(*a, l_max=3, n_max=4, **k), 3, 4),
}


def network_difference(name: str, pair: Pair, seed: int = 0) -> float:
    """How far the centre's features after one interaction of a random network differ, relative to their size."""
    torch.manual_seed(seed)
    reach = 14.0 if max(np.abs(each.positions).max() for each in pair.structures) > 2 else 2.0
    network = NETWORKS[name][0](
        (1, 6, 8), reach, features=FEATURES, interactions=1, soft_min=0.2 * reach, dtype=torch.float64
    )
    found = []
    for each in pair.structures:
        atoms = len(each)
        star = Neighbours.from_csr(torch.tensor([0] + [atoms - 1] * atoms), torch.arange(1, atoms))
        vectors = torch.tensor(each.positions[1:] - each.positions[0])
        with torch.no_grad():
            found.append(network(torch.tensor(each.numbers), vectors, star)[-1][0])
    return float((found[0] - found[1]).abs().max() / found[0].abs().max())


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    found = pairs(given.data / "degenerate")
    rows, wrong = [], 0
    for model in MODELS:
        values = [difference(model, pair) for pair in found]
        wrong += sum((value > SEPARATED) != model.separates(pair) for value, pair in zip(values, found, strict=True))
        wrong += sum(exact_difference(model, pair) != model.separates(pair) for pair in found if pair.exact)
        rows.append([model.name, str(len(model.basis)), *values])
    for name in NETWORKS:
        rows.append([name, "", *(network_difference(name, pair) for pair in found)])
    header = ["descriptors", "members", *(f"{pair.name} ({pair.order})" for pair in found)]
    shown = [
        [v if not isinstance(v, float) else f"{v:.0e}" if v > SEPARATED else f"({v:.0e})" for v in r] for r in rows
    ]
    print(table(header, shown))
    print(f"\nIn parentheses: below {SEPARATED:g}, not separated. Against theory: {wrong}.")
    if given.json:
        write_json(given.json, {"header": header, "rows": rows})
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
