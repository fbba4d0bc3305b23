"""Facts of every device: how it is reached, what is said to it, which options it has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from emgdetect.errors import UsageError
from firmware_interface.device import BleLink, Pause, Send, SerialLink
from firmware_interface.devices import DEVICES, load_device

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NEVER_SENT = b">BL<"
"""It starts the bootloader of boards by Backyard Brains."""

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.mark.parametrize("key", DEVICES)
def test_facts_of_a_device(key: str) -> None:
    device = load_device(key)
    assert device.key == key
    assert device.name
    assert device.links
    assert all(remark[-1] == "." for remark in device.remarks)
    for link in device.links:
        steps = (*link.start, *link.keep_alive, *link.stop)
        assert all(step.seconds > 0 for step in steps if isinstance(step, Pause))
        assert bool(link.keep_alive) == (link.keep_alive_every > 0)
        if isinstance(link, BleLink):
            check_ble(link, steps)
        else:
            check_serial(link, steps)


def check_ble(link: BleLink, steps: Sequence[Send | Pause]) -> None:
    targets = [step.to for step in steps if isinstance(step, Send)]
    optional = [uuid for uuid in (link.service, link.battery) if uuid]
    assert link.names or link.service, "nothing to find it by"
    assert link.notify
    assert all(UUID.fullmatch(uuid) for uuid in (*link.notify, *targets, *optional))


def check_serial(link: SerialLink, steps: Sequence[Send | Pause]) -> None:
    assert link.baud_rates
    assert all(step.to == "" for step in steps if isinstance(step, Send))
    assert all(0 <= number <= 0xFFFF for pair in link.usb_ids for number in pair)


@pytest.mark.parametrize("key", DEVICES)
def test_nothing_is_ever_sent_that_starts_a_bootloader(key: str) -> None:
    for link in load_device(key).links:
        for steps in (link.start, link.keep_alive, link.stop):
            sent = b"".join(step.data for step in steps if isinstance(step, Send))
            assert NEVER_SENT not in sent * 3


@pytest.mark.parametrize("key", DEVICES)
def test_options_are_those_that_are_told(key: str) -> None:
    device = load_device(key)
    for make in (device.decoder, device.emulator):
        with pytest.raises(UsageError, match="nonsense"):
            make({"nonsense": "1"})
        assert all(knows(make, option) for option in device.options)
    assert all(meaning for meaning in device.options.values())


def knows(make: Callable[[dict[str, str]], object], option: str) -> bool:
    try:
        make({option: "1"})
    except UsageError as error:
        return "there is no option" not in str(error)
    return True
