from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.cli.inputs import streams_to_search
from emgdetect.errors import UnsuitableSignalError, UsageError
from emgdetect.recording import Recording, Stream
from emgdetect.types import Channel, RawArray, StreamInfo

if TYPE_CHECKING:
    from emgdetect.choosing import Choice


def stream(rate: float, *names: str) -> Stream:
    """Every sample of a channel is its row."""

    def fetch(start: int, stop: int, /) -> RawArray:
        return np.repeat(np.arange(len(names))[:, None], stop - start, axis=1)

    return Stream(StreamInfo(rate, tuple(Channel(name, "uV") for name in names)), 100, (), fetch)


def recording(*streams: Stream) -> Recording:
    return Recording(Path("night.edf"), "edf", "unknown", None, streams)


def names(found: Choice) -> list[tuple[int, tuple[str, ...]]]:
    return [(index, one.info.ch_names) for index, one in found.parts]


def test_names_decide_what_is_searched() -> None:
    night = recording(stream(256, "Fpz-Cz"), stream(32, "Resp"), stream(512, "EMG chin", "EEG"))
    assert names(streams_to_search(night)) == [(2, ("EMG chin",))]


def test_named_channels_are_taken_alone_and_in_their_rows() -> None:
    night = recording(stream(256, "EEG", "TA left", "TA right"), stream(32, "Resp"))
    ((index, chosen),) = streams_to_search(night, ["ta RIGHT"]).parts
    assert index == 0
    assert chosen.info.ch_names == ("TA right",)
    assert chosen.fetch(3, 5).tolist() == [[2, 2]]


def test_named_channels_may_lie_in_several_streams() -> None:
    night = recording(stream(256, "EEG", "EMG"), stream(32, "Resp"))
    assert names(streams_to_search(night, ["Resp", "EMG"])) == [(0, ("EMG",)), (1, ("Resp",))]


def test_an_unknown_channel_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"night\.edf.*'TA'.*EEG, EMG"):
        streams_to_search(recording(stream(256, "EEG", "EMG")), ["TA"])


def test_a_recording_without_signal_is_unsuitable() -> None:
    with pytest.raises(UnsuitableSignalError, match="no signal"):
        streams_to_search(recording())
