"""What every device keeps, whatever it sends: rows 1.1 to 1.11 of firmware_interface/README.md.

A new device is in these tests with its line in ``DEVICES``, a described one with its file in ``examples/``.
"""

from __future__ import annotations

import gc
import sys
from itertools import pairwise
from pathlib import Path
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import firmware_interface
from emgdetect.errors import DeviceError
from firmware_interface.decoder import Decoder, Described, Loss, Notice, Packet, Samples
from firmware_interface.device import Device, Emulator, Message, Send
from firmware_interface.devices import DEVICES, load_device

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from emgdetect.types import RawArray

OPTIONS: dict[str, list[dict[str, str]]] = {"cyton": [{"daisy": "yes"}], "olimex": [{"variant": "logger"}]}
"""Options that make another wire format, beside none at all."""

EXAMPLES = sorted(map(str, (Path(firmware_interface.__file__).parent / "examples").glob("*.toml")))

BYTE_CHECKED = {"emgdetect", *(path for path in EXAMPLES if "three-channel" in path)}
BIT_CHECKED = {"bitalino", "bitalino-2", "bitalino-4", "bitalino-6"}
"""Devices whose checksum sees every change of a byte, or of one bit."""

CASES = [(key, chosen) for key in (*DEVICES, *EXAMPLES) for chosen in ({}, *OPTIONS.get(key, []))]
N_MUTATED = 1_000_000
MOST_KEPT = 64_000
"""Bytes a decoder may keep, whatever came."""


def each_of(cases: list[tuple[str, dict[str, str]]]) -> pytest.MarkDecorator:
    names = ["-".join([Path(key).stem, *chosen.values()]) for key, chosen in cases]
    return pytest.mark.parametrize(("key", "chosen"), cases, ids=names)


every_case = each_of(CASES)
every_stream = each_of([case for case in CASES if load_device(case[0]).framing == "stream"])
# Products of one module share their decoder: the first and the last of them stand for all.
BY_MODULE = {module: [key for key in DEVICES if DEVICES[key] == module] for module in DEVICES.values()}
ENDS = {key for keys in BY_MODULE.values() for key in (keys[0], keys[-1])} | set(EXAMPLES)
# Firmware 2 of the Ganglion cannot send every number, so the other tests here are not for it.
every_decoder = each_of([*(case for case in CASES if case[0] in ENDS), ("ganglion", {"firmware": "2"})])
every_checked = each_of([case for case in CASES if case[0] in BYTE_CHECKED | BIT_CHECKED])


class Talk(NamedTuple):
    """A sensor that was told to start, its decoder, and what was on the wire before the first sample."""

    device: Device
    emulator: Emulator
    decoder: Decoder
    opening: list[Message]

    def feed(self, messages: Iterable[Message]) -> list[Packet]:
        return [packet for m in messages for packet in self.decoder.feed(m.data, m.source)]


def begin(key: str, chosen: dict[str, str]) -> Talk:
    device = load_device(key)
    emulator = device.emulator(chosen)
    return Talk(
        device, emulator, device.decoder(chosen), emulator.restart() + told_to_start(device, emulator)
    )


def told_to_start(device: Device, emulator: Emulator) -> list[Message]:
    sends = [step for step in device.links[0].start if isinstance(step, Send)]
    return [message for step in sends for message in emulator.hear(step.data, step.to)]


def numbers(emulator: Emulator, n: int, seed: int = 0) -> RawArray:
    """Return raw numbers from rail to rail."""
    random = np.random.default_rng(seed)
    rows = []
    for channel in emulator.info.channels:
        low = 0 if channel.raw_low is None else int(channel.raw_low)
        high = 255 if channel.raw_high is None else int(channel.raw_high)
        rows.append(random.integers(low, high + 1, n))
    return np.array(rows)


def carried(messages: Iterable[Message]) -> int:
    return sum(message.n_samples for message in messages)


def samples_in(packets: Iterable[Packet]) -> RawArray:
    found = [packet.data for packet in packets if isinstance(packet, Samples)]
    return np.concatenate(found, axis=1) if found else np.empty((0, 0))


def joined(packets: Iterable[Packet]) -> list[tuple[object, ...]]:
    """Return packets in a form that does not tell how samples were portioned."""
    found: list[tuple[object, ...]] = []
    for packet in packets:
        if not isinstance(packet, Samples):
            found.append((packet,))
        elif found and isinstance(found[-1][0], list):
            found[-1][0].extend(packet.data.T.tolist())
        else:
            found.append((packet.data.T.tolist(),))
    return found


def noise(random: np.random.Generator, n: int) -> bytes:
    return random.integers(0, 256, n, dtype=np.uint8).tobytes()


@every_case
def test_what_was_sent_comes_back_as_it_was_and_described_before(key: str, chosen: dict[str, str]) -> None:
    talk = begin(key, chosen)
    data = numbers(talk.emulator, 700)
    portions = np.split(data, [0, 1, 2, 9, 300, 301], axis=1)
    messages = [message for portion in portions for message in talk.emulator.send(portion)]
    packets = talk.feed([*talk.opening, *messages])
    kinds = [type(packet) for packet in packets if isinstance(packet, Samples | Described)]
    assert kinds[0] is Described
    described = next(packet for packet in packets if isinstance(packet, Described))
    assert described.info.channels == talk.emulator.info.channels
    assert described.info.sampling_rate == pytest.approx(talk.emulator.info.sampling_rate, rel=0.01)
    assert not [packet for packet in packets if isinstance(packet, Loss)]
    assert carried(messages) > 600
    assert np.array_equal(samples_in(packets), data[:, : carried(messages)])


@every_case
def test_no_bytes_change_nothing(key: str, chosen: dict[str, str]) -> None:
    talk = begin(key, chosen)
    messages = [*talk.opening, *talk.emulator.send(numbers(talk.emulator, 200))]
    without = talk.feed(messages)
    other = begin(key, chosen)
    between = [each for message in messages for each in (Message(b"", source=message.source), message)]
    assert joined(other.feed(between)) == joined(without)


@every_stream
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_cuts_change_nothing(key: str, chosen: dict[str, str], data: st.DataObject) -> None:
    talk = begin(key, chosen)
    messages = [*talk.opening, *talk.emulator.send(numbers(talk.emulator, 150))]
    random = np.random.default_rng(data.draw(st.integers(0, 99)))
    middle = len(messages) // 2
    parts = [message.data for message in messages]
    stream = b"".join([noise(random, 30), *parts[:middle], noise(random, 20), *parts[middle:]])
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=30)))
    pieces = [stream[start:stop] for start, stop in pairwise([0, *cuts, len(stream)])]
    expected = joined(begin(key, chosen).decoder.feed(stream))
    assert joined(packet for piece in pieces for packet in talk.decoder.feed(piece)) == expected


def check_places(packets: list[Packet], data: RawArray, kept: NDArray[np.intp], modulus: int | None) -> None:
    """Check that what was kept arrived where it belongs, in samples and losses."""
    arrived, place = 0, int(kept[0])
    for packet in packets:
        if isinstance(packet, Loss):
            assert packet.n_samples is not None
            place += packet.n_samples
        elif isinstance(packet, Samples):
            n = packet.data.shape[1]
            due = kept[arrived : arrived + n]
            assert np.array_equal(packet.data, data[:, due])
            wrong = due - (place + np.arange(n))
            assert not (wrong % modulus if modulus else wrong).any()
            arrived, place = arrived + n, place + n
    assert arrived == kept.size


@every_case
@pytest.mark.parametrize("share", [0.02, 0.3])
def test_every_sample_is_accounted_for_when_messages_are_lost(
    key: str, chosen: dict[str, str], share: float
) -> None:
    talk = begin(key, chosen)
    data = numbers(talk.emulator, 3000)
    messages = talk.emulator.send(data)
    random = np.random.default_rng(3)
    is_kept = random.random(len(messages)) >= share
    is_kept[:20] = is_kept[-5:] = True
    starts = np.cumsum([0, *(message.n_samples for message in messages)])
    kept = np.concatenate(
        [np.arange(*starts[k : k + 2]) for k in range(len(messages)) if is_kept[k] and messages[k].n_samples]
    )
    survivors = [message for message, kept_ in zip(messages, is_kept, strict=True) if kept_]
    packets = talk.feed([*talk.opening, *survivors])
    losses = [packet for packet in packets if isinstance(packet, Loss)]
    assert {loss.cause for loss in losses} <= {"lost packets"}
    if talk.device.losses_seen in ("counter", "rotation"):
        assert losses
        check_places(packets, data, kept, losses[0].modulus)
    else:
        # Without a counter a decoder may doubt what comes after a hole; it never makes anything up.
        found = samples_in(packets).T.tolist()
        sent = iter(data[:, kept].T.tolist())
        assert all(sample in sent for sample in found)
        assert len(found) > 0.9 * kept.size


@every_case
def test_garbage_costs_no_more_than_its_surroundings(key: str, chosen: dict[str, str]) -> None:
    talk = begin(key, chosen)
    data = numbers(talk.emulator, 1200)
    messages = talk.emulator.send(data)
    random = np.random.default_rng(5)
    third = len(messages) // 3
    rubbish = [Message(noise(random, n), source=messages[0].source) for n in (1, 7, 20, 64, 300)]
    first = [*rubbish, *talk.opening, *messages[:third], *rubbish, *talk.opening[:1]]
    packets = talk.feed([*first, *messages[third:]])
    tail = carried(messages) - carried(messages[: 2 * third])
    assert np.array_equal(
        samples_in(packets)[:, -tail:], data[:, carried(messages) - tail : carried(messages)]
    )
    after = talk.feed(rubbish)
    if key in BYTE_CHECKED:
        assert not [packet for packet in after if isinstance(packet, Samples)]


@every_checked
def test_damage_never_gives_a_wrong_sample_where_there_is_a_checksum(
    key: str, chosen: dict[str, str]
) -> None:
    talk = begin(key, chosen)
    data = numbers(talk.emulator, 3000)
    messages = talk.emulator.send(data)
    random = np.random.default_rng(6)
    n_bytes = [len(message.data) for message in messages]
    wrong = random.choice(np.arange(40, len(messages) - 40), len(messages) // 20, replace=False)
    for k in wrong.tolist():
        damaged = bytearray(messages[k].data)
        spot = int(random.integers(n_bytes[k]))
        damaged[spot] ^= int(random.integers(1, 256)) if key in BYTE_CHECKED else 1 << int(random.integers(8))
        messages[k] = Message(bytes(damaged), messages[k].n_samples)
    packets = talk.feed([*talk.opening, *messages])
    starts = np.cumsum([0, *(message.n_samples for message in messages)])
    sound = np.setdiff1d(np.arange(len(messages)), wrong)
    kept = np.concatenate([np.arange(*starts[k : k + 2]) for k in sound.tolist()])
    places = places_of(packets)
    assert places[-1] == kept[-1]
    assert np.array_equal(samples_in(packets), data[:, places])
    assert np.isin(places, kept).all()
    assert places.size > 0.9 * kept.size


def places_of(packets: list[Packet]) -> NDArray[np.intp]:
    """Return where the samples belong, by the losses between them."""
    place = 0
    places = [np.empty(0, dtype=np.intp)]
    for packet in packets:
        if isinstance(packet, Loss):
            place += packet.n_samples or 0
        elif isinstance(packet, Samples):
            places.append(np.arange(place, place + packet.data.shape[1]))
            place += packet.data.shape[1]
    return np.concatenate(places)


@every_case
def test_a_link_that_breaks_in_a_message_costs_that_message(key: str, chosen: dict[str, str]) -> None:
    talk = begin(key, chosen)
    data = numbers(talk.emulator, 600)
    messages = talk.emulator.send(data)
    half = messages[-1]
    talk.feed([*talk.opening, *messages[:-1]])
    if talk.device.framing == "stream":
        talk.decoder.feed(half.data[: len(half.data) // 2], half.source)
    packets = talk.decoder.relink()
    again = told_to_start(talk.device, talk.emulator)
    more = numbers(talk.emulator, 600, seed=1)
    messages = talk.emulator.send(more)
    packets += talk.feed([*again, *messages])
    losses = [packet for packet in packets if isinstance(packet, Loss)]
    assert [loss.cause for loss in losses] == ["disconnect"]
    found = samples_in(packets)
    assert found.shape[1] > 500
    assert np.array_equal(found, more[:, carried(messages) - found.shape[1] : carried(messages)])


def mutated(stream: bytes, random: np.random.Generator, *, moved: bool) -> bytes:
    """Return a stream with one byte in a hundred changed; where ``moved``, some are missing or too many."""
    wrong = np.frombuffer(stream, dtype=np.uint8).copy()
    n = wrong.size
    wrong[random.integers(0, n, n // 100)] = random.integers(0, 256, n // 100)
    if moved:
        wrong = np.insert(wrong, random.integers(0, n, n // 1000), random.integers(0, 256, n // 1000))
        wrong = np.delete(wrong, random.integers(0, n, n // 1000))
    return wrong.tobytes()


def mutated_wire(talk: Talk, messages: list[Message], random: np.random.Generator) -> list[Message]:
    """Return what has become of messages: a stream is cut anew, a notification may end early or late."""
    is_stream = talk.device.framing == "stream"
    wrong = mutated(b"".join(message.data for message in messages), random, moved=is_stream)
    if is_stream:
        cuts = np.sort(random.integers(0, len(wrong), 30))
        sources = [""] * cuts.size
    else:
        cuts = np.cumsum([len(message.data) for message in messages])
        cuts += (random.random(cuts.size) < 0.01) * random.integers(-9, 9, cuts.size)
        sources = [message.source for message in messages]
    edges = pairwise([0, *cuts.tolist()])
    return [
        Message(wrong[start:stop], source=source)
        for (start, stop), source in zip(edges, sources, strict=True)
    ]


def kept_bytes(decoder: Decoder) -> int:
    """Return the size of everything a decoder holds on to, but for code and what is the same for all."""
    seen: dict[int, object] = {}
    waiting: list[object] = [decoder]
    while waiting:
        each = waiting.pop()
        if id(each) in seen or isinstance(each, type | ModuleType | FunctionType):
            continue
        seen[id(each)] = each
        waiting += gc.get_referents(each)
    return sum(sys.getsizeof(each) for each in seen.values())


@every_decoder
@pytest.mark.timeout(60)
def test_a_million_mutated_bytes_raise_nothing_and_leave_nothing(key: str, chosen: dict[str, str]) -> None:
    talk = begin(key, chosen)
    random = np.random.default_rng(7)
    decoder = talk.decoder
    probe = talk.emulator.send(numbers(talk.emulator, 50))
    per_sample = sum(len(message.data) for message in probe) / carried(probe)
    messages = talk.emulator.send(numbers(talk.emulator, int(N_MUTATED / 20 / per_sample)))
    n_fed = n_samples = 0
    while n_fed < N_MUTATED:
        # Some sound messages in between, so that a decoder that is lost can find its way.
        wire = [*talk.opening, *mutated_wire(talk, [*talk.opening, *messages], random), *messages[:50]]
        for message in wire:
            n_fed += len(message.data)
            try:
                packets = decoder.feed(message.data, message.source)
            except DeviceError:
                decoder = talk.device.decoder(chosen)
                continue
            assert all(isinstance(packet, Described | Samples | Loss | Notice) for packet in packets)
            n_samples += samples_in(packets).shape[1]
        assert kept_bytes(decoder) < MOST_KEPT
    assert n_samples > 100
