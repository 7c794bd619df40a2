from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from invgen import TensorSpace, generate
from invgen.contractions.contraction import parse
from invgen.reduction.search.limits import Limit
from invgen.reduction.search.request import Request

PAIR = TensorSpace("v:1o + q:2e")
ACE = TensorSpace.ace(2, 2)


@pytest.mark.parametrize(
    ("request_", "seed"),
    [
        (Request(PAIR, 4), "invgen 1|independent|v:1o + q:2e|O3|4"),
        (Request(PAIR, 4, order="cost", forms="cheapest", strata=True), "invgen 1|independent|v:1o + q:2e|O3|4"),
        (Request(PAIR, 4, "linear", outputs="1o"), "invgen 1|linear|v:1o + q:2e|O3|4|1o"),
        (
            Request(PAIR, 3, "integrity", limit=Limit((1, 2), 5)),
            "invgen 1|integrity|v:1o + q:2e|O3|3|total degree 5 with the weights 1, 2",
        ),
        (
            Request(PAIR, 4, "flexible", mode="specific", anchor="q"),
            "invgen 1|flexible specific q|v:1o + q:2e|O3|4",
        ),
        (Request(PAIR, 4, "flexible", mode="minimal-set"), "invgen 1|flexible minimal-set|v:1o + q:2e|O3|4"),
        (Request(PAIR, 2, "given", listed=(parse("i,i v,v"),)), "invgen 1|given|v:1o + q:2e|O3|i,i v,v"),
    ],
)
def test_the_seed_is_the_text_that_ids_of_files_rest_on(request_: Request, seed: str) -> None:
    assert request_.seed == seed


@pytest.mark.parametrize(
    ("plain", "numpy"),
    [
        ({"max_degree": 3}, {"max_degree": np.int64(3)}),
        ({"max_degree": 3, "memory_limit": 10**9}, {"max_degree": np.uint8(3), "memory_limit": np.float64(1e9)}),
        (
            {"max_degree": 3, "total_degree": 6, "weights": (2, 1)},
            {"max_degree": np.int32(3), "total_degree": np.int64(6), "weights": np.array([2, 1])},
        ),
        (
            {"max_degree": 3, "total_degree": 6, "weights": dict.fromkeys(ACE.names, 2)},
            {"max_degree": 3, "total_degree": 6, "weights": dict.fromkeys(ACE.names, np.int16(2))},
        ),
        (
            {"max_degree": 3, "order": {name: Fraction(2) for name in ACE.names}},
            {"max_degree": np.array(3), "order": dict.fromkeys(ACE.names, np.int64(4))},
        ),
    ],
    ids=str,
)
def test_numbers_of_numpy_give_the_bytes_of_python(plain: dict[str, Any], numpy: dict[str, Any]) -> None:
    made, again = generate(ACE, **plain), generate(ACE, **numpy)
    assert again.id == made.id and again == made
    assert type(again.max_degree) is int
