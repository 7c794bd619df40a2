"""The layer is its kernel: it copies, pickles, saves and trains like any module, and keeps to its basis."""

from __future__ import annotations

import copy
import io
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
import torch

import invgen
from invgen import TensorSpace, generate
from invgen.errors import InputError
from invgen.nn import Invariants
from tests.support.basis_cases import PACKAGES, basis_of, draw, evaluate
from tests.support.kernel_cases import tensors


def layer(case: str = "optimal_l2_n4", target: str = "torch", dtype: torch.dtype = torch.float64) -> Invariants:
    return Invariants(basis_of(case), dtype=dtype, target=target)


@pytest.mark.parametrize("target", ["c", "torch"])
@pytest.mark.parametrize("case", [PACKAGES[0], *(pytest.param(case, marks=pytest.mark.slow) for case in PACKAGES[1:])])
def test_the_layer_is_the_basis(case: str, target: str) -> None:
    basis = basis_of(case)
    x, _, _ = draw(basis, (5,), 3)
    (given,) = tensors((x,), torch.float64)
    wanted = torch.tensor(evaluate(basis, x.swapaxes(-1, -2))).mT
    # Two evaluations in float64 of polynomials of degree 4 in numbers of order one.
    torch.testing.assert_close(layer(case, target)(given), wanted, rtol=1e-11, atol=1e-11)
    plain = Invariants(basis, torch.float64, layout="plain", target=target)
    torch.testing.assert_close(plain(given[..., 0]), wanted[..., 0], rtol=1e-11, atol=1e-11)


def test_the_layer_has_no_parameters_and_says_what_it_is() -> None:
    module = layer()
    assert list(module.parameters()) == [] and list(module.buffers()) == []
    basis = basis_of("optimal_l2_n4")
    assert repr(module) == f"Invariants({len(basis)} invariants of {basis.space}, sphericart, basis {basis.id[:12]})"


@pytest.mark.parametrize("target", ["c", "torch"])
def test_copies_and_pickles_compute_the_same_bits(target: str) -> None:
    module = layer(target=target)
    (x,) = tensors(draw(module.basis, (4,), 2)[:1], torch.float64)
    for twin in (copy.deepcopy(module), copy.copy(module), pickle.loads(pickle.dumps(module))):
        assert twin.basis == module.basis and twin.basis.id == module.basis.id
        assert torch.equal(twin(x), module(x))
    stack = torch.nn.Sequential(torch.nn.Linear(2, 3, dtype=torch.float64), module)
    other = copy.deepcopy(stack)
    with torch.no_grad():
        other[0].weight.zero_()
    assert not torch.equal(stack(x), other(x))


@pytest.mark.slow
def test_a_pickle_opens_in_another_process(tmp_path: Path) -> None:
    module = layer("optimal_l2_n4", "c")
    (x,) = tensors(draw(module.basis, (4,), 2)[:1], torch.float64)
    (tmp_path / "layer.pkl").write_bytes(pickle.dumps((module, x, module(x))))
    program = f"""
import pickle
import torch
module, x, y = pickle.loads(open({str(tmp_path / "layer.pkl")!r}, "rb").read())
assert torch.equal(module(x), y)
"""
    subprocess.run([sys.executable, "-c", program], cwd=Path(invgen.__file__).parents[1], check=True, timeout=120)


def test_a_state_dict_goes_through_a_file_and_back() -> None:
    module = torch.nn.Sequential(torch.nn.Linear(2, 3, dtype=torch.float64), layer())
    buffer = io.BytesIO()
    torch.save(module.state_dict(), buffer)
    buffer.seek(0)
    # weights_only refuses anything but plain types: the layer's state must be made of them.
    state = torch.load(buffer, weights_only=True)
    fresh = torch.nn.Sequential(torch.nn.Linear(2, 3, dtype=torch.float64), layer())
    fresh.load_state_dict(state)
    (x,) = tensors(draw(basis_of("optimal_l2_n4"), (4,), 2)[:1], torch.float64)
    assert torch.equal(fresh(x), module(x))


@pytest.mark.slow
def test_the_state_of_another_basis_is_refused() -> None:
    state = layer().state_dict()
    others = [
        Invariants(basis_of("optimal_l3_n4"), torch.float64, target="torch"),
        # The same invariants of components in another convention: the weights would see other numbers.
        Invariants(basis_of("optimal_l2_n4").with_convention("e3nn"), torch.float64, target="torch"),
    ]
    for other in others:
        with pytest.raises(InputError, match=r"saved with basis .*, this layer has .*; build the layer"):
            other.load_state_dict(state)
    same = Invariants(generate(TensorSpace("0e + 1o + 2e"), 4), torch.float32, layout="plain", target="torch")
    same.load_state_dict(state)


@pytest.mark.parametrize("state", [None, 3, "id", {}, {"basis_id": 3}])
def test_a_damaged_state_is_refused(state: object) -> None:
    with pytest.raises(InputError, match="the state was saved with"):
        layer().set_extra_state(state)


def test_a_wrong_dtype_is_named_with_the_conversion() -> None:
    module = layer(dtype=torch.float32).double()
    with pytest.raises(InputError, match=r"takes torch\.float32, got torch\.float64 for x: pass x\.float\(\)"):
        module(torch.zeros(9, 1, dtype=torch.float64))


@pytest.mark.parametrize("target", ["c", "torch"])
def test_bfloat16_from_autocast_is_one_sentence(target: str) -> None:
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), layer(target=target, dtype=torch.float32))
    x = torch.randn(4, 9, 2)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        with pytest.raises(
            InputError, match=r"takes torch\.float32, got torch\.bfloat16 for x from torch\.autocast: pass x\.float\(\)"
        ) as caught:
            model(x)
        assert "\n" not in str(caught.value)
        assert model[1](model[0](x).float()).dtype == torch.float32


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"target": "fortran"}, "target must be one of"),
        ({"layout": "rows"}, "layout must be one of"),
        ({"dtype": torch.float16}, "dtype must be"),
    ],
)
def test_what_cannot_be_built_is_refused(arguments: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        Invariants(basis_of("optimal_l2_n4"), **arguments)  # type: ignore[arg-type]


class Forces(torch.nn.Module):
    """Energies of small clouds of points from the invariants of their moments; forces are minus its gradient."""

    def __init__(self, target: str) -> None:
        super().__init__()
        self.invariants = Invariants(basis_of("hiphop_l3_n4"), torch.float64, target=target)
        self.radial = torch.nn.Linear(3, 4, dtype=torch.float64)
        self.out = torch.nn.Sequential(
            torch.nn.Linear(13 * 4, 8, dtype=torch.float64), torch.nn.Tanh(), torch.nn.Linear(8, 1, dtype=torch.float64)
        )

    def forward(self, positions: torch.Tensor) -> torch.Tensor:
        r = positions.norm(dim=-1, keepdim=True)
        unit = positions / r
        x, y, z = unit.unbind(-1)
        third = torch.full_like(x, 1 / 3)
        q = [x * x - third, x * y, x * z, y * y - third, y * z]
        t = [x**3 - 0.6 * x, x * x * y - y / 5, x * x * z - z / 5, x * y * y - x / 5, x * y * z]
        t += [y**3 - 0.6 * y, y * y * z - z / 5]
        angular = torch.stack([torch.ones_like(x), x, y, z, *q, *t], -1)
        weights = self.radial(torch.cat([torch.exp(-r), torch.exp(-2 * r), torch.exp(-(r**2))], -1))
        moments = torch.einsum("sjc,sjf->scf", angular, weights)
        return self.out(self.invariants(moments).flatten(1)).squeeze(-1)

    def forces(self, positions: torch.Tensor) -> torch.Tensor:
        (gradient,) = torch.autograd.grad(self(positions).sum(), positions, create_graph=True)
        return -gradient


def fit(target: str, steps: int = 30) -> tuple[list[float], Forces, torch.Tensor]:
    torch.manual_seed(0)
    model = Forces(target)
    positions = torch.randn(16, 5, 3, dtype=torch.float64) + 0.3
    positions = positions.requires_grad_()
    # Forces of a pair potential between the points and the origin, and among neighbours: any smooth target does.
    energy = (
        torch.exp(-positions.norm(dim=-1)).sum() + torch.exp(-(positions - positions.roll(1, 1)).norm(dim=-1)).sum()
    )
    wanted = -torch.autograd.grad(energy, positions)[0]
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-2)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = ((model.forces(positions) - wanted) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, model, positions


@pytest.mark.slow
def test_training_on_forces_lowers_the_loss_and_repeats_itself() -> None:
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        losses, model, positions = fit("c")
        again, _, _ = fit("c")
    finally:
        torch.set_num_threads(before)
    assert losses[-1] < 0.5 * losses[0]
    assert losses == again
    # The trained forces turn with the points: they are gradients of an invariant energy.
    import numpy as np

    from invgen.testing import random_rotation

    turn = torch.tensor(random_rotation(np.random.default_rng(1), reflect=True))
    turned = (positions.detach() @ turn.T).requires_grad_()
    torch.testing.assert_close(model.forces(turned), model.forces(positions) @ turn.T, rtol=1e-9, atol=1e-10)


@pytest.mark.slow
def test_both_targets_train_alike() -> None:
    compiled, plain = fit("c", 5)[0], fit("torch", 5)[0]
    # The same arithmetic up to rounding, five steps of Adam long.
    assert compiled == pytest.approx(plain, rel=1e-8)


@pytest.mark.gpu
def test_the_torch_target_follows_its_input_to_the_gpu() -> None:
    module = layer("hiphop_l3_n4", "torch")
    (x,) = tensors(draw(module.basis, (300,), 5)[:1], torch.float64)
    on_cpu = x.clone().requires_grad_()
    on_gpu = x.cuda().requires_grad_()
    for tensor in (on_cpu, on_gpu):
        (first,) = torch.autograd.grad((module(tensor) ** 2).sum(), tensor, create_graph=True)
        (first**2).sum().backward()
    assert on_cpu.grad is not None and on_gpu.grad is not None
    torch.testing.assert_close(on_gpu.grad.cpu(), on_cpu.grad, rtol=1e-10, atol=1e-10 * on_cpu.grad.abs().max().item())
    with pytest.raises(InputError, match=r"target 'c', which runs on the CPU"):
        layer("hiphop_l3_n4", "c")(x.cuda())
