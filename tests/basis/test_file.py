from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invgen import TensorSpace, generate
from invgen.basis import file as basis_file
from invgen.basis.basis import Basis
from invgen.errors import BasisFileError, InputError
from tests.support.hiphop import HIPPYNN, SPACE
from tests.support.tampering import changed, leaves

BASES = {
    "independent": generate(TensorSpace("0e + 1o + 2e"), 4),
    "linear": generate(TensorSpace("1o + 2e"), 4, select="linear", convention="e3nn"),
    "given": Basis.from_contractions(HIPPYNN, SPACE, "hippynn"),
    "so3": Basis.from_contractions(["ijk,i,jl,l,km,mn,n eps,v,q,v,q,q,v"], TensorSpace("v:1o + q:2e", "SO3")),
}


def canonical_id(data: dict[str, Any]) -> str:
    content = {k: v for k, v in data.items() if k not in ("id", "provenance")}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def write(path: Path, data: Any) -> Path:
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", BASES)
def test_what_is_saved_is_loaded_and_saved_again_byte_for_byte(name: str, tmp_path: Path) -> None:
    basis = BASES[name]
    first = basis.save(tmp_path / "first.json")
    loaded = Basis.load(first)
    assert loaded == basis and loaded.id == basis.id and hash(loaded) == hash(basis)
    second = loaded.save(tmp_path / "second.json")
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().endswith(b"}\n") and b"\r" not in first.read_bytes()
    assert loaded.certificate.verify(loaded)


@settings(max_examples=10)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from("eo")), min_size=1, max_size=3),
    st.sampled_from(["O3", "SO3"]),
    st.sampled_from(["independent", "linear"]),
    st.sampled_from(["rational", "sphericart", "hippynn"]),
)
def test_any_generated_basis_survives_its_file(terms, group: str, select: str, convention: str) -> None:
    space = TensorSpace(" + ".join(f"{l}{p}" for l, p in terms), group=group)
    basis = generate(space, 2, select=select, convention=convention)
    data = json.loads(basis_file.dumps(basis))
    parts, stated, actual = basis_file.from_json(data, "text")
    assert Basis.of(parts) == basis and stated == actual == basis.id


@pytest.mark.parametrize("name", BASES)
def test_the_id_is_the_hash_of_the_canonical_json_without_provenance(name: str) -> None:
    data = basis_file.to_json(BASES[name])
    assert BASES[name].id == data["id"] == canonical_id(data)
    assert canonical_id({**data, "provenance": {"invgen": "99"}}) == data["id"]


def test_the_provenance_may_change_and_nothing_else(tmp_path: Path) -> None:
    data = basis_file.to_json(BASES["independent"])
    assert Basis.load(write(tmp_path / "a.json", {**data, "provenance": {"invgen": "99"}})) == BASES["independent"]
    assert Basis.load(write(tmp_path / "b.json", {k: v for k, v in data.items() if k != "provenance"}))


@pytest.mark.parametrize("name", BASES)
def test_any_changed_value_is_refused_by_load(name: str, tmp_path: Path) -> None:
    data = basis_file.to_json(BASES[name])
    for path, value in leaves({k: v for k, v in data.items() if k != "provenance"}):
        other = not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else value + "x"
        with pytest.raises(BasisFileError):
            Basis.load(write(tmp_path / "changed.json", changed(data, path, other)))


def test_a_tampered_file_says_that_its_id_does_not_match(tmp_path: Path) -> None:
    path = BASES["independent"].save(tmp_path / "basis.json")
    path.write_text(path.read_text().replace('"max_degree": 4', '"max_degree": 5'))
    with pytest.raises(
        BasisFileError, match=r"does not match its id .*run 'invgen verify' on it, or generate it again"
    ):
        Basis.load(path)
    parts, stated, actual = basis_file.read(path)  # what `verify` reads, to say which claim fails
    basis = Basis.of(parts)
    assert stated != actual and not basis.certificate.verify(basis)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": "something"}, "is not a basis file: it lacks the format mark 'invgen-basis'"),
        ({"format_version": 2}, "has format version 2, and this invgen reads 1"),
        ({"format_version": None}, "has format version None"),
        ({"space": {"group": "O3", "tensors": []}}, "is damaged .*at least one tensor"),
        ({"space": {"group": "O5", "tensors": [{"name": "a", "l": 1, "parity": 1}]}}, "is damaged .*group must be"),
        ({"space": None}, "is damaged"),
        ({"members": [{"subscripts": "i", "tensors": ["l1"]}]}, "is damaged .*occurs 1 times"),
        ({"members": 5}, "is damaged"),
        ({"certificate": {}}, "certificate in the basis file is damaged"),
        ({"certificate": None}, "certificate in the basis file is damaged"),
        ({"convention": {"name": "racah", "version": 1}}, "is damaged .*convention must be one of"),
        ({"convention": {"name": "e3nn", "version": 2}}, "is damaged .*convention version is 2, this invgen reads 1"),
        ({"selection": {}}, "is damaged"),
    ],
)
def test_damaged_content_is_refused_with_a_sentence(change: dict, words: str, tmp_path: Path) -> None:
    data = basis_file.to_json(BASES["independent"]) | change
    data["id"] = canonical_id(data)
    with pytest.raises(BasisFileError, match=words):
        Basis.load(write(tmp_path / "damaged.json", data))


def test_a_selection_that_is_not_the_certificates_is_refused(tmp_path: Path) -> None:
    data = basis_file.to_json(BASES["independent"])
    data["selection"]["select"] = "linear"
    data["id"] = canonical_id(data)
    with pytest.raises(BasisFileError, match="its selection is 'linear', this invgen reads 'independent'"):
        Basis.load(write(tmp_path / "differs.json", data))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("selection", "max_degree"), "4"),
        (("selection", "max_degree"), 4.0),
        (("selection", "order"), "random"),
        (("selection", "forms"), 3),
        (("space", "tensors", 0, "l"), 0.0),
        (("space", "tensors", 0, "parity"), 7),
        (("certificate", "complete"), "yes"),
        (("certificate", "complete"), 1),
        (("extra",), 1),
        (("members", 0, "extra"), 1),
    ],
)
def test_values_that_no_basis_has_are_refused_even_with_a_matching_id(path, value: object, tmp_path: Path) -> None:
    data = basis_file.to_json(BASES["independent"])
    place: Any = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    data["id"] = canonical_id(data)
    with pytest.raises(BasisFileError):
        Basis.load(write(tmp_path / "odd.json", data))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is not a basis file, it is not JSON"),
        (b"{", "is not a basis file, it is not JSON"),
        (b"\xff\xfe\x00", "is not a basis file, it is not JSON"),
        (b"[]", "lacks the format mark"),
        (b"null", "lacks the format mark"),
        (b'{"format": "invgen-basis"}', "has format version None"),
    ],
)
def test_what_is_no_basis_file_is_refused(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(content)
    with pytest.raises(BasisFileError, match=words):
        Basis.load(path)


def test_half_a_file_is_refused(tmp_path: Path) -> None:
    path = BASES["given"].save(tmp_path / "basis.json")
    whole = path.read_bytes()
    for part in (len(whole) // 3, len(whole) - 5):
        path.write_bytes(whole[:part])
        with pytest.raises(BasisFileError, match="not JSON"):
            Basis.load(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BasisFileError, match="there is no basis file"):
        Basis.load(tmp_path / "none.json")
    with pytest.raises(BasisFileError, match="cannot read the basis file"):
        Basis.load(tmp_path)


def test_saving_where_no_folder_is_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"the folder .* does not exist; create it first"):
        BASES["given"].save(tmp_path / "none" / "basis.json")
    with pytest.raises(InputError, match="is a folder; name a file"):
        BASES["given"].save(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_failing_disk_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = BASES["given"].save(tmp_path / "basis.json")
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for broken in ("replace", "chmod"):
        with monkeypatch.context() as patch:
            patch.setattr(os, broken, full)
            with pytest.raises(InputError, match=r"cannot write .*No space left on device; choose another place"):
                BASES["linear"].save(path)
        assert path.read_bytes() == before
        assert [p.name for p in tmp_path.iterdir()] == ["basis.json"]


def test_saved_files_have_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("")
    assert BASES["given"].save(tmp_path / "basis.json").stat().st_mode == plain.stat().st_mode


def test_a_file_can_be_read_by_people() -> None:
    lines = basis_file.dumps(BASES["given"]).splitlines()
    assert '    {"subscripts": "i,ij,j", "tensors": ["v", "q", "v"]},' in lines
    assert max(map(len, lines)) < 1000
