"""Rows are those of section 2.7 in firmware_interface/README.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from firmware_interface.decoder import Loss
from firmware_interface.device import BleLink
from firmware_interface.devices.nordic_uart import DEVICES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.firmware_interface.devices.conftest import Read, Told

(UART,) = DEVICES


def test_row_1_the_services_own_names() -> None:
    (link,) = UART.links
    assert isinstance(link, BleLink)
    assert link.service == "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
    assert link.notify == ("6e400003-b5a3-f393-e0a9-e50e24dcca9e",)
    assert not link.names
    assert not link.start


def test_row_2_lines_run_over_the_ends_of_notifications(read_stream: Read) -> None:
    data = b"12\n" + b"".join(b"%d %d\n" % (n % 4, -n) for n in range(12)) + b"5"
    told = read_stream(lambda: UART.decoder({}), data)
    assert told.rows == [(n % 4, -n) for n in range(12)]
    assert told.infos[0].device == "Nordic UART"


def test_row_2_stamped_lines_show_losses(read_messages: Callable[..., Told]) -> None:
    emulator = UART.emulator({"dialect": "t_ms", "rate": "100"})
    messages = [*emulator.restart(), *emulator.send(np.arange(30)[None])]
    del messages[20]
    told = read_messages(UART, messages)
    assert told.losses == [(19, Loss(1, "lost packets"))]
    assert told.infos == [emulator.info]
    assert {message.source for message in messages} == {"6e400003-b5a3-f393-e0a9-e50e24dcca9e"}
