"""The live screen in a terminal, drawn by a thread of its own: a terminal that hangs stops no recording."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from emgdetect.cli.screen.drawing import draw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, Group

    from emgdetect.cli.screen.watching import Watching

EVERY_S = 0.25
_OVER_S = 2.0


@contextmanager
def shown(watching: Watching) -> Iterator[None]:
    """Show a recording on the whole terminal until the block ends, then leave it as it was."""
    from rich.console import Console
    from rich.live import Live

    console = Console(stderr=True)
    over = threading.Event()
    with Live(console=console, screen=True, auto_refresh=False) as live:

        def keep_drawing() -> None:
            while not over.is_set():
                watching.touched.clear()
                live.update(_fitted(watching, console), refresh=True)
                watching.touched.wait(EVERY_S)

        thread = threading.Thread(target=keep_drawing, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            watching.touched.set()
            thread.join(_OVER_S)


def _fitted(watching: Watching, console: Console) -> Group:
    """Draw with as many lines of what happened as there is room for."""
    width, height = console.size
    bare = draw(watching.picture(0), width, height)
    used = len(console.render_lines(bare, console.options, pad=False))
    return draw(watching.picture(max(0, height - used)), width, height)
