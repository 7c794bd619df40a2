"""What our autograd functions share."""

from __future__ import annotations

import inspect
from typing import Any

import torch


class SignedFunction(torch.autograd.Function):
    """A `torch.autograd.Function` whose `forward` knows its signature.

    torch binds the arguments of functions that have a `setup_context` at every call, and asks `inspect` for the
    signature each time, which takes longer than a kernel on a few atoms. It is looked up once, when a class is made.
    """

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "forward" in vars(cls):
            remember_signature(cls.forward)


def remember_signature(forward: Any) -> None:
    """Keep the signature of a function where `inspect.signature` finds it at once."""
    forward.__signature__ = inspect.signature(forward)
