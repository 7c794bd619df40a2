"""The one hierarchy of exceptions.

Every error that a user can cause is an `InvgenError` whose message is one sentence: what was given, what is
allowed, and what to do. The command line prints that sentence alone and exits with code 2.
"""


class InvgenError(Exception):
    """Base of all errors that invgen raises on purpose."""


class InputError(InvgenError, ValueError):
    """What the caller passed (a space, a degree, a contraction, an array, a name) is not allowed."""


class DegreeError(InputError):
    """A highest degree is too low.

    Args:
        parts: the sentence, in parts between which the name of the degree stands.
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
    """A kernel found no memory for what it keeps during a call."""


class CacheError(InvgenError):
    """The kernel cache cannot be read or written."""


class TrainingError(InvgenError):
    """A training run cannot go on: its loss or a gradient is no finite number."""
