"""What weighted kernels and invariants are held beside: MACE's symmetric contraction and e3nn's tensor products.

Both are brought to the same numbers as the kernels before anything is timed: MACE's paths and ours span the same
space, and its weights are mapped to ours by least squares; e3nn gets the fewest coupling paths whose span holds every
member of the basis.
"""

from __future__ import annotations

import importlib.util
import sys
import types
import warnings
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from itertools import combinations
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

    from invgen import Basis

IRREPS = "0e + 1o + 2e + 3o"

# Monomials of degree <= 4 in numbers of order one, fitted in float64.
FIT = 1e-10


def why_no_mace() -> str | None:
    """None where MACE's symmetric contraction can be measured, otherwise the reason why not."""
    for package in ("mace", "e3nn", "opt_einsum_fx"):
        if importlib.util.find_spec(package) is None:
            return (
                f"{package} is not installed: MACE is left out (mace-torch 0.3.16 pins e3nn==0.4.4; install it with "
                "pip install --no-deps --target FOLDER mace-torch==0.3.16 and add FOLDER to PYTHONPATH)"
            )
    return None


def why_no_e3nn() -> str | None:
    """None where e3nn can be measured, otherwise the reason why not."""
    return None if importlib.util.find_spec("e3nn") else "e3nn is not installed: it is left out (pip install e3nn)"


def _mace() -> tuple[Any, Any]:
    """MACE's class and its coupling tensors, without the packages around them: these import a training stack."""
    found = importlib.util.find_spec("mace")
    if found is None or found.submodule_search_locations is None:
        raise RuntimeError(why_no_mace())
    folder = next(iter(found.submodule_search_locations))
    for name in ("mace", "mace.tools", "mace.modules"):
        module = types.ModuleType(name)
        module.__path__ = ["/".join([folder, *name.split(".")[1:]])]
        module.__spec__ = ModuleSpec(name, None, is_package=True)
        module.__spec__.submodule_search_locations = module.__path__
        sys.modules.setdefault(name, module)
    from mace.modules.symmetric_contraction import SymmetricContraction
    from mace.tools.cg import U_matrix_real

    return SymmetricContraction, U_matrix_real


class MacePeer:
    """MACE's `SymmetricContraction` of 64 x (0e + 1o + 2e + 3o), and the weights of ours that give the same numbers.

    Attributes:
        module: its layer, in float32: (samples, channels, 16) and one-hot species -> (samples, outputs).
        paths: how many weights it has per species and channel.
        w: our weights, (species, weights, channels).

    Raises:
        RuntimeError: its span is not that of the bases.
    """

    def __init__(
        self, bases: Sequence[Basis], outputs: Sequence[str], correlation: int, channels: int, species: int
    ) -> None:
        import torch
        from e3nn import o3

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            contraction, coupling_tensor = _mace()
        inputs = o3.Irreps(" + ".join(f"{channels}x{irrep}" for irrep in IRREPS.split(" + ")))
        results = o3.Irreps(" + ".join(f"{channels}x{irrep}" for irrep in outputs))
        torch.manual_seed(0)
        before = torch.get_default_dtype()
        torch.set_default_dtype(torch.float32)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.module = contraction(inputs, results, correlation, num_elements=species)
        torch.set_default_dtype(before)
        fits, self.paths = [], 0
        for basis, output, part in zip(bases, outputs, self.module.contractions, strict=True):
            tensors = [
                coupling_tensor(o3.Irreps(IRREPS), o3.Irreps(output), nu, use_cueq_cg=False, dtype=torch.float64)[-1]
                for nu in range(1, correlation + 1)
            ]
            fit = _same_span(basis, tensors)
            # Weights of the lower correlations stand in descending order.
            weights = [*reversed(list(part.weights)), part.weights_max]
            theirs = torch.cat([weight.detach().double() for weight in weights], 1)
            self.paths += theirs.shape[1]
            fits.append(torch.einsum("skc,kj->sjc", theirs, fit))
        self.w = torch.cat(fits, 1).float().contiguous()


def _same_span(basis: Basis, tensors: Sequence[torch.Tensor]) -> torch.Tensor:
    """The matrix (their paths, our members) that writes each of their paths in ours; the other way must exist too."""
    import torch

    x = torch.randn(200, basis.space.dimension, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    columns = []
    for nu, tensor in enumerate(tensors, 1):
        size = 1 if tensor.dim() == nu + 1 else tensor.shape[0]
        values = tensor.reshape(size, -1, tensor.shape[-1])
        power = x
        for _ in range(nu - 1):
            power = torch.einsum("bi,bj->bij", power, x).flatten(1)
        columns.append(torch.einsum("oik,bi->bok", values, power).flatten(0, 1))
    theirs = torch.cat(columns, 1)
    ours = torch.from_numpy(basis.evaluate(x.numpy())).reshape(len(x), len(basis), -1).transpose(1, 2).flatten(0, 1)
    if int(torch.linalg.matrix_rank(theirs, rtol=FIT)) != len(basis):
        raise RuntimeError(f"MACE spans {int(torch.linalg.matrix_rank(theirs, rtol=FIT))}, the basis {len(basis)}")
    fit = _fitted(ours, theirs)
    _fitted(theirs, ours)
    return fit.T.contiguous()


def _fitted(columns: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The coefficients that write targets in columns; raises `RuntimeError` where the residual is no rounding."""
    import torch

    found = torch.linalg.lstsq(columns, targets, driver="gelsd").solution
    residual = float((columns @ found - targets).abs().max() / targets.abs().max())
    if residual > FIT:
        raise RuntimeError(f"polynomials that should be the same differ by {residual:.1e} of the largest value")
    return found


class E3nnPeer:
    """Three e3nn tensor products, x ⊗ x, (x ⊗ x) ⊗ x and (x ⊗ x) ⊗ (x ⊗ x), whose scalars span a basis of degree 4.

    Attributes:
        paths: how many coupling paths they have.

    Raises:
        RuntimeError: no choice of paths holds a member of the basis.
    """

    def __init__(self, basis: Basis, channels: int) -> None:
        import torch
        from e3nn import o3

        self._members = [tuple(basis.space.index(t) for t in member.tensors) for member in basis.contractions]
        pairs: list[tuple[int, int, int]] = []
        triples: list[tuple[int, int]] = []
        quadruples: list[tuple[int, int]] = []
        scalars = torch.randn(300, 16, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
        values = torch.from_numpy(basis.evaluate(scalars.numpy()))
        for k, ranks in enumerate(self._members):
            if len(ranks) == 1:
                continue
            pair, triple, quadruple = _paths(ranks, scalars, values[:, k])
            pairs += [p for p in pair if p not in pairs]
            triples += [(pairs.index(p), c) for p, c in triple]
            quadruples += [(pairs.index(p), pairs.index(q)) for p, q in quadruple]
        inputs = o3.Irreps(" + ".join(f"{channels}x{irrep}" for irrep in IRREPS.split(" + ")))
        middle = o3.Irreps([(channels, (c, (-1) ** (a + b))) for a, b, c in pairs])
        self._scalar_pairs = [i for i, (_, _, c) in enumerate(pairs) if c == 0]
        self._first = _product(inputs, inputs, middle, [(a, b, i) for i, (a, b, _) in enumerate(pairs)])
        ones = [o3.Irreps([(channels, (0, 1))] * len(found)) for found in (triples, quadruples)]
        self._third = _product(middle, inputs, ones[0], [(i, c, k) for k, (i, c) in enumerate(triples)])
        self._fourth = _product(middle, middle, ones[1], [(i, j, k) for k, (i, j) in enumerate(quadruples)])
        self._slices = [middle.slices()[i] for i in self._scalar_pairs]
        self._channels = channels
        self.paths = len(pairs) + len(triples) + len(quadruples)
        self._check(basis)

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """(samples, channels x 16) in e3nn's layout -> (samples, scalars x channels)."""
        import torch

        squares = self._first(x, x)
        scalars = [x[:, : self._channels], *(squares[:, where] for where in self._slices)]
        return torch.cat([*scalars, self._third(squares, x), self._fourth(squares, squares)], 1)

    def _check(self, basis: Basis) -> None:
        """What is timed spans the basis, in float32 as it is used."""
        import torch

        x = torch.randn(40, self._channels, 16, generator=torch.Generator().manual_seed(4))
        theirs = self(to_e3nn(x)).unflatten(1, (-1, self._channels)).transpose(1, 2).flatten(0, 1)
        ours = torch.from_numpy(basis.evaluate(x.flatten(0, 1).double().numpy()))
        solution = torch.linalg.lstsq(theirs.double(), ours, driver="gelsd").solution
        residual = float((theirs.double() @ solution - ours).abs().max() / ours.abs().max())
        if residual > 1e-5:  # float32 on their side
            raise RuntimeError(f"e3nn's scalars miss the basis by {residual:.1e} of the largest value")


def to_e3nn(x: torch.Tensor) -> torch.Tensor:
    """(samples, channels, 16) in e3nn's layout of 64x0e + 64x1o + ...: for each irrep all channels."""
    import torch

    return torch.cat([part.flatten(1) for part in x.split([1, 3, 5, 7], -1)], 1).contiguous()


def _product(left: Any, right: Any, out: Any, paths: Sequence[tuple[int, int, int]]) -> Any:
    from e3nn import o3

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return o3.TensorProduct(left, right, out, [(*path, "uuu", False) for path in paths])


Pairs = list[tuple[int, int, int]]


def _paths(
    ranks: tuple[int, ...], x: torch.Tensor, wanted: torch.Tensor
) -> tuple[Pairs, list[tuple[tuple[int, int, int], int]], list[tuple[tuple[int, int, int], tuple[int, int, int]]]]:
    """The fewest couplings of one member's tensors whose scalars span it: pairs, and what they are coupled with."""
    import torch

    parts = x.split([1, 3, 5, 7], -1)
    tensors = [parts[r] for r in ranks]
    if len(ranks) == 2:
        return [(ranks[0], ranks[1], 0)], [], []
    options: list[tuple[tuple[int, int, int], Any, torch.Tensor]] = []
    for i, j in combinations(range(len(ranks)), 2):
        rest = [k for k in range(len(ranks)) if k not in (i, j)]
        for rank in range(abs(ranks[i] - ranks[j]), ranks[i] + ranks[j] + 1):
            pair = (ranks[i], ranks[j], rank)
            left = _coupled(tensors[i], tensors[j], rank)
            if len(ranks) == 3 and rank == ranks[rest[0]]:
                options.append((pair, ranks[rest[0]], (left * tensors[rest[0]]).sum(-1)))
            elif len(ranks) == 4 and i == 0:
                other = (ranks[rest[0]], ranks[rest[1]], rank)
                if abs(other[0] - other[1]) <= rank <= other[0] + other[1]:
                    right = _coupled(tensors[rest[0]], tensors[rest[1]], rank)
                    options.append((pair, other, (left * right).sum(-1)))
    for count in range(1, len(options) + 1):
        for chosen in combinations(options, count):
            columns = torch.stack([option[2] for option in chosen], 1)
            solution = torch.linalg.lstsq(columns, wanted[:, None], driver="gelsd").solution
            if float((columns @ solution - wanted[:, None]).abs().max()) < FIT * float(wanted.abs().max()):
                if len(ranks) == 3:
                    return [c[0] for c in chosen], [(c[0], c[1]) for c in chosen], []
                return [p for c in chosen for p in (c[0], c[1])], [], [(c[0], c[1]) for c in chosen]
    raise RuntimeError(f"no couplings of ranks {ranks} span the member")


def _coupled(left: torch.Tensor, right: torch.Tensor, rank: int) -> torch.Tensor:
    import torch
    from e3nn import o3

    a, b = left.shape[-1] // 2, right.shape[-1] // 2
    return torch.einsum("ijk,...i,...j->...k", o3.wigner_3j(a, b, rank, dtype=torch.float64), left, right)
