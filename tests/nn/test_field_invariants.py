"""The layer on images and volumes: invariance, gradients, and what it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from invgen import TensorSpace, generate
from invgen.errors import InputError
from invgen.nn import FieldInvariants
from invgen.testing.rotations import random_rotation

BASIS = generate(TensorSpace.moments(range(3)), 3)
PLANE = generate(TensorSpace.moments(range(3), spatial_dimension=2, group="O2"), 3)


def layer(basis: Any = BASIS, scales: Any = (1.2, 1.8), inputs: Any = 2, outputs: Any = 3, **options: Any) -> Any:
    torch.manual_seed(0)
    return FieldInvariants(basis, scales, inputs, outputs, **{"dtype": torch.float64, **options})


@pytest.mark.parametrize("boundary", ["zero", "nearest", "wrap"])
@pytest.mark.parametrize("mixed", [1, 4])
def test_quarter_turns_and_mirrors_turn_the_output_alone(mixed: int, boundary: str) -> None:
    made = layer(mixed=mixed, boundary=boundary)
    x = torch.randn(2, 2, 5, 6, 7, dtype=torch.float64)
    y = made(x)
    assert y.shape == (2, 3, 5, 6, 7)
    scale = 1e-12 * float(y.detach().abs().max())  # some hundred roundings in another order
    for turned in (lambda f: torch.rot90(f, 1, (2, 4)), lambda f: torch.rot90(f, 1, (3, 4)), lambda f: f.flip(2)):
        torch.testing.assert_close(made(turned(x)), turned(y), rtol=0, atol=scale)


def test_any_rotation_changes_no_more_than_sampling_does() -> None:
    made = layer(scales=(1.5, 2.5), inputs=1)
    generator = np.random.default_rng(0)
    centres, amplitudes = generator.normal(size=(6, 3)) * 2, generator.normal(size=6)
    places = np.stack(np.meshgrid(*[np.arange(25) - 12.0] * 3, indexing="ij"), -1)
    rows = []
    for matrix in (np.eye(3), random_rotation(generator), random_rotation(generator, reflect=True)):
        blobs = [np.exp(-((places - matrix @ c) ** 2).sum(-1) / (2 * 1.5**2)) for c in centres]
        field = torch.from_numpy(np.tensordot(amplitudes, blobs, 1))
        with torch.no_grad():
            rows.append(made(field[None, None])[0, :, 12, 12, 12])
    for row in rows[1:]:
        # exp(-2π² s²) with 1/s² = 1/1.5² + 1/1.5² is 2e-10; the faces cut off what is 12 of 15 voxels away
        assert float((row - rows[0]).abs().max()) <= 1e-6 * float(rows[0].abs().max())


def test_gradients_with_respect_to_the_field_and_all_weights_are_those_of_differences() -> None:
    made = layer(scales=(1.2,), inputs=2, outputs=2)
    x = torch.randn(1, 2, 2, 2, 3, dtype=torch.float64, requires_grad=True)
    names, parameters = zip(*made.named_parameters(), strict=True)

    def call(x: torch.Tensor, *given: torch.Tensor) -> torch.Tensor:
        return torch.func.functional_call(made, dict(zip(names, given, strict=True)), (x,))  # type: ignore[no-any-return]

    assert names == ("mixing", "weight", "bias")
    assert torch.autograd.gradcheck(call, (x, *parameters))
    assert torch.autograd.gradgradcheck(lambda x: made(x), (x[:, :, :1, :1],))


def test_slopes_are_bounded_and_outputs_grow_as_the_field() -> None:
    made = layer()
    x = torch.randn(1, 2, 4, 4, 4, dtype=torch.float64)
    y = made(x) - made.bias[:, None, None, None]
    large = made(1e6 * x) - made.bias[:, None, None, None]
    larger = made(1e9 * x) - made.bias[:, None, None, None]
    torch.testing.assert_close(larger, 1e3 * large, rtol=1e-6, atol=0)  # eps is 1e-8 of the moments
    assert bool(torch.isfinite(y).all())
    zero = torch.zeros_like(x, requires_grad=True)
    made(zero).sum().backward()
    assert bool(torch.isfinite(zero.grad).all())
    single = layer(dtype=torch.float32)
    assert bool(torch.isfinite(single(1e12 * x.float())).all()), "powers of moments would overflow"


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_plane_has_layers_too(dtype: torch.dtype) -> None:
    made = layer(PLANE, dtype=dtype, spacing=(1.0, 0.9))
    y = made(torch.randn(2, 2, 7, 8, dtype=dtype))
    assert y.shape == (2, 3, 7, 8) and y.dtype == dtype


def test_both_targets_give_the_same() -> None:
    one, other = layer(), layer(target="torch")
    x = torch.randn(1, 2, 4, 5, 6, dtype=torch.float64)
    torch.testing.assert_close(one(x), other(x), rtol=1e-12, atol=1e-12)


def test_the_state_comes_back_and_that_of_others_is_refused() -> None:
    made = layer()
    state = made.state_dict()
    assert set(state) == {"mixing", "weight", "bias", "_extra_state"}
    torch.manual_seed(1)
    again = FieldInvariants(BASIS, (1.2, 1.8), 2, 3, dtype=torch.float64)
    again.load_state_dict(state)
    x = torch.randn(1, 2, 4, 4, 4, dtype=torch.float64)
    assert torch.equal(made(x), again(x))
    with pytest.raises(InputError, match="the state was saved with"):
        layer(scales=(1.2, 1.9)).load_state_dict(state)


def test_the_layer_compiles_whole() -> None:
    made = layer(scales=(1.2,), outputs=1)
    x = torch.randn(1, 2, 3, 4, 4, dtype=torch.float64)
    compiled = torch.compile(made, fullgraph=True, backend="aot_eager")
    torch.testing.assert_close(compiled(x), made(x), rtol=1e-12, atol=1e-13)


def test_inputs_that_do_not_fit_are_one_sentence() -> None:
    made = layer()
    for shape in ((2, 3, 4, 4, 4), (2, 2, 4, 4), (2, 4, 4, 4)):
        with pytest.raises(InputError, match=r"in 3 dimensions takes \(batch, 2, X, Y, Z\), got"):
            made(torch.zeros(shape, dtype=torch.float64))
    with pytest.raises(InputError, match=r"takes \(batch, 2, X, Y\), got \(1, 2, 4, 4, 4\)"):
        layer(PLANE)(torch.zeros(1, 2, 4, 4, 4, dtype=torch.float64))
    with pytest.raises(InputError, match=r"has torch\.float64 weights on cpu, got torch\.float32 on cpu"):
        made(torch.zeros(1, 2, 4, 4, 4))
    with pytest.raises(InputError, match=r"got torch\.float64 on meta"):
        made(torch.zeros(1, 2, 4, 4, 4, dtype=torch.float64, device="meta"))
    with pytest.raises(InputError, match=r"kernels compiled for torch\.float64"):
        made.float()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"inputs": 0}, "in_channels is an integer of at least 1"),
        ({"outputs": 1.5}, "out_channels is an integer"),
        ({"mixed": 0}, "mixed is an integer of at least 1"),
        ({"scales": []}, "scales is a list of at least one"),
        ({"scales": 2.0}, "scales is a list of at least one"),
        ({"scales": [-1.0]}, "a scale is a positive number"),
        ({"scales": [2.0], "spacing": (1.0, 1.0, 5.0)}, "along z the voxels of size 5 are too large"),
        ({"spacing": (1.0, 1.0)}, "spacing is one number, or 3 of them"),
        ({"boundary": "mirror"}, "boundary must be one of"),
        ({"eps": 0.0}, "eps is a positive number"),
        ({"basis": "basis"}, "basis is a Basis"),
        ({"basis": generate(TensorSpace.moments(range(2), "vector"), 2)}, "invariants of the moments of scalar fields"),
        ({"basis": generate(TensorSpace("0e + 1o"), 2)}, "fields take bases of TensorSpace.moments"),
    ],
)
def test_bad_arguments_are_one_sentence(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        layer(**options)
