"""The sketches with the settings that their config.h offers, compiled as strictly as the compilers can."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from firmware_interface.devices.emgdetect_wire import FIRMWARE, VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.firmware_interface.firmware.conftest import BuildForComputer, BuildSketch

LIBRARY = Path(__file__).parents[3] / "firmware_interface" / "firmware" / "emgdetect_wire"
HEADER = (LIBRARY / "src" / "emgdetect_wire.h").read_text(encoding="utf-8")
UNO_MEMORY = 2048
FOR_THE_STACK = 512


def named(settings: Mapping[str, str]) -> str:
    return " ".join(settings.values()) or "as it comes"


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"ENV_PIN": "A1", "REF_PIN": "A2", "RATE_HZ": "1500"},
        {"RATE_HZ": "2500", "POWER_UP": "EMGD_PLOTTING"},
        {"REF_PIN": "A5", "RATE_HZ": "31", "RAW_GAIN": "0"},
    ],
    ids=named,
)
def test_the_uno_s_sketch_leaves_room_for_the_stack(
    build_sketch: BuildSketch, settings: dict[str, str]
) -> None:
    command = ["avr-size", "-B", str(build_sketch("myoware_serial", settings))]
    sizes = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[1].split()
    assert int(sizes[1]) + int(sizes[2]) <= UNO_MEMORY - FOR_THE_STACK


@pytest.mark.parametrize(
    "settings",
    [{"RATE_HZ": "30"}, {"RATE_HZ": "2501"}, {"ENV_PIN": "A1", "REF_PIN": "A2", "RATE_HZ": "1501"}],
    ids=named,
)
def test_settings_that_cannot_work_are_refused_by_the_compiler(
    build_sketch: BuildSketch, settings: dict[str, str]
) -> None:
    with pytest.raises(AssertionError, match=r"RATE_HZ has to be between|RATE_HZ is too fast"):
        build_sketch("myoware_serial", settings)


@pytest.mark.parametrize("settings", [{}, {"ENV_PIN": "A1", "REF_PIN": "A2", "RATE_HZ": "1500"}], ids=named)
def test_the_uno_r4_s_side_fits_the_core_s_names(
    check_for_uno_r4: Callable[[Mapping[str, str]], None], settings: dict[str, str]
) -> None:
    check_for_uno_r4(settings)


def test_a_rate_too_fast_for_bluetooth_is_refused_by_the_compiler(build_ble_sketch: BuildForComputer) -> None:
    with pytest.raises(AssertionError, match="between 1 and 2000"):
        build_ble_sketch("RATE_HZ=2001")


def defined(name: str) -> int:
    (value,) = re.findall(rf"^#define {name} (\d+)", HEADER, flags=re.MULTILINE)
    return int(value)


def test_both_sides_have_the_same_version() -> None:
    assert defined("EMGD_VERSION") == VERSION
    assert (defined("EMGD_FIRMWARE_MAJOR"), defined("EMGD_FIRMWARE_MINOR")) == FIRMWARE
    properties = (LIBRARY / "library.properties").read_text(encoding="utf-8")
    assert f"version={FIRMWARE[0]}.{FIRMWARE[1]}.0\n" in properties


@pytest.mark.parametrize("sketch", ["myoware_serial", "myoware_ble"])
def test_the_arduino_program_finds_each_sketch_by_its_folder(sketch: str) -> None:
    assert (LIBRARY / "examples" / sketch / f"{sketch}.ino").exists()
