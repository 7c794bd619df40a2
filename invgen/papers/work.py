"""What the functions behind the tables share: bases made within the memory limit, and progress that names the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from invgen.errors import InputError
from invgen.reduction.options import MEMORY
from invgen.stages import Progress

if TYPE_CHECKING:
    from invgen.basis.basis import Basis
    from invgen.spaces.space import TensorSpace


@dataclass(frozen=True)
class TableWork:
    """How the entries of a specification are worked on.

    Attributes:
        memory_limit: of each basis, in bytes.
        progress: the callback of `generate`; its texts begin with the name of the table.
    """

    memory_limit: int = MEMORY
    progress: Progress | None = None

    def of(self, table: str) -> TableWork:
        """The same for one table, whose name begins every text of progress."""
        if self.progress is None:
            return self
        told = self.progress

        def progress(text: str, done: int, total: int) -> None:
            from invgen.reduction.options import ESTIMATE

            if not text.startswith(ESTIMATE):  # one line for each of many bases says too much
                told(f"{table}: {text}", done, total)

        return TableWork(self.memory_limit, progress)

    def basis(self, space: TensorSpace, max_degree: int, **options: Any) -> Basis:
        """A basis, as `generate` makes it."""
        from invgen.basis.generation import generate

        return generate(space, max_degree, memory_limit=self.memory_limit, progress=self.progress, **options)


def space_of(text: str, group: str) -> TensorSpace:
    """The space that a line of a specification names, `spaces.reading.read_space`."""
    from invgen.spaces.reading import read_space

    return read_space(text, group)


def harmonics(l_max: int) -> str:
    """The irreducible tensors of a spherical function up to l_max, "0e + 1o + 2e"."""
    return " + ".join(f"{l}{'eo'[l % 2]}" for l in range(l_max + 1))


def needed_rank(space: TensorSpace) -> int:
    """The rank of a complete set: dim V - dim orbit."""
    return space.dimension - space.orbit_dimension


def basis_text(basis: Basis) -> str:
    """The text of a basis file."""
    from invgen.basis.file import dumps

    return dumps(basis)


def certified(basis: Basis) -> str:
    """What the certificate of a basis says, in a few words."""
    c = basis.certificate
    return "rank" if c.rank == c.target else f"rank {c.rank} of {c.target}"


def listed(words: Mapping[str, Any] | list[str] | tuple[str, ...]) -> str:
    """Words as a list: "a", "a and b", "a, b and c"."""
    found = list(words)
    return " and ".join([", ".join(found[:-1]), found[-1]] if found[1:] else found)


def at_least_one(what: str, given: tuple[Any, ...]) -> None:
    """`InputError` where a list of an entry is empty."""
    if not given:
        raise InputError(f"{what} is empty; write at least one entry")
