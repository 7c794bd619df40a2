"""States of modules in files that were written at commit a6f4487, made into those of the same modules now.

Each function takes what a pickle gives to `__setstate__`, and returns it unchanged where it is of this version.
"""

from __future__ import annotations

from typing import Any

import torch

from invgen.compiler.moments import compile_moments

State = dict[str, Any]


class Replaced(torch.nn.Module):
    """A module inside another one, whose work a kernel does now: `harmonics.Harmonics` and `moments.PlainMoments`."""


def elements(state: State) -> State:
    """Of `Elements`: the table was made once, and so nothing said how to make it again."""
    if "_first_table" in state:
        return state
    return {**state, "_dtype": state["_buffers"]["table"].dtype, "_first_table": "table"}


def moments(state: State) -> State:
    """Of `Moments`: the kernel had another name, and target "torch" had harmonics in place of a kernel."""
    if "kernel" in state:
        return state
    state, dtype = _without(state, "harmonics"), state["_parameters"]["weight"].dtype
    kernel = state.pop("_sum", None)
    if kernel is None:
        kernel = compile_moments(state["l_max"], "mixed", state["convention"], dtype=dtype, target=state["target"])
    return {**state, "kernel": kernel}


def ace(state: State) -> State:
    """Of `ACE`: moments had the form "full", and the tables were made once."""
    if "_first_table" in state:
        return state
    state, tables, inside = _without(state, "moments"), state["_buffers"], state["_modules"]
    dtype, device, target = tables["_one_hot"].dtype, tables["_one_hot"].device, inside["invariants"].kernel.spec.target
    return {
        **state,
        "moments": compile_moments(state["l_max"], "mixed", state["basis"].convention, dtype=dtype, target=target),
        "_buffers": {**tables, "_own": torch.eye(inside["radial"].n_max, dtype=dtype, device=device)},
        "_non_persistent_buffers_set": {*state["_non_persistent_buffers_set"], "_own"},
        "_dtype": dtype,
        "_position": tables["_components"].tolist(),
        "_first_table": "_components",
    }


def hiphop(state: State) -> State:
    """Of `HIPHOPNN`: eps stood beside whether there is a group norm."""
    if "_norm" not in state:
        return state
    state = dict(state)
    return {**state, "_eps": state.pop("_norm")[1]}


def potential(state: State) -> State:
    """Of `Potential`: there were no heads of tensors and no repulsion."""
    inside = state["_modules"]
    if "tensors" not in inside:
        state = {**state, "_modules": {**inside, "tensors": torch.nn.ModuleDict()}}
    return state if "repulsion" in state or "repulsion" in inside else {**state, "repulsion": None}


def _without(state: State, module: str) -> State:
    """A copy of a state without one of the modules inside."""
    return {**state, "_modules": {name: held for name, held in state["_modules"].items() if name != module}}
