"""Many boxes or lines as one piece, so that a drawing is small and quick however much there is to draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.transforms import Transform

Box = tuple[float, float, float, float]
"""Left, right, bottom, top."""

Segment = tuple[tuple[float, float], tuple[float, float]]
"""From point to point, x before y."""


def boxes(axes: Axes, places: Sequence[Box], *, transform: Transform | None = None, **style: object) -> None:
    """Draw boxes as one path, in the axes' own coordinates or in those of ``transform``."""
    if not places:
        return
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    corners = [((x0, y0), (x0, y1), (x1, y1), (x1, y0), (x0, y0)) for x0, x1, y0, y1 in places]
    vertices = np.array(corners, dtype=np.float64).reshape(-1, 2)
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * len(places)
    placed = {} if transform is None else {"transform": transform}
    axes.add_patch(PathPatch(Path(vertices, codes), **placed, **style))


def full_height(axes: Axes, stretches: Sequence[tuple[float, float]], **style: object) -> None:
    """Draw stretches of x over the whole height of the axes."""
    places = [(start, stop, 0.0, 1.0) for start, stop in stretches]
    boxes(axes, places, transform=axes.get_xaxis_transform(), **style)


def lines(
    axes: Axes, segments: Sequence[Segment], *, transform: Transform | None = None, **style: object
) -> None:
    """Draw straight lines as one path, in the axes' own coordinates or in those of ``transform``."""
    if not segments:
        return
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    vertices = np.array(segments, dtype=np.float64).reshape(-1, 2)
    placed = {} if transform is None else {"transform": transform}
    path = Path(vertices, [Path.MOVETO, Path.LINETO] * len(segments))
    axes.add_artist(PathPatch(path, fill=False, **placed, **style))
