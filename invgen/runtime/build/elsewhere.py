"""Kernels that another machine compiled: what a machine without a compiler finds in the caches that it can read.

The key of a cache entry holds the compiler, so no key can be computed without one. Entries of the same source are
looked for instead. Those are used that were made for a processor with nothing that this one lacks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import torch

from invgen.errors import CompilerError
from invgen.runtime.build.cache import LIBRARY, META, cache_folder, intact, search_folders, shared_library
from invgen.runtime.build.compilers import find_compiler, linux_features, system
from invgen.runtime.build.registration import find_registration, registration_text
from invgen.runtime.spec import KernelSpec

Meta = Mapping[str, Any]

# Fields of `linux_features` that list what programs may use.
_INSTRUCTIONS: Final = ("flags", "Features", "isa")
# What Linux lists among the flags of x86 and no compiled code depends on: virtual machines, power, clocks, caches,
# performance counters, protection of the kernel. A flag that is not here counts as an instruction set.
_NOT_INSTRUCTIONS: Final = frozenset(
    """
    fpu vme de pse msr pae mce apic sep mtrr pge mca pat pse36 dts acpi ht tm pbe syscall nx pdpe1gb ss arch_perfmon
    pebs bts rep_good nopl xtopology cpuid aperfmperf extd_apicid amd_dcm acc_power art constant_tsc nonstop_tsc tsc
    nonstop_tsc_s3 tsc_reliable tsc_known_freq tsc_adjust tsc_deadline_timer tsc_scale hypervisor vmmcall vmx
    svm smx est tm2 cid xtpr pdcm pcid dca x2apic dtes64 ds_cpl sdbg monitor cmp_legacy extapic cr8_legacy osvw ibs
    skinit wdt tce topoext perfctr_core perfctr_nb perfctr_llc bpext ptsc nodeid_msr cpb ring3mwait cpuid_fault epb
    cat_l3 cat_l2 cdp_l3 cdp_l2 hw_pstate proc_feedback mba ssbd rsb_ctxsw ibrs ibpb stibp ibrs_enhanced pti kaiser
    retpoline retpoline_amd intel_ppin amd_ppin intel_stibp spec_ctrl tpr_shadow vnmi flexpriority ept vpid ept_ad smep
    smap erms fsrm invpcid cqm rdt_a intel_pt cqm_llc cqm_occup_llc cqm_mbm_total cqm_mbm_local split_lock_detect
    bus_lock_detect dtherm ida arat pln pts hwp hwp_notify hwp_act_window hwp_epp hwp_pkg_req hfi npt lbrv svm_lock
    nrip_save vmcb_clean flushbyasid decodeassists pausefilter pfthreshold avic v_vmsave_vmload vgif x2avic v_spec_ctrl
    v_tsc_aux vnmi umip overflow_recov succor smca md_clear srbds_ctrl flush_l1d arch_capabilities arch_lbr pconfig
    tsx_force_abort rtm_always_abort la57 lam sme sev sev_es sev_snp debug_swap amd_lbr_v2 amd_lbr_pmc_freeze
    perfmon_v2 irperf xsaveerptr fb_clear user_shstk ibt
    """.split()
)


class FoundLibrary(NamedTuple):
    """A library in a cache, made elsewhere of the same source.

    Attributes:
        library: where it is.
        lacking: what its processor had and this one lacks, in words; empty if it runs here.
    """

    library: Path
    lacking: tuple[str, ...]


def c_library(spec: KernelSpec, by_cpp: bool = False, prebuilt: Path | None = None) -> Path:
    """The library of a C kernel: compiled here or found in a cache, and without a compiler one that was made before.

    Args:
        spec: the kernel.
        by_cpp: whether the library registers its operators.
        prebuilt: a library of the same kernel that this processor runs; used first where there is no compiler.

    Raises:
        CompilerError: if there is no compiler and no library, or the compiler refuses the source.
        CacheError: if the kernel cache cannot be used.
    """
    try:
        compiler, registration = find_compiler(), find_registration() if by_cpp else None
    except CompilerError as error:
        if prebuilt is not None and not by_cpp:
            return prebuilt
        return _found(spec, error, _c_libraries(spec, by_cpp))
    return shared_library(spec, compiler, registration).library


def gpu_library(spec: KernelSpec, name: str, architecture: str, error: CompilerError) -> Path:
    """Machine code of a GPU kernel that NVRTC made elsewhere, in a cache, for where there is no NVRTC.

    Args:
        spec: the kernel.
        name: of the file.
        architecture: of the GPU.
        error: what was raised where NVRTC was looked for.

    Raises:
        CompilerError: there is none: the error that was given, and the places that were searched.
    """

    def lacking(meta: Meta) -> tuple[str, ...] | None:
        made_for = meta.get("architecture")
        return None if not isinstance(made_for, str) else () if made_for == architecture else (made_for,)

    return _found(spec, error, _entries(spec, name, lacking))


def count_cached() -> tuple[int, int]:
    """How many C kernels the caches hold, and how many of them were made for processors like this one."""
    metas = [meta for _, meta in _metas("*") if "cpu" in meta]
    return len(metas), sum(_lacking(meta) == () for meta in metas)


def _c_libraries(spec: KernelSpec, by_cpp: bool) -> list[FoundLibrary]:
    def lacking(meta: Meta) -> tuple[str, ...] | None:
        made = meta.get("registration") or {}
        wanted = {"torch": torch.__version__, "source": _hash(registration_text())} if by_cpp else {}
        return _lacking(meta) if {name: made.get(name) for name in wanted or made} == wanted else None

    return _entries(spec, LIBRARY, lacking)


def _found(spec: KernelSpec, error: CompilerError, entries: list[FoundLibrary]) -> Path:
    for entry in entries:
        if not entry.lacking and intact(entry.library) is not None:
            return entry.library
    folders = ", ".join(map(str, (cache_folder(), *search_folders())))
    others = sorted({word for entry in entries for word in entry.lacking})
    why = f"; those of the same source are for processors with {', '.join(others)}" if others else ""
    raise CompilerError(
        f"{error}; kernel {spec.name!r} was looked for in {folders}, compiled before on a machine like this one, and "
        f"there is none{why}"
    ) from error


def _entries(spec: KernelSpec, name: str, lacking: Callable[[Meta], tuple[str, ...] | None]) -> list[FoundLibrary]:
    """The entries of a spec's source, in an order that no clock or file system has a part in."""
    source = _hash(spec.source)
    found: list[tuple[bool, int, int, Path, tuple[str, ...]]] = []
    for folder, meta in _metas(f"v{spec.codegen_version}"):
        if (meta.get("source"), meta.get("spec")) == (source, spec.key):
            missing = lacking(meta)
            if missing is not None:
                # Of several, first the ones for this very processor, then those that use most of it.
                same = meta.get("cpu") == linux_features()
                found.append((not same, -len(_words(str(meta.get("cpu", "")))), len(found), folder / name, missing))
    return [FoundLibrary(library, missing) for *_, library, missing in sorted(found)]


def _metas(version: str) -> Iterator[tuple[Path, Meta]]:
    for root in (cache_folder(), *search_folders()):
        for path in sorted(root.glob(f"{version}/*/*/{META}")):
            try:
                meta = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue
            if isinstance(meta, dict):
                yield path.parent, meta


def _lacking(meta: Meta) -> tuple[str, ...] | None:
    """What the processor of an entry had and this one lacks; None where that cannot be known."""
    recorded, here = meta.get("cpu"), linux_features()
    if meta.get("system") != system() or not isinstance(recorded, str) or not _words(recorded) or not here:
        return None
    return tuple(sorted(_words(recorded) - _words(here) - _NOT_INSTRUCTIONS))


def _words(features: str) -> frozenset[str]:
    fields = dict(field.split("=", 1) for field in features.split("; ") if "=" in field)
    return frozenset(word for name in _INSTRUCTIONS for word in fields.get(name, "").split())


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
