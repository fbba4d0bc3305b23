"""Replayed recordings: the same samples, gaps and events as in the file."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.cli import outlets
from emgdetect.cli.outlets import StoredBoard
from emgdetect.formats.opening import open_recording
from emgdetect.recording import ReadOptions
from emgdetect.session import SessionReader
from emgdetect.types import Chunk
from firmware_interface.decoder import Described, Loss, Samples
from firmware_interface.devices import load_device

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.recording import Stream
    from tests.cli.conftest import Cli


def only_stream(path: Path) -> Stream:
    (stream,) = open_recording(path, ReadOptions()).streams
    return stream


def test_a_replay_that_is_kept_is_the_recording_and_its_events(
    cli: Cli, recording: Path, tmp_path: Path
) -> None:
    done = cli("replay", recording, "--speed", "0", "--record", "again.emgdb", "--quiet")
    assert done.code == 0, done.err
    assert cli("detect", recording, "--session", "file.emgdb", "--quiet").code == 0
    original = only_stream(recording)
    with SessionReader(tmp_path / "again.emgdb") as live, SessionReader(tmp_path / "file.emgdb") as file:
        stream = live.stream(1)
        assert stream.n_samples == original.n_samples
        assert [(gap.start, gap.n_samples) for gap in stream.gaps] == [
            (gap.start, gap.n_samples) for gap in original.gaps
        ]
        for start, stop in original.runs():
            assert np.array_equal(stream.fetch(start, stop), original.fetch(start, stop))
        found, expected = live.detection(live.runs()[-1].id), file.detection(file.runs()[-1].id)
    assert repr(found.events) == repr(expected.events)
    assert found.events


def test_a_replay_keeps_nothing_unless_it_is_told_to(cli: Cli, recording: Path, tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    done = cli("replay", recording, "--speed", "0")
    assert done.code == 0
    assert "not kept" in done.out
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--speed", "-1"], "speed"),
        (["--port", "--lsl"], "one at a time"),
        (["--record", "new.npz"], ".emgdb"),
        (["--channel", "chin"], "chin"),
    ],
)
def test_what_does_not_go_together(cli: Cli, recording: Path, words: list[str], said: str) -> None:
    done = cli("replay", recording, *words)
    assert done.code == 2
    assert said in done.line


def test_a_session_is_not_replayed_into(cli: Cli, recording: Path) -> None:
    assert cli("replay", recording, "--speed", "0", "--record", "n.emgdb", "-q").code == 0
    again = cli("replay", recording, "--speed", "0", "--record", "n.emgdb", "-q")
    assert again.code == 2
    assert "another name" in again.err


def test_a_board_sends_the_recording_to_a_ten_thousandth_and_counts_through_its_gap(recording: Path) -> None:
    stream = only_stream(recording)
    board, decoder = StoredBoard(stream), load_device("emgdetect").decoder({})
    messages = board.hear(b"START\n")
    for piece in stream.pieces(1000):
        values = stream.window(piece.start, piece.stop) if isinstance(piece, Chunk) else None
        messages += board.send(values, piece.stop - piece.start)
    messages += board.hear(b"STOP\n")
    packets = [packet for message in messages for packet in decoder.feed(message.data)]
    info = next(packet.info for packet in packets if isinstance(packet, Described))
    assert info.sampling_rate == stream.info.sampling_rate
    position, (channel,) = 0, info.channels
    assert channel.unit == "uV"
    greatest = float(np.nanmax(np.abs(stream.window(0, stream.n_samples))))
    for packet in packets:
        if isinstance(packet, Loss):
            assert packet.n_samples == 500
            position += packet.n_samples
        elif isinstance(packet, Samples):
            count = packet.data.shape[1]
            values = packet.data * channel.gain + channel.offset
            wanted = stream.window(position, position + count)
            assert np.abs(values - wanted).max() < greatest / 1e4
            position += count
    assert position == stream.n_samples


@pytest.mark.skipif(os.name == "nt", reason="Windows has no ports of this kind")
def test_the_port_is_one_that_a_board_is_behind(recording: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []
    heard = threading.Event()

    def say(text: str) -> None:
        if text.startswith("port:"):
            names.append(text.rsplit(maxsplit=1)[-1])
            heard.set()

    monkeypatch.setattr(outlets, "say", say)
    stream = only_stream(recording)
    thread = threading.Thread(target=outlets.to_port, args=(stream,), kwargs={"speed": 300.0})
    thread.start()
    assert heard.wait(20)
    decoder = load_device("emgdetect").decoder({})
    samples = 0
    port = os.open(names[0], os.O_RDWR | os.O_NOCTTY)
    try:
        os.write(port, b"START\n")
        while samples < 2000:
            packets = decoder.feed(os.read(port, 4096))
            samples += sum(packet.data.shape[1] for packet in packets if isinstance(packet, Samples))
    finally:
        os.close(port)
        thread.join(30)
    assert not thread.is_alive()
