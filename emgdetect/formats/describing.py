"""A recording in plain words and numbers: what ``emgdetect info --json`` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emgdetect.recording import Recording, Stream
    from emgdetect.types import Channel, Gap


def describe(recording: Recording) -> dict[str, Any]:
    """Return what was understood of a file, ready for JSON.

    Returns
    -------
    dict
        ``format`` (a short name in lower case), ``title`` (how people call it), ``device``, ``start`` (ISO
        8601 or None), ``annotations`` (how many), ``oddities`` (sentences), ``channels`` of all streams,
        the main one's first (``name``, ``unit``, ``sampling_rate``, ``n_samples``); and of the main stream
        ``sampling_rate`` in Hz, ``n_samples`` (first to last, gaps included), ``duration`` in s and
        ``gaps`` (``start_sample``, ``n_samples``, ``cause``). ``streams`` has one entry per stream if there
        are several. Without any stream the main stream's numbers are None, 0, 0.0 and no gaps.
    """
    main = recording.streams[0] if recording.streams else None
    found: dict[str, Any] = {
        "format": recording.format,
        "title": recording.title or recording.format,
        "device": recording.device,
        "sampling_rate": main.info.sampling_rate if main else None,
        "n_samples": main.n_samples if main else 0,
        "duration": _duration(main) if main else 0.0,
        "start": recording.start.isoformat() if recording.start else None,
        "channels": [
            _channel(channel, stream) for stream in recording.streams for channel in stream.info.channels
        ],
        "gaps": [_gap(gap) for gap in main.gaps] if main else [],
        "annotations": len(recording.annotations),
        "oddities": list(recording.oddities),
    }
    if len(recording.streams) > 1:
        found["streams"] = [_stream(stream) for stream in recording.streams]
    return found


def _duration(stream: Stream) -> float:
    return stream.n_samples / stream.info.sampling_rate if stream.info.sampling_rate else 0.0


def _channel(channel: Channel, stream: Stream) -> dict[str, Any]:
    return {
        "name": channel.name,
        "unit": channel.unit,
        "sampling_rate": stream.info.sampling_rate,
        "n_samples": stream.n_samples,
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {"start_sample": gap.start, "n_samples": gap.n_samples, "cause": gap.cause}


def _stream(stream: Stream) -> dict[str, Any]:
    return {
        "device": stream.info.device,
        "sampling_rate": stream.info.sampling_rate,
        "n_samples": stream.n_samples,
        "duration": _duration(stream),
        "start": stream.info.start.isoformat() if stream.info.start else None,
        "channels": list(stream.info.ch_names),
        "gaps": [_gap(gap) for gap in stream.gaps],
    }
