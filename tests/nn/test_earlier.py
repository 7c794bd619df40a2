"""States of earlier modules that no file in `tests/golden` has."""

from __future__ import annotations

from copy import deepcopy

import torch

from invgen import compile_moments, generate
from invgen.nn import ACE, Chebyshev
from invgen.runtime import Neighbours

DTYPE = torch.float64


def test_an_ace_with_compiled_moments_of_the_earlier_form_gives_the_same_energies() -> None:
    model = ACE(generate(ACE.space(2, 2, 1), 2, select="linear"), (1, 8), Chebyshev(2, 2.5))
    torch.nn.init.normal_(model.readout.get_parameter("weight"), generator=torch.Generator().manual_seed(0))
    state = deepcopy(model).__dict__
    for name in ("_dtype", "_position", "_first_table"):
        del state[name]
    del state["_buffers"]["_own"]
    state["_non_persistent_buffers_set"].remove("_own")
    state["moments"] = compile_moments(1, "full", dtype=DTYPE)

    earlier = ACE.__new__(ACE)
    earlier.__setstate__(state)

    vectors = torch.randn(4, 3, generator=torch.Generator().manual_seed(1), dtype=DTYPE)
    neighbours = Neighbours.from_receivers(torch.tensor([0, 0, 1, 2]), torch.tensor([1, 2, 0, 0]), 3)
    given = torch.tensor([8, 1, 1]), vectors, neighbours
    assert torch.equal(earlier(*given), model(*given)) and model(*given).abs().min() > 0
    assert vars(earlier).keys() == vars(model).keys() and earlier.moments.spec == model.moments.spec
    # Its tables are made again where tensors get other memory.
    assert torch.equal(earlier.to_empty(device="cpu").get_buffer("_own"), torch.eye(2, dtype=DTYPE))
