"""Emitted C, built with every warning an error, against the interpreter."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from invgen.emit import c
from invgen.emit.header import Header
from invgen.errors import InputError, InvgenError
from invgen.ir import Builder, Program
from invgen.passes.programs import KernelPrograms, kernel_programs
from invgen.passes.scratch_split import split_by_scratch
from invgen.runtime.build.compilers import compile_library, find_compiler, sections
from tests.support.emitted_c import HEADER, STRICT, awkward_program, call, draw, expected
from tests.support.paths import REPOSITORY
from tests.support.structured_hiphop import hiphop_program

FAST = "-march=native -fno-math-errno -fno-trapping-math -ffp-contract=fast -fopenmp -fPIC -shared".split()
COMPILERS = [name for name in ("gcc", "clang") if shutil.which(name)]
TYPES = {"float32": np.float32, "float64": np.float64}

pytestmark = pytest.mark.skipif(not COMPILERS, reason="no C compiler on this machine")


@pytest.fixture(scope="module")
def programs() -> dict[str, KernelPrograms]:
    return {"hiphop": kernel_programs(hiphop_program()), "awkward": kernel_programs(awkward_program())}


@pytest.fixture(scope="module")
def libraries(programs, tmp_path_factory) -> dict[tuple[str, str], ctypes.CDLL]:
    folder = tmp_path_factory.mktemp("kernels")
    return {
        (name, dtype): build(c.render(programs[name], dtype, HEADER), folder, f"{name}_{dtype}")
        for name, dtype in (("hiphop", "float32"), ("hiphop", "float64"), ("awkward", "float64"))
    }


def build(
    source: str, folder: Path, name: str, compiler: str = COMPILERS[0] if COMPILERS else "", level: str = "-O0"
) -> ctypes.CDLL:
    """A library of the source; what it computes is seen as well without optimisation, in a sixth of the time."""
    (folder / f"{name}.c").write_text(source, encoding="ascii")
    command = [compiler, *STRICT, level, *FAST, f"{name}.c", "-o", f"{name}.so"]
    subprocess.run(command, cwd=folder, check=True)
    return ctypes.CDLL(str(folder / f"{name}.so"))


@pytest.mark.parametrize("name", ["value", "vjp", "value_and_vjp", "jvp", "vjp_of_vjp"])
@pytest.mark.parametrize("case", ["hiphop", "awkward"])
def test_float64_equals_the_interpreter_for_all_shapes(libraries, programs, case, name):
    program = getattr(programs[case], name)
    for channels in (1, 3, 7, 8, 16, 64, 65, 128):
        for samples in (0, 1, 5, 1000 if channels < 64 else 120):
            arrays = draw(program, samples, channels, np.float64)
            wanted = expected(program, arrays)
            for threads in (1, 2, 3):
                found = call(libraries[case, "float64"], program, name, arrays, threads)
                for output, values in wanted.items():
                    # Both round each of a few hundred operations on numbers of order 1 to 1e3 once; fused ones differ.
                    np.testing.assert_allclose(found[output], values, rtol=1e-12, atol=1e-11)


@pytest.mark.slow
@pytest.mark.parametrize("most", [40, 300])
def test_functions_in_parts_equal_the_interpreter(programs, tmp_path, monkeypatch, most):
    monkeypatch.setattr(c, "PART_OPERATIONS", most)
    source = c.render(programs["hiphop"], "float64", HEADER)
    assert "vjp_of_vjp_part2" in source
    library = build(source, tmp_path, f"parts_{most}")
    for name, program in programs["hiphop"].items():
        for channels, samples, threads in ((64, 30, 3), (3, 500, 2), (9, 1, 1)):
            arrays = draw(program, samples, channels, np.float64)
            found = call(library, program, name, arrays, threads)
            for output, values in expected(program, arrays).items():
                # As for functions that are one piece.
                np.testing.assert_allclose(found[output], values, rtol=1e-12, atol=1e-11)


def dot_products() -> Program:
    """The dot products of three vectors: no value is used twice, so parts may hand nothing on."""
    b = Builder()
    x = b.input("x", 9)
    b.output("y", [b.dot(x[3 * i : 3 * i + 3], x[3 * j : 3 * j + 3]) for i in range(3) for j in range(i, 3)])
    return b.build()


# Operations of a part, and which of the five functions then are in parts, and which of these hand values on. Parts are
# made before a dtype is written: all dtypes, in the smallest parts.
@pytest.mark.parametrize(
    ("most", "parted", "scratch", "dtype", "accumulate"),
    [
        *((8, "11111", "00011", *types) for types in (("float32", ""), ("float64", ""), ("float32", "float64"))),
        (10, "11111", "00000", "float64", ""),
        (50, "00111", "00000", "float64", ""),
    ],
)
def test_parts_that_hand_nothing_on_equal_the_interpreter(
    tmp_path, monkeypatch, most, parted, scratch, dtype, accumulate
):
    monkeypatch.setattr(c, "PART_OPERATIONS", most)
    programs = kernel_programs(dot_products())
    found = [split_by_scratch(program, most) for _, program in programs.items()]
    assert "".join(str(int(len(each.parts) > 1)) for each in found) == parted
    assert "".join(str(int(each.scratch > 0)) for each in found) == scratch
    source = c.render(programs, dtype, HEADER, accumulate)
    (tmp_path / "apart.c").write_text(source, encoding="ascii")
    compile_library(find_compiler(), tmp_path / "apart.c", tmp_path / "apart.so", tmp_path / "log.txt")
    # Together with every warning an error, and apart as the runtime does it.
    for library in (build(source, tmp_path, "together"), ctypes.CDLL(str(tmp_path / "apart.so"))):
        for name, program in programs.items():
            for channels in (1, 67):
                arrays = draw(program, 20, channels, TYPES[dtype])
                results = call(library, program, name, arrays, 2)
                for output, values in expected(program, arrays).items():
                    # A few roundings of a few products of order 1 to 10; of one rounding where it is computed wider.
                    rounding = 2e-15 if dtype == "float64" else 1e-7 if accumulate else 2e-6
                    np.testing.assert_allclose(results[output], values, rtol=rounding, atol=20 * rounding)


@pytest.mark.slow
def test_sections_compiled_apart_are_the_same_functions(programs, tmp_path, monkeypatch, optimised):
    monkeypatch.setattr(c, "PART_OPERATIONS", 40)
    source = c.render(programs["hiphop"], "float64", HEADER)
    (tmp_path / "apart.c").write_text(source, encoding="ascii")
    found = sections(source)
    assert found[0] == "value_1" and found[-1] == "vjp_of_vjp" and "vjp_of_vjp_2" in found
    compile_library(find_compiler(), tmp_path / "apart.c", tmp_path / "apart.so", tmp_path / "log.txt")
    log = (tmp_path / "log.txt").read_text()
    assert [log.count(f"-DINVGEN_{section} ") for section in found] == [1] * len(found)
    apart, together = ctypes.CDLL(str(tmp_path / "apart.so")), build(source, tmp_path, "together")
    for name, program in programs["hiphop"].items():
        arrays = draw(program, 20, 64, np.float64)
        one, other = (call(library, program, name, arrays, 2) for library in (apart, together))
        for output, values in expected(program, arrays).items():
            # As for functions that are one piece; the compiler may fuse other pairs where it sees less at a time.
            np.testing.assert_allclose(one[output], values, rtol=1e-12, atol=1e-11)
            np.testing.assert_allclose(other[output], values, rtol=1e-12, atol=1e-11)


def test_a_source_in_one_piece_has_no_sections(programs):
    assert sections(c.render(programs["hiphop"], "float32", HEADER)) == ()


@pytest.mark.parametrize("name", ["value", "vjp", "value_and_vjp", "jvp", "vjp_of_vjp"])
def test_float32_equals_the_interpreter(libraries, programs, name):
    program = getattr(programs["hiphop"], name)
    for samples, channels in ((1000, 1), (40, 64), (9, 37)):
        arrays = draw(program, samples, channels, np.float32)
        found = call(libraries["hiphop", "float32"], program, name, arrays, 2)
        for output, values in expected(program, arrays).items():
            # 2^-24 times a few units times the largest partial sums of a sample set with |x| up to 4.
            np.testing.assert_allclose(found[output], values, rtol=1e-4, atol=3e-6 * np.abs(values).max())


@pytest.mark.parametrize("channels", [1, 3, 64, 65])
def test_nan_and_infinity_stay_in_their_lane(libraries, programs, channels):
    program = programs["hiphop"].vjp
    arrays = draw(program, 33, channels, np.float64)
    clean = call(libraries["hiphop", "float64"], program, "vjp", arrays, 1)["xbar"]
    arrays["x"][7, 2, 0] = np.nan
    arrays["x"][32, 5, channels - 1] = np.inf
    dirty = call(libraries["hiphop", "float64"], program, "vjp", arrays, 1)["xbar"]
    touched = np.zeros((33, channels), bool)
    touched[7, 0] = touched[32, channels - 1] = True
    assert np.isnan(dirty[7, :, 0]).any() and not np.isfinite(dirty[32, :, channels - 1]).all()
    lanes, before = np.moveaxis(dirty, 1, 2), np.moveaxis(clean, 1, 2)
    assert (lanes[~touched] == before[~touched]).all()


@pytest.mark.xdist_group("threads")
def test_results_do_not_depend_on_the_number_of_threads(libraries, programs):
    program = programs["hiphop"].vjp_of_vjp
    for channels in (1, 24):
        arrays = draw(program, 500, channels, np.float64)
        runs = [call(libraries["hiphop", "float64"], program, "vjp_of_vjp", arrays, threads) for threads in (1, 2, 5)]
        for run in runs[1:]:
            assert all((run[output] == runs[0][output]).all() for output in run)


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("dtype", ["float32", pytest.param("float64", marks=pytest.mark.slow)])
def test_source_is_clean_under_every_warning(programs, tmp_path, compiler, dtype):
    # -O3 is what kernels are built with, and where gcc follows values far enough to doubt them.
    build(c.render(programs["awkward"], dtype, HEADER), tmp_path, "clean", compiler, "-O3")
    (tmp_path / "serial.c").write_text(c.render(programs["awkward"], dtype, HEADER), encoding="ascii")
    # Without OpenMP the pragmas are ignored and nothing else is needed.
    subprocess.run([compiler, *STRICT, "-Wno-unknown-pragmas", "-c", "serial.c"], cwd=tmp_path, check=True)


def test_bytes_do_not_depend_on_the_hash_seed(programs):
    code = (
        "import sys; from tests.support.structured_hiphop import hiphop_program; from invgen.emit import c, pytorch; "
        "from invgen.emit.header import Header; from invgen.passes.programs import kernel_programs; "
        "p = kernel_programs(hiphop_program()); h = Header('hiphop', '0' * 64, 'hippynn', 1); "
        "sys.stdout.write(c.render(p, 'float32', h) + pytorch.render(p, h))"
    )
    texts = []
    for seed in ("0", "1"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        environment["PYTHONPATH"] = str(REPOSITORY)
        run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
        texts.append(run.stdout)
    assert texts[0] == texts[1]
    assert texts[0].decode("ascii").startswith(c.render(programs["hiphop"], "float32", HEADER))


def test_other_dtypes_and_names_are_refused(programs):
    with pytest.raises(InputError, match="float32"):
        c.render(programs["awkward"], "bfloat16", HEADER)
    with pytest.raises(InvgenError, match="ASCII"):
        c.render(programs["awkward"], "float32", Header("naïve", "0" * 64, "hippynn", 1))
