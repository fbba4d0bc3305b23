"""A stored stream comes out as it went in, in its own time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.errors import UsageError
from emgdetect.types import Channel, Chunk, Gap, StreamInfo
from firmware_interface.decoder import Described, Loss, Samples
from firmware_interface.link import LinkDown, LinkUp, Received
from firmware_interface.transports.playback import Playback, playback_device

INFO = StreamInfo(100.0, (Channel("a", "uV", 0.5, 1.0), Channel("b", "adc")), device="a file")


def pieces(lengths: list[int], kind: str) -> list[Chunk | Gap]:
    """Chunks for positive lengths and gaps for negative ones."""
    made: list[Chunk | Gap] = []
    position = 0
    for length in lengths:
        if length > 0:
            values = np.arange(position, position + length) % 100
            made.append(Chunk(np.array([values, values + 1], dtype=kind), position))
        else:
            made.append(Gap(position, -length, "disconnect"))
        position += abs(length)
    return made


@given(
    lengths=st.lists(st.integers(1, 400) | st.integers(-300, -1), min_size=1, max_size=6),
    kind=st.sampled_from(["<i2", ">i2", "<i4", "<f4", "<f8", "u1"]),
    timeout=st.floats(0.001, 1.0),
)
def test_every_sample_and_gap_comes_in_its_place_and_time(
    lengths: list[int], kind: str, timeout: float
) -> None:
    told = pieces(lengths, kind)
    transport = Playback(INFO, told)
    decoder = playback_device(INFO).decoder({})
    transport.open()
    position, before, described, over = 0, 0.0, 0, False
    while not over:
        for arrival in transport.read(timeout):
            assert before <= arrival.time + 1e-9 <= transport.now() + 2e-9
            before = arrival.time
            over = isinstance(arrival, LinkDown)
            if not isinstance(arrival, Received):
                continue
            for packet in decoder.feed(arrival.data):
                if isinstance(packet, Samples):
                    wanted = np.arange(position, position + packet.data.shape[1]) % 100
                    assert packet.data.dtype == np.dtype(kind)
                    assert np.array_equal(packet.data, [wanted, wanted + 1])
                    position += packet.data.shape[1]
                elif isinstance(packet, Loss):
                    assert packet.n_samples is not None
                    position += packet.n_samples
                elif isinstance(packet, Described):
                    described += 1
                    assert packet.info.channels == INFO.channels
            assert arrival.time == pytest.approx(position / INFO.sampling_rate)
    assert position == sum(map(abs, lengths))
    assert described == 1
    assert transport.now() == position / INFO.sampling_rate
    assert transport.read(1.0) == []


def test_it_begins_with_a_link_and_a_gap_is_told_when_it_is_over() -> None:
    transport = Playback(INFO, pieces([5, -100, 5], "<i2"))
    transport.open()
    arrivals = [arrival for _ in range(20) for arrival in transport.read(0.05)]
    assert isinstance(arrivals[0], LinkUp)
    assert [type(arrival) for arrival in arrivals[1:]] == [Received]
    assert transport.now() == pytest.approx(1.0)


def test_it_cannot_be_emulated() -> None:
    with pytest.raises(UsageError):
        playback_device(INFO).emulator({})
