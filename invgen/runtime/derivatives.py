"""The rules of differentiation of every family, made from its table when a kernel is built.

`calls` are a family's functions by name, each differentiable by the rules made here: the operators where torch's
compilers differentiate, links of a chain of autograd functions elsewhere. A gradient of None means zeros.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

import torch

from invgen.runtime.families.table import Call, Family, Function, third_derivative_error, twice_forward_error

Rule = Callable[..., Any]
Calls = Mapping[str, Call]


def backward_of(family: Family, function: Function, name: str, calls: Calls) -> Rule:
    """(ctx, gradients with respect to the results) -> gradients with respect to the arguments.

    Args:
        family: the family.
        function: what is differentiated; the context holds its tensors, and its flags as `flags`.
        name: the kernel's, for messages.
        calls: the functions of the family.
    """
    if function.kind == "value":
        return _backward_of_value(family, function, calls)
    if function.kind == "vjp":
        return _backward_of_vjp(family, function, calls)
    if function.kind == "jvp":
        return _backward_of_jvp(family, calls)
    return _third(family, name)


def jvp_of(family: Family, function: Function, name: str, calls: Calls) -> Rule:
    """(ctx, changes of the arguments) -> changes of the results; arguments as of `backward_of`."""
    if function.kind == "value":
        return _jvp_of_value(family, calls)
    if function.kind == "vjp":
        return _jvp_of_vjp(family, function, calls)
    if function.kind == "jvp":

        def twice(ctx: Any, *_: Any) -> Any:
            raise twice_forward_error(name)

        return twice
    return _third(family, name)


def save(function: Function, ctx: Any, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    """Keeps the flags and nothing that is zero; the tensors, which the caller keeps as its context wants."""
    ctx.set_materialize_grads(False)
    if not function.flags:
        return inputs
    ctx.flags = inputs[-len(function.flags) :]
    return inputs[: -len(function.flags)]


def _backward_of_value(family: Family, function: Function, calls: Calls) -> Rule:
    points, place = len(family.points), family.place
    nothing = (None,) * len(family.tensors(function))
    choice = {}
    for needs in product((False, True), repeat=points):
        vjp = next(f for f in family.of_kind("vjp") if not any(needs[len(f.outputs) :]))
        flags = tuple(
            any(need for need, gate in zip(needs, vjp.gates) if gate == flag) for flag in range(len(vjp.flags))
        )
        choice[needs] = vjp.name, flags, len(vjp.outputs) == 1, [flags[gate] for gate in vjp.gates]

    def backward(ctx: Any, ybar: torch.Tensor | None) -> tuple[Any, ...]:
        if ybar is None:
            return nothing
        saved = ctx.saved_tensors
        vjp, flags, single, wanted = choice[ctx.needs_input_grad[:points]]
        found = calls[vjp](*saved[:place], ybar, *saved[place:], *flags)
        if single:
            return (found, *nothing[1:])
        if wanted:
            found = [gradient if want else None for gradient, want in zip(found, wanted)]
        return (*found, *nothing[len(found) :])

    return backward


def _backward_of_vjp(family: Family, function: Function, calls: Calls) -> Rule:
    place, gates = family.place, function.gates
    nothing = (None,) * (len(family.tensors(function)) + len(function.flags))
    middle, end = (None,) * len(family.fixed), (None,) * (len(family.lists) + len(function.flags))
    choice = {given: _second_for(family, given) for given in product((False, True), repeat=len(function.outputs))}

    def backward(ctx: Any, *bars: torch.Tensor | None) -> tuple[Any, ...]:
        if gates:
            bars = tuple([bar if ctx.flags[gate] else None for bar, gate in zip(bars, gates)])
        given = tuple([bar is not None for bar in bars])
        if True not in given:
            return nothing
        saved = ctx.saved_tensors
        second, count = choice[given]
        along = _filled(bars, saved, count)
        *gradients, by_ybar = calls[second](*saved[: place + 1], *along, *saved[place + 1 :])
        return (*gradients, *middle, by_ybar, *end)

    return backward


def _backward_of_jvp(family: Family, calls: Calls) -> Rule:
    # Linear in the change, so the gradient with respect to the change is the vjp.
    points, place = len(family.points), family.place
    (function,) = family.of_kind("jvp")
    nothing = (None,) * len(family.tensors(function))
    middle, end = (None,) * len(family.fixed), (None,) * len(family.lists)
    second, first = family.of_kind("second")[-1].name, family.of_kind("vjp")[-1]
    single, flags = len(first.outputs) == 1, (True,) * len(first.flags)

    def backward(ctx: Any, ybar: torch.Tensor | None) -> tuple[Any, ...]:
        if ybar is None:
            return nothing
        saved = ctx.saved_tensors
        head, along, lists = saved[:place], saved[place : place + points], saved[place + points :]
        by_points = calls[second](*head, ybar, *along, *lists)[:points]
        by_change = calls[first.name](*head, ybar, *lists, *flags)
        return (*by_points, *middle, *((by_change,) if single else by_change), *end)

    return backward


def _jvp_of_value(family: Family, calls: Calls) -> Rule:
    points, place = len(family.points), family.place
    name = family.of_kind("jvp")[0].name

    def jvp(ctx: Any, *changes: torch.Tensor | None) -> Any:
        saved = ctx.saved_tensors
        return calls[name](*saved[:place], *_filled(changes, saved, points), *saved[place:])

    return jvp


def _jvp_of_vjp(family: Family, function: Function, calls: Calls) -> Rule:
    # Linear in ybar; in the points, the Hessian of <ybar, y> is symmetric, so its products with changes are gradients.
    points, place, results = len(family.points), family.place, len(function.outputs)
    choice = {given: _second_for(family, given) for given in product((False, True), repeat=points)}

    def jvp(ctx: Any, *changes: torch.Tensor | None) -> Any:
        saved, flags = ctx.saved_tensors, ctx.flags if function.flags else ()
        lists = saved[place + 1 :]
        given = tuple([change is not None for change in changes[:points]])
        terms = []
        if True in given or changes[place] is None:
            second, count = choice[given]
            along = _filled(changes, saved, count)
            terms.append(calls[second](*saved[: place + 1], *along, *lists)[:results])
        if changes[place] is not None:
            linear = calls[function.name](*saved[:place], changes[place], *lists, *flags)
            terms.append((linear,) if results == 1 else linear)
        found = [
            sum(parts[1:], start=parts[0]) if not flags or flags[function.gates[k]] else parts[0].new_empty(0)
            for k, parts in enumerate(zip(*terms))
        ]
        return found[0] if results == 1 else tuple(found)

    return jvp


def _third(family: Family, name: str) -> Rule:
    def refuse(ctx: Any, *_: Any) -> Any:
        raise third_derivative_error(family, name)

    return refuse


def _second_for(family: Family, given: tuple[bool, ...]) -> tuple[str, int]:
    """The function of kind second that does no more than it must, and of how many points it takes the changes."""
    for second in family.of_kind("second"):
        count = len(second.others) - 1
        if not any(given[count:]):
            break
    return second.name, count


def _filled(changes: tuple[Any, ...], points: tuple[torch.Tensor, ...], count: int) -> list[torch.Tensor]:
    """The changes of the first points, with zeros for None or nothing."""
    return [
        torch.zeros_like(points[k]) if k >= len(changes) or changes[k] is None else changes[k] for k in range(count)
    ]
