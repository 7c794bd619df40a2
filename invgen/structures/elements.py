"""Atomic numbers and symbols, and the place of each atom's element in the list of elements that a model knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import torch

from invgen import checks
from invgen.errors import InputError

SYMBOLS = tuple(
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb "
    "Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au "
    "Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts "
    "Og".split()
)


def symbol(number: int) -> str:
    """The symbol of an atomic number: C for 6."""
    return SYMBOLS[number - 1]


def atomic_number(name: str) -> int:
    """The atomic number of a symbol; D and T, deuterium and tritium, are hydrogen.

    Raises:
        InputError: no element has that symbol.
    """
    if name in ("D", "T"):
        return 1
    if name not in SYMBOLS:
        raise InputError(f"{name!r} is not the symbol of an element; symbols are written as H, He, Li, ...")
    return SYMBOLS.index(name) + 1


def symbols(numbers: Iterable[int]) -> str:
    """Symbols for a message, in the order given: "C, H, O"."""
    return ", ".join(symbol(number) for number in numbers)


def atomic_numbers(elements: Iterable[int]) -> list[int]:
    """The atomic numbers that a model knows, as `int`.

    Raises:
        InputError: one is not an atomic number.
    """
    return [checks.integer("an atomic number", each, 1, len(SYMBOLS)) for each in elements]


def check_numbers(numbers: np.ndarray, where: str) -> None:
    """Nothing, if all are atomic numbers.

    Raises:
        InputError: a number is not between 1 and 118; the sentence names it and `where`.
    """
    if numbers.size and not (1 <= numbers.min() and numbers.max() <= len(SYMBOLS)):
        bad = numbers[(numbers < 1) | (numbers > len(SYMBOLS))][0]
        raise InputError(f"{where} has an atom of number {bad}; atomic numbers go from 1 (H) to {len(SYMBOLS)} (Og)")


def element_index(species: torch.Tensor, elements: Sequence[int]) -> torch.Tensor:
    """The k with elements[k] = species[i] for every atom i, as one-hot encodings and embeddings take it.

    Args:
        species: (atoms), int64, atomic numbers.
        elements: the atomic numbers that a model knows, each once.

    Returns:
        (atoms), int64.

    Raises:
        InputError: an atom is of an element that is not in the list, or its number is not an atomic number; the
            sentence names it.
    """
    # The first and the last place are for what is not an atomic number: indexing would take -1 for another element.
    beyond, elements = len(SYMBOLS) + 1, atomic_numbers(elements)
    place = torch.full((beyond + 1,), -1, dtype=torch.int64)
    place[torch.tensor(elements, dtype=torch.int64)] = torch.arange(len(elements))
    found = place.to(species.device)[species.clamp(0, beyond)]
    if bool((found < 0).any()):
        unknown = sorted(set(species[found < 0].tolist()))
        wrong = [number for number in unknown if not 0 < number < beyond]
        if wrong:
            raise InputError(f"atomic numbers go from 1 (H) to {len(SYMBOLS)} (Og), got {wrong[0]}")
        raise InputError(
            f"unknown elements {symbols(unknown)}: the model knows {symbols(elements)}; leave those structures out or "
            "train a model on data with these elements"
        )
    return found
