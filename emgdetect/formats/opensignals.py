"""OpenSignals text files: BITalino and other PLUX devices.

``# OpenSignals Text File Format``, a line of JSON with one entry per device, ``# EndOfHeader``, then columns
split by tabs: sequence number, digital lines, analog channels, device after device.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from emgdetect.errors import FormatError
from emgdetect.formats.collecting import Collected, collect
from emgdetect.formats.counters import count_through, learn_cycle
from emgdetect.formats.rates import stated_rate
from emgdetect.formats.rows import RowFormat
from emgdetect.formats.textio import first_lines, head_lines
from emgdetect.recording import Head, ReadOptions, Recording
from emgdetect.types import Channel, StreamInfo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emgdetect.types import FloatArray

MAGIC = "# OpenSignals Text File Format"

BITALINO_RANGE_UV = 3.3 / 1009 * 1e6
"""BITalino's EMG sensor: supply over gain, the full scale in µV at the electrodes."""

MOST_BITS = 32


@dataclass(frozen=True, slots=True)
class _Signal:
    column: int
    name: str
    sensor: str
    bits: int | None
    device: str


def sniff(head: Head) -> bool:
    """Say whether the first line is the format's name."""
    lines = head_lines(head)
    return bool(lines) and lines[0].strip() == MAGIC


def read(path: Path, options: ReadOptions) -> Recording:
    """Read an OpenSignals recording: BITalino EMG in µV by its transfer function, other sensors in counts."""
    lines = first_lines(path)
    n_header = next((n for n, line in enumerate(lines) if line.strip() == "# EndOfHeader"), None)
    devices = _devices(lines[:n_header] if n_header else lines)
    if n_header is None or not devices:
        raise FormatError("the header is incomplete", where=path.name, hint="is the file cut or edited?")
    signals, width = _signals(devices)
    facts = next(iter(devices.values()))
    rate = options.sampling_rate or stated_rate(facts.get("sampling rate"))
    if not signals or rate is None:
        raise FormatError("the header names no rate or no channel", where=path.name)
    wanted = RowFormat("\t", (0, *(signal.column for signal in signals)), width, width + 1)
    gathered = collect(path, wanted, 1, skip=n_header + 1)
    cycle = learn_cycle(_sequence(gathered), (1 << _sequence_bits(facts)) - 1)
    counted = count_through(lambda: _sequence(gathered), cycle, 1 / rate, None)
    start = _start(facts)
    device = str(facts.get("device", "OpenSignals device"))
    info = StreamInfo(rate, tuple(_channel(signal, options) for signal in signals), device, start)
    stream = counted.segments.stream(info, gathered.fetch())
    return Recording(
        path,
        "opensignals",
        device,
        start,
        (stream,),
        oddities=(*gathered.notes(), *counted.notes),
        title="OpenSignals text",
    )


def _devices(lines: list[str]) -> dict[str, dict[str, Any]]:
    for line in lines:
        with suppress(json.JSONDecodeError):
            found = json.loads(line.lstrip("# "))
            if isinstance(found, dict):
                return {str(name): facts for name, facts in found.items() if isinstance(facts, dict)}
    return {}


def _signals(devices: dict[str, dict[str, Any]]) -> tuple[list[_Signal], int]:
    """Return the analog channels of all devices and the number of columns of a row."""
    found: list[_Signal] = []
    offset = 0
    for address, facts in devices.items():
        columns = [str(name) for name in _listed(facts, "column")]
        labels = [str(name) for name in _listed(facts, "label")] or columns[
            -len(_listed(facts, "channels")) :
        ]
        sensors, bits = _listed(facts, "sensor"), _listed(facts, "resolution")
        for n, label in enumerate(labels):
            if label not in columns:
                continue
            at = columns.index(label)
            found.append(
                _Signal(
                    offset + at,
                    label if len(devices) == 1 else f"{address} {label}",
                    str(sensors[n]) if n < len(sensors) else "",
                    _bits(bits[at]) if at < len(bits) else None,
                    str(facts.get("device", "")),
                )
            )
        offset += len(columns)
    return found, offset


def _listed(facts: dict[str, Any], name: str) -> list[Any]:
    value = facts.get(name)
    return value if isinstance(value, list) else []


def _bits(value: object) -> int | None:
    return value if isinstance(value, int) and 0 < value <= MOST_BITS else None


def _sequence_bits(facts: dict[str, Any]) -> int:
    resolution = _listed(facts, "resolution")
    return (_bits(resolution[0]) if resolution else None) or 4


def _channel(signal: _Signal, options: ReadOptions) -> Channel:
    top = float((1 << signal.bits) - 1) if signal.bits else None
    bottom = 0.0 if signal.bits else None
    is_emg = signal.sensor.upper().startswith("EMG") and signal.device.lower().startswith("bitalino")
    if not (is_emg and signal.bits) or options.unit not in {None, "uV"}:
        return Channel(signal.name, options.unit or "adc", raw_low=bottom, raw_high=top)
    gain = BITALINO_RANGE_UV / (1 << signal.bits)
    return Channel(signal.name, "uV", gain, -BITALINO_RANGE_UV / 2, bottom, top)


def _sequence(gathered: Collected) -> Iterator[FloatArray]:
    return (block[0] for block in gathered.mark_blocks())


def _start(facts: dict[str, Any]) -> datetime | None:
    """Join date and time; dates come without leading zeros."""
    with suppress(ValueError):
        year, month, day = (int(part) for part in str(facts.get("date", "")).split("-"))
        clock = datetime.fromisoformat(f"2000-01-01T{str(facts.get('time', '')).strip()}")
        return clock.replace(year=year, month=month, day=day)
    return None
