"""Which invariants a network sees, as an entry of a configuration."""

from __future__ import annotations

from dataclasses import dataclass

from invgen import schema
from invgen.errors import InputError


def at_least(least: int, **values: int | None) -> None:
    """Nothing, if no value is smaller.

    Raises:
        InputError: one is; the sentence names it.
    """
    for name, value in values.items():
        if value is not None and value < least:
            raise InputError(f"{name} is at least {least}, got {value}")


@dataclass(frozen=True)
class BasisConfig:
    """Which invariants a network sees: one of `file`, `package`, `space` or `l_max`.

    Attributes:
        file: a basis file.
        package: a kernel package, its folder or its name where Python finds it.
        space: irreps, such as "0e + 1o + 2e + 3o".
        l_max: the space of moments of each rank up to it; for ACE the highest l.
        max_degree: of the members, for `space` and `l_max`.
        select: a selection of `invgen.generate`, or "hippynn" for hippynn's list.
        flexible: as of `invgen.generate`.
        order: as of `invgen.generate`.
        forms: as of `invgen.generate`.
        strata: as of `invgen.generate`.
        total_degree: as of `invgen.generate`.
        convention: of the components; that of the basis if left out.
        random_members: keep only this many, drawn at random.
        random_seed: of that.
    """

    file: str | None = None
    package: str | None = None
    space: str | None = None
    l_max: int | None = None
    max_degree: int | None = None
    select: str | None = None
    flexible: str | None = None
    order: str | None = None
    forms: str | None = None
    strata: bool | None = None
    total_degree: int | None = None
    convention: str | None = None
    random_members: int | None = None
    random_seed: int = 0

    def __post_init__(self) -> None:
        schema.check(self)
        sources = [name for name in ("file", "package", "space", "l_max") if getattr(self, name) is not None]
        if len(sources) != 1:
            raise InputError(
                f"a basis is given by one of file, package, space and l_max, got {' and '.join(sources) or 'none'}"
            )
        asked = ("max_degree", "select", "flexible", "order", "forms", "strata", "total_degree")
        extra = [name for name in asked if getattr(self, name) is not None]
        if sources[0] in ("file", "package"):
            if extra:
                raise InputError(
                    f"{extra[0]} chooses how a basis is made, a {sources[0]} has one already: leave it out"
                )
        elif self.max_degree is None:
            raise InputError(f"{sources[0]} needs max_degree, the highest degree of the members")
        at_least(0, l_max=self.l_max)
        at_least(1, max_degree=self.max_degree, random_members=self.random_members)
