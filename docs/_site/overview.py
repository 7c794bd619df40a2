"""The picture at the top of README: a neighbourhood and its turned copy, what both have in common, what becomes of it.

python docs/_site/overview.py    writes docs/figures/overview.svg, the same bytes every time.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

import invgen
from invgen.show.pictures import contraction_svg

OUT = Path(__file__).resolve().parents[1] / "figures" / "overview.svg"
WIDTH, HEIGHT = 960, 380
INK, FAINT, LINE = "#333333", "#767676", "#c9ced6"
COLOURS = ("#3f74b5", "#b8533a", "#2f8256", "#8a5cb0")
# Neighbours of the atom in the middle: angle in degrees, distance, colour.
NEIGHBOURS = ((10, 52, 1), (62, 38, 2), (118, 56, 1), (171, 41, 3), (228, 57, 2), (290, 47, 3))
COLUMNS, LEFT, TOP, CELL_WIDTH, CELL_HEIGHT, SCALE = 4, 254, 56, 116, 72, 0.8


def text(x: float, y: float, words: str, size: int = 14, colour: str = INK, weight: str = "normal") -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="middle" font-size="{size}" font-weight="{weight}" fill="{colour}">'
        f"{words}</text>"
    )


def arrow(x: float, y: float) -> str:
    path = f"M{x} {y}h26m-9 -7l9 7l-9 7"
    return f'<path d="{path}" fill="none" stroke="{FAINT}" stroke-width="2.2"/>'


def neighbourhood(x: float, y: float, turn: float) -> str:
    """An atom, or a voxel, and what is around it, turned by an angle."""
    marks = []
    for angle, distance, colour in NEIGHBOURS:
        radians = math.radians(angle + turn)
        dx, dy = distance * math.cos(radians), distance * math.sin(radians)
        marks.append(f'<path d="M{x:g} {y:g}l{dx:.1f} {dy:.1f}" stroke="{LINE}" stroke-width="2"/>')
        marks.append(f'<circle cx="{x + dx:.1f}" cy="{y + dy:.1f}" r="9" fill="{COLOURS[colour]}"/>')
    return "".join(marks) + f'<circle cx="{x:g}" cy="{y:g}" r="12" fill="{COLOURS[0]}"/>'


def size(drawn: str) -> tuple[float, float]:
    """Width and height of an SVG, as its head says."""
    found = re.match(r'<svg [^>]*width="([\d.]+)" height="([\d.]+)"', drawn)
    assert found is not None
    return float(found[1]), float(found[2])


def graphs(basis: invgen.Basis) -> str:
    """The contraction graph of every member in a grid."""
    cells = []
    for k in range(len(basis)):
        width, height = size(contraction_svg(basis[k]))
        scale = min(SCALE, (CELL_WIDTH - 14) / width, (CELL_HEIGHT - 6) / height)
        drawn = contraction_svg(basis[k], scale=scale)
        x = LEFT + (k % COLUMNS) * CELL_WIDTH + (CELL_WIDTH - width * scale) / 2
        y = TOP + (k // COLUMNS) * CELL_HEIGHT + (CELL_HEIGHT - height * scale) / 2
        cells.append(drawn.replace("<svg ", f'<svg x="{x:.1f}" y="{y:.1f}" ', 1))
    return "\n".join(cells)


def card(x: float, y: float, head: str, *lines: str) -> str:
    box = (
        f'<rect x="{x - 92:g}" y="{y:g}" width="184" height="{30 + 20 * len(lines):g}" rx="8" fill="#f5f7fa" '
        f'stroke="{LINE}"/>'
    )
    return (
        box
        + text(x, y + 22, head, 14, INK, "bold")
        + "".join(text(x, y + 42 + 20 * k, w, 13) for k, w in enumerate(lines))
    )


def overview() -> str:
    """The picture as a self-contained SVG on white."""
    basis = invgen.generate(invgen.TensorSpace("0e + 1o + 2e + 3o"), max_degree=4)
    assert basis.certificate.complete
    middle = LEFT + COLUMNS * CELL_WIDTH / 2
    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        text(118, 34, "a neighbourhood, turned", 16, INK, "bold"),
        neighbourhood(118, 122, 0),
        neighbourhood(118, 280, 72),
        text(118, 366, "moments of rank 0 to 3", 13, FAINT),
        arrow(216, 205),
        text(middle, 34, f"{len(basis)} numbers that stay the same", 16, INK, "bold"),
        graphs(basis),
        text(middle, 366, "all that are independent, proved: 13 = 16 components − 3 angles", 13, FAINT),
        arrow(724, 205),
        text(858, 34, "compiled", 16, INK, "bold"),
        card(858, 62, "certificate", "rechecked from", "the file alone"),
        card(858, 160, "C, CUDA, PyTorch", "value, gradient and", "second gradient"),
        card(858, 258, "networks", "forces and stress,", "trained through"),
        text(858, 366, "and tables for papers", 13, FAINT),
    ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'role="img" font-family="DejaVu Sans, Verdana, sans-serif"><title>From a neighbourhood to invariants, a proof '
        "and kernels</title>"
    )
    return head + "\n" + "\n".join(parts) + "\n</svg>\n"


if __name__ == "__main__":
    OUT.write_text(overview(), encoding="utf-8")
