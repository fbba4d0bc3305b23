"""The Bluetooth transport over a real link layer: everything a night does to a connection."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.errors import DeviceError
from firmware_interface.decoder import Samples
from firmware_interface.device import BleLink, Send
from firmware_interface.link import Battery, LinkDown, LinkUp, Received
from firmware_interface.transports.ble import BleTransport
from firmware_interface.transports.policy import Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from firmware_interface.link import Arrival
    from tests.firmware_interface.transports.ble.conftest import Air, Sensor
    from tests.firmware_interface.transports.conftest import Toys

QUICK = Patience(look=1.0, connect=10.0, first=30.0, silent=30.0, soonest=0.02, latest=0.05)
ADDRESS = "C0:11:22:33:44:55"
OTHER = "C0:11:22:33:44:66"


def link_of(toys: Toys) -> BleLink:
    link = toys.ble().links[0]
    assert isinstance(link, BleLink)
    return link


def put(air: Air, toys: Toys, name: str = "Toy 1", address: str = ADDRESS) -> Sensor:
    link = link_of(toys)
    return air.sensor(
        name,
        address,
        service=link.service,
        notify=link.notify[0],
        control=str(getattr(link.start[0], "to", "")),
    )


def frames(toys: Toys, first: int, stop: int) -> list[bytes]:
    """Frames whose samples are their own index."""
    return [
        toys.frame(start, np.vstack([np.arange(start, start + 5)] * 2).astype(np.int16))
        for start in range(first, stop, 5)
    ]


def values(arrivals: list[Arrival], toys: Toys) -> list[int]:
    decoder = toys.decoder()
    packets = [p for each in arrivals if isinstance(each, Received) for p in decoder.feed(each.data)]
    return [int(value) for p in packets if isinstance(p, Samples) for value in p.data[0]]


def ups(arrivals: list[Arrival]) -> list[LinkUp]:
    return [each for each in arrivals if isinstance(each, LinkUp)]


def downs(arrivals: list[Arrival]) -> list[LinkDown]:
    return [each for each in arrivals if isinstance(each, LinkDown)]


def read_until(transport: BleTransport, done: Callable[[list[Arrival]], object]) -> list[Arrival]:
    arrivals: list[Arrival] = []
    give_up = time.monotonic() + 30.0
    while not done(arrivals):
        assert time.monotonic() < give_up, arrivals[-5:]
        arrivals += transport.read(0.5)
    return arrivals


@pytest.fixture
def opened() -> Iterator[list[BleTransport]]:
    transports: list[BleTransport] = []
    yield transports
    for transport in transports:
        transport.close()


def start(
    opened: list[BleTransport], air: Air, link: BleLink, wanted: str = "", patience: Patience = QUICK
) -> BleTransport:
    transport = BleTransport(wanted, link, patience=patience, radio=air.radio, settle=0.2)
    opened.append(transport)
    transport.open()
    return transport


@pytest.mark.parametrize("wanted", ["", "Toy", "Toy 1", ADDRESS, ADDRESS.lower()])
def test_found_started_streaming_and_stopped(
    toys: Toys, air: Air, opened: list[BleTransport], wanted: str
) -> None:
    sensor = put(air, toys)
    put(air, toys, "Somebody's watch", OTHER)
    transport = start(opened, air, link_of(toys), wanted)
    arrivals = read_until(transport, lambda got: ups(got) and any(isinstance(each, Battery) for each in got))
    assert ups(arrivals)[0].detail == f"Toy 1 ({ADDRESS})"
    assert [each.percent for each in arrivals if isinstance(each, Battery)] == [83.0]
    sensor.send(*frames(toys, 0, 500))
    arrivals = read_until(transport, lambda got: len(values(got, toys)) == 500)
    assert values(arrivals, toys) == list(range(500))
    assert {each.source for each in arrivals if isinstance(each, Received)} == {link_of(toys).notify[0]}
    times = [each.time for each in arrivals]
    assert times == sorted(times)
    assert times[-1] <= transport.now()
    transport.close()
    assert sensor.heard == [b"go", b"stop"]
    assert [each.cause for each in downs(transport.read(0))] == ["closed"]


def test_a_connection_the_sensor_breaks_comes_back(toys: Toys, air: Air, opened: list[BleTransport]) -> None:
    sensor = put(air, toys)
    transport = start(opened, air, link_of(toys))
    read_until(transport, ups)
    sensor.send(*frames(toys, 0, 100))
    for outage in range(3):
        sensor.drop()
        arrivals = read_until(transport, ups)
        assert [each.cause for each in downs(arrivals)] == ["disconnect"]
        sensor.send(*frames(toys, 0, 100))
        assert values(read_until(transport, lambda got: len(values(got, toys)) >= 100), toys) == list(
            range(100)
        )
        assert sensor.heard == [b"go"] * (outage + 2)
    assert len(air.clients) == 4
    assert len({id(client) for client in air.clients}) == 4, "each connection has a client of its own"


def test_a_link_that_is_up_and_brings_nothing_is_given_up(
    toys: Toys, air: Air, opened: list[BleTransport]
) -> None:
    sensor = put(air, toys)
    transport = start(opened, air, link_of(toys), patience=replace(QUICK, first=0.4, silent=0.2))
    arrivals = read_until(transport, lambda got: len(ups(got)) >= 2)
    assert {each.cause for each in downs(arrivals)} == {"silent"}
    assert sensor.heard[:2] == [b"go", b"go"]


def test_out_of_range_for_minutes_and_back(toys: Toys, air: Air, opened: list[BleTransport]) -> None:
    sensor = put(air, toys)
    # A clock that runs 300 times as fast: minutes of waiting for the policy, a second for us.
    transport = BleTransport(
        "Toy",
        link_of(toys),
        patience=Patience(look=0.05, connect=1e5, start=1e5, first=1e5, silent=1e5),
        radio=air.radio,
        clock=lambda: time.monotonic() * 300.0,
        settle=0.1,
    )
    opened.append(transport)
    transport.open()
    read_until(transport, ups)
    sensor.leave()
    left = transport.now()
    away = read_until(transport, lambda _: transport.now() > left + 240.0)
    assert downs(away)[0].cause == "disconnect"
    assert any("in sight" in each.detail for each in downs(away))
    assert len(downs(away)) <= 3
    assert not ups(away)
    sensor.come_back()
    back = read_until(transport, ups)
    assert ups(back)[0].detail == f"Toy 1 ({ADDRESS})"


def test_an_mtu_that_changes_on_the_way_changes_nothing_but_the_length(
    toys: Toys, air: Air, opened: list[BleTransport]
) -> None:
    air.mtu = 23
    sensor = put(air, toys)
    transport = start(opened, air, link_of(toys))
    read_until(transport, ups)
    long = bytes(range(150))
    sensor.send(long)
    first = read_until(transport, lambda got: any(isinstance(each, Received) for each in got))
    air.change_mtu(185)
    sensor.send(long)
    second = read_until(transport, lambda got: any(isinstance(each, Received) for each in got))
    assert [len(each.data) for each in first + second if isinstance(each, Received)] == [20, 150]


def test_two_sensors_of_one_name_are_an_error_that_names_both(
    toys: Toys, air: Air, opened: list[BleTransport]
) -> None:
    put(air, toys)
    put(air, toys, "Toy 1", OTHER)
    transport = start(opened, air, link_of(toys), "Toy 1")
    with pytest.raises(DeviceError) as caught:
        read_until(transport, lambda _: False)
    text = str(caught.value)
    assert ADDRESS in text
    assert OTHER in text
    assert "ble://" in text
    assert "\n" not in text


def test_each_of_two_alike_is_found_by_address_and_keeps_it(
    toys: Toys, air: Air, opened: list[BleTransport]
) -> None:
    left = put(air, toys)
    right = put(air, toys, "Toy 1", OTHER)
    first = start(opened, air, link_of(toys), ADDRESS)
    second = start(opened, air, link_of(toys), OTHER)
    read_until(first, ups)
    read_until(second, ups)
    left.send(*frames(toys, 0, 50))
    right.send(*frames(toys, 500, 550))
    assert values(read_until(first, lambda got: values(got, toys)), toys)[0] == 0
    assert values(read_until(second, lambda got: values(got, toys)), toys)[0] == 500


def test_another_of_the_name_does_not_take_the_place_of_the_one_that_left(
    toys: Toys, air: Air, opened: list[BleTransport]
) -> None:
    sensor = put(air, toys)
    transport = start(opened, air, link_of(toys), "Toy 1", patience=replace(QUICK, look=0.2))
    read_until(transport, ups)
    sensor.leave()
    put(air, toys, "Toy 1", OTHER)
    arrivals = read_until(transport, lambda got: any(OTHER in each.detail for each in downs(got)))
    assert not ups(arrivals)
    sensor.come_back()
    assert ADDRESS in ups(read_until(transport, ups))[0].detail


def test_a_sensor_that_is_not_there_is_told_and_waited_for(
    toys: Toys, air: Air, opened: list[BleTransport]
) -> None:
    transport = start(opened, air, link_of(toys), "Toy", patience=replace(QUICK, look=0.1))
    (news,) = downs(read_until(transport, downs))
    assert "no Toy is in sight" in news.detail
    put(air, toys)
    read_until(transport, ups)


def test_a_sensor_without_the_characteristic_is_another_product(
    toys: Toys, air: Air, opened: list[BleTransport]
) -> None:
    put(air, toys)
    wrong = replace(link_of(toys), notify=("0000dead-0000-1000-8000-00805f9b34fb",))
    transport = start(opened, air, wrong)
    with pytest.raises(DeviceError, match="0000dead"):
        read_until(transport, lambda _: False)


def test_keep_alive_is_said_again_and_again(toys: Toys, air: Air, opened: list[BleTransport]) -> None:
    sensor = put(air, toys)
    link = link_of(toys)
    control = str(getattr(link.start[0], "to", ""))
    start(opened, air, replace(link, keep_alive=(Send(b"stay", control),), keep_alive_every=0.05))
    read_until(opened[0], lambda _: sensor.heard.count(b"stay") >= 3)
    opened[0].close()
    assert set(sensor.heard) == {b"go", b"stay", b"stop"}


def test_closing_while_it_looks_does_not_wait_for_the_end_of_the_look(
    toys: Toys, air: Air, opened: list[BleTransport]
) -> None:
    transport = start(opened, air, link_of(toys), "Nobody", patience=replace(QUICK, look=1e6))
    transport.close()
    assert transport.read(0) == []
