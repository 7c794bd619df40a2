"""Write the checked-in kernel packages again; the bytes must not change unless the mathematics or the code does.

    python generated/regenerate.py [FOLDER] [NAME ...]

FOLDER defaults to the one that holds this file, and every package is written where no NAME is given. Compressed sources
have the same text after expansion; their compressed bytes depend on the version of liblzma.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from invgen import Basis, TensorSpace, generate, write_package

HERE = Path(__file__).resolve().parent

ATOMS, FIELDS, MATERIALS, TURBULENCE = "atoms", "fields", "materials", "turbulence"


@dataclass(frozen=True)
class Recipe:
    """How a package is made, and what its card says.

    Attributes:
        basis: makes the basis.
        title: what it computes, in a line.
        use: when to use it.
        topics: fields of work.
    """

    basis: Callable[[], Basis]
    title: str
    use: str
    topics: tuple[str, ...]

    @property
    def card(self) -> dict[str, object]:
        """As `write_package` takes it."""
        return {"title": self.title, "use": self.use, "topics": list(self.topics)}


def irreps(text: str, degree: int, **options: str) -> Callable[[], Basis]:
    return lambda: generate(TensorSpace(text), degree, **options)


def moments(degree: int, values: str = "scalar", dimension: int = 3) -> Callable[[], Basis]:
    group = "O3" if dimension == 3 else "O2"
    return lambda: generate(TensorSpace.moments(range(5), values, dimension, group), degree)


def strain(group: str, degree: int) -> Callable[[], Basis]:
    return lambda: generate(TensorSpace.cartesian("ij=ji", group=group), degree, select="integrity")


def ace(select: str) -> Callable[[], Basis]:
    return lambda: generate(TensorSpace.ace(n_max=4, l_max=3), 3, select=select)


def of_hippynn() -> Basis:
    lines = (HERE / "hiphop_l3_n4.txt").read_text(encoding="utf-8").splitlines()
    listed = [line for line in lines if line.strip() and not line.startswith("#")]
    return Basis.from_contractions(listed, TensorSpace("s:0e + v:1o + q:2e + t:3o"), "hippynn")


GENERIC = "Where inputs may be symmetric or a tensor may vanish, use the flexible package of the same rank."
DEGENERATE = (
    "Full rank also where tensors vanish or the function lives on a sphere; of higher degree than independent ones."
)
RECIPES = {
    "optimal_l2_n4": Recipe(
        irreps("0e + 1o + 2e", 4),
        "6 independent invariants of one channel of tensors, l <= 2, degree <= 4",
        f"HIP-HOP networks and descriptors of atoms with vectors and quadrupoles. {GENERIC}",
        (ATOMS,),
    ),
    "optimal_l3_n4": Recipe(
        irreps("0e + 1o + 2e + 3o", 4),
        "13 independent invariants of one channel of tensors, l <= 3, degree <= 4",
        f"HIP-HOP networks and descriptors of atoms with tensors to octupoles. {GENERIC}",
        (ATOMS,),
    ),
    "hiphop_l3_n4": Recipe(
        of_hippynn,
        "the 13 invariants that hippynn ships for l <= 3, in its order and convention",
        "Networks with weights of hippynn's HIP-HOP-NN; new networks may use optimal_l3_n4.",
        (ATOMS,),
    ),
    "hiphop_l4_n5": Recipe(
        irreps("0e + 1o + 2e + 3o + 4e", 5),
        "22 independent invariants of one channel of tensors, l <= 4, degree <= 5",
        f"HIP-HOP networks with tensors to rank 4. {GENERIC}",
        (ATOMS,),
    ),
    "flexible_l2": Recipe(
        irreps("0e + 1o + 2e", 6, select="flexible"),
        "6 flexible invariants of one channel of tensors, l <= 2",
        DEGENERATE,
        (ATOMS, FIELDS),
    ),
    "flexible_l3": Recipe(
        irreps("0e + 1o + 2e + 3o", 10, select="flexible"),
        "13 flexible invariants of one channel of tensors, l <= 3",
        DEGENERATE,
        (ATOMS, FIELDS),
    ),
    "flexible_l4": Recipe(
        irreps("0e + 1o + 2e + 3o + 4e", 10, select="flexible"),
        "22 flexible invariants of one channel of tensors, l <= 4",
        DEGENERATE,
        (ATOMS, FIELDS),
    ),
    "ace_4_3_independent": Recipe(
        ace("independent"),
        "61 independent invariants of the atomic cluster expansion, n <= 4, l <= 3, order <= 3",
        "Descriptors of atoms for nonlinear models, where functions of the others carry nothing new.",
        (ATOMS,),
    ),
    "ace_4_3_full": Recipe(
        ace("linear"),
        "348 invariants that span those of the atomic cluster expansion, n <= 4, l <= 3, order <= 3",
        "Linear models of atoms, which need every invariant of the vector space.",
        (ATOMS,),
    ),
    "moments_scalar_3d": Recipe(
        moments(4),
        "32 independent invariants of the moments of a scalar field in space, orders 0 to 4",
        "Volumes: shapes, densities and patterns, with moments about a point or of a whole object (invgen.fields).",
        (FIELDS,),
    ),
    "moments_scalar_2d": Recipe(
        moments(4, dimension=2),
        "14 independent invariants of the moments of a scalar field in the plane, orders 0 to 4",
        "Images; complete where the seven invariants of Hu are not.",
        (FIELDS,),
    ),
    "moments_vector_3d": Recipe(
        moments(4, "vector"),
        "102 independent invariants of the moments of a vector field in space, orders 0 to 4",
        "Flows and fields of forces in space: vortices, saddles and other patterns.",
        (FIELDS,),
    ),
    "moments_vector_2d": Recipe(
        moments(4, "vector", 2),
        "29 independent invariants of the moments of a vector field in the plane, orders 0 to 4",
        "Flows in the plane, such as wind on a map.",
        (FIELDS,),
    ),
    "pope_tensors": Recipe(
        irreps("S:2e + R:1e", 6, select="integrity", outputs="2e"),
        "the 10 tensors of rates of strain and rotation that generate all symmetric traceless ones (Pope 1975)",
        "Closures of the Reynolds stress by tensor-basis networks, with the invariants of pope_invariants.",
        (TURBULENCE,),
    ),
    "pope_invariants": Recipe(
        irreps("S:2e + R:1e", 6, select="integrity"),
        "the 6 generators of the invariants of rates of strain and rotation",
        "Coefficients of the tensors of pope_tensors are functions of these.",
        (TURBULENCE,),
    ),
    "strain_Oh": Recipe(
        strain("Oh", 6),
        "9 generators of the invariants of a symmetric tensor under the cubic group Oh",
        "Strain energies of cubic crystals.",
        (MATERIALS,),
    ),
    "strain_D2h": Recipe(
        strain("D2h", 4),
        "7 generators of the invariants of a symmetric tensor under the orthorhombic group D2h",
        "Strain energies of orthotropic materials, such as wood and woven composites.",
        (MATERIALS,),
    ),
    "strain_Dinfh": Recipe(
        strain("Dinfh", 4),
        "5 generators of the invariants of a symmetric tensor under turns about an axis, Dinfh",
        "Strain energies of transversely isotropic materials: fibres, layers, muscle.",
        (MATERIALS,),
    ),
}


def main(folder: Path, *names: str) -> None:
    """Write the packages into `folder`."""
    for name in names or RECIPES:
        recipe = RECIPES[name]
        basis = recipe.basis()
        print(write_package(basis, folder / name, card=recipe.card, compressed=True).name, basis.id)


if __name__ == "__main__":
    main(*([Path(sys.argv[1]), *sys.argv[2:]] if len(sys.argv) > 1 else [HERE]))
