"""Optional libraries: imported when a file needs them, with one clear line when they are not installed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from emgdetect.errors import MissingExtraError


def require(library: str, *, extra: str, purpose: str) -> Any:  # noqa: ANN401 - a module of any library
    """Import an optional library.

    Parameters
    ----------
    library : str
        The name it is imported by, such as ``"h5py"``.
    extra : str
        The extra of this package that installs it.
    purpose : str
        What it is needed for, as in ``"reading C3D files"``.

    Returns
    -------
    module
        The imported module.

    Raises
    ------
    MissingExtraError
        If it is not installed.
    """
    try:
        return import_module(library)
    except ImportError as error:
        raise MissingExtraError(library, extra=extra, purpose=purpose) from error
