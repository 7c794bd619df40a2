"""The one hierarchy of exceptions.

Every error that a user can cause is an `InvgenError` whose message is one sentence: what was given, what is
allowed, and what to do. The command line prints that sentence alone and exits with code 2.
"""

from importlib import import_module


class InvgenError(Exception):
    """Base of all errors that invgen raises on purpose."""


class InputError(InvgenError, ValueError):
    """What the caller passed (a space, a degree, a contraction, an array, a name) is not allowed."""


class DegreeError(InputError):
    """A highest degree is too low.

    Args:
        parts: the sentence, in parts between which the name of the degree is put.
    """

    def __str__(self) -> str:
        return self.called("max_degree")

    def called(self, name: str) -> str:
        """The sentence for callers to whom the degree has another name."""
        return name.join(map(str, self.args))


class BasisFileError(InvgenError):
    """A basis file or kernel package is damaged, of an unknown format version, or its hash does not match."""


class EnumerationError(InvgenError):
    """Candidates ran out before the Molien count was reached: a defect of invgen, never of its input."""


class CompilerError(InvgenError):
    """No usable compiler was found, or the compiler refused generated source."""


class MemoryShortageError(InvgenError, MemoryError):
    """There is not enough memory for what a kernel keeps during a call."""


class CacheError(InvgenError):
    """The kernel cache cannot be read or written."""


class TrainingError(InvgenError):
    """A training run cannot continue: its loss or a gradient is not a finite number."""


class MissingPackageError(InvgenError, ImportError):
    """A package that an extra of invgen installs is not there."""


_EXTRAS = {
    "torch": "torch",
    "ase": "nn",
    "h5py": "nn",
    "vesin": "nn",
    "lightning": "train",
    "yaml": "train",
    "matplotlib": "fields",
    "scipy": "fields",
    "skimage": "fields",
    "sklearn": "fields",
    "pyvista": "paraview",
    "trimesh": "paraview",
}


def needs(name: str) -> None:
    """Raise `MissingPackageError`, which says what to install, if a package of an extra cannot be imported."""
    try:
        import_module(name)
    except ImportError as error:
        raise missing_package(error) or error from None


def missing_package(error: ImportError) -> MissingPackageError | None:
    """The sentence that says which extra to install; None if the error is not about a package of one."""
    name = (error.name or "").partition(".")[0]
    if name not in _EXTRAS:
        return None
    extra = f"'invgen[{_EXTRAS[name]}]'"
    return MissingPackageError(f"this needs {name}, which cannot be imported; run: pip install {extra}")
