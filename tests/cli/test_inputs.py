from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from emgdetect.cli.inputs import looks_like_muscle, streams_to_search
from emgdetect.errors import UnsuitableSignalError, UsageError
from emgdetect.recording import Recording, Stream
from emgdetect.types import Channel, RawArray, StreamInfo


def stream(rate: float, *names: str) -> Stream:
    """Every sample of a channel is its row."""

    def fetch(start: int, stop: int, /) -> RawArray:
        return np.repeat(np.arange(len(names))[:, None], stop - start, axis=1)

    return Stream(StreamInfo(rate, tuple(Channel(name, "uV") for name in names)), 100, (), fetch)


def recording(*streams: Stream) -> Recording:
    return Recording(Path("night.edf"), "edf", "unknown", None, streams)


def names(found: tuple[tuple[int, Stream], ...]) -> list[tuple[int, tuple[str, ...]]]:
    return [(index, one.info.ch_names) for index, one in found]


def test_the_main_stream_is_searched_whatever_its_names() -> None:
    assert names(streams_to_search(recording(stream(200, "EXG 1")))) == [(0, ("EXG 1",))]


def test_so_is_every_other_that_speaks_of_muscle() -> None:
    night = recording(stream(256, "Fpz-Cz"), stream(32, "Resp"), stream(512, "EMG chin"), stream(200, "LLeg"))
    assert [index for index, _ in streams_to_search(night)] == [0, 2, 3]


@pytest.mark.parametrize("name", ["EMG", "emg_uV", "Chin1-Chin2", "Left tibialis", "RLEG", "LAT", "Biceps"])
def test_names_of_muscles(name: str) -> None:
    assert looks_like_muscle([name])


@pytest.mark.parametrize("name", ["EEG Fpz-Cz", "ECG", "SaO2", "Resp nasal", "Plateau", "College", "X"])
def test_other_names(name: str) -> None:
    assert not looks_like_muscle([name])


def test_named_channels_are_taken_alone_and_in_their_rows() -> None:
    night = recording(stream(256, "EEG", "TA left", "TA right"), stream(32, "Resp"))
    ((index, chosen),) = streams_to_search(night, ["ta RIGHT"])
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
