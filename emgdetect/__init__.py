"""Twitches, bursts and spasms in wearable surface EMG, live or from files.

::

    import emgdetect

    detection = emgdetect.detect("night.edf")
    print(emgdetect.to_text(emgdetect.summarise(detection)))
    table = emgdetect.to_pandas(detection)

Names are loaded when they are first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from emgdetect._version import __version__

if TYPE_CHECKING:
    from emgdetect.api import Detector, detect, from_array, read, write_report
    from emgdetect.config import Profile, load_profile, profile_names
    from emgdetect.errors import EmgError
    from emgdetect.evaluate import read_events, score
    from emgdetect.exports import from_mne, to_mne, to_pandas, to_polars, write_edf, write_events
    from emgdetect.recording import Recording, Stream
    from emgdetect.sources.simulate import simulate, write_simulation
    from emgdetect.summary import Summary, summarise, to_text
    from emgdetect.types import Channel, Chunk, Detection, Event, Gap, StreamInfo, Update

_HOMES = {
    "emgdetect.api": ("Detector", "detect", "from_array", "read", "write_report"),
    "emgdetect.config": ("Profile", "load_profile", "profile_names"),
    "emgdetect.errors": ("EmgError",),
    "emgdetect.evaluate": ("read_events", "score"),
    "emgdetect.exports": ("from_mne", "to_mne", "to_pandas", "to_polars", "write_edf", "write_events"),
    "emgdetect.recording": ("Recording", "Stream"),
    "emgdetect.sources.simulate": ("simulate", "write_simulation"),
    "emgdetect.summary": ("Summary", "summarise", "to_text"),
    "emgdetect.types": ("Channel", "Chunk", "Detection", "Event", "Gap", "StreamInfo", "Update"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Channel",
    "Chunk",
    "Detection",
    "Detector",
    "EmgError",
    "Event",
    "Gap",
    "Profile",
    "Recording",
    "Stream",
    "StreamInfo",
    "Summary",
    "Update",
    "__version__",
    "detect",
    "from_array",
    "from_mne",
    "load_profile",
    "profile_names",
    "read",
    "read_events",
    "score",
    "simulate",
    "summarise",
    "to_mne",
    "to_pandas",
    "to_polars",
    "to_text",
    "write_edf",
    "write_events",
    "write_report",
    "write_simulation",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - stands for every public name
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'emgdetect' has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
