"""MATLAB files up to version 7 (``save -v6``, ``-v7``) through scipy, which loads what it reads as a whole.

Which variables are the recording, its rate and its unit is said in ``variables``. The samples stay in memory.
"""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from emgdetect.errors import FormatError
from emgdetect.formats.matlab import Contents, build
from emgdetect.formats.matrix import held
from emgdetect.formats.variables import Described

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.recording import Fetch, Head, ReadOptions, Recording

_SIGN = b"MATLAB 5.0 MAT-file"
_READABLE = ("char", "cell", "struct", "logical", "single", "double")
_ZLIB_LIMIT = 1100
"""Deflate makes at most 1032 bytes of one: a shape that promises more lies."""


def sniff(head: Head) -> bool:
    """Tell whether a file starts with the line MATLAB writes."""
    return head.data.startswith(_SIGN)


def read(path: Path, options: ReadOptions) -> Recording:
    """Read a MATLAB file of version 5 to 7.

    Raises
    ------
    FormatError
        If it is damaged, or holds no array that could be a recording.
    """
    loaded = _load(path)
    values: dict[str, Any] = {}
    for name, value in loaded.items():
        if isinstance(value, dict):
            values.update({f"{name}.{field}": inner for field, inner in value.items()})
        else:
            values[name] = value
    arrays = {
        name: value
        for name, value in values.items()
        if isinstance(value, np.ndarray) and value.dtype.kind in "iuf"
    }
    described = [
        Described(name, array.shape, array.dtype.str) for name, array in arrays.items() if array.ndim
    ]

    def fetch_of(chosen: list[Described]) -> Fetch:
        # scipy squeezes single columns; what is longer is time.
        blocks = [np.atleast_2d(arrays[one.name]) for one in chosen]
        rows = [block if block.shape[1] >= block.shape[0] else block.T for block in blocks]
        joined = np.concatenate(rows) if len(rows) > 1 else rows[0]
        return held(joined.astype(joined.dtype.newbyteorder("="), copy=False))

    return build(path, "MAT", Contents(described, values, fetch_of), options)


def _load(path: Path) -> dict[str, Any]:
    from scipy.io import loadmat, whosmat

    limit = path.stat().st_size * _ZLIB_LIMIT
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            listed = whosmat(path)
            names = [
                name for name, _, kind in listed if kind in _READABLE or kind.startswith(("int", "uint"))
            ]
            believable = sum(math.prod(map(int, shape)) for _, shape, _ in listed) <= limit
            loaded: dict[str, Any] = (
                loadmat(path, variable_names=names, simplify_cells=True) if believable else {}
            )
    except (MemoryError, PermissionError):
        raise
    except Exception as error:  # scipy answers damage with errors of every kind
        raise FormatError("the MATLAB file is damaged or cut off", where=path) from error
    if not believable:
        raise FormatError("the MATLAB file promises more than it can hold", where=path)
    return {name: value for name, value in loaded.items() if not name.startswith("__")}
