"""Markdown: cells and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from accuracy.scoring import Result
    from emgdetect.evaluate import Deviation

NONE = "-"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; a bar within a cell is escaped."""
    lines = [list(head), ["---"] * len(head), *rows]
    return (
        "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
        + "\n"
    )


def part(value: float | None, digits: int = 3) -> str:
    """Return a share; a dash where it is 0 / 0."""
    return NONE if value is None else f"{value:.{digits}f}"


def rate(value: float | None) -> str:
    """Return events per hour with as many digits as mean something."""
    if value is None:
        return NONE
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"  # noqa: PLR2004 - two digits in all


def summary(result: Result | None) -> str:
    """Return F1 and, in brackets, false alarms per hour; these alone where nothing was there; or why not."""
    if result is None:
        return NONE
    if result.score is None:
        return "; ".join(result.failures)
    false = rate(result.score.false_per_hour)
    if result.score.n_truth == 0:
        return f"({false})"
    return f"{part(result.score.f1, 2 if (result.score.f1 or 0.0) < 0.995 else 3)} ({false})"  # noqa: PLR2004 - 0.997 is not 1


def milliseconds(error: Deviation | None) -> str:
    """Return median and 95th percentile of an error of time."""
    if error is None:
        return NONE
    return f"{1000 * error.median:+.1f} / {1000 * error.p95:.0f}"


def kinds(result: Result) -> str:
    """Return recall by kind of true event."""
    if result.score is None or not result.score.kinds:
        return NONE
    return ", ".join(f"{k.kind} {k.recall:.2f} ({k.n_truth})" for k in result.score.kinds)
