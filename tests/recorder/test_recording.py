"""A recording from its first sample to its outcome."""

from __future__ import annotations

import math
import signal
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from emgdetect.config import load_profile
from emgdetect.errors import DeviceError, UsageError
from emgdetect.recorder import Control, Options, Search, Silent, VirtualHost, record
from emgdetect.recorder.live import Live
from emgdetect.session import SessionReader
from firmware_interface.decoder import Described

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emgdetect.recorder import Status
    from emgdetect.types import Chunk, Event, Gap
    from firmware_interface.decoder import Packet
    from tests.recorder.conftest import Rig

BOARD = "virtual://emgdetect"


def test_what_was_sent_is_stored_and_what_was_found_is_found_again(rig: Rig) -> None:
    outcome = rig.record(rig.source(f"{BOARD}?hours=0.05&drop=0.005"))
    assert (outcome.reason, outcome.message) == ("ended", "")
    assert len(set(rig.offsets())) == 1
    detection = rig.check(outcome.runs[0])
    assert outcome.events == sum(event.kind != "artefact" for event in detection.events) > 10
    assert outcome.samples == detection.n_samples - sum(gap.n_samples for gap in detection.gaps)


KINDS = st.lists(st.sampled_from(["disconnect", "silent", "reset", "sleep"]), max_size=4, unique=True)


@settings(
    max_examples=5,
    deadline=None,
    # Shrinking would record hundreds of nights.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.sampled_from(["emgdetect?rate=400&", "cyton?"]),
    KINDS,
    st.sampled_from([0.0, 0.02]),
    st.integers(0, 99),
)
def test_live_equals_file_whatever_happens(
    rig: Rig, device: str, kinds: list[str], drop: float, seed: int
) -> None:
    """The Cyton's counter has one byte, the board's four."""
    rig.path.unlink(missing_ok=True)
    faults = [f"{kind}={3 + seed % 9}@{10 + 25 * number}" for number, kind in enumerate(kinds)]
    # Nothing protects the bytes of a Cyton.
    damage, rate = (0.0002, 400) if "emgdetect" in device else (0, 250)
    words = "&".join([f"hours=0.04&drop={drop}&corrupt={damage}&drift={seed * 4 - 200}e-6", *faults])
    outcome = rig.record(rig.source(f"virtual://{device}{words}", seed=seed), every=9.0)
    rig.check(outcome.runs[0])
    offsets = rig.offsets(seed=seed)
    # Both count anew when they are started again, which leaves the gap to the clock.
    limit = 0.06 * rate if kinds else 0
    assert max(offsets) - min(offsets) <= limit


def test_gaps_say_why_and_where(rig: Rig) -> None:
    rig.record(rig.source(f"{BOARD}?hours=0.04&disconnect=10@20&sleep=30@60"))
    with SessionReader(rig.path) as session:
        gaps = session.stream(1).gaps
        texts = [note.text for note in session.notes()]
    assert [gap.cause for gap in gaps] == ["disconnect", "sleep"]
    assert [gap.start / 1000 for gap in gaps] == pytest.approx([17, 57], abs=3)
    assert [gap.n_samples / 1000 for gap in gaps] == pytest.approx([12, 31], abs=4)
    assert any("slept for 30 s" in text for text in texts)
    assert [gap for _, gap in rig.heard.gaps] == list(gaps)


def test_a_rate_that_is_claimed_wrongly_is_measured_and_told(rig: Rig) -> None:
    outcome = rig.record(rig.source(f"{BOARD}?hours=0.02&drift=-0.18"))
    with SessionReader(rig.path) as session:
        assert session.stream(1).info.sampling_rate == pytest.approx(820, rel=2e-3)
    assert any("claims 1000 Hz and sends 8" in message for message in rig.heard.messages)
    rig.check(outcome.runs[0])


def test_a_rate_that_nobody_knows_is_measured(rig: Rig) -> None:
    """As of a sketch that prints as fast as it can: stored at once, searched when the rate is known."""
    source = rig.source(f"{BOARD}?hours=0.02&rate=800&drift=10e-3")

    class Tacit:
        def __init__(self, options: Mapping[str, str]) -> None:
            self._decoder = source.device.decoder(options)

        def feed(self, data: bytes, source: str = "") -> list[Packet]:
            packets = self._decoder.feed(data, source)
            return [_without_rate(packet) for packet in packets]

        def relink(self) -> list[Packet]:
            return self._decoder.relink()

    tacit = replace(source, device=replace(source.device, decoder=Tacit))
    outcome = rig.record(tacit)
    with SessionReader(rig.path) as session:
        (stream,) = session.streams()
    assert stream.info.sampling_rate == pytest.approx(808, rel=2e-3)
    assert stream.n_samples == outcome.samples == pytest.approx(808 * 69, rel=0.02)
    assert rig.check(outcome.runs[0]).events


def _without_rate(packet: Packet) -> Packet:
    if isinstance(packet, Described):
        return Described(replace(packet.info, sampling_rate=math.nan))
    return packet


def test_a_night_knows_when_every_sample_was_taken(rig: Rig) -> None:
    """The sensor is 300 ppm slow: in six minutes its claimed rate is wrong by 0.1 s."""
    begun = rig.wall
    rig.record(rig.source(f"{BOARD}?hours=0.1&drift=-300e-6"))
    (offset,) = set(rig.offsets())
    with SessionReader(rig.path) as session:
        anchors = session.anchors(1)
        start = session.stream(1).info.start
    assert start is not None
    assert len(anchors) >= 5
    for anchor in anchors:
        taken = begun + (anchor.sample + offset) / (1000 * (1 - 300e-6))
        assert anchor.time.timestamp() == pytest.approx(taken, abs=0.06)
    assert start.timestamp() == pytest.approx(begun + offset / 1000, abs=0.06)


def test_several_sensors_have_a_stream_each(rig: Rig) -> None:
    left = rig.source(f"{BOARD}?hours=0.03&drift=200e-6", "left", seed=1)
    right = rig.source("virtual://emgdetect?hours=0.03&rate=500&disconnect=10@30", "right", seed=2)
    outcome = rig.record(left, right)
    assert len(outcome.runs) == 2
    for run_id in outcome.runs:
        rig.check(run_id)
    with SessionReader(rig.path) as session:
        assert [session.source(number) for number in session.stream_ids()] == ["left", "right"]
        assert [stream.info.sampling_rate for stream in session.streams()] == [1000.0, 500.0]
        lengths = [stream.n_samples / stream.info.sampling_rate for stream in session.streams()]
    # Neither ran ahead of the other.
    assert lengths == pytest.approx([105, 105], abs=3)
    assert len(set(rig.offsets(1, seed=1))) == 1
    assert rig.offsets(2, seed=2)


def test_it_stops_after_the_duration(rig: Rig) -> None:
    outcome = rig.record(rig.source(BOARD), duration=60.0)
    assert outcome.reason == "duration"
    assert rig.check(outcome.runs[0]).n_samples == pytest.approx(57_500, abs=1500)


def test_it_begins_and_ends_at_a_time_of_day(rig: Rig) -> None:
    source = rig.source(BOARD)
    host = VirtualHost([source.transport], rig.wall)
    start, stop = (datetime.fromtimestamp(rig.wall + seconds, UTC) for seconds in (100, 150))
    options = Options(Search(load_profile("twitch")), start=start, stop=stop, awake=False, host=host)
    assert record([source], rig.path, options).reason == "time"
    with SessionReader(rig.path) as session:
        stream = session.stream(1)
    assert stream.info.start is not None
    assert stream.info.start.timestamp() == pytest.approx(rig.wall + 102, abs=2)
    assert stream.n_samples == pytest.approx(48_000, abs=2000)


def test_somebody_can_stop_and_pause_it(rig: Rig) -> None:
    control = Control()

    class Somebody(Silent):
        def on_status(self, status: Status) -> None:
            control.pausing = 40 < status.elapsed < 60
            control.stopping = status.elapsed > 80

    outcome = rig.record(rig.source(BOARD), control=control, listeners=[Somebody()])
    assert outcome.reason == "request"
    (gap,) = rig.check(outcome.runs[0]).gaps
    assert gap.cause == "pause"
    assert gap.n_samples == pytest.approx(20_000, abs=1000)
    assert len(set(rig.offsets())) == 1
    # A pause is wanted: it is no loss.
    assert rig.heard.statuses[-1].streams[0].lost == 0.0


def test_events_are_announced_soon_and_stored_before_anybody_hears(rig: Rig) -> None:
    class Reader(Silent):
        unknown = 0
        late = 0.0

        def on_event(self, source: str, event: Event) -> None:
            assert source == "leg"
            with SessionReader(rig.path) as session:
                run = session.runs()[-1]
                stored = {(one.sample, one.channel, one.status) for one in session.events(run.id)}
                end = session.stream(run.stream_id).n_samples
            Reader.unknown += (event.sample, event.channel, event.status) not in stored
            if event.status == "provisional" and end > 30_000:
                Reader.late = max(Reader.late, (end - event.sample) / 1000)

    source = rig.source(f"{BOARD}?hours=0.03")
    options = Options(
        Search(load_profile("twitch")), awake=False, host=VirtualHost([source.transport], rig.wall)
    )
    record([source], rig.path, options, [Reader()])
    assert Reader.unknown == 0
    # A twitch here lasts 0.2 s; it is announced when it begins, and again once it is over.
    assert 0.0 < Reader.late < 0.2 + 0.5 + 0.5


def test_a_listener_that_fails_is_left_out_and_recording_goes_on(rig: Rig) -> None:
    class Broken(Silent):
        calls = 0

        def on_status(self, status: Status) -> None:
            Broken.calls += 1
            raise RuntimeError(f"no screen at {status.elapsed}")

    outcome = rig.record(rig.source(f"{BOARD}?hours=0.01"), listeners=[Broken()])
    assert Broken.calls == 1
    assert outcome.samples > 30_000
    assert any("no screen" in message for message in rig.heard.messages)


def test_stale_data_never_looks_healthy(rig: Rig) -> None:
    rig.record(rig.source(f"{BOARD}?hours=0.025&silent=20@20&disconnect=20@55"))
    states = {}
    for status in rig.heard.statuses:
        (stream,) = status.streams
        states[stream.state] = stream
        if stream.age > 2.0:
            assert not stream.is_healthy
            assert all(math.isnan(channel.level) and channel.trouble for channel in stream.channels)
    assert {"looking", "streaming", "stale", "down", "ended"} <= set(states)
    assert any(status.streams[0].is_healthy for status in rig.heard.statuses)


def test_status_counts_and_measures(rig: Rig) -> None:
    outcome = rig.record(rig.source(f"{BOARD}?hours=0.05&drop=0.02"))
    (stream,) = rig.heard.statuses[-1].streams
    assert stream.lost == pytest.approx(0.02, abs=0.01)
    assert stream.gaps == len(rig.heard.gaps) > 10
    (channel,) = stream.channels
    assert channel.events == outcome.events > 0
    assert channel.last is not None
    level = [status.streams[0].channels[0].level for status in rig.heard.statuses[100:200]]
    # 4 counts of noise, a twitch of 25 times as much every 5 s; a count is some 24 µV.
    assert min(level) == pytest.approx(4 * 24.4, rel=0.2)
    assert max(level) > 500


def test_a_sensor_that_has_not_been_there_yet_is_not_lost(rig: Rig) -> None:
    rig.record(rig.source(f"{BOARD}?hours=0.02&disconnect=30@0,5@60"))
    said = [text for text in rig.heard.messages if "not there yet" in text or "lost (" in text]
    assert said
    assert "not there yet" in said[0]
    assert "lost (" in said[-1]
    states = [status.streams[0].state for status in rig.heard.statuses]
    assert states.index("streaming") < states.index("down")


def test_a_sensor_that_cannot_be_opened_leaves_no_file(rig: Rig) -> None:
    source = rig.source(BOARD)

    def fail() -> None:
        raise DeviceError("no Bluetooth adapter")

    source.transport.open = fail  # type: ignore[method-assign]
    with pytest.raises(DeviceError):
        rig.record(source)
    assert list(rig.path.parent.iterdir()) == []


def test_a_sensor_that_fails_on_the_way_does_not_end_the_others(rig: Rig) -> None:
    good, bad = rig.source(f"{BOARD}?hours=0.02", "good"), rig.source(f"{BOARD}?hours=0.02", "bad", seed=1)
    read = bad.transport.read

    def fail(timeout: float) -> list[object]:
        if bad.transport.now() > 20:
            raise DeviceError("the port was taken by another program")
        return list(read(timeout))

    bad.transport.read = fail  # type: ignore[method-assign,assignment]
    outcome = rig.record(good, bad)
    assert outcome.reason == "ended"
    assert outcome.message == "bad: the port was taken by another program"
    with SessionReader(rig.path) as session:
        first, second = (stream.n_samples for stream in session.streams())
    assert first > 60_000
    assert 10_000 < second < 20_000


def test_a_fault_in_detection_does_not_end_the_recording(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    push = Live.push

    def fail(live: Live, piece: Chunk | Gap) -> None:
        if piece.start > 20_000:
            raise ZeroDivisionError("a fault of ours")
        push(live, piece)

    monkeypatch.setattr(Live, "push", fail)
    outcome = rig.record(rig.source(f"{BOARD}?hours=0.015"))
    assert outcome.samples > 50_000
    assert any("a fault of ours" in message for message in rig.heard.messages)
    assert len(set(rig.offsets())) == 1


def test_detection_goes_back_to_the_file_for_what_it_missed(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the loop is interrupted between storing samples and looking at them."""
    push = Live.push

    def skip(live: Live, piece: Chunk | Gap) -> None:
        if piece.start % 16_000 != 0 and piece.start < 60_000:
            push(live, piece)

    monkeypatch.setattr(Live, "push", skip)
    outcome = rig.record(rig.source(f"{BOARD}?hours=0.02"))
    rig.check(outcome.runs[0])


def test_a_signal_ends_it_in_good_order(rig: Rig) -> None:
    class Kill(Silent):
        done = False

        def on_status(self, status: Status) -> None:
            if status.elapsed > 40 and not Kill.done:
                Kill.done = True
                signal.raise_signal(signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    outcome = rig.record(rig.source(BOARD), listeners=[Kill()])
    assert outcome.reason == "request"
    assert rig.check(outcome.runs[0]).n_samples == pytest.approx(38_000, abs=1500)
    assert signal.getsignal(signal.SIGTERM) is before


def test_sources_need_names_of_their_own(rig: Rig) -> None:
    with pytest.raises(UsageError):
        rig.record(rig.source(BOARD, "leg"), rig.source(BOARD, "leg"))
    assert not rig.path.exists()
