"""Emitted PyTorch against the interpreter."""

from __future__ import annotations

import numpy as np
import pytest

from invgen.emit import pytorch
from invgen.passes.programs import kernel_programs
from tests.support.emitted_c import HEADER, awkward_program, expected
from tests.support.structured_hiphop import hiphop_program

torch = pytest.importorskip("torch")

NAMES = ["value", "vjp", "value_and_vjp", "jvp", "vjp_of_vjp"]


@pytest.fixture(scope="module")
def cases():
    found = {}
    for name, program in (("hiphop", hiphop_program()), ("awkward", awkward_program())):
        programs = kernel_programs(program)
        text = pytorch.render(programs, HEADER)
        module: dict[str, object] = {}
        exec(compile(text, name, "exec"), module)
        found[name] = (programs, module, text)
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("case", ["hiphop", "awkward"])
def test_torch_equals_the_interpreter(cases, case, name):
    programs, module, _ = cases[case]
    program = getattr(programs, name)
    rng = np.random.default_rng(4)
    arrays = {vector: rng.standard_normal((6, size, 3)) for vector, size in program.inputs}
    results = module[name](*(torch.from_numpy(array) for array in arrays.values()))
    results = results if isinstance(results, tuple) else (results,)
    wanted = expected(program, arrays)
    assert len(results) == len(wanted)
    for result, values in zip(results, wanted.values()):
        # The same operations in the same order in the same precision.
        np.testing.assert_array_equal(result.numpy(), values)


@pytest.mark.parametrize("shape", [(), (0,), (2, 3)])
def test_leading_dimensions_are_free(cases, shape):
    programs, module, _ = cases["hiphop"]
    for name in NAMES:
        program = getattr(programs, name)
        inputs = [torch.randn(*shape, size, 5, dtype=torch.float32) for _, size in program.inputs]
        results = module[name](*inputs)
        results = results if isinstance(results, tuple) else (results,)
        for result, (_, ids) in zip(results, program.outputs):
            assert result.shape == (*shape, len(ids), 5)
            assert result.dtype == torch.float32


def test_autograd_through_value_agrees_with_vjp(cases):
    _, module, _ = cases["hiphop"]
    x = torch.randn(4, 16, 2, dtype=torch.float64, requires_grad=True)
    ybar = torch.randn(4, 13, 2, dtype=torch.float64)
    (grad,) = torch.autograd.grad(module["value"](x), x, ybar)
    # Two orders of the same sums of order 1e2 in float64.
    torch.testing.assert_close(module["vjp"](x, ybar), grad, rtol=1e-10, atol=1e-11)


def test_text_is_ascii_and_imports_torch_alone(cases):
    text = cases["hiphop"][2]
    assert text.isascii()
    assert [line for line in text.splitlines() if "import" in line] == ["import torch"]
