"""How a text table is laid out: guessed or written by hand, said in a sentence, saved as TOML."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass, fields
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal, get_args

from emgdetect.errors import ConfigError
from emgdetect.types import Unit
from emgdetect.writing import write_text

if TYPE_CHECKING:
    from pathlib import Path

TimeUnit = Literal["s", "ms", "us", "ns", "clock", "iso"]
"""Numbers in a unit, a time of day (``11:02:46.251``), or ISO 8601."""

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "white space"}
MOST_COLUMNS = 4096


@dataclass(frozen=True, slots=True)
class ColumnLayout:
    """A column that is a channel: its place counted from 0, and what ``gain`` times its numbers means."""

    column: int
    name: str
    unit: Unit = "adc"
    gain: float = 1.0


@dataclass(frozen=True, slots=True)
class TableLayout:
    """Where things are in a table; columns are counted from 0 (in a saved layout from 1).

    ``n_fields`` is how many fields a row has, ``header_rows`` how many lines stand before the first row,
    ``comment`` what lines to leave out begin with. ``sampling_rate`` in Hz is used where there is no time
    column.
    """

    delimiter: str
    n_fields: int
    channels: tuple[ColumnLayout, ...]
    decimal: Literal[".", ","] = "."
    header_rows: int = 0
    time_column: int | None = None
    time_unit: TimeUnit = "s"
    sampling_rate: float | None = None
    comment: str = ""

    def sentence(self) -> str:
        """Say the layout in one line."""
        split = f"fields split by {DELIMITERS.get(self.delimiter, self.delimiter)}"
        parts = [split if self.n_fields > 1 else "one number a line"]
        if self.decimal == ",":
            parts.append("decimal comma")
        parts.append(f"{self.header_rows} line{'' if self.header_rows == 1 else 's'} of header")
        if self.time_column is not None:
            unit = {"clock": "as time of day", "iso": "as date and time"}.get(
                self.time_unit, f"in {self.time_unit}"
            )
            parts.append(f"time {unit} in column {self.time_column + 1}")
        elif self.sampling_rate:
            parts.append(f"{self.sampling_rate:g} Hz")
        named = [
            f"{item.name} ({item.unit}{f', times {item.gain:g}' if item.gain != 1 else ''}) "
            f"in column {item.column + 1}"
            for item in self.channels
        ]
        return f"read as a table: {', '.join(parts)}; channels {', '.join(named)}"


def save_layout(path: Path, layout: TableLayout, *, force: bool = False) -> None:
    """Write a layout as TOML, to be changed by hand and used again.

    Raises
    ------
    OutputError
        If the file exists already (without ``force``) or cannot be written.
    """
    settings = {name: value for name, value in asdict(layout).items() if value is not None}
    channels = settings.pop("channels")
    if "time_column" in settings:
        settings["time_column"] += 1
    lines = ["# Columns are counted from 1.", *(f"{name} = {json.dumps(v)}" for name, v in settings.items())]
    for channel in channels:
        channel["column"] += 1
        lines += ["", "[[channels]]", *(f"{name} = {json.dumps(v)}" for name, v in channel.items())]
    write_text(path, "\n".join(lines) + "\n", force=force)


def load_layout(path: Path) -> TableLayout:
    """Read a saved layout.

    Raises
    ------
    ConfigError
        If the file is missing, is not TOML, has an unknown setting, lacks one, or one is out of range.
    """
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"the layout cannot be read: {error.strerror}", where=path) from error
    except ValueError as error:
        raise ConfigError(f"the layout is not TOML: {error}", where=path) from error
    _check_names(path, settings, TableLayout)
    channels = _get(path, settings, "channels", list)
    layout = TableLayout(
        delimiter=_get(path, settings, "delimiter", str),
        n_fields=_get(path, settings, "n_fields", int),
        channels=tuple(_channel(path, channel) for channel in channels),
        decimal=_get(path, settings, "decimal", str, "."),
        header_rows=_get(path, settings, "header_rows", int, 0),
        time_column=None if "time_column" not in settings else _get(path, settings, "time_column", int) - 1,
        time_unit=_get(path, settings, "time_unit", str, "s"),
        sampling_rate=_get(path, settings, "sampling_rate", float, None),
        comment=_get(path, settings, "comment", str, ""),
    )
    _check_values(path, layout)
    return layout


def _channel(path: Path, settings: object) -> ColumnLayout:
    if not isinstance(settings, dict):
        raise ConfigError(
            "a channel is not a table of settings", where=path, hint="begin it with [[channels]]"
        )
    _check_names(path, settings, ColumnLayout)
    return ColumnLayout(
        column=_get(path, settings, "column", int) - 1,
        name=_get(path, settings, "name", str),
        unit=_get(path, settings, "unit", str, "adc"),
        gain=_get(path, settings, "gain", float, 1.0),
    )


def _check_names(path: Path, settings: dict[str, Any], kind: type[TableLayout | ColumnLayout]) -> None:
    known = [item.name for item in fields(kind)]
    for name in settings:
        if name not in known:
            raise ConfigError(f"unknown setting {name!r}", where=path, hint=f"known: {', '.join(known)}")


_REQUIRED = object()


def _get(path: Path, settings: dict[str, Any], name: str, kind: type, default: object = _REQUIRED) -> Any:  # noqa: ANN401 - TOML
    if name not in settings:
        if default is _REQUIRED:
            raise ConfigError(f"the setting {name!r} is missing", where=path)
        return default
    value = settings[name]
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise ConfigError(f"{name} = {value!r} is not a {kind.__name__}", where=path)
    return value


def _check_values(path: Path, layout: TableLayout) -> None:
    rate = layout.sampling_rate
    places = [item.column for item in layout.channels]
    if layout.time_column is not None:
        places.append(layout.time_column)
    checks = {
        f"delimiter must be one of {', '.join(map(repr, DELIMITERS))}": layout.delimiter in DELIMITERS,
        "decimal must be '.' or ','": layout.decimal in {".", ","} and layout.decimal != layout.delimiter,
        f"time_unit must be one of {', '.join(get_args(TimeUnit))}": layout.time_unit in get_args(TimeUnit),
        f"unit must be one of {', '.join(get_args(Unit))}": all(
            item.unit in get_args(Unit) for item in layout.channels
        ),
        "gain must be a number other than 0": all(_usable(item.gain) for item in layout.channels),
        "sampling_rate must be above 0": rate is None or 0 < rate < 1e9,  # noqa: PLR2004 - Hz
        "header_rows must not be negative": layout.header_rows >= 0,
        f"n_fields must be 1 to {MOST_COLUMNS}": 1 <= layout.n_fields <= MOST_COLUMNS,
        "there must be a channel": bool(layout.channels),
        "columns must be 1 to n_fields": all(0 <= place < layout.n_fields for place in places),
    }
    for rule, held in checks.items():
        if not held:
            raise ConfigError(rule, where=path)


def _usable(gain: float) -> bool:
    return isfinite(gain) and gain != 0
