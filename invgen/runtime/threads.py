"""How many threads a kernel's parallel region has."""

from __future__ import annotations

import os

import torch


class _Regions:
    """Whether this process has opened a region of several threads, and whether it was forked from one that had."""

    opened = False
    lost = False


def _after_fork_in_child() -> None:
    _Regions.lost = _Regions.lost or _Regions.opened


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)


def threads() -> int:
    """`torch.get_num_threads()`, but one in a child forked after its parent ran a kernel on several.

    The threads of OpenMP's pool do not exist there, and a region that waits for them never ends. The number changes no
    bit of any result. Workers of a DataLoader have one thread anyway.
    """
    if _Regions.lost:
        return 1
    count = torch.get_num_threads()
    _Regions.opened = _Regions.opened or count > 1
    return count
