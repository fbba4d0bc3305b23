"""MATLAB files of version 7.3, which are HDF5 files, through h5py.

Which variables are the recording, its rate and its unit is said in ``variables``. MATLAB stores columns one
after the other, so the axes are exchanged. Samples are read piece by piece.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emgdetect.formats.hdf5 import SIGN, Hdf5File, Rows
from emgdetect.formats.matlab import Contents, Kind, build
from emgdetect.formats.variables import Described

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.recording import Fetch, Head, ReadOptions, Recording

KIND = Kind("mat73", "MATLAB 7.3 (HDF5)")
_SIGN = b"MATLAB 7.3 MAT-file"
_MOST_TEXTS = 512


def sniff(head: Head) -> bool:
    """Tell whether a file starts with the line MATLAB writes, or is HDF5 and called ``.mat``."""
    return head.data.startswith(_SIGN) or (head.data.startswith(SIGN) and head.path.suffix.lower() == ".mat")


def read(path: Path, options: ReadOptions) -> Recording:
    """Read a MATLAB file of version 7.3.

    Raises
    ------
    FormatError
        If it is damaged, or holds no array that could be a recording.
    MissingExtraError
        If h5py is not installed.
    """
    file = Hdf5File(path, purpose="reading MATLAB 7.3 files")
    datasets: dict[str, Any] = {}
    with file.damage_named():
        for name in file.root:
            _collect(file, name, file.root.get(name), datasets)
        values = {name: _value(file, dataset) for name, dataset in datasets.items()}
        arrays = [
            Described(name, tuple(dataset.shape), dataset.dtype.str)
            for name, dataset in datasets.items()
            if dataset.shape and dataset.dtype.kind in "iuf" and not _is_text(dataset)
        ]

    def fetch_of(chosen: list[Described]) -> Fetch:
        pairs = []
        for array in chosen:
            axis = max(range(len(array.shape)), key=lambda a: array.shape[a])
            pairs.append((datasets[array.name], axis))
        return Rows(file, pairs).fetch

    return build(path, KIND, Contents(arrays, values, fetch_of), options)


def _collect(file: Hdf5File, name: str, item: Any, datasets: dict[str, Any]) -> None:  # noqa: ANN401 - h5py has no types
    """Note datasets, and those one structure deep; ``#refs#`` is where MATLAB keeps the inside of cells."""
    if name.startswith("#") or item is None:
        return
    if isinstance(item, file.h5py.Dataset):
        datasets[name] = item
    elif "." not in name:
        for field in item:
            inner = item.get(field)
            if isinstance(inner, file.h5py.Dataset):
                datasets[f"{name}.{field}"] = inner


def _is_text(dataset: Any) -> bool:  # noqa: ANN401 - h5py has no types
    return bytes(dataset.attrs.get("MATLAB_class", b"")) == b"char"


def _value(file: Hdf5File, dataset: Any) -> object:  # noqa: ANN401 - h5py has no types
    """Return a text, a list of texts or a small array; ``None`` for anything else."""
    if _is_text(dataset):
        return _text(file, dataset)
    if dataset.shape and dataset.dtype == file.h5py.ref_dtype and dataset.size <= _MOST_TEXTS:
        inner = [file.root[reference] for reference in dataset[()].reshape(-1) if reference]
        return [_text(file, one) for one in inner if isinstance(one, file.h5py.Dataset) and _is_text(one)]
    if file.h5py.check_string_dtype(dataset.dtype) is not None and dataset.size == 1:
        value = dataset.asstr(errors="replace")[()]
        return value if isinstance(value, str) else str(value.reshape(-1)[0])
    return file.small(dataset)


def _text(file: Hdf5File, dataset: Any) -> str:  # noqa: ANN401 - h5py has no types
    codes = file.small(dataset)
    if codes is None or codes.dtype.kind != "u" or dataset.attrs.get("MATLAB_empty", 0):
        return ""
    return bytes(codes.astype("<u2").tobytes()).decode("utf-16-le", "replace")
