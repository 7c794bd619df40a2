"""Bars that show progress: in a terminal, and below the cell of a notebook."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NoReturn

from invgen.stages import Progress

if TYPE_CHECKING:
    from tqdm import tqdm

_PATIENCE = 1.0  # seconds of one stretch of work before a notebook shows it


class Bars:
    """One bar per named stretch of work, which goes when the stretch is done.

    Bars are on standard error, where that is a terminal. In a notebook they are below the cell, for stretches of more
    than a second: widgets where ipywidgets is installed, otherwise a line of text.
    """

    def __init__(self) -> None:
        self._text = ""
        self._bar: tqdm[NoReturn] | None = None

    def __enter__(self) -> Bars:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def update(self, text: str, done: int, total: int) -> None:
        """The callback of `generate`: what is being done, and how many of how many steps."""
        if sys.stderr is None:
            return
        if self._bar is None or text != self._text:
            if self._bar is not None:
                self._bar.close()
            self._text = text
            self._bar = _bar(text, total)
        self._bar.update(done - self._bar.n)


def _bar(text: str, total: int) -> tqdm[NoReturn]:
    options: dict[str, Any] = {"total": total, "desc": text, "leave": False, "file": sys.stderr}
    if not in_notebook():
        from tqdm import tqdm

        return tqdm(**options, disable=None)  # None asks whether the file is a terminal
    # tqdm.auto would choose so too, but it warns where there are no widgets.
    if find_spec("ipywidgets") is not None:
        from tqdm.notebook import tqdm
    else:
        from tqdm import tqdm
    return tqdm(**options, delay=_PATIENCE)


def in_notebook() -> bool:
    """Whether this process is the kernel of a notebook, not a terminal."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(shell, "kernel", None) is not None


@contextmanager
def shown_in_notebooks(progress: Progress | None) -> Iterator[Progress | None]:
    """The callback that a caller gave; without one bars in a notebook, and nothing elsewhere."""
    if progress is not None or not in_notebook():
        yield progress
        return
    with Bars() as bars:
        yield bars.update
