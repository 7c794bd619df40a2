"""NVRTC without a GPU, and what machine code says about registers, spills and occupancy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from invgen.errors import BasisFileError, CompilerError
from invgen.runtime import build_count, build_report, load_package
from invgen.runtime.build import nvrtc
from invgen.runtime.build.cubin import files_of, join, names_of, occupancy, reports
from invgen.runtime.build.nvrtc import Nvrtc, find_nvrtc
from invgen.runtime.gpu.loading import machine_code
from invgen.runtime.gpu.plan import launch_plans
from tests.support.paths import GENERATED

# One kernel that fits registers, and one whose thousand values do not: they are all needed twice.
SIMPLE = 'extern "C" __global__ void simple(float *y) { y[threadIdx.x] *= 2; }\n'
LARGE = """\
extern "C" __global__ void __launch_bounds__(1024) large(float *y)
{
    __shared__ float s[256];
    float v[300];
#pragma unroll
    for (int i = 0; i < 300; ++i) v[i] = y[i * 1000 + threadIdx.x];
    s[threadIdx.x & 255] = v[0];
    __syncthreads();
#pragma unroll
    for (int i = 0; i < 300; ++i) y[i * 1000 + threadIdx.x] = v[299 - i] * v[i] + s[i & 255];
}
"""


def test_versions_that_compile_one_kernel_after_the_other_need_the_same_registers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    threads = {"simple": 128, "large": 1024}
    together = find_nvrtc().compile(SIMPLE + LARGE, "sm_90")
    assert find_nvrtc().compile(SIMPLE + LARGE, "sm_90").cubin == together.cubin
    monkeypatch.setattr(nvrtc, "SIDE_BY_SIDE", "--no-such-option")
    alone = find_nvrtc().compile(SIMPLE + LARGE, "sm_90")
    found = [reports(made.cubin, made.log, "sm_90", threads) for made in (together, alone)]
    assert found[0] == found[1]


def test_registers_frames_and_spills_are_those_that_ptxas_says() -> None:
    found = find_nvrtc()
    for architecture in ("sm_75", "sm_80", "sm_90", "sm_120"):
        made = found.compile(SIMPLE + LARGE, architecture)
        simple, large = reports(made.cubin, made.log, architecture, {"simple": 128, "large": 1024})
        said = re.findall(r"Used (\d+) registers", made.log)
        assert sorted([simple.registers, large.registers]) == sorted(map(int, said))
        assert (simple.frame, simple.spill_stores, simple.spill_loads, simple.shared > 1024) == (0, 0, 0, False)
        # Blocks of 1024 threads leave 64 registers to a thread: most of 300 values go to the stack and come back.
        assert large.registers <= 64 and large.frame > 400
        assert large.spill_stores > 400 and large.spill_loads > 400
        assert large.shared == 1024
        assert large.instructions > simple.instructions > 4


def test_occupancy_is_what_registers_shared_memory_and_blocks_leave() -> None:
    assert occupancy("sm_90", 128, 32, 0) == 1.0
    # 72 registers are 2304 a warp, so 28 warps and 7 blocks of 4 of 64 warps.
    assert occupancy("sm_90", 128, 72, 0) == 28 / 64
    assert occupancy("sm_90", 128, 255, 0) == 8 / 64
    # 228 KiB hold five blocks of 39 KiB and one of the system's each.
    assert occupancy("sm_90", 128, 32, 39 * 1024) == 20 / 64
    assert occupancy("sm_75", 128, 32, 16 * 1024) == 16 / 32
    # At most 32 blocks.
    assert occupancy("sm_90", 32, 16, 0) == 0.5
    assert occupancy("sm_89", 128, 40, 0) == 1.0


def test_an_unknown_architecture_is_answered_with_the_known_ones() -> None:
    with pytest.raises(CompilerError, match=r"no architecture 'sm_35': it knows sm_.*sm_90.*install"):
        find_nvrtc().compile(SIMPLE, "sm_35")
    with pytest.raises(CompilerError, match="no architecture 'compute_90'"):
        find_nvrtc().compile(SIMPLE, "compute_90")


def test_a_refused_source_is_one_sentence_with_the_complaint() -> None:
    with pytest.raises(CompilerError, match=r"refused the source \(kernels.cu\(1\): error: .*undefined") as caught:
        find_nvrtc().compile('extern "C" __global__ void k(float *y) { y[0] = missing; }\n', "sm_90")
    assert "\n" not in str(caught.value)


def test_a_library_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "libnvrtc.so").write_text("no library\n")
    with pytest.raises(CompilerError, match=r"NVRTC cannot be loaded .*pip install nvidia-cuda-nvrtc"):
        Nvrtc(str(tmp_path / "libnvrtc.so"))


@pytest.mark.parametrize("damage", [b"", b"\x7fELF\x02 and no more", b"no ELF at all" * 20])
def test_damaged_machine_code_is_one_sentence(damage: bytes) -> None:
    with pytest.raises(CompilerError, match=r"is damaged .*remove it from the cache"):
        reports(damage, "", "sm_90", {"k": 128})


SECTIONS = "".join(
    f"#if !defined(INVGEN_APART) || defined(INVGEN_{name})\n{text}#endif /* INVGEN_{name} */\n"
    for name, text in (("a", SIMPLE), ("b", LARGE))
)


def test_sections_are_programs_of_their_own_and_need_what_the_whole_needs() -> None:
    found = find_nvrtc()
    apart = found.compile(SECTIONS, "sm_90")
    threads = {"large": 1024, "simple": 128}
    assert [names_of(file, list(threads)) for file in files_of(apart.cubin)] == [("simple",), ("large",)]
    whole = found.compile(SIMPLE + LARGE, "sm_90")
    assert reports(apart.cubin, apart.log, "sm_90", threads) == reports(whole.cubin, whole.log, "sm_90", threads)
    assert files_of(whole.cubin) == (whole.cubin,)


def test_a_refused_section_is_one_sentence() -> None:
    with pytest.raises(CompilerError, match=r"refused the source \(.*undefined"):
        find_nvrtc().compile(SECTIONS.replace("2;", "missing;"), "sm_90")


def test_joined_files_come_back_and_damage_is_told() -> None:
    files = (b"one", b"", b"three")
    assert files_of(join(files)) == files and join(files[:1]) == files[0]
    for damaged in (join(files)[:-1], join(files) + b"x", join(files)[:20]):
        with pytest.raises(CompilerError, match=r"machine code is damaged .*remove it from the cache"):
            files_of(damaged)


def test_a_missing_kernel_is_named() -> None:
    made = find_nvrtc().compile(SIMPLE, "sm_90")
    with pytest.raises(CompilerError, match="lacks the kernel other"):
        reports(made.cubin, made.log, "sm_90", {"other": 128})


def test_machine_code_is_compiled_once_for_each_architecture_and_then_found() -> None:
    spec = load_package(GENERATED / "optimal_l2_n4").spec("float64", "cuda")
    before = build_count()
    first = machine_code(spec, "sm_86")
    assert build_count() == before + 1
    assert machine_code(spec, "sm_86") == first
    assert build_report(spec, "sm_86")[0].architecture == "sm_86"
    assert build_count() == before + 1, "loading compiles nothing that the cache has"
    assert machine_code(spec, "sm_89").cubin != first.cubin
    assert build_count() == before + 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("{", "["), "damaged"),
        (('"function":"jvp"', '"function":"value"'), "lacks the function jvp"),
        (('"threads"', '"thread"'), "damaged"),
        (('"width"', '"x":1,"width"'), "damaged"),
    ],
)
def test_a_source_that_does_not_say_what_its_kernels_are_is_refused(change: tuple[str, str], said: str) -> None:
    source = load_package(GENERATED / "optimal_l2_n4").spec("float32", "cuda").source
    with pytest.raises(BasisFileError, match=f"kernel 'tiny'.*{said}"):
        launch_plans(source.replace(*change), "tiny")
