"""What the invariants say about the shape of an atom's surroundings, and a picture of it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib
import numpy as np
from invariance import samples
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from neighbourhoods import Floats, Integers, Molecules

from invgen import Basis
from invgen.testing import harmonic_components

# Central atoms whose shape everyone knows, from linear to bent; those that are not among the molecules are left out.
EXAMPLES = {
    "linear": ("CO2", "HCN", "C2H2"),
    "planar": ("BF3", "CH3", "H2CO", "C2H4", "C6H6"),
    "tetrahedral": ("CH4", "SiF4", "C2H6"),
    "pyramidal": ("NH3", "PF3"),
    "bent": ("H2O", "SH2", "O3"),
    "T-shaped": ("ClF3",),
}
_LABELS = ("CO2", "BF3", "C6H6", "C2H2", "CH4", "NH3", "PF3", "H2O", "O3", "ClF3")
_COLOURS = {2: "#c2571a", 3: "#2f8256", 4: "#3f74b5"}
_OTHER = "#8d5fb0"
_MARKERS = {6: ("o", "C"), 7: ("s", "N"), 8: ("^", "O")}


@dataclass(frozen=True)
class Shapes:
    """Fingerprints of surroundings: (atoms, K). An atom alone has none and gets zeros."""

    values: Floats
    radial: int


def fingerprints(basis: Basis, value: Callable[[Floats], Floats], x: Floats, radial: int, count: int) -> Shapes:
    """The invariants of the neighbourhood's shape: 1 if all neighbours lie in one direction, whatever their number.

    The elements are summed over, the tensors divided by the scalar one, and the invariants by those of one neighbour.

    Args:
        basis: what `value` computes; its first tensor is the scalar.
        value: (atoms, component, channel) -> (atoms, K, channel).
        x: moment tensors (atoms, component, element · ν).
        radial: which radial function ν is used.
        count: how many radial functions there are.
    """
    blind = x.reshape(len(x), x.shape[1], -1, count).sum(axis=2)[:, :, radial : radial + 1]
    pole = np.array([0.0, 0.0, 1.0])
    single = np.concatenate([harmonic_components(t.l, pole, basis.convention) for t in basis.space.tensors])
    weight = blind[:, :1] / single[0]
    known = weight[:, 0, 0] > 0
    scaled = np.divide(blind, weight, out=np.zeros_like(blind), where=known[:, None, None])
    values = samples(value(scaled)) / samples(value(single[None, :, None]))
    return Shapes(np.where(known[:, None], values, 0.0), radial)


def central_atoms(molecules: Molecules, bonds: Integers, names: Sequence[str]) -> list[tuple[str, int]]:
    """Of each named molecule that is there, the atom with the most bonds (the first of them)."""
    found = []
    for name in names:
        if name in molecules.names:
            atoms = np.nonzero(molecules.molecule == molecules.names.index(name))[0]
            found.append((name, int(atoms[np.argmax(bonds[atoms])])))
    return found


def principal_plane(features: Floats) -> tuple[Floats, Floats]:
    """The two directions in which the features vary most: coordinates (samples, 2), shares of the variance (2,)."""
    centred = features - features.mean(axis=0)
    u, sizes, vt = np.linalg.svd(centred, full_matrices=False)
    signs = np.sign(vt[np.arange(2), np.abs(vt[:2]).argmax(axis=1)])  # the sign that an SVD gives is arbitrary
    return u[:, :2] * sizes[:2] * signs, sizes[:2] ** 2 / np.sum(sizes**2)


def homogeneous(basis: Basis, values: Floats) -> Floats:
    """sign(I) |I|^(1/degree): members of all degrees on one scale."""
    return np.sign(values) * np.abs(values) ** (1 / np.array(basis.degrees))


def picture(basis: Basis, molecules: Molecules, bonds: Integers, shapes: Shapes, centre: float) -> str:
    """The figure as SVG text: a heat map of known shapes, and a map of all atoms with two or more bonds.

    Args:
        basis: whose members the columns are.
        molecules: the atoms.
        bonds: how many atoms each is bonded to.
        shapes: the fingerprints.
        centre: μ of the radial function in Å, for the caption.
    """
    settings: dict[Any, Any] = {
        "font.size": 9,
        "svg.hashsalt": "invgen",
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=(13.2, 6.9), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=[1.12, 1])
        _heat_map(left, basis, molecules, bonds, shapes)
        _map(right, basis, molecules, bonds, shapes, centre)
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    return text.getvalue()


def _heat_map(axes: Axes, basis: Basis, molecules: Molecules, bonds: Integers, shapes: Shapes) -> None:
    from ase.data import chemical_symbols

    scalar = basis.space.names[0]
    columns = [m for m in basis if set(m.tensors) != {scalar}]  # the scalar itself was divided by
    rows: list[tuple[str, int]] = []
    for shape, names in EXAMPLES.items():
        found = central_atoms(molecules, bonds, names)
        if found:
            middle = len(rows) + (len(found) - 1) / 2
            axes.annotate(
                shape, (0, middle), (-72, 0), ("axes fraction", "data"), "offset points", ha="right", va="center"
            )
            axes.axhline(len(rows) - 0.5, color="white", linewidth=4)
        rows += found
    table = shapes.values[[atom for _, atom in rows]][:, [m.index for m in columns]]
    image = axes.imshow(table, cmap="RdBu_r", vmin=-1, vmax=1, aspect="auto")
    for (i, k), entry in np.ndenumerate(table):
        shade = "white" if abs(entry) > 0.65 else "#303030"
        text = "0" if abs(entry) < 0.005 else f"{entry:.2f}".replace("-", "−")
        axes.text(k, i, text, ha="center", va="center", fontsize=7.5, color=shade)
    labels = [f"{_formula(name)}:  {chemical_symbols[molecules.numbers[atom]]}" for name, atom in rows]
    axes.set_yticks(range(len(rows)), labels)
    axes.set_xticks(range(len(columns)), [f"${m.latex()}$" for m in columns], rotation=90)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xlabel("invariant (dimensionless; 1 if all neighbours lie in one direction)")
    axes.set_title("Known shapes of molecules around an atom", loc="left", fontweight="bold")
    axes.figure.colorbar(image, ax=axes, shrink=0.6, pad=0.01)


def _map(axes: Axes, basis: Basis, molecules: Molecules, bonds: Integers, shapes: Shapes, centre: float) -> None:
    atoms = np.nonzero(bonds >= 2)[0]
    plane, variance = principal_plane(homogeneous(basis, shapes.values[atoms]))
    numbers, counts = molecules.numbers[atoms], bonds[atoms]
    for count in np.unique(counts):
        for number, (marker, _) in {**_MARKERS, 0: ("D", "other")}.items():
            same = numbers == number if number else ~np.isin(numbers, list(_MARKERS))
            chosen = plane[(counts == count) & same]
            colour = _COLOURS.get(int(count), _OTHER)
            axes.scatter(chosen[:, 0], chosen[:, 1], s=26, marker=marker, color=colour, alpha=0.65, linewidths=0)
    for name, atom in central_atoms(molecules, bonds, _LABELS):
        if bonds[atom] >= 2:
            at = plane[np.searchsorted(atoms, atom)]
            axes.annotate(_formula(name), at, (4, 5), textcoords="offset points", fontsize=8.5, color="#303030")
    for count in np.unique(counts):
        axes.scatter([], [], s=26, color=_COLOURS.get(int(count), _OTHER), label=f"{count} bonds")
    for marker, symbol in (*_MARKERS.values(), ("D", "other")):
        axes.scatter([], [], s=26, marker=marker, color="#767676", label=symbol)
    axes.legend(frameon=False, ncols=2, fontsize=8.5)
    axes.set_xlabel(f"first principal component (dimensionless, {variance[0]:.0%} of the variance)")
    axes.set_ylabel(f"second principal component (dimensionless, {variance[1]:.0%})")
    axes.set_title(f"{len(atoms)} atoms with two or more bonds", loc="left", fontweight="bold")
    axes.text(
        1, -0.13, f"radial function centred at {centre:.2f} Å", transform=axes.transAxes, ha="right", color="#606060"
    )


def _formula(name: str) -> str:
    """A name of the G2 set with its digits lowered: C2H4 as C₂H₄."""
    return re.sub(
        r"(?<=[A-Za-z])(\d+)", lambda digits: digits[1].translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")), name
    )
