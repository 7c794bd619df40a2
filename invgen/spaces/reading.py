"""Spaces from one line of text, as the command line and configurations name them."""

from __future__ import annotations

import re

from invgen.errors import InputError
from invgen.spaces import channels, groups
from invgen.spaces.space import TensorSpace

_MOMENTS = re.compile(r"(?P<first>\d{1,4})(?:\.\.(?P<last>\d{1,4}))?(?:\s+(?P<values>\w+))?")


def read_axes(text: str) -> list[list[int]]:
    """Read "1,1,0;-1,1,0;0,0,1", the axes of a point group.

    Raises:
        InputError: not three axes of three integers.
    """
    try:
        axes = [[int(word) for word in axis.split(",")] for axis in text.split(";")]
    except ValueError:
        axes = []
    if [len(axis) for axis in axes] != [3, 3, 3]:
        raise InputError(f"cannot read the axes {text!r}; write three integer vectors such as '1,1,0;-1,1,0;0,0,1'")
    return axes


def read_space(text: str, group: str = "O3", orientation: object = None) -> TensorSpace:
    """A space from one line of text.

    It is irreps, "moments 0..3", "moments 2..4 vector", "cartesian ijkl=jikl=klij" or "ace n_max=8 l_max=4"; under
    "O2" and "SO2" the first two mean the plane.

    Raises:
        InputError: the line cannot be read, or there is no such space.
    """
    kind, _, rest = text.strip().partition(" ")
    if kind == "cartesian":
        return TensorSpace.cartesian(rest, group, orientation)
    if kind == "ace":
        return TensorSpace.ace(**channels.read(rest), group=group, orientation=orientation)
    if kind != "moments":
        return TensorSpace(text, group, orientation=orientation)
    match = _MOMENTS.fullmatch(rest.strip())
    if match is None:
        raise InputError(
            f"cannot read {text!r}; write 'moments 0..3' or, with the field's values, 'moments 2..4 vector'"
        )
    orders = range(int(match["first"]), int(match["last"] or match["first"]) + 1)
    dimension = 2 if group in groups.PLANAR else 3
    return TensorSpace.moments(orders, match["values"] or "scalar", dimension, group, orientation)
