"""The basis that a configuration names: from a file, a package or a request."""

from __future__ import annotations

import random
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from invgen.basis.basis import Basis
from invgen.basis.generation import generate
from invgen.errors import InputError
from invgen.nn.descriptors import HIPPYNN, moment_basis, natural_space
from invgen.spaces.reading import read_space
from invgen.spaces.space import TensorSpace
from invgen.training.basis_config import BasisConfig


def build_basis(config: BasisConfig, folder: Path, space: TensorSpace | None = None) -> Basis:
    """The basis; the same configuration gives the same members, also where they are drawn at random.

    Args:
        config: which.
        folder: where files are sought.
        space: takes the place of the moments' where the configuration gives l_max alone.

    Raises:
        InputError: there is no such file or package, or a request is refused.
    """
    basis = _made(config, folder, space)
    if config.random_members is not None:
        if config.random_members > len(basis):
            raise InputError(
                f"random_members is at most {len(basis)}, the members there are, got {config.random_members}"
            )
        chosen = sorted(random.Random(config.random_seed).sample(range(len(basis)), config.random_members))
        basis = Basis.from_contractions([basis.contractions[k] for k in chosen], basis.space, basis.convention)
    return basis


def _made(config: BasisConfig, folder: Path, space: TensorSpace | None) -> Basis:
    if config.file is not None:
        basis = Basis.load(folder / config.file)
    elif config.package is not None:
        basis = Basis.load(_package(config.package, folder) / "basis.json")
    else:
        return _generated(config, space)
    return basis if config.convention in (None, basis.convention) else basis.with_convention(str(config.convention))


def _generated(config: BasisConfig, space: TensorSpace | None) -> Basis:
    degree = config.max_degree
    names = ("select", "flexible", "order", "forms", "strata", "total_degree", "convention")
    options: dict[str, Any] = {name: getattr(config, name) for name in names if getattr(config, name) is not None}
    if config.select == HIPPYNN:
        extra = [name for name in options if name not in ("select", "convention")]
        if config.l_max is None or space is not None or extra:
            raise InputError("select: hippynn is a list for l_max and max_degree alone, in HIPHOPNN")
        return moment_basis(config.l_max, degree or 1, HIPPYNN, config.convention)
    if config.space is not None:
        space = read_space(config.space, "O3")
    elif space is None:
        space = natural_space(config.l_max or 0)
    return generate(space, degree or 1, **options)


def _package(name: str, folder: Path) -> Path:
    beside = folder / name
    if (beside / "basis.json").is_file():
        return beside
    found = find_spec(name) if name.isidentifier() else None
    if found is None or not found.submodule_search_locations:
        raise InputError(f"there is no kernel package {name!r}, neither as a folder of {folder} nor where Python looks")
    return Path(found.submodule_search_locations[0])
