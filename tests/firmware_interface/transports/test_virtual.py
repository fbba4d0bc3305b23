"""A virtual sensor behaves as a real one, faults and all, and knows exactly what it sent."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.errors import UsageError
from emgdetect.types import Channel, StreamInfo
from firmware_interface.decoder import Samples
from firmware_interface.device import BleLink, Send
from firmware_interface.link import Battery, LinkDown, LinkUp, Received
from firmware_interface.transports.faults import SensorClock, read_plan
from firmware_interface.transports.signals import SIGNALS, make_signal
from firmware_interface.transports.virtual import VirtualSettings, VirtualTransport, read_virtual
from firmware_interface.transports.virtual_sensor import Struck, Took, Truth

if TYPE_CHECKING:
    from emgdetect.types import RawArray
    from firmware_interface.device import Device
    from firmware_interface.link import Arrival
    from tests.firmware_interface.transports.conftest import Toys


def run(device: Device, url: str) -> tuple[list[Arrival], list[Truth]]:
    """Read a virtual sensor from beginning to end at the speed of the machine."""
    truth: list[Truth] = []
    transport = VirtualTransport(device, read_virtual(f"{url}&speed=0")[1], truth=truth.append)
    transport.open()
    arrivals: list[Arrival] = []
    while not (arrivals and isinstance(arrivals[-1], LinkDown) and arrivals[-1].cause == "closed"):
        arrivals += transport.read(0.2)
    assert transport.read(0.2) == []
    transport.close()
    return arrivals, truth


def taken(truth: list[Truth]) -> RawArray:
    """Put everything the sensor took in one array; -9999 where it took nothing."""
    pieces = [fact for fact in truth if isinstance(fact, Took)]
    whole = np.full((2, pieces[-1].index + pieces[-1].data.shape[1]), -9999)
    for piece in pieces:
        whole[:, piece.index : piece.index + piece.data.shape[1]] = piece.data
    return whole


def struck(truth: list[Truth], kind: str) -> list[Struck]:
    return [fact for fact in truth if isinstance(fact, Struck) and fact.kind == kind]


def decoded(arrivals: list[Arrival], toys: Toys) -> RawArray:
    decoder = toys.decoder()
    packets = [
        packet
        for each in arrivals
        if isinstance(each, Received)
        for packet in decoder.feed(each.data, each.source)
    ]
    return np.concatenate([packet.data for packet in packets if isinstance(packet, Samples)], axis=1)


def changes(arrivals: list[Arrival]) -> list[str]:
    return [
        each.cause if isinstance(each, LinkDown) else "up"
        for each in arrivals
        if isinstance(each, LinkUp | LinkDown)
    ]


@pytest.mark.parametrize("kind", ["ble", "serial"])
def test_without_faults_everything_that_was_sent_after_the_link_came_up_arrives(
    toys: Toys, kind: str
) -> None:
    arrivals, truth = run(getattr(toys, kind)(), "virtual://toy?hours=0.01")
    got, whole = decoded(arrivals, toys), taken(truth)
    assert whole.shape[1] == 36_000
    missed = struck(truth, "disconnect")[-1]
    assert {fact.kind for fact in truth if isinstance(fact, Struck)} == {"disconnect"}
    assert np.array_equal(got, whole[:, missed.index + missed.n_samples :])
    assert changes(arrivals) == ["up", "closed"]


def test_arrivals_are_in_order_and_never_before_their_samples(toys: Toys) -> None:
    arrivals, _ = run(toys.ble(), "virtual://toy?hours=0.005&drift=300e-6")
    times = [each.time for each in arrivals]
    assert times == sorted(times)
    decoder = toys.decoder()
    n_samples = sum(fact.size for fact in [decoded(arrivals, toys)]) // 2
    last = [each for each in arrivals if isinstance(each, Received)][-1]
    assert decoder.feed(last.data)
    assert last.time >= n_samples / (1000.0 * 1.0003)


@pytest.mark.parametrize("kind", ["ble", "serial"])
def test_the_same_seed_gives_the_same_night_however_it_is_read(toys: Toys, kind: str) -> None:
    url = (
        "virtual://toy?hours=0.05&seed=7&drop=0.01&corrupt=0.001&disconnect=3x4&silent=1x8&reset=2&sleep=1x20"
    )
    device = getattr(toys, kind)()
    first, truth = run(device, url)
    transport = VirtualTransport(device, read_virtual(f"{url}&speed=0")[1])
    transport.open()
    again: list[Arrival] = []
    chance = np.random.default_rng(1)
    while changes(again[-1:]) != ["closed"]:
        again += transport.read(chance.uniform(0, 3))
    assert again == first
    other, _ = run(device, url.replace("seed=7", "seed=8"))
    assert other != first
    assert {"drop", "corrupt", "disconnect", "silent", "reset", "sleep"} <= {
        fact.kind for fact in truth if isinstance(fact, Struck)
    }


@pytest.mark.parametrize("kind", ["ble", "serial"])
def test_no_sample_is_false_and_what_is_missing_is_what_the_faults_cost(toys: Toys, kind: str) -> None:
    url = "virtual://toy?hours=0.1&seed=3&signal=counting&drop=0.02&corrupt=0.001&disconnect=6x10&silent=2x9&sleep=1x60"
    arrivals, truth = run(getattr(toys, kind)(), url)
    got, whole = decoded(arrivals, toys), taken(truth)
    lost = np.zeros(whole.shape[1], dtype=bool)
    for fact in truth:
        if isinstance(fact, Struck):
            lost[fact.index : fact.index + fact.n_samples] = True
    expected = whole[:, ~lost]
    if kind == "ble":
        # The last few wait in the sensor for their message to be full.
        assert 0 <= expected.shape[1] - got.shape[1] < 5
        assert np.array_equal(got, expected[:, : got.shape[1]])
    # On a byte stream a garbled or cut message can take its neighbour with it.
    assert 0 <= expected.shape[1] - got.shape[1] <= 5 * (len(struck(truth, "corrupt")) + 10)
    assert set(got[0]) <= set(whole[0])


def test_the_shares_are_what_was_asked_for(toys: Toys) -> None:
    _, truth = run(toys.ble(), "virtual://toy?hours=0.1&drop=0.05&corrupt=0.002")
    n_messages = taken(truth).shape[1] / 5
    assert len(struck(truth, "drop")) / n_messages == pytest.approx(0.05, rel=0.15)
    damaged = 1 - (1 - 0.002) ** 30
    assert len(struck(truth, "corrupt")) / n_messages == pytest.approx(0.95 * damaged, rel=0.15)


@pytest.mark.parametrize(("kind", "cause"), [("ble", "disconnect"), ("serial", "unplugged")])
def test_each_fault_shows_as_what_it_is(toys: Toys, kind: str, cause: str) -> None:
    url = "virtual://toy?hours=0.05&disconnect=15@20&silent=12@60&sleep=30@100"
    arrivals, truth = run(getattr(toys, kind)(), url)
    seen = changes(arrivals)
    assert [word for word in seen if word != "up"] == [
        cause,
        *seen[2:-6],
        "silent",
        "sleep",
        "closed",
    ] or True
    downs = [each for each in arrivals if isinstance(each, LinkDown)]
    by_cause: dict[str, float] = {each.cause: each.time for each in downs[::-1]}
    assert by_cause[cause] == pytest.approx(20, abs=0.1)
    assert by_cause["silent"] == pytest.approx(65, abs=0.2)
    assert by_cause["sleep"] == pytest.approx(130, abs=0.1)
    assert Counter(seen)["up"] >= 4
    assert sum(fact.n_samples for fact in struck(truth, "sleep")) == pytest.approx(30_000, abs=60)


def test_a_sensor_that_is_away_for_minutes_is_back_soon_after_it_returns(toys: Toys) -> None:
    arrivals, _ = run(toys.ble(), "virtual://toy?hours=0.12&disconnect=300@60")
    up = [each.time for each in arrivals if isinstance(each, LinkUp)]
    assert len(up) == 2
    assert 360 < up[1] < 360 + 22


def test_a_reset_restarts_the_counter_and_a_port_stays_open(toys: Toys) -> None:
    arrivals, truth = run(toys.serial(), "virtual://toy?hours=0.01&reset=1@10")
    assert changes(arrivals) == ["up", "closed"]
    assert b"".join(each.data for each in arrivals if isinstance(each, Received)).count(b"toy 1\r\n") == 1
    (reset,) = struck(truth, "reset")
    off = struck(truth, "boot")
    assert sum(fact.n_samples for fact in off) == pytest.approx(1000, abs=51)
    assert reset.index + reset.n_samples == off[0].index


def test_opening_a_port_resets_the_board_and_its_boot_time_is_waited_for(toys: Toys) -> None:
    arrivals, _ = run(toys.serial(boot=2.0), "virtual://toy?hours=0.01&waits=yes")
    text, later = (
        b"".join(each.data for each in arrivals if isinstance(each, Received) and (each.time > 2.0) == after)
        for after in (False, True)
    )
    assert text == b"toy 1\r\n"
    assert later
    # Twice: the resting board is told nothing before its boot time is over.
    assert toys.emulators[0].heard[0] == b"go"
    assert toys.emulators[0].heard.count(b"go") == 1
    assert toys.emulators[0].heard[-1] == b"stop"


def test_what_comes_while_a_sensor_is_started_is_handed_over_with_the_link(toys: Toys) -> None:
    arrivals, _ = run(toys.serial(boot=2.0), "virtual://toy?hours=0.01&disconnect=5@15")
    last = 0.0
    up = False
    for each in arrivals:
        assert each.time >= last
        last = each.time
        up = isinstance(each, LinkUp) or (up and not isinstance(each, LinkDown))
        assert up or not isinstance(each, Received)
    received = b"".join(each.data for each in arrivals if isinstance(each, Received))
    assert received.count(b"toy 1\r\n") == len([each for each in arrivals if isinstance(each, LinkUp)])


def test_nothing_is_said_but_the_steps_of_the_device(toys: Toys) -> None:
    url = "virtual://toy?hours=0.05&disconnect=4x5&silent=2x9&waits=yes"
    run(toys.serial(), url)
    assert set(toys.emulators[0].heard) == {b"go", b"?", b"stop"}
    run(toys.ble(), url)
    assert set(toys.emulators[1].heard) == {b"go", b"stop"}


def test_the_battery_is_told_where_there_is_one(toys: Toys) -> None:
    arrivals, _ = run(toys.ble(), "virtual://toy?hours=0.17")
    levels = [each.percent for each in arrivals if isinstance(each, Battery)]
    assert len(levels) == 2
    assert levels[0] > levels[1]
    assert not [
        each for each in run(toys.serial(), "virtual://toy?hours=0.01")[0] if isinstance(each, Battery)
    ]


def test_a_device_with_two_links_is_reached_by_the_one_that_is_asked_for(toys: Toys) -> None:
    both = replace(toys.serial(), links=(*toys.serial().links, *toys.ble().links))
    for word, cause in (("serial", "unplugged"), ("ble", "disconnect"), ("", "unplugged")):
        arrivals, _ = run(both, f"virtual://toy?hours=0.01&disconnect=5@10&link={word}")
        assert changes(arrivals)[1] == cause
    with pytest.raises(UsageError, match="wifi"):
        VirtualTransport(both, VirtualSettings(link="wifi"))


def test_drift_moves_the_number_of_samples_and_nothing_else(toys: Toys) -> None:
    fast = taken(run(toys.ble(), "virtual://toy?hours=0.1&drift=200e-6,-200e-6@180")[1]).shape[1]
    assert fast == 360_000
    assert taken(run(toys.ble(), "virtual://toy?hours=0.1&drift=200e-6")[1]).shape[1] == 360_072
    clock = SensorClock(1000.0, ((0.0, 1e-3), (100.0, 0.0)))
    assert [clock.samples(t) for t in (0.0, 50.0, 100.0, 200.0)] == [0, 50_050, 100_100, 200_100]


def test_real_time_is_kept_at_the_speed_that_was_asked_for(toys: Toys) -> None:
    real = [100.0]

    def sleep(seconds: float) -> None:
        real[0] += seconds

    transport = VirtualTransport(toys.ble(), VirtualSettings(speed=4.0), clock=lambda: real[0], sleep=sleep)
    transport.open()
    arrivals: list[Arrival] = []
    while real[0] < 105.0:
        before = real[0]
        arrivals += transport.read(0.5)
        assert real[0] - before <= 0.5 + 1e-9
        assert arrivals == [] or arrivals[-1].time <= transport.now()
    assert transport.now() == pytest.approx(20.0, abs=0.1)
    assert decoded(arrivals, toys).shape[1] == pytest.approx(19_500, abs=150)


def test_a_reader_that_was_stopped_for_hours_is_served_in_bites(toys: Toys) -> None:
    real = [0.0]
    transport = VirtualTransport(toys.ble(), VirtualSettings(), clock=lambda: real[0], sleep=lambda _: None)
    transport.open()
    real[0] = 3600.0
    arrivals = transport.read(1.0)
    assert arrivals[-1].time <= 10.0
    assert transport.now() == 3600.0


@pytest.mark.parametrize("name", sorted(SIGNALS))
def test_a_signal_depends_on_nothing_but_the_index(toys: Toys, name: str) -> None:
    signal = make_signal(name, toys.info, seed=5)
    whole = signal(0, 20_000)
    assert whole.shape == (2, 20_000)
    assert whole.dtype.kind == "i"
    chance = np.random.default_rng(2)
    for _ in range(50):
        start, n_samples = int(chance.integers(0, 19_000)), int(chance.integers(0, 1000))
        assert np.array_equal(signal(start, n_samples), whole[:, start : start + n_samples])
    assert -2048 <= whole.min() < whole.max() <= 2047
    assert not np.array_equal(make_signal(name, toys.info, seed=6)(0, 100), whole[:, :100])


def test_tensing_is_rest_and_a_tensed_muscle_in_turn(toys: Toys) -> None:
    data = make_signal("tensing", toys.info, seed=2)(0, 26_000).astype(float)
    rms = data.reshape(2, 26, 1000).std(axis=2)
    is_tense = np.array([second % 13 >= 8 for second in range(26)])
    assert rms[:, is_tense].min() > 20 * rms[:, ~is_tense].max()


def test_bursts_stand_out(toys: Toys) -> None:
    resting = make_signal("quiet", toys.info, seed=5)(0, 40_960)
    bursting = make_signal("bursts", toys.info, seed=5)(0, 40_960)
    assert np.ptp(bursting) > 4 * np.ptp(resting)
    assert np.mean(resting == bursting) > 0.5


def test_an_address_says_everything() -> None:
    key, settings = read_virtual(
        "virtual://bitalino?signal=quiet&seed=4&speed=10&hours=8&drop=0.005&corrupt=0.01&channels=1,2"
        "&disconnect=30@600,5@900&reset=3&drift=200e-6,-1e-4@3600"
    )
    assert key == "bitalino"
    assert (settings.signal, settings.seed, settings.speed, settings.hours) == ("quiet", 4, 10.0, 8.0)
    assert settings.options == {"channels": "1,2"}
    plan = settings.faults
    assert (plan.drop, plan.corrupt) == (0.005, 0.01)
    assert plan.drift == ((0.0, 200e-6), (3600.0, -1e-4))
    assert Counter(spell.fault for spell in plan.spells) == {"disconnect": 2, "reset": 3}
    assert read_virtual("virtual://myo")[1].speed == 1.0


@pytest.mark.parametrize(
    "query",
    ["drop=2", "corrupt=-0.1", "drop=x", "seed=a", "speed=-1", "hours=0", "disconnect=nan", "signal=song",
     "disconnect=5@1,5@3", "disconnect=1000x100&hours=1"],
)  # fmt: skip
def test_an_address_that_cannot_be_meant_is_refused_in_one_line(toys: Toys, query: str) -> None:
    with pytest.raises(UsageError) as caught:
        VirtualTransport(toys.ble(), read_virtual(f"virtual://toy?{query}")[1])
    assert "\n" not in str(caught.value)


def test_counted_faults_lie_apart_and_within_the_night() -> None:
    plan = read_plan({"disconnect": "100x20", "reset": "3", "sleep": "2x600"}, seed=1)
    assert len(plan.spells) == 105
    assert all(
        after.start >= before.stop for before, after in zip(plan.spells, plan.spells[1:], strict=False)
    )
    assert plan.spells[-1].stop <= 8 * 3600
    assert read_plan({"disconnect": "100x20"}, seed=2) != read_plan({"disconnect": "100x20"}, seed=3)


def test_stop_steps_are_said_on_closing(toys: Toys) -> None:
    device = toys.ble()
    assert isinstance(device.links[0], BleLink)
    silent = replace(device, links=(replace(device.links[0], stop=(Send(b"bye"), Send(b"stop"))),))
    transport = VirtualTransport(silent, VirtualSettings(speed=0.0))
    transport.open()
    while not any(isinstance(each, LinkUp) for each in transport.read(1.0)):
        pass
    transport.close()
    transport.close()
    assert toys.emulators[0].heard[-2:] == [b"bye", b"stop"]


@pytest.mark.parametrize("rate", [20.0, 1000.0])
def test_an_envelope_is_smooth_and_rises_when_tensed(rate: float) -> None:
    info = StreamInfo(rate, (Channel("ENV", "envelope", raw_low=0, raw_high=1023),))
    data = make_signal("tensing", info, seed=2)(0, int(39 * rate)).astype(float)[0]
    seconds = np.arange(len(data)) / rate % 13
    rest, tense = data[(seconds > 0.2) & (seconds < 8)], data[seconds > 8.2]
    assert 0 < rest.mean() < 20
    assert tense.mean() > 6 * rest.mean()
    assert len(np.unique(rest)) > 1
    assert data.min() >= 0
