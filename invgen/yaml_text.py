"""Safe YAML with two traps closed: 1e-3 is a number, and a name that appears twice is refused; a leaf."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from invgen.errors import InputError


def package(what: str, extra: str) -> Any:
    """PyYAML.

    Args:
        what: what is read, in the plural, for the sentence: "configuration files".
        extra: the extra of invgen that installs it.

    Raises:
        InputError: it is not installed.
    """
    try:
        import yaml
    except ImportError as error:
        raise InputError(f"{what} need PyYAML: pip install 'invgen[{extra}]'") from error
    return yaml


def parse(text: str, called: str, yaml: Any) -> Any:
    """What a text holds.

    Args:
        text: the YAML.
        called: the file's name for messages.
        yaml: the module, from `package`.

    Raises:
        InputError: it is not YAML, or a name appears twice in a group.
    """

    class Loader(yaml.SafeLoader):  # type: ignore[misc]
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


def read(path: Path, what: str) -> str:
    """The text of a file.

    Args:
        path: the file.
        what: what it is, in the singular, for the sentence: "configuration".

    Raises:
        InputError: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read the {what} {path}: {getattr(error, 'strerror', None) or error}") from error
