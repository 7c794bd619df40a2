"""Pictures of expressions: of contractions their graphs, where vertices are tensors and edges contracted index pairs.

Everything is plain SVG text with coordinates of two decimals: the same expression gives the same bytes. Colours are
of middle lightness, so that a picture can be read on white and on black pages.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache, singledispatch
from html import escape
from itertools import permutations
from typing import TYPE_CHECKING, TypeAlias

from invgen import checks
from invgen.basis.invariant import Invariant
from invgen.contractions.contraction import Contraction
from invgen.contractions.expression import Expression, no_row
from invgen.contractions.planar_product import PlanarProduct
from invgen.contractions.plans import Edges
from invgen.contractions.trees import CouplingTree
from invgen.show.svg import NEUTRAL, PALETTE, Picture, document
from invgen.show.svg import number as _n
from invgen.spaces.space import EPSILON

if TYPE_CHECKING:
    import networkx

    from invgen.basis.basis import Basis

Point: TypeAlias = tuple[float, float]

_RADIUS = 15.0
_GAP = 28.0  # free length of an edge
_MARGIN = 4.0
_LEVEL = 40.0  # between a joint of a coupling tree and its parts
_APART = 20.0  # between the factors of a product
_BAR = 6.0  # above a conjugated moment
_LABEL_LENGTH = 9
_CAPTION_LENGTH = 24
_CELL = 260.0  # wider pictures are scaled down in a grid
_MAX_LINE = 4  # longer paths are bent into a ring
_EXHAUSTIVE_RING = 6
_MAX_CENTRED = 7


def contraction_svg(contraction: Expression | Invariant, names: Sequence[str] = (), scale: float = 1.0) -> str:
    """The contraction graph as a self-contained SVG: isomorphic contractions show the same graph.

    A tensor is a disc with its name, the Levi-Civita symbol a triangle, m contracted index pairs are m arcs. A coupling
    tree is drawn as a tree with the ranks at its joints, a product of moments in the plane as a row of discs.

    Args:
        contraction: a contraction, or a member of a basis.
        names: all tensors that share a colour scheme, in order; by default those of the member's space, or those of
            the contraction.
        scale: size of the picture; at 1 a disc is 30 pixels high.
    """
    if isinstance(contraction, Invariant):
        expression, scheme = contraction.expression, contraction._space.names
    else:
        expression, scheme = contraction, tuple(dict.fromkeys(contraction.factors))
    return document(_drawn(expression, tuple(names or scheme)), str(contraction), scale)


def basis_svg(basis: Basis, columns: int = 5) -> str:
    """All members in a grid, each with its number and its einsum string beneath; tensors keep their colours.

    Raises:
        InputError: `columns` is not a positive integer.
    """
    columns = checks.integer("the number of columns", columns, least=1)
    pictures = [_drawn(c, basis.space.names) for c in basis.contractions]
    widest = min(max(p.width for p in pictures), _CELL)
    width = max(widest, _CELL / 2) + 24
    body, top = [], 0.0
    for start in range(0, len(pictures), columns):
        row = pictures[start : start + columns]
        captions = [_wrapped(start + i, basis[start + i].contraction) for i in range(len(row))]
        scales = [min(1.0, widest / p.width) for p in row]
        height = max(p.height * s for p, s in zip(row, scales, strict=True))
        for i, (picture, scale) in enumerate(zip(row, scales, strict=True)):
            left = i * width + (width - picture.width * scale) / 2
            down = top + 6 + (height - picture.height * scale) / 2
            body.append(f'<g transform="translate({_n(left)} {_n(down)}) scale({_n(scale)})">{picture.body}</g>')
            body += _caption(captions[i], i * width + width / 2, top + height + 22)
        top += height + 26 + 14 * max(map(len, captions))
    total = Picture(width * min(columns, len(pictures)), top, "\n".join(body))
    return document(total, f"{len(basis)} contraction graphs of {basis.space}")


@singledispatch
def _drawn(expression: Expression, names: tuple[str, ...]) -> Picture:
    """The graph of an expression, laid out as suits its kind; colours follow the places in `names`."""
    no_row(expression, "picture")


@_drawn.register
def _(contraction: Contraction, names: tuple[str, ...]) -> Picture:
    return _network(contraction.graph(), names)


@_drawn.register
def _(tree: CouplingTree, names: tuple[str, ...]) -> Picture:
    return _tree(tree.graph(), names)


@_drawn.register
def _(product: PlanarProduct, names: tuple[str, ...]) -> Picture:
    return _row(product.graph(), names)


def _caption(lines: Sequence[str], x: float, y: float) -> Iterator[str]:
    for i, line in enumerate(lines):
        yield (
            f'<text x="{_n(x)}" y="{_n(y + 14 * i)}" text-anchor="middle" font-size="11" fill="{NEUTRAL}">'
            f"{escape(line)}</text>"
        )


def _wrapped(number: int, subscripts: str) -> list[str]:
    """Number and einsum string in lines that fit under a picture, broken after commas."""
    lines = [f"{number}: " if subscripts else str(number)]
    for piece in subscripts.replace(",", ",\n").split("\n"):
        if len(lines[-1]) + len(piece) > _CAPTION_LENGTH:
            lines.append("")
        lines[-1] += piece
    return lines


def _network(graph: networkx.MultiGraph, names: tuple[str, ...]) -> Picture:
    """Connected parts side by side, centred on one line."""
    import networkx

    tensors = [name for _, name in graph.nodes(data="name")]
    edges = tuple((u, v, graph.number_of_edges(u, v)) for u, v in sorted({(min(e), max(e)) for e in graph.edges()}))
    labels = [_label(name) for name in tensors]
    unit = max(_half_width(label) for label in labels) * 2 + _GAP
    places: dict[int, Point] = {}
    right, height = _MARGIN, 0.0
    for part in sorted(map(sorted, networkx.connected_components(graph))):
        local = _layout(len(part), tuple((part.index(u), part.index(v), m) for u, v, m in edges if u in part))
        # The widest label of the part sets its border, so that discs stay aligned.
        border = max(_half_width(labels[v]) for v in part)
        left, top = min(x for x, _ in local), min(y for _, y in local)
        for vertex, (x, y) in zip(part, local, strict=True):
            places[vertex] = ((x - left) * unit + right + border, (y - top) * unit)
        drop = max(places[v][1] for v in part)
        for vertex in part:
            places[vertex] = (places[vertex][0], places[vertex][1] - drop / 2)
        right = max(places[v][0] for v in part) + border + _APART
        height = max(height, drop)
    height += 2 * (_RADIUS + _MARGIN)
    points = [(places[v][0], places[v][1] + height / 2) for v in range(len(labels))]
    body = [arc for u, v, m in edges for arc in _arcs(points[u], points[v], m)]
    for name, label, point in zip(tensors, labels, points, strict=True):
        body.append(_triangle(point) if name == EPSILON else _disc(point, name, label, names))
    return Picture(right - _APART + _MARGIN, height, "\n".join(body))


def _tree(graph: networkx.MultiGraph, names: tuple[str, ...]) -> Picture:
    """A coupling tree upside down: tensors on one line in their order, each joint with its rank above its parts."""
    parts = {node: [part for part in graph[node] if part < node] for node in graph}
    depths: dict[int, int] = {}
    for node, below in parts.items():  # parts come before their joint
        depths[node] = 1 + max(depths[part] for part in below) if below else 0
    depth = max(depths.values())
    tensors = [name for node, name in graph.nodes(data="name") if not parts[node]]
    unit = max(_half_width(_label(name)) for name in tensors) * 2 + _APART / 2
    points: dict[int, Point] = {}
    lines: list[str] = []
    marks: list[str] = []
    taken = 0
    for node, name in graph.nodes(data="name"):
        if parts[node]:
            left, right = (points[part] for part in parts[node])
            points[node] = ((left[0] + right[0]) / 2, _MARGIN + _RADIUS + _LEVEL * (depth - depths[node]))
            lines.extend(next(_arcs(points[node], end, 1)) for end in (left, right))
            marks.append(_disc(points[node], "", name, names))
        else:
            points[node] = (_MARGIN + unit * (taken + 0.5), _MARGIN + _RADIUS + _LEVEL * depth)
            taken += 1
            marks.append(_disc(points[node], name, _label(name), names))
    height = 2 * (_MARGIN + _RADIUS) + _LEVEL * depth
    return Picture(2 * _MARGIN + unit * taken, height, "\n".join(lines + marks))


def _row(graph: networkx.MultiGraph, names: tuple[str, ...]) -> Picture:
    """Moments in the plane: the part asked for and then the factors on one line, a bar over each conjugate."""
    (_, part), *factors = graph.nodes(data=True)
    height = 2 * (_RADIUS + _MARGIN) + _BAR
    middle = height - _RADIUS - _MARGIN
    right = _MARGIN + 2 * _RADIUS
    body = [
        f'<text x="{_n(_MARGIN + _RADIUS)}" y="{_n(middle + 4.3)}" text-anchor="middle" font-size="12" '
        f'fill="{NEUTRAL}">{part["name"]}</text>'
    ]
    for _, factor in factors:
        label = _label(factor["name"])
        half = _half_width(label)
        right += half
        body.append(_disc((right, middle), factor["name"], label, names))
        if factor["conjugated"]:
            bar = _MARGIN + _BAR / 2
            body.append(next(_arcs((right - half, bar), (right + half, bar), 1)))
        right += half + _MARGIN
    return Picture(right, height, "\n".join(body))


def _arcs(start: Point, end: Point, multiplicity: int) -> Iterator[str]:
    """Parallel edges as arcs whose middles are evenly apart; a single edge is straight."""
    length = math.hypot(end[0] - start[0], end[1] - start[1])
    normal = ((start[1] - end[1]) / length, (end[0] - start[0]) / length)
    apart = min(8.0, 2 * _RADIUS / max(multiplicity - 1, 1))
    for i in range(multiplicity):
        bend = 2 * apart * (i - (multiplicity - 1) / 2)  # a quadratic curve reaches half of its control point
        x, y = (start[0] + end[0]) / 2 + bend * normal[0], (start[1] + end[1]) / 2 + bend * normal[1]
        yield (
            f'<path d="M{_n(start[0])} {_n(start[1])}Q{_n(x)} {_n(y)} {_n(end[0])} {_n(end[1])}" '
            f'fill="none" stroke="{NEUTRAL}" stroke-width="1.6"/>'
        )


def _disc(point: Point, name: str, label: str, names: tuple[str, ...]) -> str:
    colour = PALETTE[names.index(name) % len(PALETTE)] if name in names else NEUTRAL
    half = _half_width(label)
    return (
        f'<g><title>{escape(name)}</title><rect x="{_n(point[0] - half)}" y="{_n(point[1] - _RADIUS)}" '
        f'width="{_n(2 * half)}" height="{_n(2 * _RADIUS)}" rx="{_n(_RADIUS)}" fill="{colour}"/>'
        f'<text x="{_n(point[0])}" y="{_n(point[1] + 4.3)}" text-anchor="middle" font-size="12" '
        f'font-weight="bold" fill="#ffffff">{escape(label)}</text></g>'
    )


def _triangle(point: Point) -> str:
    x, y = point
    corners = " ".join(f"{_n(x + 15 * a)},{_n(y + 15 * b)}" for a, b in ((0, -1), (0.866, 0.5), (-0.866, 0.5)))
    return (
        f'<g><title>Levi-Civita symbol</title><polygon points="{corners}" fill="{NEUTRAL}" stroke="{NEUTRAL}" '
        f'stroke-width="2" stroke-linejoin="round"/><text x="{_n(x)}" y="{_n(y + 4.5)}" text-anchor="middle" '
        f'font-size="13" font-style="italic" fill="#ffffff">&#949;</text></g>'
    )


def _label(name: str) -> str:
    return "e" if name == EPSILON else name if len(name) <= _LABEL_LENGTH else name[: _LABEL_LENGTH - 2] + ".."


def _half_width(label: str) -> float:
    return max(_RADIUS, 4.1 * len(label) + 7)


@cache
def _layout(size: int, edges: Edges) -> tuple[Point, ...]:
    """Places for a connected graph, neighbours about 1 apart: a line, a ring, or a ring around one vertex.

    Fewest crossings win, then the shortest edges, then what was tried first, so a graph has one layout.
    """
    neighbours = [[v for a, b, _ in edges for v in (a, b) if u in (a, b) and v != u] for u in range(size)]
    ends = [u for u in range(size) if len(neighbours[u]) < 2]
    if len(edges) == size - 1 and size <= _MAX_LINE and max(map(len, neighbours)) < 3:
        order = [ends[0]]
        while len(order) < size:
            order.append(next(v for v in neighbours[order[-1]] if v not in order))
        return tuple((float(order.index(v)), 0.0) for v in range(size))
    centres = [c for c in range(size) if 4 <= size <= _MAX_CENTRED and len(neighbours[c]) > 2]
    rings = [places for centre in (None, *centres) for places in _rings(size, edges, centre)]
    return min(rings, key=lambda places: _badness(places, edges))


def _rings(size: int, edges: Edges, centre: int | None) -> Iterator[tuple[Point, ...]]:
    """All rings of few vertices; of many vertices the one that no swap of two improves."""
    members = [v for v in range(size) if v != centre]
    if len(members) <= _EXHAUSTIVE_RING:
        yield from (_ring((members[0], *rest), centre) for rest in permutations(members[1:]))
        return
    order, improved = list(members), True
    least = _badness(_ring(order, centre), edges)
    while improved:
        improved = False
        for i in range(len(order)):
            for j in range(i + 1, len(order)):
                order[i], order[j] = order[j], order[i]
                now = _badness(_ring(order, centre), edges)
                if now < least:
                    least, improved = now, True
                else:
                    order[i], order[j] = order[j], order[i]
    yield _ring(order, centre)


def _ring(order: Sequence[int], centre: int | None) -> tuple[Point, ...]:
    """Evenly on a circle: an odd ring has a vertex on top, an even one a flat side."""
    count = len(order)
    radius = max(1 / (2 * math.sin(math.pi / count)), 0.0 if centre is None else 1.0)
    first = -0.5 * math.pi - (0.0 if count % 2 else math.pi / count)
    places = {} if centre is None else {centre: (0.0, 0.0)}
    for i, vertex in enumerate(order):
        angle = first + 2 * math.pi * i / count
        places[vertex] = (radius * math.cos(angle), radius * math.sin(angle))
    return tuple(places[v] for v in range(len(places)))


def _badness(places: Sequence[Point], edges: Edges) -> tuple[int, int]:
    """Crossings and vertices under edges, then the weighted length of the edges; integers compare everywhere alike."""
    bad = 0
    for i, (a, b, _) in enumerate(edges):
        for c, d, _ in edges[:i]:
            if len({a, b, c, d}) == 4 and _cross(places[a], places[b], places[c], places[d]):
                bad += 1
        bad += 2 * sum(_covers(places[a], places[b], p) for v, p in enumerate(places) if v not in (a, b))
    return bad, round(1000 * sum(m * math.dist(places[a], places[b]) for a, b, m in edges))


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Point, b: Point, p: Point) -> float:
    area = (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])
    return 0.0 if abs(area) < 1e-9 else area


def _covers(a: Point, b: Point, p: Point) -> bool:
    """Whether the edge from a to b passes through the disc at p."""
    length = math.dist(a, b)
    along = ((p[0] - a[0]) * (b[0] - a[0]) + (p[1] - a[1]) * (b[1] - a[1])) / length
    return 0 < along < length and abs(_side(a, b, p)) / length < 0.3
