"""Arguments of networks: a name that is not one of them is refused with the nearest that is."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from invgen.checks import nearest
from invgen.errors import InputError

P = ParamSpec("P")


def named(init: Callable[P, None]) -> Callable[P, None]:
    """An `__init__` that answers an unknown keyword with one sentence, which names its class and the nearest argument.

    The signature stays what it is, for `help`, `inspect.signature` and type checkers.
    """
    owner = init.__qualname__.rpartition(".")[0]
    names = tuple(inspect.signature(init).parameters)[1:]

    @wraps(init)
    def checked(*given: P.args, **options: P.kwargs) -> None:
        for name in options:
            if name not in names:
                raise InputError(f"{owner} has the arguments {', '.join(names)}; got {name!r}{nearest(name, names)}")
        init(*given, **options)

    return checked


def fixing(base: Callable[..., None], **fixed: Any) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """An `__init__` that is `named`, and that calls the one of a base class with some arguments fixed.

    The decorated function has no body: it states the other arguments and their defaults.
    """

    def decorate(init: Callable[P, None]) -> Callable[P, None]:
        signature = inspect.signature(init)

        @named
        @wraps(init)
        def made(*given: P.args, **options: P.kwargs) -> None:
            init(*given, **options)  # Python's own sentence where an argument is missing
            bound = signature.bind(*given, **options)
            bound.apply_defaults()
            (_, instance), *arguments = bound.arguments.items()
            base(instance, **dict(arguments), **fixed)

        return made

    return decorate
