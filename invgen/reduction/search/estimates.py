"""How large a request is, before work on it begins: counts, and the bytes of the arrays that dominate.

Counts are exact, from characters. Bytes are a model of what the search holds at once:

* linear and integrity: the values of all products and candidates of the largest multidegree, about two rows for each
  invariant, one column each, 64 bytes a number in all forms in which it is held; and, where candidates are coupling
  trees, covariants of half of a multidegree at as many points, of which about half are built; all members of linear.
* independent and separating: three echelon forms of dim V columns, the gradients of one block, and the candidates of
  every degree that full rank cannot do without. flexible: the same with the members of singles and pairs.

The memory of the machine plays no part, so the answer is the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import comb, prod

from invgen.checks import as_real, shown
from invgen.errors import InputError
from invgen.reduction.options import MEMORY
from invgen.reduction.registry import SELECTIONS
from invgen.reduction.search.limits import Cut, check_multidegrees, count_maps_to
from invgen.reduction.search.patterns import Multidegree
from invgen.reduction.search.request import Request
from invgen.reduction.search.visits import splits
from invgen.spaces.outputs import SCALAR, count_maps, noun
from invgen.spaces.space import TensorSpace

_NUMBER = 64  # bytes of a number of a table: in rows, stacked, as a Python integer, and in the form that is reduced
_CANDIDATE = 500  # bytes of a candidate
_BLOCK = 2048  # gradients that are reduced at once
_POOLED = 4  # bytes of a number of the covariants of half a multidegree: half of 8, as half of them are built
_PRIMES = 3


@dataclass(frozen=True)
class Estimate:
    """The size of a request.

    Attributes:
        what: "invariants" or "covariants 1o".
        members: how many linearly independent ones the degrees hold that must be searched.
        degree: the highest of these.
        largest: how many the largest multidegree has; 0 where no multidegree is solved for its own sake.
        multiplications: of the row reductions, about.
        memory: bytes, about.
    """

    what: str
    members: int
    degree: int
    largest: int
    multiplications: int
    memory: int

    def __str__(self) -> str:
        work = f"{self.multiplications:.1e} multiplications"
        return f"{self.counts}; {work}, {in_words(self.memory)} at once"

    @property
    def counts(self) -> str:
        """How many members there are, in words."""
        where = f", {self.largest} in the largest multidegree" if self.largest else ""
        return f"{self.members} {self.what} up to degree {self.degree}{where}"

    def check(self, memory: int) -> None:
        """`InputError` if the estimate is above this number of bytes."""
        if self.memory > memory:
            raise InputError(
                f"the request needs about {in_words(self.memory)} ({self.counts}), "
                f"more than memory_limit = {in_words(memory)}; lower max_degree, leave out tensors, "
                "give a total_degree, or raise memory_limit"
            )


def check_memory(memory: object) -> int:
    """Return a limit of bytes as an integer if it is a whole positive number, otherwise raise `InputError`."""
    found = as_real(memory)
    if found is None or not found >= 1 or found % 1:
        raise InputError(f"memory_limit is a positive number of bytes, such as {MEMORY}, got {shown(memory)}")
    return int(memory)  # type: ignore[call-overload, no-any-return]


def parse_memory(text: str) -> int:
    """Read a number of bytes as the command line writes it: "500000000", "500MiB" or "8GiB"."""
    for unit, size in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10), ("", 1)):
        number = text.removesuffix(unit).strip() if unit else text.strip()
        if text.endswith(unit) and number.isascii() and number.isdigit() and len(number) < 20 and int(number):
            return int(number) * size
    raise InputError(f"cannot read the memory limit {text!r}; write a number of bytes, or '500MiB', or '8GiB'")


def estimate(request: Request) -> Estimate:
    """The size of a request, from counts alone.

    Raises:
        InputError: a degree that must be searched has more than 500,000 multidegrees, or cannot be counted.

    Complexity: one count for each choice of degrees up to the exchange of tensors of equal rank and parity.
    """
    selection = SELECTIONS[request.select]
    if selection.every_multidegree:
        return _of_counts(request, selection.keeps_products)
    if selection.takes("flexible"):
        return _of_pairs(request.space, request.max_degree)
    return _of_rank(request.space, request.max_degree, request.limit)


def _of_counts(request: Request, products: bool) -> Estimate:
    space, max_degree, outputs, limit = request.space, request.max_degree, request.outputs, request.limit
    couplings = (not products or outputs != SCALAR) and space.spatial_dimension == 3
    members = count_maps_to(space, outputs, max_degree, limit)  # refuses degrees that cannot be counted
    largest = work = memory = 0
    for degree in range(1, max_degree + 1):
        check_multidegrees(space, degree, limit)
        for multidegree in _families(space, degree, limit):
            count = count_maps(space, outputs, multidegree)
            if count:
                pool = _POOLED * _half(space, multidegree, outputs) * count if couplings else 0
                largest = max(largest, count)
                work += 2 * count**3
                memory = max(memory, 2 * count**2 * _NUMBER + pool)
    memory += largest * space.dimension * _NUMBER  # the points of the certificate
    memory += members * _CANDIDATE if products else 0
    return Estimate(noun(outputs), members, max_degree, largest, work, memory)


def _of_rank(space: TensorSpace, max_degree: int, limit: Cut | None) -> Estimate:
    target = space.dimension - space.orbit_dimension
    members, degree = 0, 0
    while members < target and degree < max_degree:
        degree += 1
        check_multidegrees(space, degree, limit)
        members = count_maps_to(space, SCALAR, degree, limit)
    return _of_jacobian(space, members, degree)


def _of_pairs(space: TensorSpace, max_degree: int) -> Estimate:
    return _of_jacobian(space, space.dimension + 3 * comb(len(space.tensors), 2), max_degree)


def _of_jacobian(space: TensorSpace, candidates: int, degree: int) -> Estimate:
    rank = space.dimension - space.orbit_dimension
    memory = _PRIMES * 8 * space.dimension * (2 * rank + 4 * min(_BLOCK, candidates)) + candidates * _CANDIDATE
    work = 2 * _PRIMES * candidates * rank * space.dimension
    return Estimate(noun(SCALAR), candidates, degree, 0, work, memory)


def _families(space: TensorSpace, degree: int, limit: Cut | None) -> Iterable[Multidegree]:
    """One multidegree at least of those that agree up to an exchange of tensors of equal rank and parity."""
    if limit is not None:
        yield from limit.multidegrees(degree)
        return
    kinds: dict[tuple[int, int], list[int]] = {}
    for i, tensor in enumerate(space.tensors):
        kinds.setdefault((tensor.l, tensor.parity), []).append(i)
    for split in splits(degree, tuple(map(len, kinds.values()))):
        multidegree = [0] * len(space.tensors)
        for places, degrees in zip(kinds.values(), split, strict=True):
            for place, k in zip(places, degrees, strict=False):
                multidegree[place] = k
        yield tuple(multidegree)


def _half(space: TensorSpace, multidegree: Multidegree, outputs: str) -> int:
    """Components of all covariants of half of a multidegree; of all of it where it is covariants that are asked for."""
    powers = multidegree if outputs != SCALAR else tuple((k + 1) // 2 for k in multidegree)
    return prod(comb(2 * t.l + k, k) for t, k in zip(space.tensors, powers, strict=True))


def in_words(number: int) -> str:
    """A number of bytes as people write it: "1.5 GiB"."""
    for name, size in (("GiB", 2**30), ("MiB", 2**20)):
        if number >= size:
            return f"{number / size:.1f} {name}"
    return f"{number / 2**10:.0f} KiB" if number >= 2**10 else f"{number} bytes"
