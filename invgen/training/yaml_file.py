"""Configurations in YAML files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from invgen import schema, yaml_text
from invgen.errors import InputError
from invgen.training.config import Config


def read_config(path: str | Path, changes: Sequence[str] = ()) -> Config:
    """The configuration in a YAML file; files named in it are sought in its folder.

    Args:
        path: the file.
        changes: "optimiser.learning_rate=1e-4" sets one value.

    Raises:
        InputError: there is no such file, it is not YAML, or its content is refused.
    """
    given = _load_yaml(Path(path))
    if not isinstance(given, Mapping):
        raise InputError(f"{path} holds names with values, got {type(given).__name__}")
    for change in changes:
        _set(given, change)
    try:
        return Config.from_mapping(given)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None


def dump_yaml(config: Config) -> str:
    """The configuration as YAML with all defaults."""
    yaml = _yaml()
    text: str = yaml.safe_dump(schema.to_mapping(config), sort_keys=False)
    return text


def _yaml() -> Any:
    return yaml_text.package("configuration files", "train")


def _load_yaml(path: Path) -> Any:
    return _parse(yaml_text.read(path, "configuration"), str(path))


def _parse(text: str, called: str) -> Any:
    return yaml_text.parse(text, called, _yaml())


def _set(given: Any, change: str) -> None:
    name, equals, text = change.partition("=")
    if not equals:
        raise InputError(f"a change is NAME=VALUE, such as training.epochs=10, got {change!r}")
    *groups, last = name.split(".")
    for group in groups:
        given = given.setdefault(group, {})
        if not isinstance(given, dict):
            raise InputError(f"{change!r}: {group} holds no names")
    given[last] = _parse(text, f"the value of {name}")
