"""The findings of a check, in words and as JSON."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any

from emgdetect.cli.words import duration, plural, rate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from emgdetect.checking import ChannelCheck, Finding, StreamCheck

_MARKS = {"pass": "pass", "fail": "FAIL", "unknown": "  - "}
_UNITS = {"uV": "µV", "adc": "counts", "envelope": "envelope"}
_WIDTH = 100


def lines(results: Sequence[StreamCheck]) -> Iterator[str]:
    """Give the findings of all sensors, line by line, and the sum at the end."""
    for result in results:
        length = duration(round(result.seconds, 1))
        yield f"{result.name}: {result.info.device}, {rate(result.info.sampling_rate)}, {length}"
        yield from _findings(result.findings)
        for channel in result.channels:
            yield f"  {channel.name} ({_UNITS[channel.unit]})"
            yield from _findings(channel.findings)
        yield ""
    failed = [one for result in results for one in result.failed]
    if failed:
        yield f"{plural(len(failed), 'thing')} failed: {', '.join(dict.fromkeys(one.name for one in failed))}"
    else:
        yield "All passed."


def document(results: Sequence[StreamCheck]) -> dict[str, Any]:
    """Return everything as plain values."""
    return {
        "passed": not any(result.failed for result in results),
        "sources": [
            {
                "name": result.name,
                "device": result.info.device,
                "sampling_rate": result.info.sampling_rate,
                "seconds": result.seconds,
                "findings": [_as_dict(one) for one in result.findings],
                "channels": [_channel(channel) for channel in result.channels],
            }
            for result in results
        ],
    }


def _findings(findings: Sequence[Finding]) -> Iterator[str]:
    for one in findings:
        yield f"    {_MARKS[one.verdict]}  {one.name:<8}  {one.text}"
        if one.advice:
            yield from textwrap.wrap(
                one.advice, _WIDTH, initial_indent=" " * 20 + "→ ", subsequent_indent=" " * 22
            )


def _channel(channel: ChannelCheck) -> dict[str, Any]:
    from emgdetect.calibration import to_json

    (kept,) = json.loads(to_json([channel.calibration]))["channels"]
    return {
        "name": channel.name,
        "unit": channel.unit,
        "findings": [_as_dict(one) for one in channel.findings],
        "calibration": kept,
    }


def _as_dict(one: Finding) -> dict[str, Any]:
    return {
        "name": one.name,
        "verdict": one.verdict,
        "value": one.value,
        "unit": one.unit or None,
        "text": one.text,
        "advice": one.advice or None,
    }
