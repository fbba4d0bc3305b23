"""What the names of a table's columns say: time, unit, or not a signal at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emgdetect.formats.table_layout import ColumnLayout

if TYPE_CHECKING:
    from emgdetect.formats.table_layout import TimeUnit
    from emgdetect.types import Unit

_TIME = re.compile(
    r"(?:time|times|timestamps?|zeit|tiempo|temps|elapsed|clock|date ?time)(?:\s*[_\[( ].*)?$"
    r"|(?:t|ts)(?:[_ \[(]+(?:s|sec|ms|us|ns)[\])]?)?$"
    r"|(?:s|ms|us|sec|seconds|millis|micros)$",
    re.IGNORECASE,
)
_NOT_A_SIGNAL = re.compile(
    r"(sample|samples|index|idx|n|no|nr|nseq|counter|count|frame|row|label|class|gesture|prompt|marker|trigger|"
    r"event|stim|status|battery|temperature|temp|date)(?:[ _]?(index|number|no|id|count))?$"
    r"|(acc|accel|gyro|gyr|mag|quat|imu|pitch|roll|yaw)([ _.\d].*|[xyz])?$",
    re.IGNORECASE,
)
_ENVELOPE = re.compile(r"(env|envelope|rect|rectified|rms|linear envelope)(?:[ _\d].*)?$", re.IGNORECASE)

# A unit in brackets or after an underscore or blank: "emg (mV)", "emg_uV", "emg [µV]".
_UNIT = re.compile(r"^(?P<name>.*?)\s*(?:\((?P<a>[^()]*)\)|\[(?P<b>[^\[\]]*)\]|[_ /](?P<c>[^\s_()\[\]/]+))$")
_MICRO = str.maketrans({"\u00b5": "u", "\u03bc": "u"})
_GAINS = {
    "nv": 1e-3,
    "uv": 1.0,
    "microvolt": 1.0,
    "microvolts": 1.0,
    "mv": 1e3,
    "v": 1e6,
    "volt": 1e6,
    "volts": 1e6,
}
_COUNTS = frozenset({"adc", "counts", "count", "raw", "lsb", "au", "a.u."})
_LEVELS = frozenset({"envelope", "env"})
_TIME_UNITS: dict[str, TimeUnit] = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("ms", "msec", "millis", "millisecond", "milliseconds"), "ms"),
    **dict.fromkeys(("us", "usec", "micros", "microsecond", "microseconds"), "us"),
    **dict.fromkeys(("ns", "nsec", "nanosecond", "nanoseconds"), "ns"),
}

EVENT_TABLE = frozenset({"onset", "trial_type"})
"""Columns of a table of events: no signal, however much its numbers look like one."""


def is_time(name: str) -> bool:
    """Say whether a column of this name holds the time."""
    return bool(_TIME.match(name))


def is_signal(name: str) -> bool:
    """Say whether a column of this name can be a channel."""
    return not _NOT_A_SIGNAL.match(name)


def time_unit_of(name: str) -> TimeUnit | None:
    """Return the unit a time column's name states, ``None`` if it states none."""
    bare = name.strip().lower().translate(_MICRO)
    if bare in _TIME_UNITS:
        return _TIME_UNITS[bare]
    _, unit = split_unit(name)
    return _TIME_UNITS.get(unit.lower())


def split_unit(name: str) -> tuple[str, str]:
    """Return a name and what may be its unit, ``""`` if nothing looks like one; micro signs become u."""
    found = _UNIT.match(name.strip().translate(_MICRO))
    if not found:
        return name.strip(), ""
    return found["name"].strip(), (found["a"] or found["b"] or found["c"] or "").strip()


def channel_of(name: str, column: int) -> ColumnLayout:
    """Return what a column of this name is: µV where its name says a voltage, else counts or an envelope.

    The channel's name is the column's without the unit.
    """
    bare, unit = split_unit(name)
    known = unit.lower()
    if known in _LEVELS and bare and not _ENVELOPE.match(name.strip()):
        return ColumnLayout(column, bare, "envelope")
    if known in _GAINS and bare:
        return ColumnLayout(column, bare, "uV", _GAINS[known])
    if known in _COUNTS and bare and not name.strip().lower().endswith(("_raw", " raw", "_count")):
        return ColumnLayout(column, bare, "adc")
    level: Unit = "envelope" if _ENVELOPE.match(name.strip()) else "adc"
    return ColumnLayout(column, name.strip() or f"channel {column + 1}", level)


def is_unit(text: str) -> bool:
    """Say whether a cell below a name is that column's unit, as in ``mV`` or ``(s)``."""
    bare = text.strip().strip("()[]").translate(_MICRO).lower()
    return bare in _GAINS or bare in _TIME_UNITS or bare in _COUNTS or bare in _LEVELS


def states_voltage(name: str) -> bool:
    """Say whether a column's name ends in a unit of voltage."""
    return split_unit(name)[1].lower() in _GAINS
