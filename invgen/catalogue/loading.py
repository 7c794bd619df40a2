"""Kernel packages of the catalogue as modules."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from invgen.catalogue.listing import CatalogueEntry, entries, own_named
from invgen.checks import nearest
from invgen.errors import InputError, InvgenError


def load(name: str) -> ModuleType:
    """The kernel package of a name: the module that `import name` gives where the package can be imported.

    Equal names give the same module. Nothing is fetched, and the sources are checked against their hashes.

    Args:
        name: of a package of the catalogue; `invgen catalogue` lists them.

    Raises:
        InputError: no package has this name, its module fails to load, or another module of the process has its name.
        BasisFileError: a file of the package was changed.
    """
    if not isinstance(name, str):
        raise InputError(f"a package of the catalogue has a name such as 'optimal_l3_n4', got {name!r}")
    # Looking for entry points reads the metadata of every installed distribution, which takes longer than a load.
    entry = own_named(name) or _listed(name)
    if entry.complaint:
        raise InputError(f"the package {name!r} of {entry.source} cannot be loaded: {entry.complaint}")
    if entry.module is not None:
        return _of_module(entry, entry.module)
    return _of_folder(entry)


def _listed(name: str) -> CatalogueEntry:
    found = {entry.name: entry for entry in entries()}
    if name not in found:
        known = f"{', '.join(found)}" if found else "none"
        hint = nearest(name, found)
        raise InputError(f"the catalogue has no package {name!r}{hint}; it has {known}")
    return found[name]


def _of_module(entry: CatalogueEntry, module: str) -> ModuleType:
    try:
        return import_module(module)
    except InvgenError:
        raise
    except Exception as error:  # whatever the module of another distribution raises
        raise InputError(f"the package {entry.name!r} of {entry.source} fails to load: {error!r}") from error


def _of_folder(entry: CatalogueEntry) -> ModuleType:
    """A package of `generated/`, registered under its name so that an import of it finds the same module."""
    path = Path(entry.folder or "") / "__init__.py"
    present = sys.modules.get(entry.name)
    if present is not None:
        if getattr(present, "__file__", None) is None or Path(str(present.__file__)).resolve() != path:
            raise InputError(
                f"a module named {entry.name!r} is loaded from {getattr(present, '__file__', 'elsewhere')}, and the "
                f"catalogue's is {path}; load the catalogue's in a process of its own"
            )
        return present
    spec = spec_from_file_location(entry.name, path, submodule_search_locations=[str(path.parent)])
    if spec is None or spec.loader is None:
        raise InputError(f"{path} cannot be imported; install invgen again")
    module = module_from_spec(spec)
    sys.modules[entry.name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[entry.name]
        raise
    return module
