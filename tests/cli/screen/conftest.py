from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from emgdetect.cli.screen.drawing import Picture, draw
from emgdetect.recorder import ChannelStatus, Status, StreamStatus
from emgdetect.types import Event

if TYPE_CHECKING:
    from collections.abc import Callable

LAST = Event("RAW", 1000, 800, 1.0, 0.8, "burst", 120.0, 40.0, 20.0)


def channel(**changes: Any) -> ChannelStatus:  # noqa: ANN401 - any of its fields
    fields = {
        "name": "RAW",
        "unit": "uV",
        "level": 12.4,
        "floor": 3.1,
        "trouble": "",
        "events": 3,
        "last": LAST,
    }
    return ChannelStatus(**{**fields, **changes})


def stream(**changes: Any) -> StreamStatus:  # noqa: ANN401 - any of its fields
    fields = {
        "name": "left leg", "device": "MyoWare on Arduino", "state": "streaming", "detail": "COM3",
        "age": 0.1, "sampling_rate": 1000.0, "measured_rate": 1000.021, "ppm": 21.0, "seconds": 100.0,
        "lost": 0.0012, "gaps": 3, "battery": 87.0, "behind": 0.1, "channels": (channel(),),
    }  # fmt: skip
    return StreamStatus(**{**fields, **changes})


def status(*streams: StreamStatus, **changes: Any) -> Status:  # noqa: ANN401 - any of its fields
    fields = {
        "time": datetime(2026, 11, 21, 3, tzinfo=UTC), "elapsed": 3725.0, "paused": False,
        "free_bytes": 1 << 40, "hours_left": 400.0, "streams": streams or (stream(),),
    }  # fmt: skip
    return Status(**{**fields, **changes})


def text_of(picture: Picture, width: int, height: int = 200) -> str:
    out = io.StringIO()
    Console(file=out, width=width, force_terminal=False).print(draw(picture, width, height))
    return out.getvalue()


@pytest.fixture(params=[80, 120])
def render(request: pytest.FixtureRequest) -> Callable[..., str]:
    def call(shown: Status | None, **changes: Any) -> str:  # noqa: ANN401 - any of its fields
        text = text_of(Picture("night.emgdb", shown, **changes), request.param)
        assert max(map(len, text.splitlines())) <= request.param
        return text

    return call
