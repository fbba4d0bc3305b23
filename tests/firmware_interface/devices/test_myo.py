"""Rows are those of section 2.13 in firmware_interface/README.md."""

from __future__ import annotations

import numpy as np
import pytest

from firmware_interface.decoder import Described, Loss, Packet, Samples
from firmware_interface.device import BleLink, Send
from firmware_interface.devices.myo import COMMAND, DEVICES, EMG, INFO, MyoDecoder, MyoEmulator

VECTOR = bytes.fromhex("01 FF 7F 80 00 02 FE 0A 0B 0C F4 F3 14 EC 32 CE")
FIRST = [1, -1, 127, -128, 0, 2, -2, 10]
SECOND = [11, 12, -12, -13, 20, -20, 50, -50]


def losses(packets: list[Packet]) -> list[Loss]:
    return [packet for packet in packets if isinstance(packet, Loss)]


def test_row_1_two_samples_of_eight_signed_bytes() -> None:
    described, samples = MyoDecoder().feed(VECTOR, EMG[0])
    assert described == Described(INFO)
    assert isinstance(samples, Samples)
    assert samples.data.T.tolist() == [FIRST, SECOND]
    assert INFO.sampling_rate == 200
    assert {channel.unit for channel in INFO.channels} == {"adc"}


@pytest.mark.parametrize("first", range(4))
@pytest.mark.parametrize("missing", range(4))
def test_row_2_characteristics_that_are_passed_over_are_lost_samples(first: int, missing: int) -> None:
    decoder = MyoDecoder()
    assert losses(decoder.feed(VECTOR, EMG[first])) == []
    expected = [Loss(2 * missing, "lost packets", 8)] if missing else []
    assert losses(decoder.feed(VECTOR, EMG[(first + 1 + missing) % 4])) == expected


def test_a_lost_link_is_a_loss_only_the_clock_can_measure() -> None:
    decoder = MyoDecoder()
    assert decoder.relink() == []
    decoder.feed(VECTOR, EMG[2])
    assert decoder.relink() == [Loss(None, "disconnect")]
    assert [type(packet) for packet in decoder.feed(VECTOR, EMG[0])] == [Samples]


@pytest.mark.parametrize(
    ("data", "source"), [(VECTOR, ""), (VECTOR, COMMAND), (VECTOR[:-1], EMG[0]), (VECTOR + b"\0", EMG[0])]
)
def test_what_is_no_emg_is_skipped(data: bytes, source: str) -> None:
    assert MyoDecoder().feed(data, source) == []


def test_the_uuids_are_the_armbands() -> None:
    assert EMG[0] == "d5060105-a904-deb9-4748-2c7f4a124842"
    assert EMG[3] == "d5060405-a904-deb9-4748-2c7f4a124842"


def test_rows_3_to_5_it_is_kept_awake_started_and_stopped() -> None:
    link = DEVICES[0].links[0]
    assert isinstance(link, BleLink)
    command = "d5060401-a904-deb9-4748-2c7f4a124842"
    awake = Send(bytes.fromhex("090101"), command)
    assert link.start == (awake, Send(bytes.fromhex("0103030000"), command))
    assert link.keep_alive == (awake,)
    assert link.keep_alive_every > 0
    assert link.stop == (Send(bytes.fromhex("0103000000"), command),)


def test_the_emulator_streams_when_told_and_takes_turns() -> None:
    armband = MyoEmulator()
    data = np.arange(-40, 40).reshape(8, 10)
    assert armband.send(data) == []
    armband.hear(bytes.fromhex("0103030000"), EMG[0])
    assert armband.send(data) == []
    armband.hear(bytes.fromhex("0103030000"), COMMAND)
    sent = [*armband.send(data[:, :3]), *armband.send(data[:, 3:])]
    assert [message.source for message in sent] == [*EMG, EMG[0]]
    assert b"".join(message.data for message in sent) == data.T.astype(np.int8).tobytes()
    armband.hear(bytes.fromhex("0103000000"), COMMAND)
    assert armband.send(data) == []
