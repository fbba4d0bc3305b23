"""A stream of the Lab Streaming Layer as a link; ``lsl_frames`` tells what it carries."""

from __future__ import annotations

import threading
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from emgdetect.errors import DeviceError, MissingExtraError
from firmware_interface.link import Received
from firmware_interface.transports import clock as host
from firmware_interface.transports.lsl_frames import NUMBERS, encode_description, encode_samples
from firmware_interface.transports.policy import Patience, Reconnect, Trouble
from firmware_interface.transports.queueing import ArrivalQueue

if TYPE_CHECKING:
    from firmware_interface.link import Arrival

PATIENCE = Patience(look=2.0, connect=10.0, latest=5.0)
CORRECT_EVERY = 60.0

_TICK = 0.1
_JOIN = 15.0
_TYPES = {1: "f", 2: "d", 4: "l", 5: "h", 6: "b", 7: "q"}


class LslTransport:
    """A :class:`~firmware_interface.link.Transport` over pylsl, in a thread of its own.

    LSL's stamps are taken as times of arrival only: they show when a chunk left the sender, which is steadier
    than when it came here, but they are not trusted to count samples.

    Parameters
    ----------
    name : str
        The stream's name; empty for the only one of type EMG or EXG.
    patience : Patience, optional
        How long each thing may take.
    """

    def __init__(self, name: str, *, patience: Patience = PATIENCE) -> None:
        self._name = name
        self._queue = ArrivalQueue()
        self._policy = Reconnect(patience, self._queue.put)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, name=f"lsl {name}", daemon=True)
        self._known = ""
        self._last = 0.0

    def open(self) -> None:
        """Begin to look for the stream; returns at once.

        Raises
        ------
        MissingExtraError
            pylsl is not installed.
        """
        if find_spec("pylsl") is None:
            raise MissingExtraError("pylsl", extra="lsl", purpose="a stream of the Lab Streaming Layer")
        self._thread.start()

    def now(self) -> float:
        """Return the time on the clock of the arrivals."""
        return host.now()

    def read(self, timeout: float) -> list[Arrival]:
        """Return what has arrived; see :class:`~firmware_interface.link.Transport`."""
        return self._queue.take(timeout)

    def close(self) -> None:
        """Let go of the stream; further calls do nothing."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(_JOIN)

    def _serve(self) -> None:
        policy = self._policy
        policy.begin(self.now())
        while not self._closing.is_set() and policy.fatal is None:
            if policy.state == "looking":
                try:
                    self._attempt()
                except Exception as error:  # noqa: BLE001  liblsl raises what it likes, and the night goes on
                    policy.failed(
                        self.now(), Trouble(DeviceError(f"LSL: {str(error) or type(error).__name__}"))
                    )
            else:
                self._closing.wait(min(_TICK, max(0.0, policy.deadline - self.now())))
                policy.tick(self.now())
        policy.close(self.now())
        if policy.fatal is not None:
            self._queue.fail(policy.fatal)

    def _attempt(self) -> None:
        from pylsl import StreamInlet

        found = self._look()
        if isinstance(found, Trouble):
            self._policy.failed(self.now(), found)
            return
        self._policy.found(self.now(), f"{found.name()} on {found.hostname()}")
        # Recovery is ours: LSL's own would hide how long the stream was away.
        inlet = StreamInlet(found, recover=False)
        try:
            info = inlet.info(self._policy.patience.connect)
            inlet.open_stream(self._policy.patience.connect)
            self._policy.connected(self.now())
            self._known = info.source_id()
            self._policy.started(self.now())
            self._hand_over(
                self.now(), encode_description(info.name(), info.nominal_srate(), _channels(info))
            )
            self._stay(inlet, np.dtype(NUMBERS[_TYPES[info.channel_format()].encode()]))
        finally:
            inlet.close_stream()

    def _look(self) -> Any | Trouble:  # noqa: ANN401  pylsl is not typed
        """Return the stream that is meant, the one it was before if it has an identity."""
        from pylsl import resolve_bypred

        wanted = f"name='{self._name}'" if self._name else "type='EMG' or type='EXG'"
        seen = [
            info
            for info in resolve_bypred(wanted, 1, self._policy.patience.look)
            if info.channel_format() in _TYPES
            and (not self._name or info.name() == self._name)
            and self._known in {"", info.source_id()}
        ]
        label = f"LSL stream called {self._name}" if self._name else "LSL stream of type EMG or EXG"
        if len(seen) > 1:
            hosts = ", ".join(f"{info.name()} on {info.hostname()}" for info in seen)
            error = DeviceError(f"there is more than one {label}: {hosts}", hint="stop one, or rename it")
            return Trouble(error, mends=False)
        if not seen:
            return Trouble(
                DeviceError(f"no {label} is in sight", hint="start its sender in the same network")
            )
        return seen[0]

    def _stay(self, inlet: Any, kind: np.dtype[Any]) -> None:  # noqa: ANN401  pylsl is not typed
        from pylsl import local_clock
        from pylsl.util import LostError

        policy = self._policy
        correction, correct_at = inlet.time_correction(_JOIN), self.now() + CORRECT_EVERY
        while policy.state == "streaming" and not self._closing.is_set():
            try:
                chunk, stamps = inlet.pull_chunk(_TICK, max_samples=4096)
            except LostError:
                policy.lost(self.now(), "disconnect", "the sender is gone")
                return
            if stamps:
                behind = local_clock() - (stamps[-1] + correction)
                samples = np.asarray(chunk, dtype=kind).reshape(len(stamps), -1).T
                self._hand_over(self.now() - max(0.0, behind), encode_samples(samples))
            if self.now() >= correct_at:
                correction, correct_at = inlet.time_correction(_JOIN), self.now() + CORRECT_EVERY
            policy.tick(self.now())

    def _hand_over(self, time: float, frame: bytes) -> None:
        self._last = max(self._last, time)
        self._queue.put(Received(self._last, frame))
        self._policy.received(self.now())


def _channels(info: Any) -> list[tuple[str, str]]:  # noqa: ANN401  pylsl is not typed
    """Return labels and units from the description, empty where the sender wrote none."""
    channels = []
    each = info.desc().child("channels").child("channel")
    for _ in range(info.channel_count()):
        channels.append((each.child_value("label"), each.child_value("unit")))
        each = each.next_sibling()
    return channels
