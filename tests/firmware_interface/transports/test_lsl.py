"""A stream of the Lab Streaming Layer, over a loopback outlet, and its frames (README, section 4.3)."""

from __future__ import annotations

import json
import struct
import uuid
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.errors import DeviceError, UsageError
from emgdetect.types import Channel
from firmware_interface.decoder import Described, Loss, Samples
from firmware_interface.link import LinkDown, Received
from firmware_interface.transports.lsl import LslTransport
from firmware_interface.transports.lsl_frames import (
    DEVICE,
    NUMBERS,
    LslDecoder,
    encode_description,
    encode_samples,
)
from firmware_interface.transports.policy import Patience

if TYPE_CHECKING:
    from firmware_interface.link import Arrival
    from tests.firmware_interface.transports.conftest import Watch

QUICK = Patience(look=2.0, connect=10.0, first=30.0, silent=30.0, soonest=0.02, latest=0.05)
UNITS = [("left", "microvolts"), ("right", "millivolts"), ("", "volt"), ("d", "")]


def test_row_4_3_1_a_description_is_json_after_an_i() -> None:
    frame = encode_description("Chords", 500.0, UNITS)
    assert frame[:1] == b"I"
    assert json.loads(frame[1:])["rate"] == 500.0
    (packet,) = LslDecoder().feed(frame)
    assert isinstance(packet, Described)
    assert packet.info.sampling_rate == 500.0
    assert packet.info.channels == (
        Channel("left", "uV"),
        Channel("right", "uV", gain=1e3),
        Channel("ch3", "uV", gain=1e6),
        Channel("d", "adc"),
    )


@pytest.mark.parametrize(("letter", "code"), NUMBERS.items())
def test_row_4_3_2_samples_keep_their_number_type(letter: bytes, code: str) -> None:
    decoder = LslDecoder()
    decoder.feed(encode_description("x", 100.0, [("a", ""), ("b", "")]))
    data = np.array([[1, -2, 3], [4, 5, -128]], dtype=code)
    frame = encode_samples(data)
    assert frame == b"S" + letter + struct.pack(f"<6{letter.decode()}", 1, 4, -2, 5, 3, -128)
    (packet,) = decoder.feed(frame)
    assert isinstance(packet, Samples)
    assert packet.data.dtype == np.dtype(code)
    assert np.array_equal(packet.data, data)


def test_row_4_3_3_nothing_counts_what_a_broken_link_missed() -> None:
    decoder = LslDecoder()
    assert decoder.relink() == []
    description = encode_description("x", 100.0, [("a", "")])
    decoder.feed(description)
    assert decoder.relink() == [Loss(None, "disconnect")]
    assert decoder.feed(description) == []
    assert len(decoder.feed(encode_description("x", 100.0, [("a", ""), ("b", "")]))) == 1


@given(st.binary(max_size=200), st.sampled_from([b"", b"I", b"S", b"Sf", b"I{"]))
def test_frames_that_are_none_are_passed_over(data: bytes, start: bytes) -> None:
    decoder = LslDecoder()
    decoder.feed(encode_description("x", 100.0, [("a", ""), ("b", "")]))
    try:
        packets = decoder.feed(start + data)
    except DeviceError:
        return
    assert all(isinstance(packet, Samples | Described) for packet in packets)


def test_a_stream_of_marks_is_not_a_signal() -> None:
    with pytest.raises(DeviceError, match="marks"):
        LslDecoder().feed(encode_description("marks", 0.0, [("a", "")]))
    with pytest.raises(UsageError):
        DEVICE.decoder({"rate": "1"})


def outlet(name: str, source: str) -> Any:  # noqa: ANN401  pylsl is not typed
    from pylsl import StreamInfo, StreamOutlet

    info = StreamInfo(name, "EMG", 2, 1000.0, "int16", source)
    channels = info.desc().append_child("channels")
    for label in ("left", "right"):
        channel = channels.append_child("channel")
        channel.append_child_value("label", label)
        channel.append_child_value("unit", "microvolts")
    return StreamOutlet(info)


def values(arrivals: list[Arrival]) -> list[int]:
    decoder = LslDecoder()
    frames = [each for each in arrivals if isinstance(each, Received)]
    packets = [packet for each in frames for packet in decoder.feed(each.data)]
    return [int(value) for packet in packets if isinstance(packet, Samples) for value in packet.data[1]]


@pytest.fixture
def name() -> str:
    """Names of its own keep streams of other tests and machines out."""
    pylsl = pytest.importorskip("pylsl", reason="needs pylsl")
    name = f"emgdetect-test-{uuid.uuid4().hex}"
    probe = outlet(name, name)
    if not pylsl.resolve_byprop("name", name, 1, 5.0):
        pytest.skip("LSL streams cannot be seen here: no multicast, not even to oneself")
    del probe
    return f"{name}-2"


def test_a_stream_is_read_and_comes_back_after_its_sender_died(watch: Watch, name: str) -> None:
    transport = LslTransport(name, patience=QUICK)
    sender = outlet(name, name)
    transport.open()
    arrivals = watch.until(
        transport, lambda got: watch.ups(got) and any(isinstance(each, Received) for each in got)
    )
    assert sender.wait_for_consumers(10.0)
    sender.push_chunk([[0, value] for value in range(500)])
    arrivals += watch.until(
        transport, lambda got: sum(len(e.data) for e in got if isinstance(e, Received)) > 2000
    )
    assert values(arrivals) == list(range(500))
    times = [each.time for each in arrivals]
    assert times == sorted(times)
    assert times[-1] <= transport.now()
    del sender
    down = watch.until(transport, lambda got: any(isinstance(each, LinkDown) for each in got))
    assert isinstance(down[0], LinkDown)
    assert (down[0].cause, down[0].detail) == ("disconnect", "the sender is gone")
    again = outlet(name, name)
    up = watch.until(transport, lambda got: any(isinstance(each, Received) for each in got))
    assert again.wait_for_consumers(10.0)
    again.push_chunk([[0, value] for value in range(100)])
    up += watch.until(transport, lambda got: len(got) > 0)
    assert values(up)[:10] == list(range(10))
    transport.close()
    transport.close()
