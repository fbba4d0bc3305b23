"""bleak's own BlueZ backend, against a Bluetooth service that is not there: what Linux does at night."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from emgdetect.errors import DeviceError
from firmware_interface.link import Received
from firmware_interface.transports.policy import Patience

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from firmware_interface.transports.ble import BleTransport
    from tests.firmware_interface.transports.bluez.conftest import FakeBluez
    from tests.firmware_interface.transports.conftest import Toys, Watch

QUICK = Patience(look=2.0, connect=10.0, first=30.0, silent=30.0, soonest=0.02, latest=0.05)


def test_found_started_streaming_and_stopped(
    watch: Watch, toys: Toys, bluez: FakeBluez, start: Callable[..., BleTransport]
) -> None:
    transport = start()
    assert watch.ups(watch.until(transport, watch.ups))[0].detail == "Toy 1 (C0:11:22:33:44:55)"
    bluez.notify(*toys.frames(0, 300))
    got = watch.until(transport, lambda got: len(toys.values(got)) >= 300)
    assert toys.values(got) == list(range(300))
    # BlueZ does not tell the MTU; notifications are as long as they are.
    bluez.notify(bytes(20), bytes(244))
    got = watch.until(transport, lambda got: len(got) >= 2)
    assert [len(each.data) for each in got if isinstance(each, Received)] == [20, 244]
    transport.close()
    assert bluez.heard == [b"go", b"stop"]


def test_a_connection_the_sensor_breaks_comes_back(
    watch: Watch, toys: Toys, bluez: FakeBluez, start: Callable[..., BleTransport]
) -> None:
    transport = start()
    watch.until(transport, watch.ups)
    for outage in range(3):
        bluez.drop()
        arrivals = watch.until(transport, watch.ups)
        assert [each.cause for each in watch.downs(arrivals)] == ["disconnect"]
        assert bluez.n_connections == outage + 2
        bluez.notify(*toys.frames(0, 50))
        got = watch.until(transport, lambda got: len(toys.values(got)) >= 50)
        assert toys.values(got) == list(range(50))


def test_a_link_that_bluez_calls_connected_and_brings_nothing(
    watch: Watch, bluez: FakeBluez, start: Callable[..., BleTransport]
) -> None:
    transport = start(replace(QUICK, first=0.5, silent=0.3))
    arrivals = watch.until(transport, lambda got: len(watch.ups(got)) >= 2)
    assert {each.cause for each in watch.downs(arrivals)} == {"silent"}
    assert bluez.n_connections >= 2


def test_a_sensor_that_bluez_forgot_is_found_when_it_advertises(
    watch: Watch, bluez: FakeBluez, start: Callable[..., BleTransport]
) -> None:
    transport = start(replace(QUICK, look=0.2))
    watch.until(transport, watch.ups)
    bluez.leave()
    away = watch.until(transport, lambda got: any("in sight" in each.detail for each in watch.downs(got)))
    assert watch.downs(away)[0].cause == "disconnect"
    bluez.come_back()
    watch.until(transport, watch.ups)


def test_an_adapter_that_is_off_is_an_error_before_the_night_and_news_in_it(
    watch: Watch, bluez: FakeBluez, start: Callable[..., BleTransport]
) -> None:
    transport = start(replace(QUICK, look=0.3))
    watch.until(transport, watch.ups)
    bluez.power(on=False)
    off = watch.until(
        transport, lambda got: any("adapter is off" in each.detail for each in watch.downs(got))
    )
    assert {each.cause for each in watch.downs(off)} == {"disconnect"}
    late = start()
    with pytest.raises(DeviceError, match="adapter is off"):
        watch.until(late, lambda _: False)
    bluez.power(on=True)
    watch.until(transport, watch.ups)


def test_without_the_service_it_says_what_to_start(
    watch: Watch, bus: str, start: Callable[..., BleTransport]
) -> None:
    assert bus
    with pytest.raises(DeviceError, match="service does not run") as caught:
        watch.until(start(), lambda _: False)
    assert "systemctl" in caught.value.hint


def test_without_any_bus_it_says_the_same(
    watch: Watch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, start: Callable[..., BleTransport]
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'nothing'}")
    with pytest.raises(DeviceError, match="service does not run"):
        watch.until(start(), lambda _: False)
