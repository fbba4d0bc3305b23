"""Ports: which one is ours, what is wrong with it, and what a pulled cable looks like."""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.errors import DeviceError
from firmware_interface.device import SerialLink
from firmware_interface.link import LinkDown, LinkUp, Received
from firmware_interface.transports.policy import Patience
from firmware_interface.transports.ports import Port, PortFinder, explain, open_port
from firmware_interface.transports.serial_port import SerialSystem, SerialTransport

if TYPE_CHECKING:
    from pathlib import Path

    from tests.firmware_interface.transports.conftest import Watch


pytest.importorskip("serial", reason="needs pyserial")

posix = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are of POSIX systems")
UNO = (0x2341, 0x0043)


def found(address: str, first: list[Port], later: list[Port]) -> str | None:
    """Remember ``address`` among the first ports, and look for it among the later ones."""
    ports = list(first)
    finder = PortFinder(address, lambda: ports)
    finder.remember(address)
    ports[:] = later
    return finder.find()


def test_a_board_with_a_serial_number_is_found_under_any_name() -> None:
    ours = Port("COM3", *UNO, "A1", "1-1")
    assert found("COM3", [ours], [Port("COM8", *UNO, "A1", "1-4")]) == "COM8"
    assert found("COM3", [ours], [Port("COM3", *UNO, "B2", "1-1"), Port("COM8", *UNO, "A1")]) == "COM8"
    assert found("COM3", [ours], [Port("COM3", *UNO, "B2", "1-1")]) is None
    assert found("COM3", [ours], []) is None


def test_boards_without_one_are_told_apart_by_name_then_socket_then_being_alone() -> None:
    ours = Port("COM3", *UNO, "", "1-1")
    twin = Port("COM4", *UNO, "", "1-2")
    assert found("COM3", [ours, twin], [ours, twin]) == "COM3"
    assert found("COM3", [ours, twin], [Port("COM9", *UNO, "", "1-1"), twin]) == "COM9"
    assert found("COM3", [ours], [Port("COM9", *UNO, "", "1-7")]) == "COM9"
    assert found("COM3", [ours, twin], [Port("COM9", *UNO, "", "1-7"), twin]) is None


def test_a_port_that_is_no_usb_device_keeps_its_name() -> None:
    plain = Port("COM1")
    assert found("COM1", [plain], [plain]) == "COM1"
    assert found("COM1", [plain], [Port("COM2")]) is None
    assert found("rfc2217://pi:4000", [], []) == "rfc2217://pi:4000"


@given(st.lists(st.sampled_from(["A1", "B2", ""]), max_size=5), st.permutations(range(5)))
def test_another_serial_number_is_never_taken_for_ours(numbers: list[str], sockets: list[int]) -> None:
    ours = Port("COM0", *UNO, "A1", "1-0")
    later = [
        Port(f"COM{k}", *UNO, number, f"1-{sockets[k]}") for k, number in enumerate(numbers) if number != "A1"
    ]
    assert found("COM0", [ours], later) is None


@posix
def test_links_to_a_port_lead_to_it(tmp_path: Path) -> None:
    name = tmp_path / "ttyACM0"
    name.touch()
    alias = tmp_path / "by-id"
    alias.symlink_to(name)
    ours = Port(str(name.resolve()), *UNO, "A1")
    assert found(str(alias), [ours], [Port("/dev/ttyACM5", *UNO, "A1")]) == "/dev/ttyACM5"


@pytest.mark.parametrize(
    ("error", "what", "hint"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "no permission", "dialout"),
        (OSError(errno.EBUSY, "busy"), "another program", "close it"),
        (OSError(errno.EAGAIN, "Could not exclusively lock port"), "another program", "close it"),
        (FileNotFoundError(errno.ENOENT, "No such file"), "no such port", "plug"),
        (OSError("something else"), "cannot be opened: something else", "unplug"),
    ],
)
@posix
def test_what_no_waiting_mends_says_so(error: OSError, what: str, hint: str) -> None:
    trouble = explain(error, "/dev/ttyACM0")
    assert not trouble.mends
    assert what in trouble.error.what
    assert hint in trouble.error.hint
    assert str(trouble.error).startswith("/dev/ttyACM0: ")
    assert "\n" not in str(trouble.error)


def test_on_windows_a_busy_port_is_one_whose_access_is_denied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    error = OSError("could not open port 'COM3': PermissionError(13, 'Access is denied.', None, 5)")
    assert "another program" in explain(error, "COM3").error.what


def test_a_remote_port_that_is_away_may_come_back() -> None:
    assert explain(OSError("refused"), "socket://pi:4000").mends


class Pty:
    """A pseudo-terminal whose far side is ours."""

    def __init__(self) -> None:
        import pty
        import tty

        self.far, self._near = pty.openpty()
        tty.setraw(self.far)
        self.name = os.ttyname(self._near)

    def pull(self) -> None:
        os.close(self.far)
        os.close(self._near)


@posix
def test_a_pulled_cable_is_unplugged_and_the_night_goes_on(watch: Watch) -> None:
    first, second = Pty(), Pty()
    names = [first.name]
    transport = SerialTransport(
        first.name,
        SerialLink((115200,)),
        patience=Patience(look=1.0, silent=20.0, soonest=0.01, latest=0.02),
        system=SerialSystem(
            # A pseudo-terminal is in no list; here it has the identity of a board.
            list_ports=lambda: [Port(name, *UNO, "A1") for name in names],
        ),
    )
    transport.open()
    (up,) = watch.until(transport, bool)
    assert isinstance(up, LinkUp)
    assert up.detail == first.name
    os.write(first.far, b"before")
    got = watch.until(
        transport, lambda got: b"".join(e.data for e in got if isinstance(e, Received)) == b"before"
    )
    assert not watch.downs(got)
    names.clear()
    first.pull()
    down = watch.until(transport, watch.downs)
    assert isinstance(down[0], LinkDown)
    assert down[0].cause == "unplugged"
    names.append(second.name)
    up = watch.until(transport, lambda got: any(isinstance(each, LinkUp) for each in got))[-1]
    assert isinstance(up, LinkUp)
    assert up.detail == second.name
    os.write(second.far, b"after")
    watch.until(transport, lambda got: b"".join(e.data for e in got if isinstance(e, Received)) == b"after")
    transport.close()
    transport.close()
    second.pull()


@posix
@pytest.mark.parametrize(
    ("address", "what"), [("/dev/no-such-port", "no such port"), ("nonsense://x", "this is no port")]
)
def test_a_port_that_is_not_there_at_the_start_is_an_error(watch: Watch, address: str, what: str) -> None:
    transport = SerialTransport(address, SerialLink((9600,)), system=SerialSystem(list_ports=list))
    transport.open()
    with pytest.raises(DeviceError, match=what):
        watch.until(transport, lambda _: False)
    transport.close()


@posix
def test_a_port_in_use_is_an_error_at_the_start(watch: Watch) -> None:
    pty = Pty()
    held = open_port(pty.name, 9600)
    transport = SerialTransport(pty.name, SerialLink((9600,)), system=SerialSystem(list_ports=list))
    transport.open()
    with pytest.raises(DeviceError, match="another program holds the port"):
        watch.until(transport, lambda _: False)
    transport.close()
    held.close()
    pty.pull()
