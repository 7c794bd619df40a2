"""Notebooks show what takes long without being asked; terminals show what their caller asked for."""

from __future__ import annotations

import sys
import warnings
from types import SimpleNamespace

import pytest

import invgen
from invgen import progress


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process as the kernel of a notebook without widgets, which shows bars at once."""
    shell = SimpleNamespace(kernel=object())
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setattr(progress, "find_spec", lambda name: None)
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)


def test_outside_notebooks_nothing_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.shown_in_notebooks(None) as told:
        assert told is None
    with progress.Bars() as bars:
        bars.update("words", 0, 2)
    assert capsys.readouterr().err == ""


def test_a_terminal_with_ipython_is_no_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: SimpleNamespace()))
    assert not progress.in_notebook()


@pytest.mark.usefixtures("notebook")
def test_a_callback_is_called_in_place_of_bars(capsys: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []
    invgen.generate(invgen.TensorSpace("1o"), 2, progress=lambda text, done, total: told.append(text))
    assert len(told) > 1 and capsys.readouterr().err == ""


@pytest.mark.usefixtures("notebook")
def test_generation_in_a_notebook_shows_bars_that_go_and_never_warns(capsys: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        basis = invgen.generate(invgen.TensorSpace("1o + 2e"), 3)
    shown = capsys.readouterr().err
    assert "%|" in shown and shown.endswith("\r") and "estimate" not in shown
    assert basis.id == invgen.generate(invgen.TensorSpace("1o + 2e"), 3, progress=lambda *_: None).id


@pytest.mark.usefixtures("notebook")
def test_short_work_shows_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 60.0)
    invgen.generate(invgen.TensorSpace("1o"), 2)
    assert capsys.readouterr().err == ""
