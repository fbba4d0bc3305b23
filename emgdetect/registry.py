"""Names of the parts that can be added to: one line each, imported only when asked for.

A format module has two functions: ``sniff(head: Head) -> bool`` and
``read(path: Path, options: ReadOptions) -> Recording``. The first whose ``sniff`` says yes reads the file,
so the more particular stand before the more general.

A module for sleep stages and scored events has ``sniff(text: str) -> bool``, which is shown the beginning
of the file, and ``read(path: Path, epoch: float | None) -> Scoring``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

FORMATS: dict[str, str] = {
    "session": "emgdetect.session.format",
    "edf": "emgdetect.formats.edf",
    "wav": "emgdetect.formats.wav",
    "npz": "emgdetect.formats.npz",
    "npy": "emgdetect.formats.npy",
    "mat": "emgdetect.formats.mat",
    "mat73": "emgdetect.formats.mat73",
    "opensignals-h5": "emgdetect.formats.opensignals_h5",
    "xdf": "emgdetect.formats.xdf",
    "c3d": "emgdetect.formats.c3d",
    "wfdb": "emgdetect.formats.wfdb",
    "openbci": "emgdetect.formats.openbci",
    "opensignals": "emgdetect.formats.opensignals",
    "biosppy": "emgdetect.formats.biosppy",
    "chords": "emgdetect.formats.chords",
    "scientisst": "emgdetect.formats.scientisst",
    "myo": "emgdetect.formats.myo",
    "myoware": "emgdetect.formats.myoware",
    "table": "emgdetect.formats.table",
}

SCORINGS: dict[str, str] = {
    "nsrr": "emgdetect.context.nsrr",
    "domino": "emgdetect.context.domino",
    "remlogic": "emgdetect.context.remlogic",
    "luna": "emgdetect.context.luna",
    "epochs": "emgdetect.context.epochs",
    "table": "emgdetect.context.table",
}


def load(module: str) -> ModuleType:
    """Import the module a registry line names."""
    return import_module(module)
