"""Operators that C++ registers are those that Python registers, by name, number and derivative."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck
from torch.library import opcheck

from invgen.cli import main
from invgen.errors import CompilerError, InputError
from invgen.runtime import Kernel, build, load_package
from invgen.runtime.build import registration
from invgen.runtime.build.cache import cache_key
from invgen.runtime.build.compilers import find_compiler
from invgen.runtime.build.registration import find_registration
from invgen.runtime.operators import NAMESPACE, operator_name
from tests.support.handwritten import make_spec

TORCH = Path(torch.__file__).parent


def random(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)), dtype=torch.float64)


@pytest.fixture(scope="module")
def kernel() -> Kernel:
    # A name of its own: the first kernel of a spec decides who registers its operators.
    return build(make_spec(name="by_cpp"), registration="c++")


def operator(kernel: Kernel, function: str) -> Any:
    return getattr(getattr(torch.ops, NAMESPACE), operator_name(kernel.spec, function)).default


def test_operators_from_cpp_obey_the_rules_of_torch_library(kernel: Kernel) -> None:
    x, ybar, u = random(4, 3, 2), random(4, 2, 2), random(5, 3, 2)[:4]
    for tensor in (x, ybar, u):
        tensor.requires_grad_()
    opcheck(operator(kernel, "value"), (x,))
    opcheck(operator(kernel, "vjp"), (x, ybar))
    opcheck(operator(kernel, "jvp"), (x, u))
    # With inputs that require gradients the check would differentiate a third time.
    opcheck(operator(kernel, "vjp_of_vjp"), (x.detach(), ybar.detach(), u.detach()))


@pytest.mark.parametrize("shape", [(3, 1), (5, 3, 2), (2, 4, 3, 17), (0, 3, 2), (4, 3, 0)])
def test_operators_from_cpp_give_the_bits_of_those_from_python(kernel: Kernel, shape: tuple[int, ...]) -> None:
    python = build(make_spec(name="by_python"))
    x, u = random(*shape), random(*shape) + 1
    ybar = random(*shape[:-2], 2, shape[-1])
    arguments = {"value": (x,), "vjp": (x, ybar), "jvp": (x, u), "vjp_of_vjp": (x, ybar, u)}
    for function, given in arguments.items():
        ours, theirs = operator(kernel, function)(*given), operator(python, function)(*given)
        for one, other in zip(*((each if isinstance(each, tuple) else (each,)) for each in (ours, theirs))):
            assert torch.equal(one, other) and one.stride() == other.stride(), function


def test_strided_inputs_are_copied_by_cpp_as_well(kernel: Kernel) -> None:
    x = random(3, 3, 2).transpose(0, 1)
    assert torch.equal(operator(kernel, "value")(x), operator(kernel, "value")(x.contiguous()))


def test_a_kernel_with_operators_from_cpp_is_differentiable_twice(kernel: Kernel) -> None:
    x = random(2, 3, 2).requires_grad_()
    assert gradcheck(kernel, (x,), check_forward_ad=True, check_batched_grad=True)
    assert gradgradcheck(kernel, (x,))
    torch.testing.assert_close(torch.compile(kernel, fullgraph=True)(x), kernel(x), rtol=0, atol=0)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (random(4, 3, 2).float(), "takes double tensors, and x has another dtype"),
        (random(4, 4, 2), r"takes x of shape \(\.\.\., 3, channel\).*got \(4, 4, 2\)"),
        (random(3), r"got \(3\)"),
    ],
)
def test_operators_from_cpp_refuse_what_they_cannot_take(kernel: Kernel, given: torch.Tensor, sentence: str) -> None:
    with pytest.raises(RuntimeError, match=sentence):
        operator(kernel, "value")(given)
    with pytest.raises(RuntimeError, match="takes ybar of shape"):
        operator(kernel, "vjp")(random(4, 3, 2), random(4, 3, 2))


def test_who_registers_is_asked_for_in_time_and_by_name() -> None:
    spec = make_spec(name="python_first")
    build(spec)
    with pytest.raises(InputError, match=r"registered in this process already: ask for .*before the kernel is first"):
        build(spec, registration="c++")
    with pytest.raises(InputError, match="registration must be one of 'python', 'c\\+\\+', got 'rust'"):
        build(spec, registration="rust")
    with pytest.raises(InputError, match='is for target "c" alone'):
        build(make_spec(target="torch"), registration="c++")


def test_asking_twice_for_cpp_gives_the_same_operators(kernel: Kernel) -> None:
    again = build(kernel.spec, "plain", registration="c++")
    assert torch.equal(again(random(5, 3)), kernel(random(5, 3).unsqueeze(-1)).squeeze(-1))


def test_a_library_with_operators_is_another_entry_of_the_cache() -> None:
    spec, compiler = make_spec(), find_compiler()
    assert cache_key(spec, compiler) != cache_key(spec, compiler, find_registration())


def test_a_missing_cpp_compiler_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    registration._registration.cache_clear()
    with pytest.raises(CompilerError, match=r"no C\+\+ compiler was found.*registration=\"python\""):
        find_registration()


def test_python_uses_operators_of_a_library_that_was_loaded_first(kernel: Kernel, tmp_path: Path) -> None:
    library = build(make_spec(name="by_cpp"), registration="c++").write_operators(tmp_path / "operators.so")
    program = textwrap.dedent("""
        import sys
        import torch
        from tests.support.handwritten import make_spec
        from invgen.runtime import build
        torch.ops.load_library(sys.argv[1])
        kernel = build(make_spec(name="by_cpp"))
        x = torch.ones(2, 3, 1, dtype=torch.float64, requires_grad=True)
        assert kernel(x).sum().item() == 8
        kernel(x).sum().backward()
        assert x.grad.tolist() == [[[3.0]] * 3] * 2
    """)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", program, str(library)], env=environment, check=True, timeout=120)


def test_a_library_that_cannot_be_written_is_one_sentence(kernel: Kernel, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"the folder .*missing does not exist; create it first"):
        kernel.write_operators(tmp_path / "missing" / "operators.so")
    with pytest.raises(InputError, match='for target "c" alone'):
        build(make_spec(target="torch")).write_operators(tmp_path / "operators.so")


@pytest.mark.slow
def test_an_exported_model_with_forces_runs_without_python(tmp_path: Path, repository: Path) -> None:
    example = repository / "examples" / "without_python"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(repository), str(repository / "generated")])}
    subprocess.run(
        [sys.executable, str(example / "export.py"), str(tmp_path)], env=environment, check=True, timeout=300
    )
    command = ["c++", "-std=c++20", "-O0", str(example / "run.cpp"), "-o", str(tmp_path / "run")]
    command += [f"-I{TORCH / 'include'}", f"-I{TORCH / 'include/torch/csrc/api/include'}", f"-L{TORCH / 'lib'}"]
    command += [f"-Wl,-rpath,{TORCH / 'lib'}", "-ltorch", "-ltorch_cpu", "-lc10", "-ldl"]
    subprocess.run(command, check=True, timeout=300)
    # No Python of any kind: the program has nothing but torch's libraries and the file of operators.
    done = subprocess.run([str(tmp_path / "run"), str(tmp_path)], capture_output=True, text=True, env={}, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("231 numbers")


def test_the_command_line_writes_the_library_of_a_package(
    tmp_path: Path, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package, library = repository / "generated" / "optimal_l2_n4", tmp_path / "operators.so"
    assert main(["library", str(package), "-o", str(library)]) == 0
    assert capsys.readouterr().out == f"{library}: operators of optimal_l2_n4, float32\n"
    torch.ops.load_library(str(library))
    spec = load_package(package).spec("float32", "c")
    x = random(2, 9, 3).float()
    value = getattr(getattr(torch.ops, NAMESPACE), operator_name(spec, "value"))(x)
    # Built under a name of its own: the process may hold a kernel of the package that was built with other flags.
    assert torch.equal(value, build(replace(spec, name="built_here")).value(x))
    assert main(["library", str(package), "-o", str(library), "--dtype", "float16"]) == 2
    assert (
        "kernel package 'optimal_l2_n4' has no dtype 'float16': use 'float32' or 'float64'" in capsys.readouterr().err
    )
