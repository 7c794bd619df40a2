from __future__ import annotations

import inspect
import json
import subprocess
import sys

import pytest

from invgen import InputError, TensorSpace, generate
from invgen.basis.basis import Basis
from invgen.reduction.options import OPTIONS
from invgen.reduction.registry import OFFERED, SELECTIONS, alternatives, takers

PAIR = TensorSpace("1o + 2e")


def made(name: str) -> Basis:
    return generate(PAIR, 4, select=name) if name in OFFERED else Basis.from_contractions(["i,i l1,l1"], PAIR)


@pytest.mark.parametrize("name", SELECTIONS)
def test_a_row_names_the_modules_that_find_certify_check_and_read(name: str) -> None:
    row, basis = SELECTIONS[name], made(name)
    assert {"find", "certify", "claims"} <= vars(row.module).keys()
    assert ("recertify" in vars(row.module)) == row.takes("forms")
    assert ("settled" in vars(row.module)) == row.settles
    assert type(basis.certificate.proof) is row.proof_type and basis.certificate.kind == basis.select == name
    assert row.proof_type.from_json(basis.certificate.to_json()) == basis.certificate.proof
    assert bool(basis.certificate.counts) == row.every_multidegree
    assert (basis.certificate.strata, basis.certificate.fibre is None) == (None, name != "separating")


@pytest.mark.parametrize("option", [o for o in OPTIONS if takers(o.name)], ids=lambda o: o.name)
def test_an_option_goes_with_the_selections_that_take_it(option) -> None:
    given = {"order": "cost", "outputs": "2e", "flexible": "minimal-set", "anchor": "l2", "strata": True}
    value = given.get(option.name, {"total_degree": 4, "forms": "cheapest", "degrees": {"l1": 2}}.get(option.name))
    extra = {"weights": {"l1": 1, "l2": 1}} if option.name == "total_degree" else {}
    for name in OFFERED:
        if SELECTIONS[name].takes(option.name):
            generate(PAIR, 6, select=name, **{option.name: value}, **extra)
        else:
            with pytest.raises(InputError, match=f"select='{name}'"):
                generate(PAIR, 6, select=name, **{option.name: value}, **extra)


def test_the_table_of_options_is_the_signature_of_generate() -> None:
    arguments = dict(inspect.signature(generate).parameters)
    assert set(arguments) - {o.name for o in OPTIONS} == {"space", "progress", "executor"}
    for option in OPTIONS:
        stated = arguments[option.name].default
        if option.name == "flexible":  # None, as the default belongs to one selection
            assert stated is None and option.default == "specific"
        else:
            assert option.name == "max_degree" or stated == option.default


def test_alternatives_are_words() -> None:
    assert alternatives(("a",)) == "a" and alternatives(("a", "b", "c")) == "a, b or c"


def loaded(code: str) -> set[str]:
    """The modules of invgen that a fresh process has after some code."""
    code += "\nimport json, sys; print(json.dumps([m for m in sys.modules if m.partition('.')[0] == 'invgen']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def test_a_request_loads_what_its_own_selection_needs() -> None:
    modules = loaded("import invgen; invgen.generate(invgen.TensorSpace('0e + 1o + 2e'), 3)")
    selections = {m for m in modules if m.startswith("invgen.reduction.selections.")}
    assert selections == {"invgen.reduction.selections.independent"}
    rooms = ("invgen.reduction.orbits", "invgen.reduction.forms", "invgen.reduction.given", "invgen.show", "invgen.cli")
    assert not [m for m in modules if m.startswith(rooms)]
    assert "invgen.reduction.proofs.claims" not in modules


def test_the_names_on_the_command_line_load_no_stage() -> None:
    code = "import sys; from invgen.cli import main; main(['generate', '--help']); sys.stdout = sys.__stdout__"
    code = (
        f"import io, contextlib\nwith contextlib.redirect_stdout(io.StringIO()):\n    {code.split('; sys.stdout')[0]}"
    )
    modules = loaded(code + "\nimport sys; assert 'numpy' not in sys.modules")
    assert "invgen.basis.generation" not in modules
