"""What ``mat`` runs in a process of its own: reads with scipy, answers with values and arrays."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from emgdetect.formats.isolated import answer_with, limit_memory
from emgdetect.formats.variables import texts_in

_READABLE = ("char", "cell", "struct", "logical", "single", "double")


def main(path: str) -> None:
    """Write names and shapes of the arrays and all small values, then the arrays' numbers, row after row."""
    limit_memory(path)
    from scipy.io import loadmat, whosmat

    warnings.simplefilter("ignore")
    names = [name for name, _, kind in whosmat(path) if kind in _READABLE or kind.startswith(("int", "uint"))]
    found: dict[str, Any] = {}
    for name, value in loadmat(path, variable_names=names, simplify_cells=True).items():
        if isinstance(value, dict):
            found.update({f"{name}.{field}": inner for field, inner in value.items()})
        elif not name.startswith("__"):
            found[name] = value
    arrays = {
        name: np.ascontiguousarray(value, dtype=value.dtype.newbyteorder("<"))
        for name, value in found.items()
        if isinstance(value, np.ndarray) and value.ndim and value.dtype.kind in "iuf"
    }
    described = {
        "values": {name: small for name, value in found.items() if (small := _small(value)) is not None},
        "arrays": [(name, array.shape, array.dtype.str) for name, array in arrays.items()],
    }
    out = answer_with(described)
    for array in arrays.values():
        out.write(array.data if array.size else b"")


def _small(value: object) -> float | list[str] | None:
    """Return a number or texts; ``None`` for anything else."""
    if isinstance(value, int | float | np.number) and not isinstance(value, complex | np.complexfloating):
        return float(value)
    return texts_in(value) or None
