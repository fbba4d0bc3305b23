"""A stream of the Lab Streaming Layer as a link; ``lsl_frames`` tells what it carries."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from emgdetect.errors import DeviceError, MissingExtraError
from firmware_interface.link import Received
from firmware_interface.transports.keeping import BlockingLink
from firmware_interface.transports.lsl_frames import NUMBERS, encode_description, encode_samples
from firmware_interface.transports.policy import Patience, Trouble

PATIENCE = Patience(look=2.0, connect=10.0, latest=5.0)
CORRECT_EVERY = 60.0

_ANSWER = 15.0
_ONLY_THE_WORST = "[log]\nlevel = -3\n"
_PULL = 0.02
_TYPES = {1: "f", 2: "d", 4: "l", 5: "h", 6: "b", 7: "q"}


def hush() -> None:
    """Keep liblsl from writing over the screen; what matters of it is told in other words.

    It has an effect before anything else is asked of liblsl. Somebody's own settings stay in force.
    """
    from pylsl import set_config_content

    folders = (Path(), Path.home() / "lsl_api", Path("/etc/lsl_api"))
    if "LSLAPICFG" not in os.environ and not any((folder / "lsl_api.cfg").exists() for folder in folders):
        set_config_content(_ONLY_THE_WORST)


class LslTransport(BlockingLink):
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
        super().__init__(f"lsl {name}", patience)
        self._name = name
        self._known = ""
        self._last = 0.0

    def _require(self) -> None:
        if find_spec("pylsl") is None:
            raise MissingExtraError("pylsl", extra="lsl", purpose="a stream of the Lab Streaming Layer")

    def _attempt(self) -> None:
        try:
            self._connect()
        except Exception as error:  # noqa: BLE001  liblsl raises what it likes, and the night goes on
            trouble = Trouble(DeviceError(f"LSL: {str(error) or type(error).__name__}"))
            self._policy.failed(self.now(), trouble)

    def _connect(self) -> None:
        from pylsl import StreamInlet

        hush()
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
            self._started()
            self._frame(self.now(), encode_description(info.name(), info.nominal_srate(), _channels(info)))
            self._stay(inlet, np.dtype(NUMBERS[_TYPES[info.channel_format()].encode()]))
        finally:
            inlet.close_stream()

    def _look(self) -> Any | Trouble:  # noqa: ANN401  pylsl is not typed
        """Return the stream that is meant, the one it was before if it has an identity."""
        from pylsl import resolve_bypred, resolve_byprop

        seconds = self._policy.patience.look
        if self._name:
            streams = resolve_byprop("name", self._name, 1, seconds)
        else:
            streams = resolve_bypred("type='EMG' or type='EXG'", 1, seconds)
        seen = [
            info
            for info in streams
            if info.channel_format() in _TYPES and self._known in {"", info.source_id()}
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

        correction, correct_at = inlet.time_correction(_ANSWER), self.now() + CORRECT_EVERY
        while self._is_up:
            try:
                chunk, stamps = inlet.pull_chunk(_PULL, max_samples=4096)
            except LostError:
                self._policy.lost(self.now(), "disconnect", "the sender is gone")
                return
            if stamps:
                behind = local_clock() - (stamps[-1] + correction)
                samples = np.asarray(chunk, dtype=kind).reshape(len(stamps), -1).T
                self._frame(self.now() - max(0.0, behind), encode_samples(samples))
            if self.now() >= correct_at:
                correction, correct_at = inlet.time_correction(_ANSWER), self.now() + CORRECT_EVERY

    def _frame(self, time: float, frame: bytes) -> None:
        self._last = max(self._last, time)
        self._hand_over(Received(self._last, frame))


def _channels(info: Any) -> list[tuple[str, str]]:  # noqa: ANN401  pylsl is not typed
    """Return labels and units from the description, empty where the sender wrote none."""
    channels = []
    each = info.desc().child("channels").child("channel")
    for _ in range(info.channel_count()):
        channels.append((each.child_value("label"), each.child_value("unit")))
        each = each.next_sibling()
    return channels
