"""The emitted kernels against exact arithmetic, from the same rounded inputs, at the promised tolerances."""

from __future__ import annotations

import importlib
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch

from benchmarks.accuracy import BARS, Reference, dyadic, errors, reference, samples
from invgen import Basis
from invgen.runtime.targets import targets_on
from invgen.spaces import conventions

pytestmark = pytest.mark.usefixtures("optimised")

PACKAGES = ("hiphop_l3_n4", "optimal_l2_n4", "optimal_l3_n4")


def package_basis(repository: Any, package: str) -> Basis:
    return Basis.load(repository / "generated" / package / "basis.json")


def kernel(package: str, dtype: str, target: str) -> Any:
    return importlib.import_module(package).kernel(dtype=getattr(torch, dtype), layout="plain", target=target)


def rational_components(basis: Basis, x: list[float]) -> list[Fraction]:
    """The same tensors in the convention "rational", by way of their entries; off by 10^-70 where irrational."""
    result: list[Fraction] = []
    for tensor, where in zip(basis.space.tensors, basis.space.slices, strict=True):
        given = conventions.tensor_map(basis.convention, tensor.l)
        scaled = [Fraction(v) * surd_as_fraction(s) for v, s in zip(x[where], given.scale, strict=True)]
        entries = [sum(c * v for c, v in zip(row, scaled, strict=True)) for row in given.matrix]
        _, back = conventions.component_matrix("rational", tensor.l)
        multiplied = [sum((c * e for c, e in zip(row, entries, strict=True)), Fraction(0)) for row in back]
        result += multiplied
    return result


def surd_as_fraction(value: Any) -> Fraction:
    exact = value.as_fraction()
    if exact is not None:
        return Fraction(exact)
    low, high = value.bounds(270)  # 80 digits
    return Fraction(low + high) / 2


@pytest.mark.parametrize("dtype", BARS)
@pytest.mark.parametrize("package", PACKAGES)
def test_the_reference_is_the_exact_evaluation_to_fifty_digits(repository: Any, package: str, dtype: str) -> None:
    basis = package_basis(repository, package)
    x = samples(basis, 6, dtype)
    found = reference(basis, x)
    rational = [rational_components(basis, row) for row in x.astype(np.float64).tolist()]
    expected = basis.with_convention("rational").evaluate(np.array(rational, dtype=object))
    for i in range(len(x)):
        for k, shift in enumerate(found.shifts):
            difference = abs(Fraction(int(found.values[i, k]), 2**shift) - expected[i, k])
            # Both round the constants of the convention to 60 digits or more; integer constants are not rounded.
            tolerance = 0 if basis.convention == "hippynn" else Fraction(10) ** -50
            assert difference <= tolerance * Fraction(found.norms[i, k])


@pytest.mark.parametrize("target", targets_on("cpu"))
@pytest.mark.parametrize("dtype", BARS)
@pytest.mark.parametrize("package", PACKAGES)
def test_every_output_is_exact_up_to_the_promised_error(repository: Any, package: str, dtype: str, target: str) -> None:
    basis = package_basis(repository, package)
    x = samples(basis, 2_000, dtype)
    found = errors(basis, kernel(package, dtype, target), x, reference(basis, x))
    # The promise: 8 units of 2^-23 and 9 of 2^-52, for sums of up to a hundred rounded products.
    assert found.max(axis=0).tolist() == pytest.approx([0.0] * len(basis), abs=BARS[dtype])


@pytest.mark.slow
@pytest.mark.parametrize("dtype", BARS)
@pytest.mark.parametrize("package", ["hiphop_l3_n4", "optimal_l3_n4"])
def test_every_output_is_exact_over_ten_thousand_samples(repository: Any, package: str, dtype: str) -> None:
    basis = package_basis(repository, package)
    x = samples(basis, 10_000, dtype, seed=2)
    found = errors(basis, kernel(package, dtype, "c"), x, reference(basis, x))
    assert found.max() < BARS[dtype]


def test_the_measure_of_error_sees_one_unit_in_the_last_place(repository: Any) -> None:
    basis = package_basis(repository, "hiphop_l3_n4")
    x = samples(basis, 50, "float32")
    exact = reference(basis, x)
    single = kernel("hiphop_l3_n4", "float32", "c").value(torch.from_numpy(x)).numpy()
    # Rounding to float32 alone leaves more than the float64 promise allows.
    assert exact.relative_errors(single).max() > 1e3 * BARS["float64"]
    values = np.array([[3 << 60]], dtype=object)
    one = Reference(values, (60,), np.array([[1.0]]))
    assert one.relative_errors(np.nextafter(np.array([[3.0]]), 4.0))[0, 0] == 2.0**-51
    assert one.relative_errors(np.array([[3.0]]))[0, 0] == 0.0


def test_inputs_that_the_integers_cannot_hold_are_refused_and_not_rounded() -> None:
    assert dyadic(np.array([0.75, -2.0, 0.0]), 2).tolist() == [3, -8, 0]
    with pytest.raises(ValueError, match="no integer over"):
        dyadic(np.array([0.75]), 1)
