"""Files of `torch.save` are read as records: nothing in them runs, and what is not a model is refused in a sentence."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import types
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from invgen.errors import InputError
from invgen.interop.mace import load
from invgen.interop.torch_files import Record, read


class Called:
    """Calls a function when it is unpickled."""

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return self.call


def test_modules_become_records_of_their_attributes(tmp_path: Path) -> None:
    linear = torch.nn.Linear(3, 2)
    model = torch.nn.Sequential(linear, torch.nn.ParameterList([torch.ones(4)]))
    model.register_buffer("r_max", torch.tensor(4.5, dtype=torch.float64))
    model.average, model.raw = np.float64(9.5), b"\x00\xff"  # type: ignore[assignment]
    torch.save(model, tmp_path / "a.model")
    found = read(tmp_path / "a.model")
    assert isinstance(found, Record) and type(found).__name__ == "Sequential"
    assert torch.equal(found[0].weight, linear.weight) and found[0].in_features == 3
    assert float(found.r_max) == 4.5 and found.r_max.dtype == torch.float64
    assert found.average == 9.5 and found.raw == b"\x00\xff" and not found.training == (not model.training)
    assert torch.equal(next(iter(found[1])), torch.ones(4)) and len(found) == 2
    assert not hasattr(found, "weight") and not isinstance(found, torch.nn.Module)


@pytest.mark.parametrize("protocol", [2, 4])
@pytest.mark.parametrize(
    ("function", "name"), [(os.system, "system"), (eval, "eval"), (getattr, "getattr"), (subprocess.call, "call")]
)
def test_files_that_call_functions_are_refused_and_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: Callable[..., Any], name: str, protocol: int
) -> None:
    monkeypatch.setenv("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", "1")
    trace = tmp_path / "ran"
    arguments = {
        "eval": (f"open({str(trace)!r}, 'w')",),
        "call": (["touch", str(trace)],),
        "getattr": ("text", "upper"),
    }
    path = tmp_path / "bad.model"
    call = Called(function, *arguments.get(name, (f"touch {trace}",)))
    torch.save({"model": {"weight": torch.ones(1)}, "other": call}, path, pickle_protocol=protocol)
    for reader in (read, load):
        with pytest.raises(InputError, match=rf"bad.model is refused: it calls (\w+\.)?{name}, which .* was not run"):
            reader(path)
    assert not trace.exists()


def test_functions_of_libraries_are_not_run_either(tmp_path: Path) -> None:
    torch.save(Called(torch.use_deterministic_algorithms, True), tmp_path / "a.model")
    found = read(tmp_path / "a.model")
    assert isinstance(found, Record) and found.arguments == (True,)
    assert not torch.are_deterministic_algorithms_enabled()


def test_states_that_a_file_gives_to_our_own_functions_stay_in_that_file(tmp_path: Path) -> None:
    # BUILD with a pair of states sets attributes of what stands before it, here of the class that makes tensors.
    attack = b"ctorch._utils\n_rebuild_tensor_v2\n(N}U\x07__new__c__builtin__\nset\nstb."
    path = tmp_path / "a.model"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/data.pkl", attack)
    read(path)
    model = torch.nn.Linear(1, 1)
    torch.save(model, path)
    assert torch.equal(read(path).weight, model.weight)


def test_damaged_files_and_other_formats_are_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot read .*none.model: No such file or directory"):
        load(tmp_path / "none.model")
    with pytest.raises(InputError, match="cannot read"):
        load(tmp_path)
    path = tmp_path / "a.model"
    path.write_bytes(pickle.dumps({"weight": 1}))
    with pytest.raises(InputError, match=r"a.model is not a file of torch.save, or it is damaged"):
        load(path)
    torch.save(torch.nn.Linear(40, 40), path)
    whole = path.read_bytes()
    place = whole.index(torch.nn.Linear(1, 1).__class__.__name__.encode())
    for content in (whole[:-200], whole[: len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(InputError, match=r"a.model is (not a file of torch.save, or it is )?damaged"):
            load(path)
    path.write_bytes(whole[:place] + b"X" + whole[place + 1 :])
    with pytest.raises(InputError, match=r"a.model is damaged: Bad CRC-32"):
        load(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/other", b"")
    with pytest.raises(InputError, match=r"a.model is damaged: it holds no data.pkl"):
        load(path)


def test_tensors_longer_than_their_data_are_refused(tmp_path: Path) -> None:
    path, longer = tmp_path / "a.model", tmp_path / "b.model"
    torch.save({"weight": torch.ones(1, dtype=torch.float64).expand(1000)}, path)
    with pytest.raises(InputError, match="a tensor is longer than its data"):
        read(path)
    torch.save({"weight": torch.ones(1000, dtype=torch.float64)}, path)
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(longer, "w") as sink:
        for name in source.namelist():
            sink.writestr(name, source.read(name)[:80] if name.endswith("data/0") else source.read(name))
    with pytest.raises(InputError, match="a storage has another length than it says"):
        read(longer)


def test_torchscript_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.model"
    with zipfile.ZipFile(path, "w") as archive:  # what torch.jit.save writes has these two
        archive.writestr("a/data.pkl", pickle.dumps({}, 2))
        archive.writestr("a/constants.pkl", pickle.dumps((), 2))
    with pytest.raises(InputError, match=r"a.model holds a model as TorchScript, which is a program"):
        load(path)


def test_what_is_not_a_model_of_mace_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.model"
    state = torch.nn.Linear(1, 1).state_dict()
    for content, message, average in (
        (torch.nn.Linear(1, 1), "Linear has none of MACE's interaction blocks", None),
        ([1, 2], "it holds neither a model of mace-torch nor a state dict of one", None),
        ({"model": {}}, "it holds neither a model of mace-torch nor a state dict of one", None),
        ({"model": state}, "does not say by what sums over neighbours are divided: give average_neighbours=", None),
        (state, "the state dict has no radial_embedding.bessel_fn.bessel_weights", 9.0),
        ({"model": state}, "average_neighbours is a positive number, got -1.0", -1.0),
        (torch.nn.Linear(1, 1), "says average_neighbours itself: leave it out", 9.0),
    ):
        torch.save(content, path)
        with pytest.raises(InputError, match=f"a.model is not taken: .*{message}"):
            load(path, average_neighbours=average)


def test_models_with_other_blocks_or_missing_or_damaged_parts_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = "MACE", "RealAgnosticResidualInteractionBlock", "NewInteractionBlock", "RadialEmbeddingBlock"
    library = types.ModuleType("mace")
    for name in names:
        setattr(library, name, type(name, (), {"__module__": "mace"}))
    monkeypatch.setitem(sys.modules, "mace", library)
    path = tmp_path / "a.model"
    for block, parts, message in (
        (names[1], {}, "a.model is not taken: MACE in the file has no 'radial_embedding'"),
        (names[2], {"bessel_fn": 0}, "counterpart for an interaction block of class NewInteractionBlock"),
        # What e3nn generated is an archive within the file.
        (names[1], {"__codegen__": {"bessel_fn": b"none"}}, "a.model is damaged or not of mace-torch"),
    ):
        model, radial = library.MACE(), getattr(library, names[3])()
        radial.__dict__.update(parts)
        model.interactions, model.products = [getattr(library, block)()], []
        vars(model.interactions[0]).update(node_feats_irreps=(), edge_attrs_irreps=())
        if parts:
            model.radial_embedding = radial
        torch.save(model, path)
        with pytest.raises(InputError, match=message):
            load(path)
