"""NumPy's numbers, arrays without axes and tensors without axes are numbers wherever a number is taken.

Each case calls one public signature with numbers that a factory makes, and says what came of it: the same text, ids,
arrays and errors must come of every factory. True and false are not numbers, and what is no number is one sentence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
import torch

import invgen
from invgen import Basis, TensorSpace, generate
from invgen.errors import InvgenError
from invgen.interop.ase import InvgenCalculator
from invgen.ir.harmonics import harmonics_program
from invgen.nn import (
    ACE,
    HIPHOPNN,
    HIPNN,
    HIPNNTS,
    AtomScalars,
    Bessel,
    Bottleneck,
    Chebyshev,
    CosineCutoff,
    GroupNorm,
    HierarchicalEnergy,
    InvariantReadout,
    InverseDistanceGaussians,
    LeastSquares,
    LinearReadout,
    Moments,
    NetworkReadout,
    NormReadout,
    PolynomialCutoff,
    Potential,
    fit_self_energies,
    moment_basis,
)
from invgen.runtime import Neighbours, OutputPool
from invgen.show.pictures import basis_svg
from invgen.structures import AtomicEnergies, Batch, Dataset, Frames, Structure, element_index, split_indices
from invgen.testing import assert_invariant, harmonic_components, random_rotation
from invgen.training import LossConfig, displaced_loss

pytest.importorskip("vesin")
pytest.importorskip("ase")

Number = Callable[[Any], Any]
Case = Callable[[Number, Number], Any]

# Every number below is one of the shortest types too.
KINDS: dict[str, tuple[Number, Number]] = {
    "int8": (np.int8, np.float32),
    "int32": (np.int32, np.float32),
    "int64": (np.int64, np.float64),
    "uint16": (np.uint16, np.float16),
    "array": (np.array, np.array),
    "tensor": (torch.tensor, lambda value: torch.tensor(value, dtype=torch.float32)),
}
SMALL: Mapping[str, Any] = {"dtype": torch.float64, "target": "torch"}


@lru_cache
def basis() -> Basis:
    return generate(TensorSpace("1o + 2e"), 2)


@lru_cache
def linear() -> Basis:
    return generate(ACE.space(2, 1, 1), 2, select="linear")


def water(periodic: bool = False) -> Structure:
    places = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]])
    return Structure(np.array([8, 1, 1]), places, 5 * np.eye(3), periodic, energy=-1.0)


def frames() -> Frames:
    return Frames.from_structures([water(), water(True), water()])


def batch() -> Batch:
    return Batch.from_structures([water()], 3.5, dtype=torch.float64)


@lru_cache
def potential() -> Potential:
    torch.manual_seed(0)
    sizes: dict[str, Any] = {"features": 3, "interactions": 1, "atom_layers": 1, "sensitivities": 3}
    return Potential(HIPNN((1, 8), 3.0, dtype=torch.float64, **sizes)).eval()


def energy_of_ase(options: Mapping[str, Any]) -> list[Any]:
    import ase

    atoms = ase.Atoms("OH2", water().positions, calculator=InvgenCalculator(potential(), **options))
    return [atoms.get_potential_energy(), atoms.get_forces(), atoms.calc.skin]


def large(i: Number) -> Any:
    """More bytes than an int8 counts."""
    return i(16384) if i is not np.int8 else np.int16(16384)


def made(make: Callable[..., Any], *values: Any, **options: Any) -> Any:
    """A module with weights from a seed."""
    torch.manual_seed(0)
    return make(*values, **options)


def hip(kind: Callable[..., Any], i: Number, r: Number, **more: Any) -> Any:
    options: dict[str, Any] = {"features": i(3), "interactions": i(1), "atom_layers": i(1), "sensitivities": i(3)}
    return made(kind, [i(1), i(8)], r(3.0), soft_min=r(0.75), soft_max=r(2.5), **options, **SMALL, **more)


CASES: dict[str, Case] = {
    # Spaces
    "ace": lambda i, r: TensorSpace.ace(i(2), i(1)),
    "ace total degree": lambda i, r: TensorSpace.ace(n_max=i(2), l_max=i(2), total_degree=i(3), weights=[i(1), i(1)]),
    "moments": lambda i, r: TensorSpace.moments([i(0), i(1), i(2)], spatial_dimension=i(2), group="O2"),
    "hilbert series": lambda i, r: TensorSpace("1o + 2e").hilbert_series(i(5)),
    "hilbert series of covariants": lambda i, r: TensorSpace.ace(2, 1).hilbert_series(i(3)),
    # Bases
    "generate": lambda i, r: generate(TensorSpace("1o + 2e"), i(3)),
    "generate linear": lambda i, r: generate(TensorSpace.ace(2, 1), i(2), "linear", total_degree=i(3)),
    "generate weights": lambda i, r: generate(
        TensorSpace("a:1o + b:1o"), i(2), "linear", total_degree=i(3), weights={"a": i(1), "b": i(2)}
    ),
    "generate degrees": lambda i, r: generate(TensorSpace("a:1o + b:1o"), i(2), "linear", degrees={"a": i(1)}),
    "generate order": lambda i, r: generate(TensorSpace("a:1o + b:1o"), i(2), order={"a": i(2), "b": i(1)}),
    "generate moments": lambda i, r: generate(TensorSpace.moments([i(2)]), i(3), "integrity"),
    "generate memory": lambda i, r: generate(TensorSpace("1o"), i(2), memory_limit=large(i)),
    "member": lambda i, r: [basis()[i(1)].contraction, basis()[: i(1)]],
    "svg": lambda i, r: basis_svg(basis(), columns=i(2)),
    # Kernels
    "compile weighted": lambda i, r: invgen.compile_weighted(linear(), i(2), "torch", torch.float64).spec,
    "compile moments": lambda i, r: [
        invgen.compile_moments(i(1), form).spec for form in ("mixed", "solid") if form in invgen.runtime.MOMENTS_FORMS
    ],
    "compile convolution": lambda i, r: (
        invgen.compile_convolution("0e", i(1), paths=[(i(0), i(1), "1o")], factors=[r(0.5)], target="torch").spec
    ),
    "neighbours": lambda i, r: [
        Neighbours.from_csr(torch.tensor([0, 1, 2]), torch.tensor([1, 0]), i(3)).lists,
        Neighbours.from_receivers(torch.tensor([0, 1]), torch.tensor([1, 0]), i(2), i(3)).lists,
    ],
    "output pool": lambda i, r: OutputPool(i(100)).limit,
    "harmonics": lambda i, r: harmonics_program(i(2)).evaluate({"x": [1.0, 2.0, 3.0]})["y"],
    # Structures
    "cutoffs": lambda i, r: [Batch.from_structures([water()], r(1.5), threads=i(1)), batch().with_pairs(r(2.0), i(1))],
    "data set": lambda i, r: [
        Dataset(frames(), r(1.5)).batch([i(0), i(2)]),
        Dataset(frames(), r(1.5)).pairs(i(1)).index,
        Dataset(frames(), r(1.5))[i(1)],
    ],
    "frame": lambda i, r: [frames().structure(i(1)).positions, frames()[[i(2), i(0)]].periodic],
    "split": lambda i, r: [split_indices(i(5), [i(2), i(3)], i(7)), frames().split(i(1), i(2), seed=i(0))[0].periodic],
    "elements": lambda i, r: [
        element_index(torch.tensor([8, 1]), [i(1), i(8)]),
        frames().require_elements([i(1), i(8)]).numbers,
    ],
    "atomic energies": lambda i, r: [
        AtomicEnergies((i(1), i(8)), (r(-0.5), r(-2.0))),
        AtomicEnergies((i(1), i(8)), (r(-0.5), r(-2.0))).subtract(frames()).metadata,
    ],
    "structure": lambda i, r: Structure([i(8), i(1)], [[r(0.0)] * 3, [r(1.5)] * 3], energy=r(-0.5)),
    # Layers
    "chebyshev": lambda i, r: made(Chebyshev, i(3), r(3.0), r(1.5)),
    "cosine cutoff": lambda i, r: made(CosineCutoff, r(3.0)),
    "polynomial cutoff": lambda i, r: made(PolynomialCutoff, r(3.0), i(6)),
    "gaussians": lambda i, r: made(InverseDistanceGaussians, i(3), r(0.75), r(2.5), r(3.0)),
    "bessel": lambda i, r: made(Bessel, i(3), r(3.0), i(6)),
    "bottleneck": lambda i, r: made(Bottleneck, made(Bessel, 3, 3.0), i(2)),
    "moments layer": lambda i, r: made(Moments, i(2), i(3), i(4), i(1), "sphericart"),
    "group norm": lambda i, r: made(GroupNorm, i(2), i(4), r(0.5)),
    "norm readout": lambda i, r: made(NormReadout, i(1), i(3), r(0.5), target="torch"),
    "invariant readout": lambda i, r: made(InvariantReadout, moment_basis(1, 2), i(3), eps=r(0.5), target="torch"),
    "linear readout": lambda i, r: made(LinearReadout, i(2), i(3)),
    "network readout": lambda i, r: made(NetworkReadout, i(2), i(3), (i(4), i(2))),
    "least squares": lambda i, r: LeastSquares(i(3), elements=i(2)).factor,
    "heads": lambda i, r: [made(HierarchicalEnergy, (i(2), i(3))), made(AtomScalars, (i(2), i(3)), i(2))],
    "self energies": lambda i, r: fit_self_energies(
        torch.tensor([1, 8, 1]), torch.tensor([0, 0, 1]), torch.tensor([-3.0, -1.0], dtype=torch.float64), [i(1), i(8)]
    ),
    "moment basis": lambda i, r: moment_basis(i(1), i(2)),
    # Networks
    "ACE": lambda i, r: made(ACE, linear(), [i(1), i(8)], Chebyshev(1, 3.0), target="torch"),
    "ACE space": lambda i, r: ACE.space(i(2), i(1), i(1)),
    "HIPNN": lambda i, r: hip(HIPNN, i, r),
    "HIPNN widths": lambda i, r: made(HIPNN, np.array([1, 8]), r(3.0), features=[i(2), i(3)], residual=i(4)),
    "HIPNNTS": lambda i, r: hip(HIPNNTS, i, r, l_max=i(1), cusp=r(0.5)),
    "HIPHOPNN": lambda i, r: hip(HIPHOPNN, i, r, l_max=i(1), n_max=i(2), group_norm_eps=r(0.5)),
    "species of NumPy": lambda i, r: made(HIPNN, np.unique(np.array([8, 1, 1], np.int16)), 3.0, features=i(2)),
    # Use
    "ASE": lambda i, r: [energy_of_ase({"skin": r(0.5)}), energy_of_ase({"skin": i(1)})],
    "displaced": lambda i, r: (
        displaced_loss(potential(), batch(), LossConfig(forces=0.0), displacement=r(0.0078125)).surrogate
    ),
    "testing": lambda i, r: [
        assert_invariant(basis().evaluate, basis().space, basis().convention, samples=i(2), seed=i(1)),
        harmonic_components(i(2), np.eye(3), "sphericart"),
        random_rotation(np.random.default_rng(3), spatial_dimension=i(2)),
    ],
}

# One number of a signature each, given true or false, and then something that is no number.
REFUSALS: dict[str, Callable[[Any], Any]] = {
    "ace n_max": lambda v: TensorSpace.ace(n_max=v, l_max=1),
    "ace l_max": lambda v: TensorSpace.ace(n_max=1, l_max=v),
    "ace total_degree": lambda v: TensorSpace.ace(n_max=1, l_max=1, total_degree=v),
    "ace weights": lambda v: TensorSpace.ace(n_max=1, l_max=1, total_degree=2, weights=[v, 1]),
    "moments orders": lambda v: TensorSpace.moments([v]),
    "moments spatial_dimension": lambda v: TensorSpace.moments([1], spatial_dimension=v),
    "hilbert_series": lambda v: TensorSpace("1o").hilbert_series(v),
    "generate max_degree": lambda v: generate(TensorSpace("1o"), v),
    "generate total_degree": lambda v: generate(TensorSpace.ace(1, 1), 2, "linear", total_degree=v),
    "generate degrees": lambda v: generate(TensorSpace("a:1o"), 2, "linear", degrees={"a": v}),
    "generate weights": lambda v: generate(TensorSpace("a:1o"), 2, "linear", total_degree=2, weights={"a": v}),
    "generate order": lambda v: generate(TensorSpace("a:1o"), 2, order={"a": v}),
    "generate memory_limit": lambda v: generate(TensorSpace("1o"), 2, memory_limit=v),
    "svg columns": lambda v: basis_svg(basis(), columns=v),
    "compile_weighted species": lambda v: invgen.compile_weighted(linear(), v, "torch"),
    "compile_moments l_max": lambda v: invgen.compile_moments(v),
    "compile_convolution l_max": lambda v: invgen.compile_convolution("0e", v),
    "compile_convolution path": lambda v: invgen.compile_convolution("0e", 1, paths=[(v, 0, "0e")]),
    "compile_convolution factor": lambda v: invgen.compile_convolution("0e", 0, factors=[v]),
    "neighbours sources": lambda v: Neighbours.from_csr(torch.tensor([0, 0]), torch.tensor([], dtype=torch.int64), v),
    "neighbours atoms": lambda v: Neighbours.from_receivers(torch.tensor([0]), torch.tensor([0]), v),
    "output pool": OutputPool,
    "harmonics": lambda v: harmonics_program(v),
    "cutoff": lambda v: Batch.from_structures([water()], v),
    "cutoff of a data set": lambda v: Dataset(frames(), v),
    "cutoff of pairs": lambda v: batch().with_pairs(v),
    "threads": lambda v: Batch.from_structures([water()], 1.5, threads=v),
    "frame": lambda v: frames().structure(v),
    "frame of a data set": lambda v: Dataset(frames(), 1.5)[v],
    "pairs of a data set": lambda v: Dataset(frames(), 1.5).pairs(v),
    "batch of a data set": lambda v: Dataset(frames(), 1.5).batch([v]),
    "split": lambda v: frames().split(v, seed=0),
    "split seed": lambda v: frames().split(1, seed=v),
    "split count": lambda v: split_indices(v, [1], 0),
    "element_index": lambda v: element_index(torch.tensor([1]), [v]),
    "require_elements": lambda v: frames().require_elements([v, 8]),
    "atomic energies elements": lambda v: AtomicEnergies((v,), (0.0,)),
    "atomic energies": lambda v: AtomicEnergies((1,), (v,)),
    "structure energy": lambda v: Structure([1], [[0.0] * 3], energy=v),
    "structure numbers": lambda v: Structure([v], [[0.0] * 3]),
    "chebyshev n_max": lambda v: Chebyshev(v, 3.0),
    "chebyshev cutoff": lambda v: Chebyshev(2, v),
    "chebyshev decay": lambda v: Chebyshev(2, 3.0, v),
    "cosine cutoff": CosineCutoff,
    "polynomial cutoff": PolynomialCutoff,
    "polynomial power": lambda v: PolynomialCutoff(3.0, v),
    "gaussians number": lambda v: InverseDistanceGaussians(v, 0.75, 2.5, 3.0),
    "gaussians soft_min": lambda v: InverseDistanceGaussians(3, v, 2.5, 3.0),
    "bessel number": lambda v: Bessel(v, 3.0),
    "bessel cutoff": lambda v: Bessel(3, v),
    "group norm groups": lambda v: GroupNorm(v, 4),
    "norm readout l_max": lambda v: NormReadout(v, 3),
    "norm readout cusp": lambda v: NormReadout(1, 3, v),
    "linear readout elements": lambda v: LinearReadout(v, 3),
    "moment basis l_max": lambda v: moment_basis(v, 2),
    "moment basis n_max": lambda v: moment_basis(1, v),
    "ACE elements": lambda v: ACE(linear(), [v, 8], Chebyshev(1, 3.0), target="torch"),
    "HIPNN species": lambda v: HIPNN([v, 8], 3.0, features=2),
    "HIPNN cutoff": lambda v: HIPNN([1, 8], v, features=2),
    "HIPNN features": lambda v: HIPNN([1, 8], 3.0, features=v, interactions=1),
    "HIPNN interactions": lambda v: HIPNN([1, 8], 3.0, features=2, interactions=v),
    "HIPNN atom_layers": lambda v: HIPNN([1, 8], 3.0, features=2, atom_layers=v),
    "HIPNN sensitivities": lambda v: HIPNN([1, 8], 3.0, features=2, sensitivities=v),
    "HIPNN soft_min": lambda v: HIPNN([1, 8], 3.0, features=2, soft_min=v),
    "HIPNNTS l_max": lambda v: HIPNNTS([1, 8], 3.0, features=2, l_max=v),
    "HIPHOPNN n_max": lambda v: HIPHOPNN([1, 8], 3.0, features=2, l_max=1, n_max=v),
    "ASE skin": lambda v: InvgenCalculator(potential(), skin=v),
    "displacement": lambda v: displaced_loss(potential(), batch(), LossConfig(forces=0.0), displacement=v),
}

# Every bool that a caller may have, and what is no number at all.
NOT_NUMBERS: dict[str, Any] = {
    "True": True,
    "False": False,
    "np.True_": np.True_,
    "array of a bool": np.array(True),
    "tensor of a bool": torch.tensor(True),
    "text": "2",
    "two numbers": np.array([2, 2]),
    "NaN": float("nan"),
    "None in a list": [None],
}


def seen(result: Any) -> Any:
    """What a user could see of a result, as texts and numbers that compare and that no NumPy number hides in."""
    if isinstance(result, Basis):
        with TemporaryDirectory() as folder:
            result.save(Path(folder) / "basis.json")
            return [result.id, result.table("csv"), (Path(folder) / "basis.json").read_text()]
    if isinstance(result, TensorSpace):
        return [repr(result), result.components, result.dimension]
    if isinstance(result, torch.nn.Module):
        plain = int | float | tuple | list | np.generic
        kept = {name: value for name, value in vars(result).items() if isinstance(value, plain)}
        return [repr(result), repr(kept), seen(dict(result.state_dict())), [seen(each) for each in result.children()]]
    if isinstance(result, torch.Tensor):
        return [str(result.dtype), tuple(result.shape), hashlib.sha256(result.detach().numpy().tobytes()).hexdigest()]
    if isinstance(result, np.ndarray):
        return [str(result.dtype), result.shape, hashlib.sha256(result.tobytes()).hexdigest()]
    if isinstance(result, Batch):
        return [repr(result), result.pairs.cutoff, seen(result.pairs.neighbours.lists)]  # type: ignore[union-attr]
    if isinstance(result, Mapping):
        return {name: seen(value) for name, value in result.items()}
    if isinstance(result, list | tuple) and not hasattr(result, "_fields"):
        return [seen(each) for each in result]
    return repr(result)


@lru_cache
def of_python(name: str) -> Any:
    return seen(CASES[name](int, float))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", CASES)
def test_numbers_of_every_kind_give_what_those_of_python_give(name: str, kind: str) -> None:
    integer, real = KINDS[kind]
    assert seen(CASES[name](integer, real)) == of_python(name)


@pytest.mark.parametrize("thing", NOT_NUMBERS)
@pytest.mark.parametrize("name", REFUSALS)
def test_what_is_not_a_number_is_one_sentence(name: str, thing: str) -> None:
    with pytest.raises(InvgenError) as raised:
        REFUSALS[name](NOT_NUMBERS[thing])
    assert "\n" not in str(raised.value) and "np." not in str(raised.value)
