"""Contractions as einsum strings over named tensors, and their graphs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from invgen.contractions.factors import ScalarFactors, check_strings
from invgen.contractions.graphs import EPSILON_VERTEX, ContractionGraph
from invgen.contractions.markup import Markup
from invgen.errors import InputError
from invgen.spaces.outputs import SCALAR
from invgen.spaces.space import EPSILON, TensorSpace

if TYPE_CHECKING:
    import networkx

_FIRST_LETTERS = "ijklmnopqrstuvwxyzabcdefghIJKLMNOPQRSTUVWXYZABCDEFGH"


@dataclass(frozen=True)
class Contraction(ScalarFactors):
    """A product of tensors with all indices contracted in pairs, such as "i,ij,j" of ("v", "q", "v").

    Rotating every tensor leaves it unchanged; inversion multiplies it by the product of the tensors' parities. At
    most one factor is the Levi-Civita symbol, called "eps".

    Attributes:
        subscripts: one group of letters per tensor, separated by commas; empty for tensors of rank 0.
        tensors: the tensors' names.

    Raises:
        InputError: the numbers of groups and names differ, a letter does not occur exactly twice, a tensor is
            contracted with itself (zero for traceless tensors), or "eps" occurs twice or is contracted twice with
            one tensor (zero for symmetric ones).
    """

    subscripts: str
    tensors: tuple[str, ...]

    openings: ClassVar[tuple[str, ...]] = ("",)
    field: ClassVar[str] = "subscripts"
    by_components: ClassVar[bool] = False

    def __post_init__(self) -> None:
        groups = self.groups
        if len(groups) != len(self.tensors):
            raise InputError(
                f"the contraction {self} has {len(groups)} index groups for {len(self.tensors)} tensors; "
                "write one group per tensor, separated by commas"
            )
        letters = Counter(self.subscripts.replace(",", ""))
        for letter, times in sorted(letters.items()):
            if not letter.isalpha():
                raise InputError(f"{letter!r} in the contraction {self} is not an index; use letters and commas")
            if times != 2:
                raise InputError(
                    f"index {letter!r} occurs {times} times in the contraction {self}; "
                    "a full contraction has each twice"
                )
        for group, name in zip(groups, self.tensors, strict=True):
            if len(set(group)) < len(group):
                raise InputError(
                    f"{name}_{group} in the contraction {self} is a trace of a traceless tensor, hence zero"
                )
        if self.tensors.count(EPSILON) > 1:
            raise InputError(f"the contraction {self} has two epsilons; their product is a sum of contractions without")
        if EPSILON in self.tensors:
            epsilon = set(groups[self.tensors.index(EPSILON)])
            if len(epsilon) != 3:
                raise InputError(f"{EPSILON} has three indices, the contraction {self} gives it {len(epsilon)}")
            if any(len(epsilon & set(g)) > 1 for g, n in zip(groups, self.tensors, strict=True) if n != EPSILON):
                raise InputError(f"the contraction {self} is zero: {EPSILON} meets one symmetric tensor twice")

    @property
    def groups(self) -> tuple[str, ...]:
        """The index letters of each tensor."""
        return tuple(self.subscripts.split(",")) if self.tensors or self.subscripts else ()

    @property
    def factors(self) -> tuple[str, ...]:
        """The names of the tensors without the Levi-Civita symbol."""
        return tuple(name for name in self.tensors if name != EPSILON)

    @property
    def text(self) -> str:
        """The same as `subscripts`."""
        return self.subscripts

    @cached_property
    def legs(self) -> tuple[tuple[tuple[int, int, int], ...], tuple[tuple[int, ...], ...]]:
        """The edges (u, v, multiplicity) and, for each vertex, its edges; those of "eps" in the order written."""
        groups = self.groups
        edges: dict[tuple[int, int], int] = {}
        for u, group in enumerate(groups):
            for v in range(u + 1, len(groups)):
                shared = len(set(group) & set(groups[v]))
                if shared:
                    edges[u, v] = shared
        numbered = {pair: i for i, pair in enumerate(edges)}
        legs = [[i for pair, i in numbered.items() if u in pair] for u in range(len(groups))]
        if EPSILON in self.tensors:
            e = self.tensors.index(EPSILON)
            partner = {letter: v for v, g in enumerate(groups) if v != e for letter in g}
            legs[e] = [numbered[min(e, partner[i]), max(e, partner[i])] for i in groups[e]]
        return tuple((u, v, m) for (u, v), m in edges.items()), tuple(map(tuple, legs))

    def graph(self) -> networkx.MultiGraph:
        """Tensors as nodes in the order written; every index is an edge, with its letter as key and as `index`."""
        import networkx

        graph = networkx.MultiGraph(name=str(self))
        first: dict[str, int] = {}
        for vertex, (name, group) in enumerate(zip(self.tensors, self.groups, strict=True)):
            graph.add_node(vertex, kind="epsilon" if name == EPSILON else "tensor", name=name)
            for letter in group:
                if letter in first:
                    graph.add_edge(first[letter], vertex, letter, index=letter)
                first.setdefault(letter, vertex)
        return graph

    def canonical_graph(self, space: TensorSpace) -> ContractionGraph:
        """The canonical graph; two contractions without "eps" with equal graphs are equal, with "eps" up to sign."""
        vertices = [EPSILON_VERTEX if name == EPSILON else space.index(name) for name in self.tensors]
        order = sorted(range(len(vertices)), key=lambda i: (vertices[i], i))
        place = {old: new for new, old in enumerate(order)}
        edges = sorted((*sorted((place[u], place[v])), m) for u, v, m in self.legs[0])
        return ContractionGraph(tuple(vertices[i] for i in order), tuple((u, v, m) for u, v, m in edges)).canonical()

    def check_scalar(self, space: TensorSpace) -> Contraction:
        """Return self if its tensors have these ranks, whatever its parity, otherwise raise `InputError`."""
        space.check_dimension(3, f"the contraction {self}")
        for name, group in zip(self.tensors, self.groups, strict=True):
            if name != EPSILON:
                l = space.tensors[space.index(name)].l
                if len(group) != l:
                    raise InputError(f"{name} has rank {l}, the contraction {self} gives it {len(group)} indices")
        if not self.degree:
            raise InputError("a contraction needs at least one tensor of the space")
        return self

    def check(self, space: TensorSpace, outputs: str = SCALAR) -> Contraction:
        """Return self if it is an invariant of the space, otherwise raise `InputError` with the reason."""
        self.check_outputs(outputs)
        if not self.check_scalar(space).is_admitted(space):
            raise InputError(
                f"the contraction {self} changes sign under inversion; it is an invariant of SO3, not of {space.group}"
            )
        return self

    def renamed(self, names: Mapping[str, str]) -> Contraction:
        """The same contraction of other tensors."""
        return Contraction(self.subscripts, tuple(names.get(name, name) for name in self.tensors))

    def written(self, markup: Markup) -> str:
        """The expression in a notation of `contractions.markup`."""
        return markup.product([markup.indexed(n, g) for n, g in zip(self.tensors, self.groups, strict=True)])

    def to_json(self) -> dict[str, Any]:
        """How a basis file writes a member."""
        return {self.field: self.subscripts, "tensors": list(self.tensors)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Contraction:
        """Read `to_json`; `KeyError` where a field is missing, `TypeError` where it is not a string."""
        check_strings([data[cls.field], *data["tensors"]], data)
        return cls(data[cls.field], tuple(data["tensors"]))

    @classmethod
    def parse(cls, line: str) -> Contraction:
        """Read "i,ij,j v,q,v", see `parse`."""
        return parse(line)

    @classmethod
    def product(cls, parts: Sequence[Contraction]) -> Contraction:
        """The product as one contraction with fresh letters, see `from_parts`."""
        return from_parts(parts)

    def __mul__(self, other: Contraction) -> Contraction:
        """The product as one contraction with fresh letters, which is disconnected."""
        return from_parts((self, other))

    def __str__(self) -> str:
        return f"{self.subscripts} {','.join(self.tensors)}".strip()


def parse(line: str) -> Contraction:
    """Read "i,ij,j v,q,v"; a line with tensor names alone is a product of tensors of rank 0."""
    words = line.split()
    if len(words) == 1:
        words.insert(0, "," * words[0].count(","))
    if len(words) != 2:
        raise InputError(f"cannot read the contraction {line.strip()!r}; write it as 'i,ij,j v,q,v'")
    return Contraction(words[0], tuple(words[1].split(",")))


def from_parts(parts: Sequence[Contraction]) -> Contraction:
    """The product of contractions as one contraction with fresh letters; at most one part may hold "eps"."""
    letters: dict[tuple[int, str], str] = {}
    groups = []
    for number, part in enumerate(parts):
        for group in part.groups:
            groups.append("".join(letters.setdefault((number, c), index_letter(len(letters))) for c in group))
    return Contraction(",".join(groups), tuple(name for part in parts for name in part.tensors))


def from_graph(graph: ContractionGraph, space: TensorSpace) -> Contraction:
    """Write a connected graph: depth first from its first vertex, indices named in order of appearance."""
    weights = graph.weights
    order: list[int] = []
    stack = [0]
    while stack:
        vertex = stack.pop()
        if vertex not in order:
            order.append(vertex)
            stack.extend(j for j in range(len(weights) - 1, -1, -1) if weights[vertex][j] and j not in order)
    groups = [""] * len(order)
    used = 0
    for position, u in enumerate(order):
        for later in range(position + 1, len(order)):
            for _ in range(weights[u][order[later]]):
                letter = index_letter(used)
                used += 1
                groups[position] += letter
                groups[later] += letter
    names = [EPSILON if v == EPSILON_VERTEX else space.names[v] for v in (graph.vertices[i] for i in order)]
    return Contraction(",".join(groups), tuple(names))


def index_letter(number: int) -> str:
    """The letter of the index `number`: i, j, k, ..., then capitals, then further letters of Unicode."""
    return _FIRST_LETTERS[number] if number < len(_FIRST_LETTERS) else chr(0x100 + number)
