"""Coupling trees: iterated Clebsch-Gordan couplings written as strings such as "((q,q)2,q)0"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from invgen.contractions.coupling import coupling
from invgen.errors import InputError
from invgen.spaces.outputs import admits, output_irrep
from invgen.spaces.space import TensorSpace

Node: TypeAlias = "str | tuple[Node, Node, int]"
_TOKEN = re.compile(r"\s*([(),]|[A-Za-z][A-Za-z0-9_]*|\d+)")


@dataclass(frozen=True)
class CouplingTree:
    """A covariant of rank L made by coupling tensors pairwise: "(a,b)2" is the part of rank 2 of a ⊗ b.

    It rotates as a tensor of rank L; of rank 0 it is an invariant. The couplings are those of
    `contractions.coupling`, in rational components.

    Attributes:
        text: the tree; a name stands for its tensor, "(left,right)L" for the coupling of two subtrees to rank L.

    Raises:
        InputError: the text cannot be read.
    """

    text: str

    def __post_init__(self) -> None:
        if write(self.root) != self.text:
            raise InputError(f"cannot read the coupling tree {self.text!r}; write it as '((q,q)2,q)0' without spaces")

    @cached_property
    def root(self) -> Node:
        """The tree as nested tuples (left, right, rank)."""
        tokens = _TOKEN.findall(self.text)
        if "".join(tokens) != self.text or not tokens:
            raise InputError(f"cannot read the coupling tree {self.text!r}; write it as '((q,q)2,q)0' without spaces")
        tokens.reverse()
        try:
            return _read(tokens)
        except IndexError:
            raise InputError(f"the coupling tree {self.text!r} ends too early; close its parentheses") from None

    @cached_property
    def factors(self) -> tuple[str, ...]:
        """The names of the tensors from left to right."""
        return tuple(_leaves(self.root))

    @property
    def tensors(self) -> tuple[str, ...]:
        """The same as `factors`."""
        return self.factors

    @property
    def degree(self) -> int:
        """The polynomial degree: the number of leaves."""
        return len(self.factors)

    def multidegree(self, space: TensorSpace) -> tuple[int, ...]:
        """How often each tensor of the space occurs."""
        times = Counter(self.factors)
        return tuple(times[name] for name in space.names)

    def rank(self, space: TensorSpace) -> int:
        """The rank of the covariant; `InputError` where a coupling does not exist."""
        return _rank(self.root, space)

    def check(self, space: TensorSpace) -> CouplingTree:
        """Return self if it is an invariant of the space, otherwise raise `InputError` with the reason."""
        space.check_dimension(3, f"the coupling tree {self}")
        if self.rank(space):
            raise InputError(f"the coupling tree {self} has rank {self.rank(space)}; an invariant has rank 0")
        if not space.admits(self.multidegree(space)):
            raise InputError(
                f"the coupling tree {self} changes sign under inversion; it is an invariant of SO3, not of O3"
            )
        return self

    def renamed(self, names: Mapping[str, str]) -> CouplingTree:
        """The same tree of other tensors."""
        return CouplingTree(re.sub(r"[A-Za-z][A-Za-z0-9_]*", lambda m: names[m[0]], self.text))

    def check_covariant(self, space: TensorSpace, outputs: str) -> CouplingTree:
        """Return self if it is a covariant of the space to `outputs`, otherwise raise `InputError` with the reason."""
        space.check_dimension(3, f"the coupling tree {self}")
        wanted, found = output_irrep(outputs), self.rank(space)
        if found != wanted.l:
            raise InputError(f"the coupling tree {self} has rank {found}; outputs {outputs} have rank {wanted.l}")
        if not admits(space, outputs, self.multidegree(space)):
            raise InputError(
                f"the coupling tree {self} has the other parity than {outputs} under inversion; "
                "use outputs of that parity, or the group SO3"
            )
        return self

    def __str__(self) -> str:
        return self.text


def write(node: Node) -> str:
    """The text of a tree."""
    return node if isinstance(node, str) else f"({write(node[0])},{write(node[1])}){node[2]}"


def common_ratio(coefficients: Iterable[Fraction]) -> Fraction:
    """What to take out of a sum so that the most terms need no scaling: the most frequent magnitude, then the least."""
    times = Counter(abs(c) for c in coefficients if c)
    return max(times, key=lambda c: (times[c], -c), default=Fraction(1))


def _read(tokens: list[str]) -> Node:
    token = tokens.pop()
    if token != "(":
        return token
    left = _read(tokens)
    comma = tokens.pop()
    right = _read(tokens)
    closing = tokens.pop()
    if comma != "," or closing != ")" or not tokens[-1].isdigit():
        raise IndexError
    return (left, right, int(tokens.pop()))


def _leaves(node: Node) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    else:
        yield from _leaves(node[0])
        yield from _leaves(node[1])


def _rank(node: Node, space: TensorSpace) -> int:
    if isinstance(node, str):
        return space.tensors[space.index(node)].l
    a, b = _rank(node[0], space), _rank(node[1], space)
    if coupling(a, b, node[2]) is None:
        raise InputError(
            f"{write(node)} couples ranks {a} and {b} to {node[2]}, which is not between {abs(a - b)} and {a + b}"
        )
    return node[2]
