r"""Notations for expressions: LaTeX, HTML and plain ASCII.

A kind of expression says once what it is made of (`Expression.written`), a notation says once how each of these parts
looks. So a new notation needs no change to the kinds, and a new kind made of the same parts none to the notations.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from invgen.spaces.space import EPSILON

_STRUCTURAL = re.compile(r"@(\d+)([eo])(?:_(\d+))?")
_DEFAULT_NAME = re.compile(r"l(\d+)(?:_(\d+))?")


class Markup(Protocol):
    """How the parts of an expression look in one notation."""

    def tensor(self, name: str) -> str:
        """A tensor, or the Levi-Civita symbol."""

    def indexed(self, name: str, letters: str) -> str:
        """A tensor with its indices; the name alone where it has no index."""

    def conjugate(self, name: str) -> str:
        """The conjugate of a complex moment."""

    def product(self, factors: Sequence[str]) -> str:
        """Factors that have been written, side by side."""

    def coupled(self, left: str, right: str, rank: int) -> str:
        """The part of this rank of the tensor product of two covariants that have been written."""

    def part(self, name: str, product: str) -> str:
        """The real ("Re") or the imaginary ("Im") part of a product that has been written."""


class _Latex:
    r"""v_{i}\, q_{ij}\, v_{j}; \{\{v, q\}_{1}, v\}_{0}; the name l2 is T^{(2)}, @4e is S^{(4+)}."""

    def tensor(self, name: str) -> str:
        if name == EPSILON:
            return r"\varepsilon"
        structural = _STRUCTURAL.fullmatch(name)
        if structural:
            number = "" if structural[3] is None else f",{structural[3]}"
            return rf"\mathsf{{S}}^{{({structural[1]}{'+' if structural[2] == 'e' else '-'}{number})}}"
        default = _DEFAULT_NAME.fullmatch(name)
        if default:
            return f"T^{{({default[1]})}}" if default[2] is None else f"T^{{({default[1]},{default[2]})}}"
        return name if len(name) == 1 else rf"\mathrm{{{name}}}".replace("_", r"\_")

    def indexed(self, name: str, letters: str) -> str:
        # letters beyond the alphabet are numbered indices
        indices = "".join(letter if letter.isascii() else f"i_{{{ord(letter)}}}" for letter in letters)
        return self.tensor(name) + (f"_{{{indices}}}" if letters else "")

    def conjugate(self, name: str) -> str:
        return f"{{{self.tensor(name)}}}^*"

    def product(self, factors: Sequence[str]) -> str:
        return r"\, ".join(factors)

    def coupled(self, left: str, right: str, rank: int) -> str:
        return rf"\{{{left}, {right}\}}_{{{rank}}}"

    def part(self, name: str, product: str) -> str:
        return rf"\operatorname{{{name}}}({product})"


def _escape(text: str) -> str:
    from html import escape  # 4 ms that only pages should cost

    return escape(text)


class _Html:
    """Letters in italics, indices as subscripts; all names escaped."""

    def tensor(self, name: str) -> str:
        if name == EPSILON:
            return "<i>&epsilon;</i>"
        structural = _STRUCTURAL.fullmatch(name)
        if structural:
            sign = "+" if structural[2] == "e" else "&minus;"
            number = "" if structural[3] is None else f",{structural[3]}"
            return f"<b>S</b><sup>({structural[1]}{sign}{number})</sup>"
        default = _DEFAULT_NAME.fullmatch(name)
        if default:
            return f"<i>T</i><sup>({default[1]}{'' if default[2] is None else f',{default[2]}'})</sup>"
        return f"<i>{_escape(name)}</i>"

    def indexed(self, name: str, letters: str) -> str:
        return self.tensor(name) + (f"<sub>{_escape(letters)}</sub>" if letters else "")

    def conjugate(self, name: str) -> str:
        return self.tensor(name) + "<sup>*</sup>"

    def product(self, factors: Sequence[str]) -> str:
        return "&thinsp;".join(factors)

    def coupled(self, left: str, right: str, rank: int) -> str:
        return f"{{{left}, {right}}}<sub>{rank}</sub>"

    def part(self, name: str, product: str) -> str:
        return f"{name}({product})"


class _Plain:
    """v[i] q[ij] v[j]; ((v,q)1,v)0; Re(c2 c1* c1*)."""

    def tensor(self, name: str) -> str:
        return name

    def indexed(self, name: str, letters: str) -> str:
        return f"{name}[{letters}]" if letters else name

    def conjugate(self, name: str) -> str:
        return f"{name}*"

    def product(self, factors: Sequence[str]) -> str:
        return " ".join(factors)

    def coupled(self, left: str, right: str, rank: int) -> str:
        return f"({left},{right}){rank}"

    def part(self, name: str, product: str) -> str:
        return f"{name}({product})"


LATEX: Markup = _Latex()
HTML: Markup = _Html()
PLAIN: Markup = _Plain()
