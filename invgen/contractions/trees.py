"""Coupling trees: iterated Clebsch-Gordan couplings written as strings such as "((q,q)2,q)0"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from invgen.contractions.coupling import coupling
from invgen.contractions.factors import Factors, check_strings
from invgen.contractions.markup import Markup
from invgen.errors import InputError
from invgen.spaces.outputs import SCALAR, part_of_rank, parts
from invgen.spaces.point_groups import is_structural
from invgen.spaces.space import TensorSpace

if TYPE_CHECKING:
    import networkx

Node: TypeAlias = "str | tuple[Node, Node, int]"
_TOKEN = re.compile(r"\s*([(),]|@\d+[eo](?:_\d+)?|[A-Za-z][A-Za-z0-9_]*|\d+)")
_NAME = re.compile(r"@\w+|[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True)
class CouplingTree(Factors):
    """A covariant of rank L made by coupling tensors pairwise: "(a,b)2" is the part of rank 2 of a ⊗ b.

    It rotates as a tensor of rank L; of rank 0 it is an invariant. The couplings are those of
    `contractions.coupling`, in rational components. Under a point group, structural tensors such as "@4e" are leaves,
    too: "((q,q)4,@4e)0" is an invariant of the cubic groups.

    Attributes:
        text: the tree; a name means its tensor, "(left,right)L" for the coupling of two subtrees to rank L.

    Raises:
        InputError: the text cannot be read.
    """

    text: str

    openings: ClassVar[tuple[str, ...]] = ("(", "@")
    field: ClassVar[str] = "coupling"
    by_components: ClassVar[bool] = True

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
        """The names of the tensors from left to right, structural tensors left out."""
        return tuple(name for name in self.tensors if not is_structural(name))

    @cached_property
    def tensors(self) -> tuple[str, ...]:
        """The names of all leaves from left to right."""
        return tuple(_leaves(self.root))

    def is_admitted(self, space: TensorSpace) -> bool:
        """Whether it is an invariant of the space's group, given that it has rank 0: its parities multiply to +1."""
        return not space.has_parity or self._parity(space) > 0

    def _parity(self, space: TensorSpace) -> int:
        """The parity of the tensors multiplied by that of the structural tensors."""
        own = [space.structural(name).parity for name in self.tensors if is_structural(name)]
        return space.parity(self.multidegree(space)) * prod(own)

    def rank(self, space: TensorSpace) -> int:
        """The rank of the covariant; `InputError` where a coupling does not exist."""
        return _rank(self.root, space)

    def check_scalar(self, space: TensorSpace) -> CouplingTree:
        """Return self if it has rank 0, whatever its parity, otherwise raise `InputError` with the reason."""
        space.check_dimension(3, f"the coupling tree {self}")
        if self.rank(space):
            raise InputError(f"the coupling tree {self} has rank {self.rank(space)}; an invariant has rank 0")
        return self

    def check(self, space: TensorSpace, outputs: str = SCALAR) -> CouplingTree:
        """Return self if it is a covariant of the space to `outputs`, otherwise raise `InputError` with the reason."""
        space.check_dimension(3, f"the coupling tree {self}")
        if outputs != SCALAR:
            return self._check_covariant(space, outputs)
        if not self.check_scalar(space).is_admitted(space):
            raise InputError(
                f"the coupling tree {self} changes sign under inversion; it is an invariant of groups of rotations "
                f"such as SO3, not of {space.group}"
            )
        return self

    def renamed(self, names: Mapping[str, str]) -> CouplingTree:
        """The same tree of other tensors."""
        return CouplingTree(_NAME.sub(lambda m: m[0] if is_structural(m[0]) else names[m[0]], self.text))

    def _check_covariant(self, space: TensorSpace, outputs: str) -> CouplingTree:
        found = self.rank(space)
        wanted = part_of_rank(outputs, found)
        if wanted is None:
            ranks = " or ".join(str(part.l) for part in parts(outputs))
            raise InputError(f"the coupling tree {self} has rank {found}; outputs {outputs} have rank {ranks}")
        if space.has_parity and self._parity(space) != wanted.parity:
            raise InputError(
                f"the coupling tree {self} does not have the parity of {outputs} under inversion; "
                "use outputs of that parity, or a group of rotations such as SO3"
            )
        return self

    def written(self, markup: Markup) -> str:
        """The expression in a notation of `contractions.markup`."""
        return _written(self.root, markup)

    def graph(self) -> networkx.MultiGraph:
        """Couplings and tensors as nodes, the parts of a coupling before it and joined to it, the left one first."""
        import networkx

        graph = networkx.MultiGraph(name=str(self))

        def add(node: Node) -> int:
            if isinstance(node, str):
                graph.add_node(len(graph), kind="structural" if is_structural(node) else "tensor", name=node)
                return len(graph) - 1
            parts = [add(part) for part in node[:2]]
            joint = len(graph)
            graph.add_node(joint, kind="coupling", name=str(node[2]), l=node[2])
            graph.add_edges_from((joint, part) for part in parts)
            return joint

        add(self.root)
        return graph

    def to_json(self) -> dict[str, Any]:
        """How a basis file writes a member."""
        return {self.field: self.text}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CouplingTree:
        """Read `to_json`; `KeyError` where a field is missing, `TypeError` where it is not a string."""
        check_strings([data[cls.field]], data)
        return cls(data[cls.field])

    @classmethod
    def parse(cls, line: str) -> CouplingTree:
        """Read "((q,q)2,q)0"."""
        return cls(line.strip())

    @classmethod
    def product(cls, parts: Sequence[CouplingTree]) -> CouplingTree:
        """The product of trees of rank 0, coupled to rank 0 one after the other."""
        root = parts[0].root
        for tree in parts[1:]:
            root = (root, tree.root, 0)
        return cls(write(root))

    def __str__(self) -> str:
        return self.text


def write(node: Node) -> str:
    """The text of a tree."""
    return node if isinstance(node, str) else f"({write(node[0])},{write(node[1])}){node[2]}"


def _written(node: Node, markup: Markup) -> str:
    if isinstance(node, str):
        return markup.tensor(node)
    return markup.coupled(_written(node[0], markup), _written(node[1], markup), node[2])


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
        return space.rank(node)
    a, b = _rank(node[0], space), _rank(node[1], space)
    if coupling(a, b, node[2]) is None:
        raise InputError(
            f"{write(node)} couples ranks {a} and {b} to {node[2]}, which is not between {abs(a - b)} and {a + b}"
        )
    return node[2]
