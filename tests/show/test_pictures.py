from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Sequence

import pytest

from invgen.basis.basis import Basis
from invgen.basis.generation import generate
from invgen.contractions.contraction import Contraction, parse
from invgen.errors import InputError
from invgen.show import pictures
from invgen.show.svg import NEUTRAL, PALETTE
from invgen.spaces.space import TensorSpace

SVG = "{http://www.w3.org/2000/svg}"


def root(text: str) -> ET.Element:
    return ET.fromstring(text)


def edges(text: str) -> list[str]:
    return [path.attrib["d"] for path in root(text).iter(f"{SVG}path")]


def discs(text: str) -> list[tuple[float, float, str]]:
    """Centre and colour of each disc."""
    found = []
    for rect in root(text).iter(f"{SVG}rect"):
        x, y, w, h = (float(rect.attrib[k]) for k in ("x", "y", "width", "height"))
        found.append((x + w / 2, y + h / 2, rect.attrib["fill"]))
    return found


@pytest.fixture(scope="module")
def basis() -> Basis:
    return generate(TensorSpace("0e + 1o + 2e + 3o"), 4)


@pytest.mark.parametrize("line", ["i,ij,j v,q,v", "ijk,ijk t,t", "i,i,jk,jk v,v,q,q", "ijk,i,j,k eps,u,v,w", "s"])
def test_a_picture_has_a_vertex_for_each_tensor_and_an_arc_for_each_index_pair(line: str) -> None:
    contraction = parse(line)
    text = pictures.contraction_svg(contraction)
    assert len(discs(text)) == contraction.degree
    assert len(list(root(text).iter(f"{SVG}polygon"))) == contraction.tensors.count("eps")
    arcs = edges(text)
    assert len(arcs) == len(contraction.subscripts.replace(",", "")) // 2
    assert len(set(arcs)) == len(arcs), "parallel edges are drawn apart"


def test_arcs_end_at_the_centres_of_the_tensors_that_they_join() -> None:
    text = pictures.contraction_svg(parse("i,ijk,jk v,t,q"))
    centres = {(x, y) for x, y, _ in discs(text)}
    for d in edges(text):
        x0, y0, _, _, x1, y1 = map(float, re.findall(r"-?[\d.]+", d))
        assert (x0, y0) in centres and (x1, y1) in centres


@pytest.mark.parametrize(
    "line",
    [
        "i,ij,j v,q,v",
        "i,ijk,j,k v,t,v,v",
        "i,i,jk,jk v,v,q,q",
        "ijk,ilm,jlm,kno,nop,pqr,qrs,stu,tvw,uvw t,t,t,t,t,t,t,t,t,t",
        "i,ij,j long_name_of_a_vector,a_tensor,v",
    ],
)
def test_discs_do_not_touch_and_lie_inside_the_picture(line: str) -> None:
    text = pictures.contraction_svg(parse(line))
    width, height = map(float, root(text).attrib["viewBox"].split()[2:])
    boxes = [[float(r.attrib[k]) for k in ("x", "y", "width", "height")] for r in root(text).iter(f"{SVG}rect")]
    for i, (x, y, w, h) in enumerate(boxes):
        assert x >= 0 and y >= 0 and x + w <= width and y + h <= height
        for u, v, p, q in boxes[:i]:
            assert x >= u + p or u >= x + w or y >= v + q or v >= y + h


@pytest.mark.parametrize(
    "order", [(0, 2, 1, 3), (0, 2, 4, 1, 3), (0, 3, 6, 1, 4, 7, 2, 5), (0, 4, 2, 7, 5, 1, 8, 3, 6)]
)
def test_a_ring_in_any_order_is_drawn_without_crossings(order: Sequence[int]) -> None:
    size = len(order)
    edges = tuple(sorted((*sorted((order[i], order[i - 1])), 1) for i in range(size)))
    in_order = pictures._ring(range(size), None)
    assert pictures._badness(in_order, edges)[0] > 0, "the order makes it hard"
    assert pictures._badness(pictures._layout(size, edges), edges)[0] == 0


def test_a_tensor_has_one_colour_in_the_whole_basis(basis: Basis) -> None:
    colours: dict[str, set[str]] = {}
    for member in basis:
        names = [t for t in member.tensors if t != "eps"]
        for name, (_, _, colour) in zip(names, discs(pictures.contraction_svg(member))):
            colours.setdefault(name, set()).add(colour)
    assert all(len(found) == 1 for found in colours.values())
    assert len(set.union(*colours.values())) == len(basis.space.tensors)


def test_coordinates_have_at_most_two_decimals_and_no_negative_zero(basis: Basis) -> None:
    text = pictures.basis_svg(basis)
    body = text[text.index("</title>") :]
    assert not re.search(r"\d\.\d{3}", body)
    assert "-0 " not in body and '"-0"' not in body


def test_the_grid_shows_every_member_with_its_number(basis: Basis) -> None:
    text = pictures.basis_svg(basis, columns=4)
    captions = ["".join(t.itertext()) for t in root(text).iter(f"{SVG}text")]
    for member in basis:
        assert (f"{member.index}: {member.contraction}" if member.contraction else str(member.index)) in captions
    assert len(edges(text)) == sum(len(m.contraction.replace(",", "")) // 2 for m in basis)


def test_columns_change_the_shape_of_the_grid(basis: Basis) -> None:
    wide, narrow = (root(pictures.basis_svg(basis, columns=c)).attrib for c in (13, 2))
    assert float(wide["width"]) > float(narrow["width"])
    assert float(wide["height"]) < float(narrow["height"])


@pytest.mark.parametrize("columns", [0, -1, 2.0, True])
def test_a_number_of_columns_that_is_none_is_refused(basis: Basis, columns: int) -> None:
    with pytest.raises(InputError, match="columns"):
        pictures.basis_svg(basis, columns)


def test_names_are_escaped() -> None:
    text = pictures.contraction_svg(Contraction("i,i", ("<v&", "w")))
    assert "<v&" not in text
    assert any(t.text == "<v&" for t in root(text).iter(f"{SVG}title"))


def test_colours_can_be_told_from_their_letters_and_from_light_and_dark_pages() -> None:
    def luminance(colour: str) -> float:
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear))

    for colour in (*PALETTE, NEUTRAL):
        # WCAG 2.1: 4.5 for text (AA), 3 for graphics; #111111 is JupyterLab's dark page
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5
        assert (luminance(colour) + 0.05) / (luminance("#111111") + 0.05) >= 3


def test_pictures_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "from invgen.basis.generation import generate; from invgen.spaces.space import TensorSpace; "
        "from invgen.show import pictures;"
        "print(pictures.basis_svg(generate(TensorSpace('1o + 2e + 3o', group='SO3'), 5, select='linear')))"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("0", "1")
    }
    assert len(texts) == 1 and len(texts.pop()) > 1000
