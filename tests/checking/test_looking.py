"""Virtual sensors are led through a check: what they send, lose and claim comes out in the findings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.checking import Phase, Plan, StreamCheck, check_sensors
from emgdetect.errors import DeviceError
from emgdetect.types import Channel, StreamInfo
from firmware_interface.decoder import Described, Notice, Samples
from firmware_interface.link import LinkDown, LinkUp, Received
from firmware_interface.transports.finding import Connection, connect
from tests.checking.conftest import NOON

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firmware_interface.decoder import Packet
    from firmware_interface.device import Device
    from firmware_interface.link import Arrival, Transport


@dataclass
class Person:
    """Notes what it is told."""

    phases: list[tuple[Phase, float]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    def begin(self, phase: Phase, seconds: float) -> None:
        self.phases.append((phase, seconds))

    def news(self, sensor: str, text: str) -> None:
        self.heard.append(f"{sensor}: {text}")


@dataclass
class Named:
    name: str
    device: Device
    transport: Transport
    options: Mapping[str, str]


def named(url: str, name: str = "calf") -> Named:
    found: Connection = connect(url)
    return Named(name, found.device, found.transport, found.options)


def verdicts(result: StreamCheck, channel: int = 0) -> dict[str, str]:
    return {one.name: one.verdict for one in (*result.findings, *result.channels[channel].findings)}


def check(url: str, plan: Plan | None = None) -> StreamCheck:
    (result,) = check_sensors([named(url)], plan or Plan(), Person(), now=lambda: NOON)
    return result


def test_a_person_is_asked_to_rest_and_to_tense() -> None:
    person = Person()
    sensors = [named("virtual://emgdetect?speed=0&signal=tensing")]
    (result,) = check_sensors(sensors, Plan(5, 4), person, now=lambda: NOON)
    assert person.phases == [("rest", 5), ("tense", 4)]
    assert not result.failed
    assert result.name == "calf"
    assert result.seconds == pytest.approx(9.0, abs=0.2)
    kept = result.channels[0].calibration
    assert (kept.sensor, kept.channel, kept.time) == ("calf", "RAW", NOON)
    assert kept.seconds == 5
    assert kept.tense > 20 * kept.rest


def test_rest_alone_asks_for_nothing_else() -> None:
    person = Person()
    (result,) = check_sensors([named("virtual://emgdetect?speed=0&signal=tensing")], Plan(5, 0), person)
    assert person.phases == [("rest", 5)]
    assert verdicts(result)["swing"] == "unknown"


def test_two_sensors_are_looked_at_together() -> None:
    sensors = [
        named("virtual://emgdetect?speed=0&signal=tensing", "left"),
        named("virtual://cyton?speed=0&signal=quiet&seed=3", "right"),
    ]
    left, right = check_sensors(sensors, Plan(), Person())
    assert (left.name, right.name) == ("left", "right")
    assert not left.failed
    assert {one.name for one in right.failed} >= {"swing"}
    assert len(right.channels) == 8


def test_a_fifth_of_the_packets_lost_is_about_a_fifth_of_the_samples() -> None:
    result = check("virtual://emgdetect?speed=0&signal=tensing&drop=0.2&seed=2")
    (loss,) = [one for one in result.findings if one.name == "loss"]
    assert loss.verdict == "fail"
    assert loss.value == pytest.approx(20.0, abs=10.0)


def test_a_link_that_breaks_is_told_and_fails() -> None:
    person = Person()
    sensors = [named("virtual://emgdetect?speed=0&signal=tensing&disconnect=200x1&seed=1&hours=1")]
    (result,) = check_sensors(sensors, Plan(60, 60), person)
    (loss,) = [one for one in result.findings if one.name == "loss"]
    assert loss.verdict == "fail"
    assert "broke" in loss.text
    assert person.heard


def test_a_clock_that_runs_five_percent_fast_is_seen() -> None:
    result = check("virtual://emgdetect?speed=0&signal=tensing&drift=0.05")
    (rate,) = [one for one in result.findings if one.name == "rate"]
    assert rate.verdict == "fail"
    assert rate.value == pytest.approx(1050.0, rel=0.005)
    assert result.info.sampling_rate == pytest.approx(1050.0, rel=0.005)


INFO = StreamInfo(100.0, (Channel("left", "adc"), Channel("right", "adc")), device="toy")


class TalkingDecoder:
    """Every byte is ten samples; a zero says that an electrode is off."""

    def __init__(self) -> None:
        self._count = 0

    def feed(self, data: bytes, source: str = "") -> list[Packet]:
        del source
        packets: list[Packet] = []
        for byte in data:
            if not self._count:
                packets.append(Described(INFO))
            self._count += 1
            rng = np.random.default_rng(self._count)
            packets.append(Samples(rng.normal(scale=50.0, size=(2, 10)).astype(np.int16)))
            if not byte:
                packets.append(Notice("lead-off", "right"))
        return packets

    def relink(self) -> list[Packet]:
        return []


class Script:
    """A transport whose time passes with every read."""

    def __init__(self, *, sends: bool = True, ends: bool = False) -> None:
        self._time = 0.0
        self._sends = sends
        self._ends = ends
        self.closed = False

    def open(self) -> None:
        self._time = 0.0

    def now(self) -> float:
        return self._time

    def close(self) -> None:
        self.closed = True

    def read(self, timeout: float) -> list[Arrival]:
        del timeout
        self._time += 0.1
        if self._time < 0.15:
            return (
                [LinkUp(self._time)]
                if self._sends
                else [LinkDown(self._time, "disconnect", "no toy in sight")]
            )
        if self._ends and self._time > 3:
            return [LinkDown(self._time, "closed", "the toy was switched off")]
        return [Received(self._time, b"\x00" if self._time > 3 else b"\x01")] if self._sends else []


def toy(script: Script) -> Named:
    from firmware_interface.device import Device

    def no_emulator(options: Mapping[str, str]) -> None:
        raise AssertionError(options)

    device = Device("toy", "Toy", (), lambda _: TalkingDecoder(), no_emulator)  # type: ignore[arg-type]
    return Named("toy", device, script, {})


def test_a_sensor_that_says_an_electrode_is_off_is_believed() -> None:
    script = Script()
    (result,) = check_sensors([toy(script)], Plan(), Person())
    assert verdicts(result, 0)["contact"] == "pass"
    assert verdicts(result, 1)["contact"] == "fail"
    assert script.closed


def test_a_sensor_that_does_not_come_is_one_line_with_what_is_known() -> None:
    script, person = Script(sends=False), Person()
    with pytest.raises(DeviceError, match="no samples came in 10 s") as caught:
        check_sensors([toy(script)], Plan(patience=10), person)
    assert caught.value.where == "toy"
    assert caught.value.hint == "no toy in sight"
    assert person.heard == ["toy: no toy in sight"]
    assert script.closed


def test_a_sensor_that_goes_for_good_ends_the_check() -> None:
    with pytest.raises(DeviceError, match="switched off"):
        check_sensors([toy(Script(ends=True))], Plan(), Person())
