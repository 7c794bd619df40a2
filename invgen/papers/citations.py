"""BibTeX of what a paper cites: the software, the papers that it builds on, and what its tables rest on.

The fields are those that every style of BibTeX prints: many leave out `eprint` and `version`.
"""

from __future__ import annotations

from collections.abc import Iterable

from invgen._version import __version__

ALWAYS = ("invgen", "allen2025", "bujack2025")

ENTRIES = {
    "invgen": f"""\
@misc{{invgen,
  author  = {{{{The invgen developers}}}},
  title   = {{invgen: optimal bases of moment invariants, generated exactly, certified, and compiled}},
  note    = {{Version {__version__}}}
}}
""",
    "allen2025": """\
@article{allen2025,
  author  = {Allen and Shinkle and Bujack and Lubbers},
  title   = {Optimal Invariant Bases for Atomistic Machine Learning},
  journal = {arXiv:2503.23515},
  year    = {2025}
}
""",
    "bujack2025": """\
@article{bujack2025,
  author  = {Bujack and Shinkle and Allen and Suk and Lubbers},
  title   = {Flexible Moment-Invariant Bases from Irreducible Tensors},
  journal = {arXiv:2503.21939},
  year    = {2025}
}
""",
    "langbein2009": """\
@inproceedings{langbein2009,
  author    = {Langbein, M. and Hagen, H.},
  title     = {A generalization of moment invariants on {2D} vector fields to tensor fields of arbitrary order and
               dimension},
  booktitle = {Advances in Visual Computing},
  year      = {2009}
}
""",
    "hu1962": """\
@article{hu1962,
  author  = {Hu, M.-K.},
  title   = {Visual pattern recognition by moment invariants},
  journal = {IRE Transactions on Information Theory},
  year    = {1962}
}
""",
    "flusser2000": """\
@article{flusser2000,
  author  = {Flusser, J.},
  title   = {On the independence of rotation moment invariants},
  journal = {Pattern Recognition},
  year    = {2000}
}
""",
    "hippynn": """\
@misc{hippynn,
  author  = {{The hippynn developers}},
  title   = {hippynn},
  note    = {Version 0.1.3}
}
""",
    "milad": """\
@misc{milad,
  author  = {Uhrin, M.},
  title   = {{MILAD}: Moment Invariants Local Atomic Descriptor},
  note    = {Version 0.3.1}
}
""",
    "dusson2022": r"""@article{dusson2022,
  author  = {Dusson, G. and Bachmayr, M. and Cs{\'a}nyi, G. and Drautz, R. and Etter, S. and van der Oord, C. and
             Ortner, C.},
  title   = {Atomic cluster expansion: completeness, efficiency and stability},
  journal = {Journal of Computational Physics},
  year    = {2022}
}
""",
    "molien1897": r"""@article{molien1897,
  author  = {Molien, T.},
  title   = {{\"U}ber die {Invarianten} der linearen {Substitutionsgruppen}},
  journal = {Sitzungsberichte der K{\"o}niglich Preussischen Akademie der Wissenschaften},
  year    = {1897}
}
""",
    "noether1915": """\
@article{noether1915,
  author  = {Noether, E.},
  title   = {Der {Endlichkeitssatz} der {Invarianten} endlicher {Gruppen}},
  journal = {Mathematische Annalen},
  year    = {1915}
}
""",
    "springer1980": """\
@article{springer1980,
  author = {Springer, T. A.},
  title  = {On the invariant theory of {SU$_2$}},
  journal = {Indagationes Mathematicae},
  year   = {1980}
}
""",
}


def bibliography(keys: Iterable[str]) -> str:
    """The entries of some keys and of what is always cited, each once."""
    wanted = dict.fromkeys((*ALWAYS, *keys))
    return "\n".join(ENTRIES[key] for key in wanted)
