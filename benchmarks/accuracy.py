"""The error of every output against an evaluation of the convention to more than 50 digits, from the same inputs.

Floats are integers over a power of two, and a convention is an integer matrix after one constant per component. So the
reference works in exact integers: components are written as integers over 2^shift, the constants are rounded once to
`CONSTANT_BITS` bits (exactly where they are integers, as in "hippynn"), and everything after is exact. Rational
inputs make the reference exact; the constants of the spherical conventions make its relative error less than 2^-190.

An error is given relative to the product of the Frobenius norms of the contracted tensors of that sample. Samples are
Gaussian; in every second one each tensor is scaled by a power of ten between -3 and 3, drawn uniformly.

    python benchmarks/accuracy.py [--samples 100000] [--packages hiphop_l3_n4 optimal_l3_n4] [--json FILE]
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.support import GENERATED, describe, machine, table, write_json
from invgen import Basis
from invgen.algebra.exact import Surd
from invgen.algebra.modular import Plain
from invgen.contractions.evaluation import Evaluator
from invgen.runtime.targets import targets_on
from invgen.spaces import conventions
from invgen.spaces.harmonics import monomials, multinomial

Array = NDArray[Any]

BARS = {"float32": 1e-6, "float64": 2e-15}
CONSTANT_BITS = 200
_CHUNK = 2048


@dataclass(frozen=True)
class Reference:
    """The invariants of samples, each an integer over a power of two that depends on the invariant alone.

    Attributes:
        values: (samples, K) Python integers.
        shifts: for each invariant, the power of two that divides them.
        norms: (samples, K), the product of the Frobenius norms of the contracted tensors, float64.
    """

    values: Array
    shifts: tuple[int, ...]
    norms: Array

    def relative_errors(self, y: Array) -> Array:
        """|y - exact| / norms for floats y of shape (samples, K); the difference is exact, the quotient rounded."""
        errors = np.empty(y.shape)
        for k, shift in enumerate(self.shifts):
            given = dyadic(y[:, k], shift)
            errors[:, k] = [_to_float(a - b, shift) for a, b in zip(given, self.values[:, k])]
        return np.abs(errors) / self.norms


def samples(basis: Basis, count: int, dtype: str, seed: int = 1) -> Array:
    """Random components (count, dimension), rounded to `dtype`."""
    random = np.random.default_rng(seed)
    x = random.standard_normal((count, basis.space.dimension))
    for where in basis.space.slices:
        x[1::2, where] *= 10.0 ** random.uniform(-3, 3, (len(x[1::2]), 1))
    rounded: Array = x.astype(dtype)
    return rounded


def reference(basis: Basis, x: Array) -> Reference:
    """The invariants of x (samples, dimension) as the module says; about 0.2 ms per sample for l <= 3, degree 4."""
    maps, constants = [], []
    for tensor in basis.space.tensors:
        tensor_map = conventions.tensor_map(basis.convention, tensor.l)
        maps.append(np.array(tensor_map.matrix, dtype=object)[None])
        constants += tensor_map.scale
    bits = 0 if all(c == Surd.rational(1) for c in constants) else CONSTANT_BITS
    scales = np.array([_scaled(c, bits) for c in constants], dtype=object)
    smallest = int(np.frexp(x[x != 0])[1].min()) if np.any(x) else 0
    places = 53 - smallest if x.dtype == np.float64 else 24 - smallest
    values, norms = [], []
    for start in range(0, len(x), _CHUNK):
        part = x[start : start + _CHUNK]
        integers = np.stack([dyadic(column, places) for column in part.T], axis=1) * scales
        at = Evaluator(basis.space, maps, integers, Plain())
        values.append(np.stack([at.value(c) for c in basis.contractions], axis=1))
        norms.append(_norms(basis, part.astype(np.float64)))
    shifts = tuple((places + bits) * c.degree for c in basis.contractions)
    return Reference(np.concatenate(values), shifts, np.concatenate(norms))


def dyadic(x: Array, places: int) -> Array:
    """Finite floats as Python integers over 2^places, exactly.

    Raises:
        ValueError: a float has more binary places; rounding it would hide an error.
    """
    mantissas, exponents = np.frexp(x.astype(np.float64))
    result = np.empty(len(x), dtype=object)
    for i, (mantissa, exponent) in enumerate(zip(mantissas.tolist(), exponents.tolist())):
        whole, shift = int(mantissa * 2**53), exponent - 53 + places
        if shift < 0 and whole & ((1 << -shift) - 1):
            raise ValueError(f"{x[i]!r} is no integer over 2^{places}")
        result[i] = whole << shift if shift >= 0 else whole >> -shift
    return result


def errors(basis: Basis, kernel: Any, x: Array, exact: Reference) -> Array:
    """The relative errors (samples, K) of a kernel in layout "plain"."""
    import torch

    y = kernel.value(torch.from_numpy(x)).numpy()
    return exact.relative_errors(y)


def _scaled(constant: Surd, bits: int) -> int:
    low, high = constant.bounds(bits + 300)
    return round((low + high) / 2 * 2**bits)


def _to_float(value: int, shift: int) -> float:
    """value / 2^shift; 80 leading bits are kept, so that any size fits and the rest is far below rounding."""
    surplus = max(0, value.bit_length() - 80)
    return float(np.ldexp(float(value >> surplus), surplus - shift))


def _norms(basis: Basis, x: Array) -> Array:
    """The product of the Frobenius norms of the contracted tensors, (samples, K)."""
    by_name = {}
    for tensor, where in zip(basis.space.tensors, basis.space.slices):
        tensor_map = conventions.tensor_map(basis.convention, tensor.l)
        matrix = np.array(tensor_map.matrix, dtype=np.float64) * np.array([s.round() for s in tensor_map.scale])
        copies = np.array([multinomial(e) for e in monomials(tensor.l)], dtype=np.float64)
        by_name[tensor.name] = np.sqrt(((x[:, where] @ matrix.T) ** 2) @ copies)
    return np.stack([np.prod([by_name[n] for n in c.factors], axis=0) for c in basis.contractions], axis=1)


def measure(package: str, count: int) -> dict[str, Any]:
    """Greatest and typical relative errors of each invariant, for both dtypes and targets."""
    import importlib

    import torch

    sys.path.insert(0, str(GENERATED))
    module = importlib.import_module(package)
    basis = Basis.load(GENERATED / package / "basis.json")
    results: dict[str, Any] = {"invariants": [str(c) for c in basis.contractions]}
    for dtype, bar in BARS.items():
        x = samples(basis, count, dtype)
        begin = time.perf_counter()
        exact = reference(basis, x)
        seconds = time.perf_counter() - begin
        for target in targets_on("cpu"):
            kernel = module.kernel(dtype=getattr(torch, dtype), layout="plain", target=target)
            found = errors(basis, kernel, x, exact)
            results[f"{dtype} {target}"] = {
                "greatest": found.max(axis=0).tolist(),
                "root_mean_square": np.sqrt((found**2).mean(axis=0)).tolist(),
                "bar": bar,
                "met": bool((found < bar).all()),
                "reference_seconds": round(seconds, 1),
            }
    return results


def show(results: dict[str, Any]) -> str:
    """The greatest errors as one table per package."""
    parts = []
    for package, found in results.items():
        columns = [name for name in found if name != "invariants"]
        rows = [
            [invariant, *(f"{found[column]['greatest'][k]:.1e}" for column in columns)]
            for k, invariant in enumerate(found["invariants"])
        ]
        verdicts = [f"< {found[c]['bar']:g}: {'met' if found[c]['met'] else 'MISSED'}" for c in columns]
        parts += [package, table(["greatest error / product of norms", *columns], [*rows, ["bar", *verdicts]])]
    return "\n\n".join(parts)


def main() -> None:
    """Measure, print the tables, write the numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=100_000, help="random samples (default 100,000)")
    parser.add_argument("--packages", nargs="+", default=["hiphop_l3_n4", "optimal_l3_n4"], help="of generated/")
    parser.add_argument("--json", type=Path, help="write the numbers to this file")
    options = parser.parse_args()
    results = {package: measure(package, options.samples) for package in options.packages}
    where = machine()
    print(describe(where))
    print(f"{options.samples} samples.\n")
    print(show(results))
    write_json(options.json, {"machine": where, "samples": options.samples, "results": results})


if __name__ == "__main__":
    main()
