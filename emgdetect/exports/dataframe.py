"""Events as a table of pandas or polars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emgdetect.errors import MissingExtraError
from emgdetect.exports.columns import DELIMITER, chosen

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from emgdetect.types import Detection

_FLOATS = ("onset", "duration", "peak", "rms", "snr_db", "median_frequency", "rhythm", "confidence")
_INTEGERS = ("sample", "n_samples")
_TEXTS = ("trial_type", "channel", "flags", "rule")
_ORDER = (
    "onset", "duration", "trial_type", "channel", "sample", "n_samples", "peak", "rms", "snr_db",
    "median_frequency", "rhythm", "confidence", "flags", "rule",
)  # fmt: skip


def to_pandas(detection: Detection, *, artefacts: bool = False) -> pd.DataFrame:
    """Return one line per event, sorted by onset; without events the columns are there all the same.

    Missing numbers are NaN, flags are joined by ``|``. ``frame.attrs`` has profile, version, config_hash,
    sampling_rate and source.

    Raises
    ------
    MissingExtraError
        If pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise MissingExtraError("pandas", extra="pandas", purpose="a data frame of events") from error
    frame = pd.DataFrame(_columns(detection, artefacts=artefacts)).astype(_types(text="object"))
    frame.attrs.update(
        profile=detection.profile,
        version=detection.version,
        config_hash=detection.config_hash,
        sampling_rate=detection.info.sampling_rate,
        source=detection.source,
    )
    return frame


def to_polars(detection: Detection, *, artefacts: bool = False) -> pl.DataFrame:
    """Return one line per event, sorted by onset; without events the columns are there all the same.

    Missing numbers are null, flags are joined by ``|``.

    Raises
    ------
    MissingExtraError
        If polars is not installed.
    """
    try:
        import polars as pl
    except ImportError as error:
        raise MissingExtraError("polars", extra="polars", purpose="a data frame of events") from error
    types = {"float64": pl.Float64, "int64": pl.Int64, "text": pl.String}
    schema = {name: types[kind] for name, kind in _types(text="text").items()}
    return pl.DataFrame(_columns(detection, artefacts=artefacts), schema=schema).with_columns(
        pl.col(_FLOATS).fill_nan(None)
    )


def _types(*, text: str) -> dict[str, str]:
    kinds = (
        dict.fromkeys(_FLOATS, "float64") | dict.fromkeys(_INTEGERS, "int64") | dict.fromkeys(_TEXTS, text)
    )
    return {name: kinds[name] for name in _ORDER}


def _columns(detection: Detection, *, artefacts: bool) -> dict[str, list[Any]]:
    events = chosen(detection, artefacts=artefacts)
    renamed = {"trial_type": "kind"}
    columns = {name: [getattr(event, renamed.get(name, name)) for event in events] for name in _ORDER}
    columns["flags"] = [DELIMITER.join(flags) for flags in columns["flags"]]
    return columns
