"""Templates hold text, loops and names; each uses exactly the fields of its dataclass, and a missing field fails."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, get_args, get_type_hints

import jinja2
import pytest
from jinja2 import meta, nodes

from invgen.compiler import package_contents
from invgen.emit import (
    c,
    convolution,
    convolution_cuda,
    convolution_pytorch,
    cuda,
    local_moments,
    moments,
    moments_cuda,
    moments_pytorch,
    pytorch,
    templating,
    weighted,
    weighted_cuda,
    weighted_pytorch,
)
from invgen.emit.header import Header
from invgen.errors import InvgenError
from tests.support.paths import REPOSITORY

FOLDER = REPOSITORY / "templates"
TEMPLATES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.j2"))
HEADERS = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.suffix in templating.HEADERS)
FILLED = {
    c.TEMPLATE: c.CSource,
    convolution.TEMPLATE: convolution.ConvolutionSource,
    convolution_cuda.TEMPLATE: convolution_cuda.ConvolutionCudaSource,
    convolution_pytorch.TEMPLATE: convolution_pytorch.ConvolutionTorchSource,
    cuda.TEMPLATE: cuda.CudaSource,
    local_moments.TEMPLATE: local_moments.LocalMomentsSource,
    pytorch.TEMPLATE: pytorch.TorchModule,
    weighted.TEMPLATE: weighted.WeightedSource,
    weighted_cuda.TEMPLATE: weighted_cuda.WeightedCudaSource,
    weighted_pytorch.TEMPLATE: weighted_pytorch.WeightedTorchModule,
    moments.TEMPLATE: moments.MomentsSource,
    moments_cuda.TEMPLATE: moments_cuda.MomentsCudaSource,
    moments_pytorch.TEMPLATE: moments_pytorch.MomentsTorchSource,
    package_contents.TEMPLATE: package_contents.PackageSource,
    package_contents.WEIGHTED_TEMPLATE: package_contents.WeightedPackageSource,
    package_contents.MOMENTS_TEMPLATE: package_contents.MomentsPackageSource,
    package_contents.CONVOLUTION_TEMPLATE: package_contents.ConvolutionPackageSource,
}
# What a name in an `include` stands for.
INCLUDED = {
    convolution.TEMPLATE: {
        "geometry": {**moments.GEOMETRIES, "given": convolution.GIVEN},
        "radial": convolution.RADIAL,
        "weights": convolution.WEIGHTS,
    },
    convolution_cuda.TEMPLATE: {"geometry": convolution_cuda.GEOMETRIES},
    convolution_pytorch.TEMPLATE: {"geometry": {**moments_pytorch.GEOMETRIES, "given": convolution_pytorch.GIVEN}},
    moments.TEMPLATE: {"geometry": moments.GEOMETRIES, "passes": moments.PASSES},
    moments_cuda.TEMPLATE: {"geometry": moments_cuda.GEOMETRIES, "passes": moments_cuda.PASSES},
    moments_pytorch.TEMPLATE: {"geometry": moments_pytorch.GEOMETRIES},
}


def tree_of(name: str) -> nodes.Template:
    return templating.environment().parse(templating.template_source(name))


def trees(name: str, variables: dict[str, dict[str, str]]) -> list[nodes.Template]:
    """The trees of a template and of the templates that it may include, whatever they are called with."""
    found = [tree_of(name)]
    for include in found[0].find_all(nodes.Include):
        target = include.template
        names = [target.value] if isinstance(target, nodes.Const) else list(variables[target.name].values())
        for included in names:
            found += trees(included, variables) if included.endswith(".j2") else []
    return found


def reachable(kind: Any) -> set[Any]:
    """A dataclass and those in its fields, which may be tuples of them."""
    found = {kind}
    for hint in get_type_hints(kind).values():
        for inner in (hint, *get_args(hint)):
            if is_dataclass(inner):
                found |= reachable(inner)
    return found


def used_fields(node: nodes.Node, kinds: dict[str, Any], used: dict[Any, set[str]]) -> None:
    """Enters the fields of each dataclass that a tree uses, given the dataclasses that names stand for."""
    if isinstance(node, nodes.For):
        used_fields(node.iter, kinds, used)
        inner = next((kind for kind in get_args(type_of(node.iter, kinds)) if is_dataclass(kind)), str)
        kinds = {**kinds, node.target.name: inner}
        for child in node.body:
            used_fields(child, kinds, used)
        return
    if isinstance(node, nodes.Getattr):
        used.setdefault(type_of(node.node, kinds), set()).add(node.attr)
    for child in node.iter_child_nodes():
        used_fields(child, kinds, used)


def type_of(node: nodes.Node, kinds: dict[str, Any]) -> Any:
    """What a name, or a field of what a name stands for, is declared to be."""
    if isinstance(node, nodes.Name):
        return kinds[node.name]
    assert isinstance(node, nodes.Getattr)
    return get_type_hints(type_of(node.node, kinds))[node.attr]


def test_every_template_is_filled_or_included():
    included = set()
    for name in FILLED:
        variables = INCLUDED.get(name, {})
        for tree in trees(name, variables):
            for include in tree.find_all(nodes.Include):
                target = include.template
                included |= {target.value} if isinstance(target, nodes.Const) else set(variables[target.name].values())
    assert {*FILLED, *included} == {*TEMPLATES, *HEADERS}


@pytest.mark.parametrize("name", FILLED)
def test_template_uses_exactly_the_fields_of_its_dataclasses(name):
    kind = FILLED[name]
    own = trees(name, INCLUDED.get(name, {}))
    declared = {field.name for field in fields(kind)}
    assert set.union(*map(meta.find_undeclared_variables, own)) == declared
    used: dict[Any, set[str]] = {}
    for tree in own:
        used_fields(tree, get_type_hints(kind), used)
    assert used.pop(str, set()) == set()
    # Families share the header, and moments have no basis.
    assert used.pop(Header, set()) <= {field.name for field in fields(Header)}
    assert used == {inner: {field.name for field in fields(inner)} for inner in reachable(kind) - {kind, Header}}


# Whole lines of text, a name or a field where it stands, loops, includes, and `if` on a name or a field.
ALLOWED = {
    nodes.Template: (nodes.Output, nodes.For, nodes.If, nodes.Include),
    nodes.Output: (nodes.TemplateData, nodes.Name, nodes.Getattr),
    nodes.For: (nodes.Name, nodes.Getattr, nodes.Output, nodes.For, nodes.If),
    nodes.If: (nodes.Name, nodes.Getattr, nodes.Not, nodes.Output, nodes.For, nodes.If, nodes.Include),
    nodes.Not: (nodes.Name, nodes.Getattr),
    nodes.Include: (nodes.Const, nodes.Name),
    nodes.Getattr: (nodes.Name, nodes.Getattr),
}


def breaches(node: nodes.Node) -> list[str]:
    """What a tree holds that a template may not hold, with the line."""
    found = []
    for child in node.iter_child_nodes():
        if not isinstance(child, ALLOWED.get(type(node), ())):
            found.append(f"line {child.lineno}: {type(child).__name__} in {type(node).__name__}")
        found += breaches(child)
    return found


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_hold_text_loops_names_and_plain_ifs_only(name):
    assert breaches(tree_of(name)) == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ rows - 1 }}",
        "{{ name | upper }}",
        "{{ f(x) }}",
        "{{ x[0] }}",
        "{{ 'a' if x else 'b' }}",
        "{{ a ~ b }}",
        "{% for k in (0, 1) %}{% endfor %}",
        "{% for k in a + b %}{% endfor %}",
        "{% for k in range(3) %}{% endfor %}",
        "{% if rows > 1 %}{% endif %}",
        "{% if a and b %}{% endif %}",
        "{% if a is defined %}{% endif %}",
        "{% set x = 1 %}",
        "{% for k in a %}{% include 'c/' ~ k %}{% endfor %}",
    ],
)
def test_the_rule_for_templates_finds(text):
    assert breaches(templating.environment().parse(text))


@pytest.mark.parametrize("name", HEADERS)
def test_headers_are_inserted_as_they_stand(name):
    text = templating.template_source(name)
    assert text.isascii() and text.endswith("\n")
    # Not even in a comment: whoever reads a header never wonders.
    assert not any(mark in text for mark in ("{{", "{%", "{#", "}}", "%}", "#}"))
    including = templating.environment().from_string(f'before\n{{% include "{name}" %}}\nafter\n')
    assert including.render() == f"before\n{text}after\n"


@pytest.mark.parametrize("name", HEADERS)
def test_headers_are_whole_pieces_of_c(name):
    """Braces and conditions of the preprocessor are closed where they were opened, as editors expect."""
    text = templating.template_source(name)
    code = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    for first, last in ("()", "{}", "[]"):
        assert code.count(first) == code.count(last)
    depth = 0
    for line in code.splitlines():
        depth += line.startswith(("#if",)) - line.startswith("#endif")
        assert depth >= line.startswith(("#el",))
    assert depth == 0


def test_a_missing_field_fails():
    @dataclass(frozen=True)
    class Nothing:
        pass

    with pytest.raises(jinja2.UndefinedError):
        templating.render(c.TEMPLATE, Nothing())


def test_an_unknown_template_is_named():
    with pytest.raises(InvgenError, match=r"no_such\.j2"):
        templating.template_source("c/no_such.j2")
