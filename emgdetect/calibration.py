"""What a check before the night found out about each channel, so that detection need not learn it anew."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, get_args

from emgdetect.errors import FormatError
from emgdetect.types import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emgdetect.types import StreamInfo

NOTE_KIND = "calibration"
"""Kind of the note under which a session keeps one; its text is :func:`to_json`."""

KEEPS = timedelta(hours=12)
"""Electrodes that were stuck on longer ago have dried or have been changed."""

_KIND = "emgdetect calibration"
_VERSION = 1
_SAME_RATE = 0.02
_UNITS = get_args(Unit)


@dataclass(frozen=True, slots=True)
class Calibration:
    """One channel at rest, and tensed.

    Parameters
    ----------
    channel, device : str
        As the stream describes itself.
    sensor : str
        What people call the sensor, which tells two of one kind apart; empty if it has no name.
    unit : Unit
        Of the levels below.
    sampling_rate : float
        In Hz.
    time : datetime
        When it was measured, with a UTC offset.
    seconds : float
        How long the rest was looked at.
    band : tuple of float
        The frequencies the levels are of, in Hz.
    rest : float
        Noise floor: RMS at rest without mains. Of an envelope, the scatter about its resting level.
    tense : float
        The same while the muscle was tensed (of an envelope, how far it rose); NaN if nobody was asked to.
    mains : float
        50 or 60 Hz, whichever hum there was; NaN if none or if the rate is too low to tell.
    hum : float
        RMS of that hum with its harmonics.
    """

    channel: str
    device: str
    unit: Unit
    sampling_rate: float
    time: datetime
    seconds: float
    band: tuple[float, float]
    rest: float
    tense: float = math.nan
    mains: float = math.nan
    hum: float = math.nan
    sensor: str = ""


def to_json(calibrations: Iterable[Calibration]) -> str:
    """Write calibrations as one JSON document of one line; numbers that are not known become null."""
    channels = [{key: _plain(value) for key, value in asdict(one).items()} for one in calibrations]
    return json.dumps({"kind": _KIND, "version": _VERSION, "channels": channels}, ensure_ascii=False)


def from_json(text: str, *, where: object = None) -> tuple[Calibration, ...]:
    """Read what :func:`to_json` wrote.

    Raises
    ------
    FormatError
        If it is something else, of a newer version, or damaged.
    """
    try:
        document = json.loads(text)
    except ValueError as error:
        raise FormatError("this is no calibration", where=where, hint="emgdetect check makes one") from error
    if not isinstance(document, dict) or document.get("kind") != _KIND:
        raise FormatError("this is no calibration", where=where, hint="emgdetect check makes one")
    if document.get("version") != _VERSION:
        raise FormatError("the calibration is of a newer version", where=where, hint="update emgdetect")
    try:
        return tuple(_read(entry) for entry in document["channels"])
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError(
            "the calibration is damaged", where=where, hint="run emgdetect check anew"
        ) from error


def initial_floors(
    calibrations: Iterable[Calibration],
    info: StreamInfo,
    *,
    sensor: str | None = None,
    at: datetime | None = None,
) -> tuple[float, ...]:
    """Return the noise floor each channel of a stream begins with, for detection to start from.

    Parameters
    ----------
    calibrations : iterable of Calibration
        Of any channels and times.
    info : StreamInfo
        The stream that is to be searched.
    sensor : str, optional
        What people call the sensor; calibrations of others are left out.
    at : datetime, optional
        When it begins, with a UTC offset: calibrations that are older than :data:`KEEPS` then, or newer, are
        left out.

    Returns
    -------
    tuple of float
        RMS in the channel's unit, one for each channel in the stream's order. NaN where there is no
        calibration of a channel of that name, unit, device and rate, and for envelopes, whose floor is
        measured from where they rest at the moment.
    """
    known = sorted(calibrations, key=lambda one: one.time)
    if at is not None:
        known = [one for one in known if timedelta(0) <= at - one.time <= KEEPS]
    floors: dict[tuple[str, Unit], float] = {
        (one.channel, one.unit): one.rest
        for one in known
        if one.device == info.device
        and sensor in {None, one.sensor}
        and abs(one.sampling_rate - info.sampling_rate) <= _SAME_RATE * one.sampling_rate
        and one.unit != "envelope"
        and one.rest > 0
    }
    return tuple(floors.get((channel.name, channel.unit), math.nan) for channel in info.channels)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _read(entry: dict[str, Any]) -> Calibration:
    low, high = entry["band"]
    time = datetime.fromisoformat(entry["time"])
    if entry["unit"] not in _UNITS or time.tzinfo is None:
        raise ValueError
    return Calibration(
        channel=str(entry["channel"]),
        device=str(entry["device"]),
        unit=entry["unit"],
        sampling_rate=_number(entry["sampling_rate"]),
        time=time,
        seconds=_number(entry["seconds"]),
        band=(_number(low), _number(high)),
        rest=_number(entry["rest"]),
        tense=_number(entry["tense"]),
        mains=_number(entry["mains"]),
        hum=_number(entry["hum"]),
        sensor=str(entry["sensor"]),
    )


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)
