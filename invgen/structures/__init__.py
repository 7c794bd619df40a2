"""Atomic structures: data files, batches, neighbour lists and the vectors of pairs; eV and Angstrom."""

from invgen.structures.batch import Batch
from invgen.structures.datasets import Dataset
from invgen.structures.elements import element_index
from invgen.structures.frames import Frames, split_indices
from invgen.structures.pairs import Pairs
from invgen.structures.reading import read
from invgen.structures.references import AtomicEnergies
from invgen.structures.structure import TARGETS, Structure
from invgen.structures.trees import register
from invgen.structures.turned_copies import check_turned_copy
from invgen.structures.vectors import pair_vectors, stress_from, structure_totals

register()

__all__ = [
    "Structure",
    "Frames",
    "read",
    "AtomicEnergies",
    "split_indices",
    "Dataset",
    "Batch",
    "Pairs",
    "pair_vectors",
    "stress_from",
    "structure_totals",
    "element_index",
    "check_turned_copy",
    "TARGETS",
]
