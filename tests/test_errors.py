"""Errors of this package reach another process whole: what, where, hint, and all else they carry."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from emgdetect import errors


def kinds() -> list[type[errors.EmgError]]:
    found: list[type[errors.EmgError]] = [errors.EmgError]
    for kind in found:
        found += [one for one in kind.__subclasses__() if one.__module__ == errors.__name__]
    return found


def example(kind: type[errors.EmgError]) -> errors.EmgError:
    if issubclass(kind, errors.MissingExtraError):
        return kind("h5py", extra="hdf5", purpose="reading HDF5 files")
    return kind("it does not fit", where=Path("night.edf"), hint="take another")


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_error_survives_pickling(kind: type[errors.EmgError], protocol: int) -> None:
    error = example(kind)
    again = pickle.loads(pickle.dumps(error, protocol))  # noqa: S301 - our own bytes
    assert type(again) is kind
    assert str(again) == str(error)
    assert vars(again) == vars(error)
    assert again.args == error.args


def test_a_place_that_cannot_be_pickled_becomes_its_words() -> None:
    class Place:
        def __str__(self) -> str:
            return "over there"

    error = errors.FormatError("it is cut off", where=Place())
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert str(again) == "over there: it is cut off"
