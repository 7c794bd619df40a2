"""Where kernels run: a row for each target, from which every list of names and every sentence about targets is made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from invgen.checks import one_of
from invgen.errors import InputError


@dataclass(frozen=True)
class Target:
    """A language that kernels are emitted in, and what runs it.

    Attributes:
        name: what users and specs call it.
        place: where it runs, in words.
        device: the type of the torch devices of its tensors; empty where any device will do.
        dispatch_key: what its operators are registered for.
        suffix: how the names of its sources end.
        has_dtypes: whether a source is for one dtype, not for all.
        cpp: whether C++ can register its operators, and a library without Python can be written.
        tuned: whether it has several kernels for a function, which can be timed.
        reports: whether its compiler says what it made: registers, spills, occupancy.
        wider: what float32 kernels may accumulate in.
        built: whether the runtime builds it; of a target that it does not build there is the text alone.
    """

    name: str
    place: str
    device: str
    dispatch_key: str
    suffix: str
    has_dtypes: bool = True
    cpp: bool = False
    tuned: bool = False
    reports: bool = False
    wider: tuple[str, ...] = ()
    built: bool = True

    def source_file(self, dtype: str) -> str:
        """The name in a package of the source for a dtype."""
        return f"kernels_{dtype}{self.suffix}" if self.has_dtypes else f"reference{self.suffix}"

    def runs_on(self, device: str) -> bool:
        """Whether it takes tensors on devices of this type."""
        return self.device in ("", device)


_ROWS: Final = (
    Target("c", "the CPU", "cpu", "CPU", ".c", cpp=True, wider=("float64",)),
    Target("cuda", "NVIDIA GPUs", "cuda", "CUDA", ".cu", tuned=True, reports=True),
    Target("torch", "any device", "", "CompositeExplicitAutograd", ".py", has_dtypes=False),
    Target("hip", "AMD GPUs", "cuda", "CUDA", ".hip", built=False),
)
TARGETS: Final = tuple(row.name for row in _ROWS if row.built)
"""The names of all targets that kernels are built for."""

TEXTS: Final = tuple(row.name for row in _ROWS if not row.built)
"""The names of those that can be rendered and not built."""

_BY_NAME: Final = {row.name: row for row in _ROWS}


def check_target(name: str, what: str = "target") -> str:
    """The name of a target that kernels are built for.

    Args:
        name: what the caller passed.
        what: the words that the sentence begins with.

    Raises:
        InputError: if there is no such target, or it has a text and is not built.
    """
    if isinstance(name, str) and name in TEXTS:
        raise InputError(
            f"{what} must be one of {', '.join(map(repr, TARGETS))}, got {name!r}, which can be rendered and not "
            f'built: invgen.compiler.source(basis, target="{name}") gives the text of a kernel of invariants'
        )
    return one_of(what, name, TARGETS)


def target_named(name: str) -> Target:
    """The target of this name that kernels are built for.

    Raises:
        InputError: if there is none.
    """
    return _BY_NAME[check_target(name)]


def targets_with(quality: str) -> tuple[str, ...]:
    """The names of the targets for which an attribute of `Target` such as `"cpp"` holds."""
    return tuple(name for name in TARGETS if getattr(_BY_NAME[name], quality))


def targets_on(device: str) -> tuple[str, ...]:
    """The names of the targets that run on devices of a type, such as `"cpu"`; those for that type alone first."""
    return tuple(sorted((n for n in TARGETS if _BY_NAME[n].runs_on(device)), key=lambda n: not _BY_NAME[n].device))


def either(names: Iterable[object]) -> str:
    """The allowed names as a sentence says them: `'a' or 'b'`."""
    *first, last = map(repr, names)
    return f"{', '.join(first)} or {last}" if first else last


def elsewhere(name: str, device: str, among: Iterable[str]) -> str:
    """What to do with a tensor on another device than a target takes: the rest of a sentence.

    Args:
        name: the target.
        device: the type of the device that the tensor is on.
        among: the targets that the kernel could have been built for.
    """
    fits = [f'"{other}"' for other in among if _BY_NAME[other].runs_on(device)]
    build = f"build it with target={' or '.join(fits)} for this device, or " if fits else ""
    return f"{build}move the tensor with .{_BY_NAME[name].device}()"
