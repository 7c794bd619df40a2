"""The kinds of outputs, and how their components are written."""

from __future__ import annotations

import numpy as np
import pytest

from invgen.errors import InputError
from invgen.spaces import conventions
from invgen.spaces.outputs import labels, noun, output_irrep, output_map


@pytest.mark.parametrize("convention", conventions.NAMES)
@pytest.mark.parametrize("outputs", ["0o", "1e", "2e", "3o"])
def test_the_output_map_inverts_the_map_that_reads_components(convention: str, outputs: str) -> None:
    change = output_map(convention, outputs, int(outputs[0]))
    tensor_map = conventions.tensor_map(convention, int(outputs[0]))
    rational = conventions.component_matrix("rational", int(outputs[0]))[1]
    back = np.array(rational, float) @ np.array(tensor_map.matrix, float) * [s.round() for s in tensor_map.scale]
    forth = np.array([[s.round()] for s in change.scale]) * np.array(change.matrix, float)
    np.testing.assert_allclose(forth @ back, np.eye(len(back)), atol=1e-13)  # float products of small numbers


def test_an_irrep_is_read_in_its_one_spelling() -> None:
    assert [(t.l, t.parity, t.symbol) for t in map(output_irrep, ("0e", "1o", "20e"))] == [
        (0, 1, "0e"),
        (1, -1, "1o"),
        (20, 1, "20e"),
    ]
    for text in ("", "1", "o", "1O", "01o", "-1o", " 1o", "1o ", "1o+2e", "2x1o", "21e", "\u0661o"):
        with pytest.raises(InputError, match="outputs is one irrep"):
            output_irrep(text)


def test_components_are_labelled_as_the_convention_does() -> None:
    assert labels("hippynn", "2e") == ("xx", "xy", "xz", "yy", "yz")
    assert labels("cartesian", "1o") == labels("e3nn", "1o") == ("-1", "0", "1")
    assert (noun("0e"), noun("0e", 1), noun("1o", 1), noun("2e")) == (
        "invariants",
        "invariant",
        "covariant 1o",
        "covariants 2e",
    )
