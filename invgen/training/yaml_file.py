"""Configurations in YAML files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from invgen.errors import InputError
from invgen.training import schema
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
    try:
        import yaml
    except ImportError as error:
        raise InputError("configuration files need PyYAML: pip install 'invgen[train]'") from error
    return yaml


def _load_yaml(path: Path) -> Any:
    try:
        return _parse(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"cannot read the configuration {path}: {getattr(error, 'strerror', None) or error}"
        ) from error


def _parse(text: str, called: str) -> Any:
    """Safe YAML, with two traps closed: 1e-3 is a number, and a name that appears twice is refused."""
    yaml = _yaml()

    class Loader(yaml.SafeLoader):  # type: ignore[misc, name-defined]
        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            names = [each.value for each, _ in node.value]
            twice = [name for name in names if names.count(name) > 1]
            if twice:
                line = node.start_mark.line + 1
                raise InputError(f"{called}: {twice[0]!r} appears twice in the group that begins on line {line}")
            return super().construct_mapping(node, deep)

    number = re.compile(r"^[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)[eE][-+]?[0-9]+$")
    Loader.add_implicit_resolver("tag:yaml.org,2002:float", number, list("-+.0123456789"))
    try:
        return yaml.load(text, Loader)
    except InputError:
        raise
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # the last two for invalid values and for depth
        raise InputError(f"{called} is not YAML: {' '.join(str(error).split())}") from error


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
