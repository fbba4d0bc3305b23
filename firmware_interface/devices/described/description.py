"""A whole description: its parts, and that they fit together."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from firmware_interface.devices.described.schema import (
    LONGEST_FRAME,
    MOST_CHANNELS,
    SIZES,
    BleTable,
    Bytes,
    Checksum,
    FrameChannel,
    FrameCounter,
    LineChannel,
    LineClock,
    LineCounter,
    Name,
    SerialTable,
    Table,
)

Separator = Literal["any", ",", ";", "tab", "space"]


class LinesTable(Table):
    """Lines of numbers."""

    fields: Annotated[int, Field(ge=1, le=32)] = Field(description="How many numbers are in a line")
    separator: Separator = "any"
    numbers: Literal["integers", "floats"] = "integers"
    counter: LineCounter | None = None
    clock: LineClock | None = None
    channel: tuple[LineChannel, ...] = Field(min_length=1, max_length=MOST_CHANNELS)

    @model_validator(mode="after")
    def _fits(self) -> LinesTable:
        if self.counter is not None and self.clock is not None:
            raise ValueError("has both counter and clock; one of them tells what was lost")
        marks = [mark.field for mark in (self.counter, self.clock) if mark is not None]
        used = [channel.field for channel in self.channel] + marks
        if max(used) >= self.fields:
            raise ValueError(f"field {max(used)} is not among {self.fields} fields counted from 0")
        if len(set(used)) < len(used):
            raise ValueError("two of channels, counter and clock use the same field")
        _different(self.channel)
        return self


class FrameTable(Table):
    """Frames of one length."""

    length: Annotated[int, Field(ge=1, le=LONGEST_FRAME)]
    sync: Bytes = b""
    footer: Bytes = b""
    samples: Annotated[int, Field(ge=1, le=1024)] = 1
    sample_bytes: Annotated[int, Field(ge=1, le=LONGEST_FRAME)] | None = None
    whole_notifications: bool = False
    counter: FrameCounter | None = None
    checksum: Checksum | None = None
    channel: tuple[FrameChannel, ...] = Field(min_length=1, max_length=MOST_CHANNELS)

    @model_validator(mode="after")
    def _fits(self) -> FrameTable:
        if self.samples > 1 and self.sample_bytes is None:
            raise ValueError("several samples in a frame need sample_bytes, the bytes from one to the next")
        if not (self.sync or self.counter or self.whole_notifications):
            raise ValueError("frames need sync or counter to be found by (or whole_notifications)")
        if len(self.sync) + len(self.footer) > self.length:
            raise ValueError("sync and footer are longer than length")
        if self.checksum is not None and self.covered[0] >= self.covered[1]:
            raise ValueError("checksum.start must be below checksum.stop")
        for what, stop in self._ends().items():
            if stop > self.length:
                raise ValueError(f"{what} ends at byte {stop}, behind the frame's length of {self.length}")
        _different(self.channel)
        return self

    @property
    def covered(self) -> tuple[int, int]:
        """First byte under the checksum, and the one behind the last."""
        if self.checksum is None:
            return 0, 0
        start, stop = self.checksum.start, self.checksum.stop
        return (len(self.sync) if start is None else start), (self.checksum.at if stop is None else stop)

    @property
    def stride(self) -> int:
        """Bytes from one sample to the next."""
        return self.sample_bytes or 0

    def _ends(self) -> dict[str, int]:
        behind = (self.samples - 1) * self.stride
        ends = {
            f"channel {channel.name!r}": channel.at + behind + SIZES[channel.type] for channel in self.channel
        }
        if self.counter is not None:
            ends["counter"] = self.counter.at + SIZES[self.counter.type]
        if self.checksum is not None:
            ends["checksum"] = self.checksum.at + self.checksum.size
            ends["what the checksum is over"] = self.covered[1]
        return ends


class Description(Table):
    """Everything about a device that no code of ours knows."""

    name: Name
    rate: Annotated[float, Field(gt=0, le=100_000)]
    serial: SerialTable | None = None
    ble: BleTable | None = None
    lines: LinesTable | None = None
    frame: FrameTable | None = None
    remarks: tuple[str, ...] = ()

    @property
    def body(self) -> LinesTable | FrameTable:
        """What it sends: lines or frames."""
        body = self.lines or self.frame
        if body is None:
            raise ValueError("must have one of the tables lines and frame")
        return body

    @model_validator(mode="after")
    def _complete(self) -> Description:
        if self.body is self.lines and self.frame is not None:
            raise ValueError("must have one of the tables lines and frame, not both")
        if self.serial is None and self.ble is None:
            raise ValueError("must have a table serial or ble, to be reached by")
        if self.frame is not None and self.frame.whole_notifications and self.serial is not None:
            raise ValueError("whole_notifications is for BLE alone: a serial port has none")
        return self


def _different(channels: tuple[LineChannel, ...] | tuple[FrameChannel, ...]) -> None:
    names = [channel.name for channel in channels]
    if len(set(names)) < len(names):
        raise ValueError("two channels have the same name")
