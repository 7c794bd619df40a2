"""Frozen dataclasses from plain mappings and back: each value has its declared type, or a sentence names it."""

from __future__ import annotations

import math
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np

from invgen.checks import as_integer, as_real, nearest, shown
from invgen.errors import InputError

T = TypeVar("T")
_NAMES = {int: "a whole number", float: "a number", str: "a text", bool: "true or false"}


def from_mapping(kind: type[T], given: Any, place: str = "") -> T:
    """The dataclass `kind` with these values; values that are left out have their defaults.

    Nested dataclasses are nested mappings, tuples are lists, and whole numbers serve as numbers.

    Args:
        kind: a dataclass whose fields are int, float, str, bool, None, literals, tuples, dataclasses and mappings.
        given: its fields by name.
        place: where it is in the file, for messages.

    Raises:
        InputError: an unknown or missing name, a value of another type, or what the dataclass itself refuses.
    """
    if isinstance(given, kind):
        return given
    if not isinstance(given, Mapping):
        raise InputError(f"{_called(place)} holds names with values, got {given!r}")
    types_of, places = _hints(kind), {field.name: _join(place, field.name) for field in fields(kind)}  # type: ignore[arg-type]
    unknown = [name for name in given if name not in types_of]
    if unknown:
        raise InputError(
            f"{_called(place)} has no entry {unknown[0]!r}; its entries are {', '.join(types_of)}"
            f"{nearest(str(unknown[0]), types_of)}"
        )
    for field in fields(kind):  # type: ignore[arg-type]
        if field.name not in given and field.default is MISSING and field.default_factory is MISSING:
            raise InputError(f"{places[field.name]} is missing: it is {describe(types_of[field.name])}")
    values = {name: convert(types_of[name], value, places[name]) for name, value in given.items()}
    try:
        return kind(**values)
    except InputError as error:
        raise InputError(
            f"{_called(place)}: {error}" if place and not str(error).startswith(place) else str(error)
        ) from None


def convert(wanted: Any, value: Any, place: str) -> Any:
    """The value as the type `wanted` has it.

    Raises:
        InputError: it is of another type.
    """
    options: tuple[Any, ...] = get_args(wanted) if get_origin(wanted) in (Union, types.UnionType) else (wanted,)
    if value is None and type(None) in options:
        return None
    for option in options:
        if (
            is_dataclass(option)
            and isinstance(option, type)
            and (isinstance(value, option) or isinstance(value, Mapping) or len(options) == 1)
        ):
            return from_mapping(option, value, place)
    for option in options:
        fits, converted = _plain(option, value, place)
        if fits:
            return converted
    raise InputError(f"{place} is {describe(wanted)}, got {shown(value)}")


def _plain(option: Any, value: Any, place: str) -> tuple[bool, Any]:
    """Whether a value is of a type that is not a dataclass, and the value as that type."""
    origin = get_origin(option)
    if origin is Literal:
        return any(type(each) is type(value) and each == value for each in get_args(option)), value
    if option is float:
        number = as_real(value)
        return number is not None and math.isfinite(number), number
    if option is int:
        whole = as_integer(value)
        return whole is not None, whole
    if option is bool:
        return isinstance(value, bool | np.bool_), bool(value) if isinstance(value, np.bool_) else value
    if option is str:
        return isinstance(value, str), str(value)
    if origin is tuple and isinstance(value, list | tuple):
        kinds = get_args(option)
        kinds = kinds[:1] * len(value) if kinds[1:] == (...,) else kinds
        if len(kinds) == len(value):
            return True, tuple(convert(k, each, f"{place}[{i}]") for i, (k, each) in enumerate(zip(kinds, value)))
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping) and isinstance(value, Mapping):
        keys, values = get_args(option)
        return True, {convert(keys, k, place): convert(values, each, f"{place}.{k}") for k, each in value.items()}
    return False, value


def check(instance: Any) -> None:
    """Convert the fields of a dataclass that was made in Python, so that they obey what a file obeys.

    Raises:
        InputError: a value is of another type.
    """
    for name, wanted in _hints(type(instance)).items():
        object.__setattr__(instance, name, convert(wanted, getattr(instance, name), name))


def to_mapping(value: Any) -> Any:
    """What `from_mapping` takes, of plain lists, mappings and values: what JSON can hold."""
    if is_dataclass(value):
        return {field.name: to_mapping(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_mapping(each) for key, each in value.items()}
    return [to_mapping(each) for each in value] if isinstance(value, tuple | list) else value


def differences(one: Any, other: Any, place: str = "") -> list[tuple[str, Any, Any]]:
    """Where two results of `to_mapping` differ: place, value here, value there."""
    if not (isinstance(one, Mapping) and isinstance(other, Mapping)):
        return [] if one == other else [(place, one, other)]
    names = [*one, *(name for name in other if name not in one)]
    return [d for name in names for d in differences(one.get(name), other.get(name), _join(place, name))]


def describe(wanted: Any) -> str:
    """A type in words."""
    origin = get_origin(wanted)
    if origin in (Union, types.UnionType):
        return " or ".join(describe(each) for each in get_args(wanted))
    if origin is Literal:
        return "one of " + ", ".join(repr(each) for each in get_args(wanted))
    if origin is tuple:
        kinds = get_args(wanted)
        return (
            f"a list of {_NAMES.get(kinds[0], 'values')}" if kinds[1:] == (...,) else f"a list of {len(kinds)} values"
        )
    if wanted is type(None):
        return "nothing"
    if is_dataclass(wanted):
        return "a group of entries (" + ", ".join(field.name for field in fields(wanted)) + ")"
    return _NAMES.get(wanted, "names with values")


def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _join(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _called(place: str) -> str:
    return place or "the configuration"
