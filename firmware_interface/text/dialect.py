"""How one sketch writes its lines, learned from a few of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.types import StreamInfo
from firmware_interface.text.channels import channels_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import DTypeLike

    from firmware_interface.text.options import TextOptions
    from firmware_interface.text.parsing import Line, Number

LINES_TO_LEARN = 8
"""Lines of one shape in a row after which a stream is taken to be written so."""

MISSING = -9999.0
"""What the MyoWare library returns for an output it does not know."""

RATES = {"value": 20.0, "library": 55.0, "volts": 160.0, "bargraph": 7.75}
"""Samples per second of the published sketches, in Hz; the wire table says where each comes from."""

DEFAULT_RATE = 20.0
LIBRARY_NAMES = ("env", "raw", "rect")
HIGHEST_VOLTS = 5.5
TIME_NAMES = {"t", "time", "timestamp", "ms", "us", "millis", "micros", "t_ms", "t_us", "time_ms", "time_us"}
MICROS_NAMES = {"us", "micros", "t_us", "time_us"}
MICROS_FROM = 250.0
"""Ticks between lines from which they are µs: no serial port prints 4000 lines a second, nobody 4."""

EVEN = 3.0
"""Times the shortest step that the longest may be, in a column that is a clock."""

_INT16_BITS = 15
_INT32 = 2**31


@dataclass(frozen=True, slots=True)
class Dialect:
    """How lines are written: which fields are channels, and which the sketch's clock.

    ``tick`` is the unit of the clock in seconds. ``integer`` says that all channels are integers. ``missing``
    is a number that stands for none.
    """

    shape: tuple[str, tuple[str, ...]]
    columns: tuple[int, ...]
    integer: bool
    info: StreamInfo
    time: int | None = None
    tick: float = 1.0
    dtype: DTypeLike = np.float64
    missing: float | None = MISSING

    def row(self, line: Line) -> tuple[Number, ...] | None:
        """Return the channels' values, ``None`` for a line that is not of this stream."""
        if line.shape != self.shape:
            return None
        values = tuple(line.values[column] for column in self.columns)
        if not self.integer:
            return tuple(np.nan if value == self.missing else value for value in values)
        bound = int(np.iinfo(self.dtype).max)
        whole = all(type(value) is int and -bound <= value <= bound for value in values)
        return values if whole and self.missing not in values else None

    def stamp(self, line: Line) -> Number | None:
        """Return what the sketch's clock says, in ticks."""
        return None if self.time is None else line.values[self.time]


def learn(lines: Sequence[Line], options: TextOptions) -> Dialect | None:
    """Say how lines of one shape are written.

    Returns
    -------
    Dialect or None
        ``None`` if they are not written as the options say.
    """
    table = np.array([line.values for line in lines], dtype=np.float64)
    shape = lines[0].shape
    form, keys = shape
    wanted = options.dialect
    if wanted in {"labels", "json"} and form != wanted:
        return None
    time = _time_column(keys, table, wanted)
    if time is None and wanted in {"t_us", "t_ms"}:
        return None
    columns = _columns(keys, time, options)
    if not columns:
        return None
    options = options.written_as(_named_dialect(table, columns, form, wanted, time))
    integer = all(type(line.values[column]) is int for line in lines for column in columns)
    tick = _tick(keys, table, time, wanted)
    rate = options.rate or _rate(table, time, tick, options.dialect)
    names = _names(keys, columns, options)
    info = StreamInfo(rate, channels_of(names, options), options.device)
    return Dialect(shape, columns, integer, info, time, tick, dtype_of(options, integer=integer))


def dtype_of(options: TextOptions, *, integer: bool) -> DTypeLike:
    """Return the smallest type that holds what the sketch can print."""
    if not integer:
        return np.float64
    return np.int16 if options.bits is not None and options.bits <= _INT16_BITS else np.int32


def _named_dialect(
    table: np.ndarray, columns: tuple[int, ...], form: str, wanted: str, time: int | None
) -> str:
    if wanted != "auto" or form != "plain" or time is not None:
        return wanted
    values = table[:, list(columns)]
    broken = bool((values != np.round(values)).any())
    if len(columns) == 1 and broken and 0 <= values.min() <= values.max() <= HIGHEST_VOLTS:
        return "volts"
    if len(columns) == len(LIBRARY_NAMES) and broken:
        env, raw, rect = values.T
        if (raw < 0).any() and (env >= 0).all() and (rect >= 0).all():
            return "library"
    return "value"


def _time_column(keys: tuple[str, ...], table: np.ndarray, wanted: str) -> int | None:
    """Find the sketch's clock: by its name, or because the first of several columns runs evenly."""
    for column, key in enumerate(keys):
        if key.lower() in TIME_NAMES:
            return column
    if wanted in {"t_us", "t_ms"}:
        return 0 if table.shape[1] > 1 else None
    unnamed = not any(keys)
    if wanted != "auto" or not unnamed or table.shape[1] < 2 or len(table) < LINES_TO_LEARN:  # noqa: PLR2004 - a clock and a value
        return None
    steps = np.diff(table[:, 0])
    even = bool(steps.min() > 0 and steps.max() <= EVEN * steps.min())
    return 0 if even and table[0, 0] >= 0 else None


def _columns(keys: tuple[str, ...], time: int | None, options: TextOptions) -> tuple[int, ...]:
    found = [column for column in range(len(keys)) if column != time]
    if any(keys) and options.names:
        # Labels and JSON carry their own names: the option says which of them to take, and in what order.
        chosen = [keys.index(name) for name in options.names if name in keys]
        return tuple(chosen) if len(chosen) == len(options.names) else ()
    return tuple(found)


def _names(keys: tuple[str, ...], columns: tuple[int, ...], options: TextOptions) -> tuple[str, ...]:
    if any(keys):
        return tuple(keys[column] for column in columns)
    if len(options.names) == len(columns):
        return options.names
    if options.dialect == "library" and len(columns) == len(LIBRARY_NAMES):
        return LIBRARY_NAMES
    return ("value",) if len(columns) == 1 else tuple(f"value {n + 1}" for n in range(len(columns)))


def _tick(keys: tuple[str, ...], table: np.ndarray, time: int | None, wanted: str) -> float:
    if time is None:
        return 1.0
    if wanted == "t_us" or keys[time].lower() in MICROS_NAMES:
        return 1e-6
    if wanted == "t_ms":
        return 1e-3
    stamps = table[:, time]
    if (stamps != np.round(stamps)).any():
        return 1.0
    steps = np.diff(stamps)
    return 1e-6 if steps.size and np.median(steps) >= MICROS_FROM else 1e-3


def _rate(table: np.ndarray, time: int | None, tick: float, dialect: str) -> float:
    """Return the rate of the stamps that were seen, else that of the published sketch."""
    elapsed = 0.0 if time is None else float(table[-1, time] - table[0, time])
    if elapsed > 0:
        return (len(table) - 1) * round(1 / tick) / elapsed
    return RATES.get(dialect, DEFAULT_RATE)
