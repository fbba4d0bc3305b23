"""A board behind RFC 2217, which shows what a pseudo-terminal hides: DTR, baud rates, a pulled cable."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.errors import DeviceError
from firmware_interface.decoder import Samples
from firmware_interface.link import LinkDown, LinkUp, Received
from firmware_interface.transports.policy import Patience
from firmware_interface.transports.ports import Port, open_port
from firmware_interface.transports.serial_port import SerialSystem, SerialTransport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from firmware_interface.device import SerialLink
    from firmware_interface.transports.ports import OpenPort
    from tests.firmware_interface.transports.conftest import ToyEmulator, Toys, Watch

pytest.importorskip("serial", reason="needs pyserial")

# pyserial 3.5 still says setDaemon, and forgets its socket when the far side has closed it.
pytestmark = [
    pytest.mark.filterwarnings("ignore:set(Daemon|Name):DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]

QUICK = Patience(look=1.0, first=1.0, silent=0.4, soonest=0.02, latest=0.05)
RATE = 57600


class Board:
    """The toy on a port: a rising DTR resets it, and at a wrong baud rate it sends noise."""

    bytesize, parity, stopbits = 8, "N", 1
    rtscts = xonxoff = rts = break_condition = False
    cts = dsr = ri = cd = True

    def __init__(self, emulator: ToyEmulator, *, baud: int = RATE, boot: float = 0.0) -> None:
        self.baudrate = 0
        self.emulator = emulator
        self.resets: list[float] = []
        self.hung = False
        self._baud = baud
        self._boot = boot
        self._dtr = False
        self._index = 0
        self._quiet_until = 0.0
        self._say = b""

    @property
    def dtr(self) -> bool:
        return self._dtr

    @dtr.setter
    def dtr(self, raised: bool) -> None:
        if raised and not self._dtr:
            self.resets.append(time.monotonic())
            self._quiet_until = time.monotonic() + self._boot
            self._say = b"".join(message.data for message in self.emulator.restart())
            self.hung = False
        self._dtr = raised

    def reset_input_buffer(self) -> None: ...

    def reset_output_buffer(self) -> None: ...

    def write(self, data: bytes) -> None:
        if time.monotonic() >= self._quiet_until and self.baudrate == self._baud and data:
            self.emulator.hear(data)

    def read(self) -> bytes:
        if self.hung or time.monotonic() < self._quiet_until:
            return b""
        samples = np.arange(self._index, self._index + 10, dtype=np.int64) % 30_000
        self._index += 10
        said, self._say = self._say, b""
        data = said + b"".join(message.data for message in self.emulator.send(np.vstack([samples, samples])))
        return data if self.baudrate == self._baud else bytes(255 - byte for byte in data)


class Server:
    """Puts a board on the network, one caller at a time."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.plugged = threading.Event()
        self.plugged.set()
        self._over = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(0.05)
        self.url = f"rfc2217://127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while not self._over.is_set():
            with suppress(TimeoutError):
                caller, _ = self._listening.accept()
                with caller, suppress(OSError):
                    self._talk(caller)

    def _talk(self, caller: socket.socket) -> None:
        from serial.rfc2217 import PortManager

        class Wire:
            def write(self, data: bytes) -> None:
                caller.sendall(bytes(data))

        manager = PortManager(self.board, Wire())  # type: ignore[arg-type]  # what it asks of them, they have
        caller.settimeout(0.01)
        while not self._over.is_set():
            with suppress(TimeoutError):
                data = caller.recv(1024)
                if not data:
                    return
                self.board.write(b"".join(manager.filter(data)))
            data = self.board.read()
            if not self.plugged.is_set():
                caller.sendall(b"".join(manager.escape(data[: len(data) // 2 + 1])))
                return
            caller.sendall(b"".join(manager.escape(data)))

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        self._listening.close()


@pytest.fixture
def serve() -> Iterator[Callable[[Board], Server]]:
    servers: list[Server] = []

    def start(board: Board) -> Server:
        servers.append(Server(board))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def link_of(toys: Toys, **kwargs: float | tuple[int, ...]) -> SerialLink:
    return toys.serial(**kwargs).links[0]  # type: ignore[arg-type,return-value]  # it is one of the two


def judge_of(toys: Toys) -> Callable[[], Callable[[bytes], bool]]:
    def make() -> Callable[[bytes], bool]:
        decoder = toys.decoder()
        return lambda data: any(isinstance(packet, Samples) for packet in decoder.feed(data))

    return make


def test_dtr_resets_the_board_and_nothing_is_said_before_it_has_booted(
    watch: Watch, toys: Toys, serve: Callable[[Board], Server]
) -> None:
    emulator = toys.serial().emulator({"waits": "yes"})
    board = Board(emulator, boot=0.3)  # type: ignore[arg-type]  # toys make toys
    server = serve(board)
    transport = SerialTransport(
        server.url, link_of(toys, boot=0.5, baud_rates=(RATE,)), make_judge=judge_of(toys), patience=QUICK
    )
    transport.open()
    arrivals = watch.until(transport, lambda got: watch.n_bytes(got) > 500)
    transport.close()
    assert board.resets
    assert toys.emulators[0].heard[0] == b"go"
    assert toys.emulators[0].heard[-1] == b"stop"
    assert isinstance(arrivals[0], LinkUp)
    assert isinstance(arrivals[1], Received)
    assert arrivals[1].data.startswith(b"toy 1\r\n"), (
        "the boot text is handed over, as it may describe the stream"
    )
    got = toys.values(arrivals)
    assert got == list(range(got[0], got[0] + len(got)))
    times = [each.time for each in arrivals]
    assert times == sorted(times)
    assert times[-1] <= transport.now()


def test_the_baud_rates_are_tried_until_one_makes_sense(
    watch: Watch, toys: Toys, serve: Callable[[Board], Server]
) -> None:
    server = serve(Board(toys.serial().emulator({})))  # type: ignore[arg-type]  # toys make toys
    transport = SerialTransport(
        server.url,
        link_of(toys, baud_rates=(115200, RATE, 9600)),
        make_judge=judge_of(toys),
        patience=QUICK,
        system=SerialSystem(trial=0.4),
    )
    transport.open()
    arrivals = watch.until(transport, lambda got: watch.n_bytes(got) > 300)
    transport.close()
    assert server.board.baudrate == RATE
    assert len(watch.ups(arrivals)) == 1
    assert len(toys.values(arrivals)) * 6 > watch.n_bytes(arrivals) - 100, (
        "the noise of the other rates is held back"
    )


@pytest.mark.parametrize(("hung", "what"), [(False, "none that this device sends"), (True, "nothing comes")])
def test_a_board_of_another_kind_is_not_a_silent_one(
    watch: Watch, toys: Toys, serve: Callable[[Board], Server], what: str, *, hung: bool
) -> None:
    board = Board(toys.serial().emulator({}), baud=1200)  # type: ignore[arg-type]  # toys make toys
    board._dtr = board.hung = hung
    server = serve(board)
    transport = SerialTransport(
        server.url,
        link_of(toys, baud_rates=(RATE,)),
        make_judge=judge_of(toys),
        patience=QUICK,
        system=SerialSystem(trial=0.3),
    )
    transport.open()
    if hung:
        (news,) = watch.until(transport, bool)
        assert isinstance(news, LinkDown)
        assert what in news.detail
    else:
        with pytest.raises(DeviceError, match=what) as caught:
            watch.until(transport, lambda _: False)
        assert "57600 baud" in str(caught.value)
        assert "\n" not in str(caught.value)
    transport.close()


def test_a_board_that_hangs_is_found_silent_and_reset(
    watch: Watch, toys: Toys, serve: Callable[[Board], Server]
) -> None:
    board = Board(toys.serial().emulator({}))  # type: ignore[arg-type]  # toys make toys
    server = serve(board)
    transport = SerialTransport(
        server.url, link_of(toys, boot=0.05, baud_rates=(RATE,)), make_judge=judge_of(toys), patience=QUICK
    )
    transport.open()
    watch.until(transport, lambda got: watch.n_bytes(got) > 300)
    n_resets = len(board.resets)
    board.hung = True
    arrivals = watch.until(transport, lambda got: len(watch.ups(got)) == 1)
    transport.close()
    assert len(board.resets) > n_resets
    assert [each.cause for each in arrivals if isinstance(each, LinkDown)] == ["silent"]


def test_a_cable_pulled_in_mid_frame_and_back_under_another_name(
    watch: Watch, toys: Toys, serve: Callable[[Board], Server]
) -> None:
    server = serve(Board(toys.serial().emulator({})))  # type: ignore[arg-type]  # toys make toys
    other = Port("/dev/ttyACM0", 0x2341, 0x0043, "SOMEBODY", "1-9")
    plugged = [Port("/dev/ttyACM0", 0x2341, 0x0043, "OURS", "1-2")]
    opened: list[str] = []

    def open_ours(name: str, baud: int) -> OpenPort:
        opened.append(name)
        if name not in {port.name for port in plugged}:
            raise FileNotFoundError(2, "No such file or directory", name)
        return open_port(server.url, baud)

    transport = SerialTransport(
        "/dev/ttyACM0",
        link_of(toys, baud_rates=(RATE,)),
        make_judge=judge_of(toys),
        patience=QUICK,
        system=SerialSystem(list_ports=lambda: list(plugged), open_port=open_ours),
    )
    transport.open()
    arrivals = watch.until(transport, lambda got: watch.n_bytes(got) > 300)
    plugged[:] = [other]
    server.plugged.clear()
    arrivals += watch.until(transport, lambda got: any("no such port" in str(each) for each in got))
    plugged.append(Port("/dev/ttyACM1", 0x2341, 0x0043, "OURS", "1-7"))
    server.plugged.set()
    arrivals += watch.until(transport, lambda got: len(watch.ups(got)) == 1 and watch.n_bytes(got) > 300)
    transport.close()
    assert set(opened[:1]) == {"/dev/ttyACM0"}
    assert set(opened[1:]) == {"/dev/ttyACM1"}, "what took its name is not ours"
    assert {each.cause for each in arrivals if isinstance(each, LinkDown)} == {"unplugged"}
    got = toys.values(arrivals)
    assert got == sorted(got), "half a frame and the next one make no sample"
