"""What descriptors of shapes share: they are estimators of scikit-learn, and files without pickles keep them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from invgen.basis import file as basis_file
from invgen.basis.basis import Basis
from invgen.basis.generation import generate
from invgen.errors import InputError, InvgenError
from invgen.files import replacing
from invgen.spaces.space import TensorSpace

FORMAT, FORMAT_VERSION = "invgen-descriptor", 1
_HIGHEST_DEGREE = 8
_BASIS = "basis"  # the key of a parameter that is a basis, in files


class Descriptor(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """A transformer from shapes to rows of numbers that do not change as a shape turns.

    Parameters are checked by `fit`, and clones have equal ones. Subclasses name what `fit` learns in `_learnt`: arrays,
    integers, bases or None.
    """

    _learnt: ClassVar[tuple[str, ...]] = ()

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray[Any, Any]:
        """The names of the columns; shapes have no names of features, so `input_features` is not read."""
        check_is_fitted(self)
        return np.array(self._names(), dtype=object)

    def _names(self) -> list[str]:
        raise NotImplementedError

    def save(self, path: str | Path) -> Path:
        """Write the parameters and what was learnt to an NPZ file; nothing in it is a pickle.

        Raises:
            InputError: the folder does not exist or cannot be written.
            sklearn.exceptions.NotFittedError: nothing was learnt yet.
        """
        check_is_fitted(self)
        content = {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "class": type(self).__name__,
            "parameters": {name: _to_json(value) for name, value in self.get_params(deep=False).items()},
            "learnt": {name: _to_json(getattr(self, name)) for name in self._learnt},
        }
        with replacing(Path(path)) as temporary, temporary.open("wb") as sink:
            np.savez(sink, descriptor=np.array(json.dumps(content)))
        return Path(path)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """A fitted descriptor from a file that `save` wrote; nothing in the file is executed.

        Raises:
            InputError: the file is not there, is damaged, or holds another class.
        """
        try:
            with np.load(Path(path), allow_pickle=False) as found:
                content = json.loads(str(found["descriptor"]))
            if (content["format"], content["format_version"]) != (FORMAT, FORMAT_VERSION):
                raise ValueError("it has another format or version")
            name, parameters, learnt = content["class"], content["parameters"], content["learnt"]
            if name != cls.__name__:
                raise InputError(f"{path} holds a {name}, not a {cls.__name__}; use {name}.load")
            if set(learnt) != set(cls._learnt):
                raise ValueError("it lacks what was learnt, or holds more")
            made = cls(**{key: _from_json(value, str(path)) for key, value in parameters.items()})
            for key, value in learnt.items():
                setattr(made, key, _from_json(value, str(path)))
        except InvgenError:
            raise
        except OSError as error:
            raise InputError(f"cannot read {path}: {error.strerror or error}; name a file that save wrote") from error
        except (EOFError, KeyError, TypeError, ValueError, AttributeError, zipfile.BadZipFile) as error:
            raise InputError(
                f"{path} is not the file of a descriptor, or is damaged: {error}; save it again"
            ) from error
        return made

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = True
        tags.target_tags.required = False
        return tags


def _to_json(value: Any) -> Any:
    if isinstance(value, Basis):
        return {_BASIS: value.to_json()}
    if isinstance(value, np.ndarray | np.generic):
        return {"array": value.tolist()} if isinstance(value, np.ndarray) else value.item()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_to_json(each) for each in value]
    return value


def _from_json(value: Any, source: str) -> Any:
    if isinstance(value, Mapping):
        if _BASIS in value:
            return Basis.of(basis_file.held(basis_file.from_json(value[_BASIS], source), source))
        return np.array(value["array"], dtype=np.float64)
    return tuple(_from_json(each, source) for each in value) if isinstance(value, list) else value


@cache
def complete_basis(orders: tuple[int, ...], dimension: int) -> Basis:
    """Independent invariants of moments of numbers, of the lowest degree at which nothing is missing.

    Their number is that of the moments but for the three of a rotation, in the plane one: 32 for orders 0 to 4.
    """
    space = TensorSpace.moments(orders, "scalar", dimension, "O3" if dimension == 3 else "O2")
    for degree in range(2, _HIGHEST_DEGREE + 1):
        basis = generate(space, degree)
        if basis.certificate.complete:
            return basis
    raise InputError(
        f"invariants of the orders {', '.join(map(str, orders))} up to degree {_HIGHEST_DEGREE} are not complete; give "
        "a basis"
    )


def check_basis(what: str, basis: Any, orders: tuple[int, ...], dimension: int) -> Basis:
    """A basis of moments of numbers; `InputError` if it is of other ones.

    Args:
        what: the name of the parameter.
        basis: what the user gave.
        orders: the lowest order that the moments have, and those after it must follow without a gap.
        dimension: of the shapes.
    """
    if not isinstance(basis, Basis):
        raise InputError(f"{what} is a Basis or None, got {type(basis).__name__}")
    layout = basis.space.layout
    recipe = layout.recipe if layout is not None else ("", "", "")
    given = tuple(int(n) for n in recipe[2].split(",")) if recipe[0].endswith("moments") else ()
    expected = tuple(range(orders[0], orders[0] + len(given)))
    right = bool(given) and recipe[1] == "scalar" and given == expected and basis.convention == "cartesian"
    if not right or basis.space.spatial_dimension != dimension or basis.outputs != "0e":
        raise InputError(
            f"{what} is of {basis.space}; it must hold invariants of TensorSpace.moments(range({orders[0]}, ...)) of "
            f"numbers in {dimension} dimensions"
        )
    return basis
