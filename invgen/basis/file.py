"""Basis files: JSON with a format version; the id is the SHA-256 of the content."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from invgen import files
from invgen._version import __version__
from invgen.checks import json_format, json_integer
from invgen.contractions import expression
from invgen.contractions.expression import Expression
from invgen.contractions.plans import COST_VERSION
from invgen.errors import BasisFileError
from invgen.reduction.options import CHEAPEST, FORMS
from invgen.reduction.proofs.certificate import Certificate
from invgen.reduction.registry import SELECTIONS
from invgen.reduction.search import limits, orders
from invgen.reduction.search.limits import Cut
from invgen.reduction.search.orders import Order
from invgen.spaces import conventions
from invgen.spaces.irreps import Irrep
from invgen.spaces.layouts import CartesianLayout
from invgen.spaces.outputs import SCALAR, canonical, convention_of
from invgen.spaces.space import TensorSpace

if TYPE_CHECKING:
    from pathlib import Path

    from invgen.basis.protocols import Defined

FORMAT = "invgen-basis"
FORMAT_VERSION = 1


@dataclass(frozen=True)
class Parts:
    """What defines a basis, as a file holds it; the attributes are those of `Basis`."""

    space: TensorSpace
    contractions: tuple[Expression, ...]
    convention: str
    max_degree: int
    certificate: Certificate
    order: Order
    forms: str
    outputs: str
    limit: Cut | None


def to_json(basis: Defined) -> dict[str, Any]:
    """The file's content: everything that defines the basis, its id, and the provenance, which the id leaves out."""
    content = _content(basis)
    return {**content, "id": identity(basis), "provenance": {"invgen": __version__}}


def identity(basis: Defined) -> str:
    """SHA-256 of the canonical JSON (sorted keys, no spaces, ASCII) of the content without provenance."""
    return _digest(_content(basis))


def _digest(content: dict[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def _content(basis: Defined) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "space": {
            "group": basis.space.group,
            "tensors": [{"name": t.name, "l": t.l, "parity": t.parity} for t in basis.space.tensors],
            **({} if basis.space.layout is None else {"layout": _layout_to_json(basis.space.layout)}),
            **({} if basis.space.orientation is None else {"orientation": list(map(list, basis.space.orientation))}),
        },
        "convention": {"name": basis.convention, "version": conventions.CONVENTIONS_VERSION},
        "selection": {
            "select": basis.certificate.kind,
            "max_degree": basis.max_degree,
            "order": orders.to_json(basis.order),
            "forms": basis.forms,
            "cost_version": COST_VERSION,
            **({} if basis.outputs == SCALAR else {"outputs": basis.outputs}),
            **({} if basis.limit is None else {"limit": basis.limit.to_json()}),
        },
        "members": [c.to_json() for c in basis.contractions],
        "certificate": basis.certificate.to_json(),
    }


def _layout_to_json(layout: CartesianLayout) -> dict[str, Any]:
    return {
        "recipe": list(layout.recipe),
        "names": list(layout.names),
        "rows": [[list(entry) for entry in row] for row in layout.rows],
    }


def _read_layout(data: dict[str, Any]) -> CartesianLayout:
    """A layout as the file holds it; the space checks it against its recipe."""
    rows = tuple(tuple((json_integer(column), json_integer(value)) for column, value in row) for row in data["rows"])
    return CartesianLayout(tuple(data["recipe"]), tuple(data["names"]), rows)


def dumps(basis: Defined) -> str:
    """The text of a basis file: one member, point or count per line."""
    return _pretty(to_json(basis), 0) + "\n"


def _pretty(value: Any, depth: int) -> str:
    if isinstance(value, list | dict) and depth < 2 and any(isinstance(v, list | dict) for v in _children(value)):
        pad, end = "  " * (depth + 1), "  " * depth
        if isinstance(value, dict):
            rows = [f"{pad}{json.dumps(k)}: {_pretty(v, depth + 1)}" for k, v in value.items()]
            return "{\n" + ",\n".join(rows) + f"\n{end}}}"
        return "[\n" + ",\n".join(pad + _pretty(v, depth + 1) for v in value) + f"\n{end}]"
    return json.dumps(value)


def _children(value: list[Any] | dict[str, Any]) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value


def save(basis: Defined, path: Path) -> Path:
    """Write the file under a temporary name in the same folder and move it into place."""
    files.write_text(path, dumps(basis))
    return path


def read(path: Path) -> tuple[Parts, str, str]:
    """What a file holds, with the id that the file states and the id that its content has."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BasisFileError(f"there is no basis file {path}") from None
    except OSError as error:
        raise BasisFileError(f"cannot read the basis file {path}: {error.strerror}") from error
    except ValueError as error:
        raise BasisFileError(f"{path} is not a basis file, it is not JSON: {error}; generate it again") from error
    return loads(text, str(path))


def loads(text: str, source: str) -> tuple[Parts, str, str]:
    """What the text of a file holds, with the stated and the actual id."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise BasisFileError(f"{source} is not a basis file, it is not JSON: {error}; generate it again") from error
    return from_json(data, source)


def held(found: tuple[Parts, str, str], source: str) -> Parts:
    """The parts, where the content has the id that the file states; otherwise `BasisFileError`."""
    parts, stated, actual = found
    if stated != actual:
        raise BasisFileError(
            f"the content of {source} does not match its id ({stated[:12]}... stated, {actual[:12]}... found); "
            "it was changed or damaged: run 'invgen verify' on it, or generate it again"
        )
    return parts


def from_json(data: Any, source: str) -> tuple[Parts, str, str]:
    """The parts of a basis from the content of its file, with the stated and the actual id."""
    json_format(data, FORMAT, (FORMAT_VERSION,), source, "a basis file", "generate it again", BasisFileError)
    try:
        parts, stated = _read_content(data), data["id"]
    except (KeyError, TypeError, AttributeError, ValueError) as error:  # InputError is a ValueError
        what = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        raise BasisFileError(f"{source} is damaged ({what}); generate it again") from error
    content = {k: v for k, v in data.items() if k not in ("id", "provenance")}
    if content != _content(parts):
        raise BasisFileError(f"{source} is damaged (it holds fields that no basis has); generate it again")
    return parts, str(stated), _digest(content)


def _read_content(data: dict[str, Any]) -> Parts:
    tensors = [Irrep(t["name"], json_integer(t["l"]), json_integer(t["parity"])) for t in data["space"]["tensors"]]
    if any(t.parity not in (1, -1) for t in tensors):
        raise ValueError("a parity is neither 1 nor -1")
    layout = _read_layout(data["space"]["layout"]) if "layout" in data["space"] else None
    space = TensorSpace(tensors, data["space"]["group"], layout, data["space"].get("orientation"))
    selection, convention = data["selection"], data["convention"]
    certificate = Certificate.from_json(data["certificate"])
    for name, given, allowed in (
        ("convention version", convention["version"], conventions.CONVENTIONS_VERSION),
        ("cost version", selection["cost_version"], COST_VERSION),
        ("selection", selection["select"], certificate.kind),
    ):
        if given != allowed:
            raise ValueError(f"its {name} is {given!r}, this invgen reads {allowed!r}")
    if selection["forms"] not in FORMS:
        raise ValueError(f"its forms are {selection['forms']!r}, this invgen reads {' and '.join(map(repr, FORMS))}")
    row = SELECTIONS[certificate.kind]
    if selection["forms"] == CHEAPEST and not row.takes("forms"):
        raise ValueError(f"its forms are {CHEAPEST!r}, which a {certificate.kind} selection does not have")
    order = orders.from_json(selection["order"], space, row)
    kind = canonical(selection.get("outputs", SCALAR))
    if kind != SCALAR and not row.takes("outputs"):
        raise ValueError(f"its outputs are {kind!r}, which a {certificate.kind} selection does not have")
    if kind != SCALAR:
        space.check_dimension(3, f"outputs={kind!r}")
    name = conventions.of_space(convention["name"], space)
    convention_of(name, kind)
    return Parts(
        space,
        tuple(expression.from_json(m) for m in data["members"]),
        name,
        json_integer(selection["max_degree"]),
        certificate,
        order,
        selection["forms"],
        kind,
        limits.from_json(selection.get("limit"), space, json_integer(selection["max_degree"])),
    )
