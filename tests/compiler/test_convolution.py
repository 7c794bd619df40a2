"""The driver of convolutions: what it refuses, which paths there are, and where their rows stand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import invgen
from invgen.compiler.convolution import CONVENTIONS, convolution_spec
from invgen.errors import InputError
from invgen.runtime import Neighbours, TabulatedSpec
from tests.support.convolution_cases import MIXED, case
from tests.support.moments_cases import CLOSE, neighbours_of


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, r"takes either l_max, .* or harmonics, .*; got l_max=None and harmonics=None"),
        ({"l_max": 1, "harmonics": "0e"}, r"takes either l_max, .*; got l_max=1 and harmonics='0e'"),
        ({"l_max": -1}, "l_max is an integer from 0 to 6, got -1"),
        ({"l_max": 21}, "l_max is an integer from 0 to 6, got 21"),
        ({"l_max": True}, "l_max is an integer from 0 to 6, got True"),
        ({"l_max": 1, "convention": "rational"}, f"is one of {', '.join(CONVENTIONS)}, got 'rational'"),
        ({"l_max": 1, "convention": ["e3nn"]}, r"the convention of a convolution is one of .*, got \['e3nn'\]"),
        ({"l_max": 1, "angular": "given"}, "angular must be one of 'unit', 'solid', got 'given'"),
        ({"harmonics": "1o", "angular": "solid"}, "angular='solid' is for harmonics that are made from vectors"),
        ({"harmonics": "2x1o"}, "harmonics have no multiplicities, got '2x1o': their channels would be multiplied"),
        ({"harmonics": "y:1o"}, "irreps without names are meant here, got 'y' in 'y:1o'"),
        ({"irreps_in": "s:0e", "l_max": 1}, "irreps without names are meant here, got 's' in 's:0e'"),
        ({"irreps_in": "0e + 21e", "l_max": 1}, r"ranks of a convolution go up to 6, got 21 in irreps_in '0e \+ 21e'"),
        ({"irreps_in": ("0e", "1o"), "l_max": 1}, r"irreps_in is a text such as \"0e \+ 1o\", got \('0e', '1o'\)"),
        ({"irreps_in": "0x0e", "l_max": 1}, "a multiplicity is 1 to 5000, got 0"),
        ({"irreps_in": "vector", "l_max": 1}, "cannot read 'vector' in the irreps 'vector'"),
        ({"l_max": 1, "irreps_out": 1}, r"irreps_out is a text such as \"0e \+ 1o\", got 1"),
        (
            {"l_max": 1, "irreps_out": "0o"},
            r"features 0e \+ 1o and harmonics 0e \+ 1o have no coupling to 0o: parities multiply, and the rank",
        ),
        (
            {"irreps_in": "3o", "l_max": 1},
            r"features 3o and harmonics .* no coupling to irreps of rank up to 1: parities",
        ),
        ({"l_max": 1, "irreps_out": "0e", "paths": [(0, 0, "0e")]}, "irreps_out or paths, .*: leave irreps_out out"),
        ({"l_max": 1, "paths": []}, r"paths are a list of \(features, harmonics, irrep\), got \[\]"),
        ({"l_max": 1, "paths": "0e"}, r"paths are a list of \(features, harmonics, irrep\), got '0e'"),
        ({"l_max": 1, "paths": [(0, 0)]}, r"a path is \(number of the features, .*, \"1o\"\), got \(0, 0\)"),
        ({"l_max": 1, "paths": [(2, 0, "0e")]}, "number of the features of a path is an integer from 0 to 1, got 2"),
        ({"l_max": 1, "paths": [(0, -1, "0e")]}, "number of the harmonics of a path is an integer from 0 to 1, got -1"),
        ({"l_max": 1, "paths": [(0, 0, 0)]}, "the irrep of a path is a text such as"),
        ({"l_max": 1, "paths": [(0, 0, "2x0e")]}, "the messages of a path are one irrep such as \"1o\", got '2x0e'"),
        ({"l_max": 1, "paths": [(0, 0, "0e + 0e")]}, 'the messages of a path are one irrep such as "1o"'),
        (
            {"l_max": 1, "paths": [(1, 1, "1o")]},
            r"1o and 1o have no coupling to 1o, asked for by the path \(1, 1, '1o'\)",
        ),
        ({"l_max": 1, "paths": [(0, 0, "1e")]}, "0e and 0e have no coupling to 1e, asked for by the path"),
        ({"l_max": 1, "factors": [1, 2]}, r"factors are a list of one number for each path, 5 in all, got \[1, 2\]"),
        ({"l_max": 1, "factors": 2.0}, "factors are a list of one number for each path, 5 in all, got 2.0"),
        ({"l_max": 0, "factors": [0]}, "the factor of a path is a finite number other than 0, got 0"),
        ({"l_max": 0, "factors": [float("nan")]}, "is a finite number other than 0, got nan"),
        ({"l_max": 0, "factors": ["2"]}, "is a finite number other than 0, got '2'"),
        ({"l_max": 0, "factors": [10**400]}, "is a finite number other than 0, got 1000"),
        ({"l_max": 1, "knots": 9}, r"knots and span are those of tables: ask for radial=\"table\", or leave them out"),
        ({"l_max": 1, "radial": "spline"}, "radial must be one of 'given', 'table', got 'spline'"),
        ({"harmonics": "1o", "radial": "table"}, "needs l_max with unit harmonics of them"),
        ({"l_max": 1, "radial": "table", "angular": "solid"}, "needs l_max with unit harmonics of them"),
        ({"l_max": 1, "radial": "table"}, "the span of a table is two distances, .*, got None"),
        ({"l_max": 1, "radial": "table", "span": (2, 1)}, r"is two distances, .*, got \(2, 1\)"),
        ({"l_max": 1, "radial": "table", "span": (0, float("inf"))}, r"is two distances, .*, got \(0, inf\)"),
        ({"l_max": 1, "radial": "table", "span": (0, 1), "knots": 3}, "knots is an integer from 4 to 65536, got 3"),
        (
            {"l_max": 1, "radial": "table", "span": (0, 1), "target": "cuda"},
            r"radial=\"table\" are built for target 'c' or 'torch', got 'cuda': leave radial out",
        ),
        ({"l_max": 1, "dtype": torch.float16}, "dtype must be torch.float32 or torch.float64, got torch.float16"),
        ({"l_max": 1, "name": "2 sums"}, "a kernel cannot be named '2 sums'"),
        ({"l_max": 1, "target": "metal"}, "target must be one of 'c', 'cuda', 'torch', got 'metal'"),
    ],
)
def test_other_options_are_refused_in_one_sentence(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        invgen.compile_convolution(**{"irreps_in": "0e + 1o", **options})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("target", ["c", "torch"])
def test_knots_and_span_make_another_kernel(target: str) -> None:
    plain = convolution_spec("0e", 1, radial="table", span=(0, 1), target=target)
    assert isinstance(plain, TabulatedSpec) and (plain.knots, plain.span, plain.table_rows) == (256, (0.0, 1.0), 258)
    numpy = convolution_spec(
        "0e", 1, radial="table", span=[np.float32(0), np.int64(1)], knots=np.int16(256), target=target
    )
    assert numpy == plain
    others = [{"span": (0, 2)}, {"span": (0.5, 1)}, {"span": (0, 1), "knots": 255}]
    made = [convolution_spec("0e", 1, radial="table", target=target, **each) for each in others]  # type: ignore[arg-type]
    keys = {each.kernel.key for each in made}
    assert len(keys) == 3 and plain.kernel.key not in keys


def test_numbers_of_numpy_are_numbers() -> None:
    plain = convolution_spec("0e", 1, paths=[(0, 1, "1o"), (0, 0, "0e")], factors=[0.5, 3])
    paths = [(np.int64(0), np.uint8(1), "1o"), (np.int32(0), np.array(0), "0e")]
    assert convolution_spec("0e", np.int64(1), paths=paths, factors=[np.float32(0.5), np.int16(3)]) == plain


def test_all_paths_stand_by_messages_then_by_features_then_by_harmonics() -> None:
    spec = convolution_spec("1o + 2x0e + 1e", 1, target="torch")
    assert spec.couplings == (
        ("1o", "1o", "0e", 1),
        ("0e", "0e", "0e", 2),
        ("1e", "1o", "0o", 1),
        ("1o", "1o", "1e", 1),
        ("1e", "0e", "1e", 1),
        ("1o", "0e", "1o", 1),
        ("0e", "1o", "1o", 2),
        ("1e", "1o", "1o", 1),
    )
    assert spec.outputs == (("0e", 3), ("0o", 1), ("1e", 2), ("1o", 4))
    assert (spec.kernel.dimension, spec.weights, spec.kernel.count) == (8, 10, 22)
    # Ranks above those of the harmonics are kept where they are asked for.
    assert convolution_spec("1o", 1, "2e", target="torch").couplings == (("1o", "1o", "2e", 1),)


def test_paths_in_another_order_permute_weights_and_copies_alone() -> None:
    neighbours = neighbours_of()
    paths = [(0, 0, "0e"), (1, 1, "0e"), (1, 1, "1e"), (0, 1, "1o"), (1, 0, "1o")]
    this = case("2x0e + 1o", neighbours=neighbours, paths=paths, target="torch")
    assert this.kernel.spec.couplings == convolution_spec("2x0e + 1o", 1, target="torch").couplings
    order = [4, 2, 1, 3, 0]
    other = case("2x0e + 1o", neighbours=neighbours, paths=[paths[k] for k in order], target="torch")
    vectors, weights, features = this.tensors
    moved = torch.cat([weights[:, this.kernel.paths[k].weights] for k in order], 1)
    found, wanted = other(vectors, moved, features), this(*this.tensors)
    # By component, then by copy: the order of copies is that of the paths of one irrep.
    copies = {"0e": [2, 0, 1], "1e": [0], "1o": [2, 0, 1]}
    assert [block.irrep for block in this.kernel.blocks] == list(copies)
    for block in this.kernel.blocks:
        ours, theirs = (each[:, block.rows].unflatten(1, (-1, block.copies)) for each in (found, wanted))
        assert torch.equal(ours, theirs[:, :, copies[block.irrep]])


def test_factors_multiply_their_paths_exactly() -> None:
    # Powers of two change no rounding.
    factors = [0.5, -4, 2, 1, 0.125]
    plain, scaled = (case(target="torch", **options) for options in ({}, {"factors": factors}))
    vectors, weights, features = plain.tensors
    moved = weights * torch.tensor(factors, dtype=torch.float64)[:, None]
    torch.testing.assert_close(scaled(*plain.tensors), plain(vectors, moved, features), **CLOSE)
    # They are part of the exact coefficients, which are rounded once.
    ones, kernel = torch.ones(1, 1, 1), invgen.compile_convolution("0e", 0, factors=[3], target="torch")
    pair = Neighbours.from_receivers(torch.tensor([0]), torch.tensor([0]), 1)
    found = kernel(torch.tensor([[1.0, 0.0, 0.0]]), ones, ones, pair).item()
    assert found == np.float32(3 * np.sqrt(1 / (4 * np.pi)))


@pytest.mark.parametrize("angular", ["unit", "solid"])
def test_copies_and_channels_are_one_thing(angular: str) -> None:
    # "12x0e + 6x1o" with one channel is "2x0e + 1o" with six: the same numbers in the same places.
    neighbours = neighbours_of()
    few = case("2x0e + 1o", 1, 6, neighbours, angular=angular, target="torch")
    vectors, weights, features = few.tensors
    many = invgen.compile_convolution("12x0e + 6x1o", 1, angular=angular, dtype=torch.float64, target="torch")
    found = many(vectors, weights.reshape(40, -1, 1), features.reshape(5, -1, 1), neighbours)
    torch.testing.assert_close(found.reshape(6, -1, 6), few(*few.tensors), **CLOSE)


def test_what_differs_is_another_kernel() -> None:
    made = [
        convolution_spec("0e + 1o", **options, name="one_name", target=target).kernel
        for options in (
            {"l_max": 1},
            {"l_max": 1, "angular": "solid"},
            {"l_max": 1, "convention": "e3nn"},
            {"l_max": 1, "factors": [1, 1, 1, 1, 2]},
            {"harmonics": "0e + 1o"},
            {"harmonics": "1o + 0e"},
        )
        for target in ("c", "torch")
    ]
    assert len({kernel.key for kernel in made}) == len(made)


def test_an_instruction_list_of_mixed_ranks_is_described_by_its_spec() -> None:
    spec = convolution_spec(MIXED, harmonics="1o + 0e", irreps_out="1o", target="torch")
    assert spec.irreps == "2x0e + 1o + 3x1e" and spec.angular == "given" and spec.coordinates == 4
    assert [(path.source, path.harmonic, path.weights) for path in spec.paths] == [
        ("0e", "1o", slice(0, 2)),
        ("1o", "0e", slice(2, 3)),
        ("1e", "1o", slice(3, 6)),
    ]
    (block,) = spec.blocks
    assert (block.irrep, block.copies, block.rows) == ("1o", 6, slice(0, 18))
