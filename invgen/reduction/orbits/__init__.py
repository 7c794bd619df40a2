"""How a basis does on orbits: symmetry strata, and how many orbits share generic values."""
