"""What somebody scored, along the time of the overview: sleep stages, series of a rule, and the diary."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from emgdetect.report import palette, words
from emgdetect.report.canvas import SMALL, TEXT
from emgdetect.report.leading import leg_score
from emgdetect.report.shapes import boxes, full_height, lines
from emgdetect.report.ticks import along_y

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from emgdetect.context import Placed
    from emgdetect.report.canvas import Canvas
    from emgdetect.report.material import Material
    from emgdetect.report.overview import Layout
    from emgdetect.sequences import Score

ORDER = ("W", "R", "S", "N", "N1", "N2", "N3")
"""Stages from top to bottom, as hypnograms are drawn."""

STAGED = frozenset({"R", "N1", "N2", "N3"})
USUAL = frozenset({"W", "R", "N1", "N2", "N3"})
LABELS = {"R": "REM", "S": "sleep", "N": "NREM"}

STAGES_HEIGHT = 78.0
SLIM = 11.0
TITLE = 22.0

Strip = tuple[str, float, "Callable[[Axes], None]"]


def strips(material: Material) -> list[Strip]:
    """Return what there is to draw above the channels: a title, a height in pixels, and how to draw it."""
    found: list[Strip] = []
    if material.known.staged:
        found.append(("Sleep stages", STAGES_HEIGHT, lambda axes: _stages(axes, material)))
    score = leg_score(material)
    if score is not None and score.sequences:
        title = f"PLM series, rule set {score.rule}"
        found.append((title, SLIM, lambda axes: _series(axes, score)))
    if noted(material):
        found.append(("Diary", SLIM, lambda axes: _diary(axes, material)))
    return found


def height(material: Material) -> float:
    """Return how many pixels the strips take."""
    return sum(TITLE + pixels for _, pixels, _ in strips(material))


def draw(canvas: Canvas, material: Material, layout: Layout) -> float:
    """Draw the strips at the top of a canvas and return where they end, in pixels."""
    top = 0.0
    for title, pixels, fill in strips(material):
        axes = canvas.axes(layout.left, top + TITLE, layout.width - layout.left - layout.right, pixels)
        axes.set_xlim(0, max(material.duration, 1e-3))
        fill(axes)
        canvas.write(layout.left, top + TITLE - 6, title, weight="bold", size=TEXT)
        top += TITLE + pixels
    return top


def noted(material: Material) -> list[tuple[int, Placed]]:
    """Return the entries of the diary that lie within the recording, with their numbers in the list."""
    return [
        (number, one)
        for number, one in enumerate(material.known.diary, 1)
        if one.when == "during" and one.onset is not None
    ]


def levels(present: frozenset[str]) -> tuple[str, ...]:
    """Return the stages a hypnogram has rows for, from the top; the usual five once any of them is told."""
    wanted = present | (USUAL if present & STAGED else frozenset("W"))
    return tuple(stage for stage in ORDER if stage in wanted)


def _stages(axes: Axes, material: Material) -> None:
    scored = material.known.scored
    spans = [] if scored is None else [span for span in scored.stages if span.stage != "?"]
    rows = levels(frozenset(span.stage for span in spans))
    at = {stage: len(rows) - 1 - place for place, stage in enumerate(rows)}
    axes.set_ylim(-0.6, len(rows) - 0.4)
    along_y(axes, [(at[stage], LABELS.get(stage, stage)) for stage in rows], marks=False, size=SMALL - 1)
    _blank(axes, [(span.onset, span.stop) for span in spans], material.duration)
    for stage, colour, half in (("R", palette.REM, 0.3), ("", palette.INK, 0.09)):
        chosen = [span for span in spans if not stage or span.stage == stage]
        places = [(s.onset, s.stop, at[s.stage] - half, at[s.stage] + half) for s in chosen]
        boxes(axes, places, facecolor=colour, linewidth=0)
    steps = [
        ((after.onset, at[before.stage]), (after.onset, at[after.stage]))
        for before, after in pairwise(spans)
        if after.onset - before.stop < 1 and before.stage != after.stage
    ]
    lines(axes, steps, color=palette.INK, linewidth=0.5)
    for light in () if scored is None else (scored.lights_off, scored.lights_on):
        if light is not None:
            axes.axvline(light, color=palette.FAINT, linewidth=0.8, linestyle=(0, (3, 2)))


def _blank(axes: Axes, spans: list[tuple[float, float]], stop: float) -> None:
    """Hatch what nobody scored."""
    edges = [0.0, *(value for span in spans for value in span), stop]
    holes = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= 1]
    full_height(axes, holes, zorder=0.4, **palette.LOST_STYLE)


def _series(axes: Axes, score: Score) -> None:
    axes.spines["left"].set_visible(False)
    full_height(axes, [(one.onset, one.stop) for one in score.sequences], facecolor=palette.INK, linewidth=0)


def _diary(axes: Axes, material: Material) -> None:
    axes.spines[:].set_visible(False)
    axes.set_ylim(0, 1)
    for group in near(noted(material), material.duration / 40):
        onsets = [one.onset or 0.0 for _, one in group]
        axes.plot(
            onsets,
            [0.35] * len(onsets),
            linestyle="none",
            marker="v",
            markersize=6,
            color=palette.INK,
            clip_on=False,
        )
        first, last = group[0][0], group[-1][0]
        label = str(first) if first == last else f"{first}\u2013{last}"
        text = f"{words.FIXED}{words.FIXED}{label}"
        axes.text(onsets[-1], 0.45, text, size=SMALL - 1, va="center", clip_on=False)


def near(entries: list[tuple[int, Placed]], within: float) -> list[list[tuple[int, Placed]]]:
    """Group entries that follow each other within so many seconds, so that labels do not meet."""
    groups: list[list[tuple[int, Placed]]] = []
    for number, one in entries:
        before = groups[-1][-1][1].onset if groups else None
        if before is not None and one.onset is not None and one.onset - before < within:
            groups[-1].append((number, one))
        else:
            groups.append([(number, one)])
    return groups
