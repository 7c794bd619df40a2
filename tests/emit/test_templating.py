"""Each template uses exactly the fields of its dataclass, and a missing field fails."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import Any, get_args, get_type_hints

import jinja2
import pytest
from jinja2 import meta, nodes

from invgen.emit import c, cuda, templating, torch
from invgen.errors import InvgenError

TEMPLATES = [(c.TEMPLATE, c.CSource), (cuda.TEMPLATE, cuda.CudaSource), (torch.TEMPLATE, torch.TorchSource)]


def nested(kind: Any) -> dict[str, Any]:
    """For each loop variable or field name that holds a dataclass, that dataclass."""
    found = {}
    for name, hint in get_type_hints(kind).items():
        for inner in (hint, *get_args(hint)):
            if is_dataclass(inner):
                found[name] = inner
                found.update(nested(inner))
    return found


@pytest.mark.parametrize(("name", "kind"), TEMPLATES)
def test_template_uses_exactly_the_fields_of_its_dataclass(name, kind):
    tree = templating.environment().parse(templating.template_source(name))
    assert meta.find_undeclared_variables(tree) == {field.name for field in fields(kind)}


@pytest.mark.parametrize(("name", "kind"), TEMPLATES)
def test_template_uses_exactly_the_fields_of_nested_dataclasses(name, kind):
    tree = templating.environment().parse(templating.template_source(name))
    used: dict[str, set[str]] = {}
    for attribute in tree.find_all(nodes.Getattr):
        if isinstance(attribute.node, nodes.Name):
            used.setdefault(attribute.node.name, set()).add(attribute.attr)
    singular = {
        "kernels": "kernel",
        "functions": "function",
        "inputs": "array",
        "outputs": "array",
        "arrays": "array",
        "widths": "width",
        "parts": "part",
        "sections": "section",
    }
    singular |= {"bodies": "body"} | {f"{form}_kernels": form for form in ("strided", "wide", "tile")}
    for field, inner in nested(kind).items():
        assert used[singular.get(field, field)] == {f.name for f in fields(inner)}, field


@pytest.mark.parametrize(("name", "kind"), TEMPLATES)
def test_templates_hold_text_loops_and_names_only(name, kind):
    tree = templating.environment().parse(templating.template_source(name))
    forbidden = (
        nodes.If,
        nodes.Call,
        nodes.Filter,
        nodes.Add,
        nodes.Mul,
        nodes.Sub,
        nodes.Div,
        nodes.CondExpr,
        nodes.Assign,
    )
    assert not list(tree.find_all(forbidden))


def test_a_missing_field_fails():
    @dataclass(frozen=True)
    class Nothing:
        pass

    with pytest.raises(jinja2.UndefinedError):
        templating.render(c.TEMPLATE, Nothing())


def test_an_unknown_template_is_named():
    with pytest.raises(InvgenError, match=r"no_such\.j2"):
        templating.template_source("c/no_such.j2")
