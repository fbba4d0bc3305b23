"""The Bluetooth transport over a real link layer: everything a night does to a connection."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from emgdetect.errors import DeviceError
from firmware_interface.device import BleLink, Send
from firmware_interface.link import Battery, Received
from firmware_interface.transports.ble import BleTransport
from firmware_interface.transports.policy import Patience

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.firmware_interface.transports.ble.conftest import Air, Sensor
    from tests.firmware_interface.transports.conftest import Toys, Watch

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
    watch: Watch, toys: Toys, air: Air, opened: list[BleTransport], wanted: str
) -> None:
    sensor = put(air, toys)
    put(air, toys, "Somebody's watch", OTHER)
    transport = start(opened, air, link_of(toys), wanted)
    arrivals = watch.until(
        transport, lambda got: watch.ups(got) and any(isinstance(each, Battery) for each in got)
    )
    assert watch.ups(arrivals)[0].detail == f"Toy 1 ({ADDRESS})"
    assert [each.percent for each in arrivals if isinstance(each, Battery)] == [83.0]
    sensor.send(*toys.frames(0, 500))
    arrivals = watch.until(transport, lambda got: len(toys.values(got)) == 500)
    assert toys.values(arrivals) == list(range(500))
    assert {each.source for each in arrivals if isinstance(each, Received)} == {link_of(toys).notify[0]}
    times = [each.time for each in arrivals]
    assert times == sorted(times)
    assert times[-1] <= transport.now()
    transport.close()
    assert sensor.heard == [b"go", b"stop"]
    assert [each.cause for each in watch.downs(transport.read(0))] == ["closed"]


def test_a_connection_the_sensor_breaks_comes_back(
    watch: Watch, toys: Toys, air: Air, opened: list[BleTransport]
) -> None:
    sensor = put(air, toys)
    transport = start(opened, air, link_of(toys))
    watch.until(transport, watch.ups)
    sensor.send(*toys.frames(0, 100))
    for outage in range(3):
        sensor.drop()
        arrivals = watch.until(transport, watch.ups)
        assert [each.cause for each in watch.downs(arrivals)] == ["disconnect"]
        sensor.send(*toys.frames(0, 100))
        got = watch.until(transport, lambda got: len(toys.values(got)) >= 100)
        assert toys.values(got) == list(range(100))
        assert sensor.heard == [b"go"] * (outage + 2)
    assert len(air.clients) == 4
    assert len({id(client) for client in air.clients}) == 4, "each connection has a client of its own"


def test_a_link_that_is_up_and_brings_nothing_is_given_up(
    watch: Watch, toys: Toys, air: Air, opened: list[BleTransport]
) -> None:
    sensor = put(air, toys)
    transport = start(opened, air, link_of(toys), patience=replace(QUICK, first=0.4, silent=0.2))
    arrivals = watch.until(transport, lambda got: len(watch.ups(got)) >= 2)
    assert {each.cause for each in watch.downs(arrivals)} == {"silent"}
    assert sensor.heard[:2] == [b"go", b"go"]


def test_out_of_range_for_minutes_and_back(
    watch: Watch, toys: Toys, air: Air, opened: list[BleTransport]
) -> None:
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
    watch.until(transport, watch.ups)
    sensor.leave()
    left = transport.now()
    away = watch.until(transport, lambda _: transport.now() > left + 240.0)
    assert watch.downs(away)[0].cause == "disconnect"
    assert any("in sight" in each.detail for each in watch.downs(away))
    assert len(watch.downs(away)) <= 3
    assert not watch.ups(away)
    sensor.come_back()
    back = watch.until(transport, watch.ups)
    assert watch.ups(back)[0].detail == f"Toy 1 ({ADDRESS})"


def test_an_mtu_that_changes_on_the_way_changes_nothing_but_the_length(
    watch: Watch, toys: Toys, air: Air, opened: list[BleTransport]
) -> None:
    air.mtu = 23
    sensor = put(air, toys)
    transport = start(opened, air, link_of(toys))
    watch.until(transport, watch.ups)
    long = bytes(range(150))
    sensor.send(long)
    first = watch.until(transport, lambda got: any(isinstance(each, Received) for each in got))
    air.change_mtu(185)
    sensor.send(long)
    second = watch.until(transport, lambda got: any(isinstance(each, Received) for each in got))
    assert [len(each.data) for each in first + second if isinstance(each, Received)] == [20, 150]


def test_two_sensors_of_one_name_are_an_error_that_names_both(
    watch: Watch, toys: Toys, air: Air, opened: list[BleTransport]
) -> None:
    put(air, toys)
    put(air, toys, "Toy 1", OTHER)
    transport = start(opened, air, link_of(toys), "Toy 1")
    with pytest.raises(DeviceError) as caught:
        watch.until(transport, lambda _: False)
    text = str(caught.value)
    assert ADDRESS in text
    assert OTHER in text
    assert "ble://" in text
    assert "\n" not in text


def test_each_of_two_alike_is_found_by_address_and_keeps_it(
    watch: Watch, toys: Toys, air: Air, opened: list[BleTransport]
) -> None:
    left = put(air, toys)
    right = put(air, toys, "Toy 1", OTHER)
    first = start(opened, air, link_of(toys), ADDRESS)
    second = start(opened, air, link_of(toys), OTHER)
    watch.until(first, watch.ups)
    watch.until(second, watch.ups)
    left.send(*toys.frames(0, 50))
    right.send(*toys.frames(500, 550))
    assert toys.values(watch.until(first, toys.values))[0] == 0
    assert toys.values(watch.until(second, toys.values))[0] == 500


def test_another_of_the_name_does_not_take_the_place_of_the_one_that_left(
    watch: Watch, toys: Toys, air: Air, opened: list[BleTransport]
) -> None:
    sensor = put(air, toys)
    transport = start(opened, air, link_of(toys), "Toy 1", patience=replace(QUICK, look=0.2))
    watch.until(transport, watch.ups)
    sensor.leave()
    put(air, toys, "Toy 1", OTHER)
    arrivals = watch.until(transport, lambda got: any(OTHER in each.detail for each in watch.downs(got)))
    assert not watch.ups(arrivals)
    sensor.come_back()
    assert ADDRESS in watch.ups(watch.until(transport, watch.ups))[0].detail


def test_a_sensor_that_is_not_there_is_told_and_waited_for(
    watch: Watch, toys: Toys, air: Air, opened: list[BleTransport]
) -> None:
    transport = start(opened, air, link_of(toys), "Toy", patience=replace(QUICK, look=0.1))
    (news,) = watch.downs(watch.until(transport, watch.downs))
    assert "no Toy is in sight" in news.detail
    put(air, toys)
    watch.until(transport, watch.ups)


def test_a_sensor_without_the_characteristic_is_another_product(
    watch: Watch, toys: Toys, air: Air, opened: list[BleTransport]
) -> None:
    put(air, toys)
    wrong = replace(link_of(toys), notify=("0000dead-0000-1000-8000-00805f9b34fb",))
    transport = start(opened, air, wrong)
    with pytest.raises(DeviceError, match="0000dead"):
        watch.until(transport, lambda _: False)


def test_keep_alive_is_said_again_and_again(
    watch: Watch, toys: Toys, air: Air, opened: list[BleTransport]
) -> None:
    sensor = put(air, toys)
    link = link_of(toys)
    control = str(getattr(link.start[0], "to", ""))
    start(opened, air, replace(link, keep_alive=(Send(b"stay", control),), keep_alive_every=0.05))
    watch.until(opened[0], lambda _: sensor.heard.count(b"stay") >= 3)
    opened[0].close()
    assert set(sensor.heard) == {b"go", b"stay", b"stop"}


def test_closing_while_it_looks_does_not_wait_for_the_end_of_the_look(
    toys: Toys, air: Air, opened: list[BleTransport]
) -> None:
    transport = start(opened, air, link_of(toys), "Nobody", patience=replace(QUICK, look=1e6))
    transport.close()
    assert transport.read(0) == []
