"""The emitted C on processors with other vectors: it computes the same, and vector instructions are what it becomes."""

from __future__ import annotations

import ctypes
import importlib.util
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from invgen.emit import c
from invgen.passes.programs import KernelPrograms, kernel_programs
from tests.support.emitted_c import HEADER, STRICT, call, draw, expected
from tests.support.structured_hiphop import hiphop_program

GCC = shutil.which("gcc") or shutil.which("clang")
X86 = platform.machine().lower() in ("x86_64", "amd64")
# Compiled for each processor: its options, and what a vector operation looks like in its assembly.
PROCESSORS = {
    "avx512": (["-mavx512f", "-mavx512vl", "-mfma"], r"\bv(add|mul|fmadd\d+)p[sd]\s.*%zmm", r"\bvpermt2p|\bvpermi2p"),
    "avx2": (["-mavx2", "-mfma"], r"\bv(add|mul|fmadd\d+)p[sd]\s.*%ymm", r"\bvunpck|\bvperm"),
    "sse2": (["-msse2"], r"\b(add|mul)p[sd]\s.*%xmm", r"\bunpck"),
}


@pytest.fixture(scope="module")
def programs() -> KernelPrograms:
    return kernel_programs(hiphop_program())


def processor_has(name: str) -> bool:
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("flags", 1)[1].split("\n", 1)[0].split()
    except (OSError, IndexError):
        return False
    return all(needed in flags for needed in {"avx512": ("avx512f", "avx512vl"), "avx2": ("avx2", "fma")}.get(name, ()))


def assembly(compiler: list[str], options: list[str], source: str, folder: Path) -> str:
    (folder / "kernel.c").write_text(source, encoding="ascii")
    command = [*compiler, "-std=c11", "-O2", "-Wno-unknown-pragmas", *options, "-S", "-o", "kernel.s", "kernel.c"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (folder / "kernel.s").read_text(encoding="utf-8")


@pytest.mark.skipif(not (X86 and GCC), reason="no gcc or clang for x86-64 on this machine")
@pytest.mark.parametrize("dtype", ["float32", pytest.param("float64", marks=pytest.mark.slow)])
@pytest.mark.parametrize("processor", PROCESSORS)
def test_every_x86_computes_in_its_widest_vectors(
    programs: KernelPrograms, tmp_path: Path, processor: str, dtype: str
) -> None:
    options, arithmetic, shuffles = PROCESSORS[processor]
    text = assembly([str(GCC)], options, c.render(programs, dtype, HEADER), tmp_path)
    # Of the operations of all five functions, fused ones count once; scalar ones are those of the loops around.
    assert len(re.findall(arithmetic, text)) > 0.4 * sum(program.operations for _, program in programs.items())
    # Two doubles a vector: 2 x 2 numbers are turned by two instructions, on the way in and on the way out.
    assert len(re.findall(shuffles, text)) >= 4
    scalar = re.findall(r"\bv?(?:add|mul|sub|fmadd\d+)s[sd]\s", text)
    assert len(scalar) < 20


@pytest.mark.slow
def test_neon_computes_in_vectors(programs: KernelPrograms, tmp_path: Path) -> None:
    compilers = [[name] for name in ("aarch64-linux-gnu-gcc",) if shutil.which(name)]
    if shutil.which("clang"):
        compilers.append(["clang", "--target=aarch64-linux-gnu", "-ffreestanding"])
    if importlib.util.find_spec("ziglang"):
        compilers.append([sys.executable, "-m", "ziglang", "cc", "-target", "aarch64-linux-gnu"])
    if not compilers:
        pytest.skip("no compiler for aarch64 here: install gcc-aarch64-linux-gnu, clang, or ziglang from PyPI")
    for compiler in compilers:
        for dtype, lanes in (("float32", "4s"), ("float64", "2d")):
            text = assembly(compiler, [], c.render(programs, dtype, HEADER), tmp_path)
            found = re.findall(rf"\bf(?:add|mul|mla|mls|sub)\s+v\d+\.{lanes}", text)
            # 64 bytes of lanes take four vectors in a loop: each operation is there once.
            assert len(found) > 0.4 * sum(program.operations for _, program in programs.items())
            assert len(re.findall(r"\bzip[12]\s+v", text)) >= 4


@pytest.mark.slow
@pytest.mark.skipif(GCC is None, reason="no gcc or clang on this machine")
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("processor", [*PROCESSORS, "without vectors"])
def test_every_width_of_vectors_computes_the_same(
    programs: KernelPrograms, tmp_path: Path, processor: str, dtype: str
) -> None:
    options = ["-DINVGEN_SCALAR"]
    if processor in PROCESSORS:
        options = PROCESSORS[processor][0]
        if not (X86 and processor_has(processor)):
            pytest.skip(f"this processor has no {processor}")
    source = c.render(programs, dtype, HEADER)
    (tmp_path / "kernel.c").write_text(source, encoding="ascii")
    command = [str(GCC), *STRICT, "-O1", *options, "-fopenmp", "-fPIC", "-shared", "kernel.c", "-o", "kernel.so"]
    subprocess.run(command, cwd=tmp_path, check=True)
    library = ctypes.CDLL(str(tmp_path / "kernel.so"))
    number = np.dtype(dtype).type
    for name in ("value", "vjp_of_vjp"):
        program = getattr(programs, name)
        # Samples of one channel by transposition, with and without a rest; pairs; blocks of channels with a rest.
        for samples, channels in ((1, 1), (32, 1), (201, 1), (37, 3), (3, 65)):
            arrays = draw(program, samples, channels, number)
            for threads in (1, 3):
                found = call(library, program, name, arrays, threads)
                for output, values in expected(program, arrays).items():
                    # A few hundred roundings of numbers of order 1 to 1e3.
                    relative = 1e-4 if number is np.float32 else 1e-12
                    scale = np.abs(values).max()
                    np.testing.assert_allclose(found[output], values, rtol=relative, atol=0.1 * relative * scale)


@pytest.mark.slow
def test_samples_of_one_channel_are_those_of_one_tile_at_a_time(programs: KernelPrograms, tmp_path: Path) -> None:
    # Whole tiles go through registers and the rest number by number: cut anywhere, the bits are the same.
    if GCC is None:
        pytest.skip("no gcc or clang on this machine")
    (tmp_path / "kernel.c").write_text(c.render(programs, "float32", HEADER), encoding="ascii")
    command = [GCC, "-std=c11", "-O2", "-fPIC", "-shared", "kernel.c", "-o", "kernel.so"]
    subprocess.run(command, cwd=tmp_path, check=True)
    library = ctypes.CDLL(str(tmp_path / "kernel.so"))
    arrays = draw(programs.vjp, 100, 1, np.float32)
    whole = call(library, programs.vjp, "vjp", arrays, 1)["xbar"]
    for begin, end in ((0, 17), (3, 99), (50, 83)):
        part = call(library, programs.vjp, "vjp", {name: a[begin:end] for name, a in arrays.items()}, 1)["xbar"]
        np.testing.assert_array_equal(part, whole[begin:end])
