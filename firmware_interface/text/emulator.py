"""A sketch that prints lines, without the board."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.types import StreamInfo
from firmware_interface.device import Message
from firmware_interface.text.bars import END, FIRST_TAG
from firmware_interface.text.channels import channels_of
from firmware_interface.text.dialect import DEFAULT_RATE, LIBRARY_NAMES, RATES
from firmware_interface.text.stamps import WRAP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emgdetect.types import RawArray
    from firmware_interface.text.options import TextOptions

BOOT_TEXT = b"MyoWare Example_01_analogRead_SINGLE\r\n"
TIMED_RATES = {"t_us": 500.0, "t_ms": 500.0, "json": 1000.0}
NAMES = {
    "library": LIBRARY_NAMES,
    "bargraph": tuple(f"A{n}" for n in range(6)),
    "labels": ("raw", "env"),
    "json": ("raw",),
}


class TextEmulator:
    """Prints a line for each sample, as the sketch of the dialect does.

    Parameters
    ----------
    options : TextOptions
        As for the decoder; the dialect "auto" is one value a line.
    boot : bytes
        What is printed after a reset; it is also the line that a listener finds cut.
    end : bytes
        What ends a line; empty where each line is a notification of its own.
    decimals : int
        How many are printed of whole numbers, too.
    source : str
        The characteristic that sends, if any.
    """

    __slots__ = ("_boot", "_decimals", "_dialect", "_end", "_info", "_n_sent", "_source")

    def __init__(
        self,
        options: TextOptions,
        *,
        boot: bytes = b"\r\n",
        end: bytes = b"\r\n",
        decimals: int = 0,
        source: str = "",
    ) -> None:
        dialect = "value" if options.dialect == "auto" else options.dialect
        names = options.names or NAMES.get(dialect, ("value",))
        rate = options.rate or TIMED_RATES.get(dialect) or RATES.get(dialect, DEFAULT_RATE)
        self._info = StreamInfo(rate, channels_of(names, options.written_as(dialect)), options.device)
        self._dialect = dialect
        self._boot = boot
        self._end = end
        self._decimals = decimals
        self._source = source
        self._n_sent = 0

    @property
    def info(self) -> StreamInfo:
        """What a decoder should find out."""
        return self._info

    def restart(self) -> list[Message]:
        """Begin anew: the clock of the sketch starts at 0 again."""
        self._n_sent = 0
        return [Message(self._boot, source=self._source)] if self._boot else []

    def hear(self, data: bytes, to: str = "") -> list[Message]:
        """Take no notice, as such sketches do."""
        del data, to
        return []

    def send(self, data: RawArray) -> list[Message]:
        """Print a line for each sample, or for the bar graph a turn of lines; floats get two decimals."""
        whole = np.issubdtype(data.dtype, np.integer)
        spec = f".{self._decimals}f" if whole else ".2f"
        return [self._message([format(value, spec) for value in row]) for row in data.T.tolist()]

    def _message(self, words: Sequence[str]) -> Message:
        text = self._text(words)
        self._n_sent += 1
        return Message(text.encode("ascii").replace(b"\n", self._end) + self._end, 1, self._source)

    def _text(self, words: Sequence[str]) -> str:
        named = zip(self._info.ch_names, words, strict=True)
        match self._dialect:
            case "t_us":
                return ",".join([self._stamp(1_000_000), *words])
            case "t_ms":
                return ",".join([self._stamp(1000), *words])
            case "labels":
                return "\t".join(f"{name}:{word}" for name, word in named)
            case "json":
                fields = [f'"{name}":{word}' for name, word in named]
                return "{" + ",".join([*fields, f'"t":{self._stamp(1000)}']) + "}"
            case "bargraph":
                return "\n".join(f"{FIRST_TAG + n}\n{word}\n{END}" for n, word in enumerate(words))
        return ",".join(words)

    def _stamp(self, per_second: int) -> str:
        return str(round(self._n_sent * per_second / self._info.sampling_rate) % WRAP)
