"""Compare densities on grids, ∫ |ρ - ρ'| / N in percent: predictions, the fitted densities and isolated atoms."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from densities import Molecule, read
from quantum import Grid, molecule


def errors(one: Molecule, predictions: list[np.ndarray], level: int) -> tuple[list[float], list[float]]:
    """The percent errors of the isolated atoms, the labels and the predictions, and the surplus electrons of the last.

    The density of Hartree-Fock is the reference, not the fitted one.
    """
    grid = Grid(molecule(one.numbers, one.positions), level)
    difference = grid.of_matrix(one.density_matrix - one.atoms_matrix)
    found = [grid.percent(difference), grid.percent(grid.of_coefficients(one.coefficients) - difference)]
    surplus = []
    for prediction in predictions:
        conserving = one.conserving(prediction)
        found.append(grid.percent(grid.of_coefficients(conserving) - difference))
        surplus.append(one.surplus(conserving))
    return found, surplus


def main() -> None:
    """Print a table by molecule."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("predictions", type=Path, nargs="+", help="files of fit.py and train.py")
    parser.add_argument("--labels", type=Path, default=Path("labels.npz"))
    parser.add_argument("--level", type=int, default=2, help="of the grids")
    arguments = parser.parse_args()
    everything = read(arguments.labels)
    ends = np.cumsum([len(each.coefficients) for each in everything])[:-1]
    files = [np.split(np.load(path, allow_pickle=False)["coefficients"], ends) for path in arguments.predictions]
    rows: dict[tuple[str, str], list[list[float]]] = {}
    worst = 0.0
    for k, one in enumerate(everything):
        if one.subset not in ("test", "other"):
            continue
        found, surplus = errors(one, [file[k] for file in files], arguments.level)
        worst = max(worst, *map(abs, surplus))
        rows.setdefault((one.subset, one.name), []).append(found)
    titles = ["isolated atoms", "fitted (floor)", *(path.stem for path in arguments.predictions)]
    print(f"| molecule | geometries | {' | '.join(titles)} |")
    print("|---" * (len(titles) + 2) + "|")

    def line(name: str, values: list[list[float]]) -> None:
        print(f"| {name} | {len(values)} | {' | '.join(f'{each:.2f}' for each in np.mean(values, 0))} |")

    for (subset, name), values in rows.items():
        line(name if subset == "test" else f"{name}, held out", values)
    known = [value for (subset, _), values in rows.items() if subset == "test" for value in values]
    line("all but the held-out molecule", known)
    shares = ", ".join(f"{title} {share:.0%}" for title, share in zip(titles, (np.array(known) < 1).mean(0)))
    print(f"\nheld-out geometries below 1 %: {shares}")
    print(f"electrons too many or too few: at most {worst:.1e}")


if __name__ == "__main__":
    main()
