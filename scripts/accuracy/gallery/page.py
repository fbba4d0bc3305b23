"""The page: sixty pictures with captions and comments, and what all misses and false alarms are made of."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING

from accuracy.gallery.exhibits import GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from accuracy.gallery.comments import Comments
    from accuracy.gallery.exhibits import Exhibit, Group

TITLES = {"hit": "Hits", "miss": "Misses", "false alarm": "False alarms"}
NOT_YET = "Not looked at yet."
STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; color: #222b33; margin: 2rem auto; max-width: 1420px;
  padding: 0 1rem; }
.wall { display: grid; grid-template-columns: repeat(auto-fill, minmax(430px, 1fr)); gap: 1.2rem; }
figure { margin: 0; border: 1px solid #c9d0d6; border-radius: 6px; padding: 8px; }
figure svg { width: 100%; height: auto; font-family: system-ui, sans-serif; }
figcaption { font-size: 13px; } figcaption p { margin: 2px 0; } .seen { font-style: italic; }
.none { color: #5b6670; } table { border-collapse: collapse; margin: 1rem 0; }
td, th { border-bottom: 1px solid #c9d0d6; padding: 3px 12px 3px 0; text-align: left; }
td.n { text-align: right; }
"""
LEGEND = """\
<p>Each picture has four parts: bars of what is <b>true</b> (green), what was <b>found</b> (blue; white where
it was kept as an artefact) and what disturbed (<b>trap</b>, grey); the trace as the sensor sent it; the same
as the detector's filters left it; its RMS over 50 ms (black, logarithmic) and over the detector's shortest
scale (thin), the noise floor (grey, dashed), the threshold of the scale nearest to 50 ms (orange) and that of
the shortest scale (dotted). Other scales and rules have thresholds of their own. The true event is shaded.
Units are those of the sensor (µV, or counts of the converter).</p>
"""


def page(
    facts: str,
    shown: dict[Group, list[tuple[Exhibit, str]]],
    everything: Sequence[Exhibit],
    comments: Comments,
    materials: str,
) -> str:
    """Return the page.

    Parameters
    ----------
    facts : str
        Date, versions, command.
    shown : dict
        By group: exhibits and their SVG.
    everything : sequence of Exhibit
        All that were there to draw from, for the counts.
    comments : Comments
        What people saw.
    materials : str
        Which recordings were searched.
    """
    parts = [
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>Gallery of detections</title>",
        f"<meta name=viewport content='width=device-width'><style>{STYLE}</style></head><body>",
        f"<h1>Hits, misses and false alarms</h1><p>{escape(facts)}</p><p>{escape(materials)}</p>{LEGEND}",
        _counts(everything),
    ]
    for group in GROUPS:
        pictures = shown.get(group, [])
        found = sum(one.group == group for one in everything)
        parts.append(f"<h2>{TITLES[group]} ({len(pictures)} of {found})</h2><div class=wall>")
        parts += [_figure(exhibit, svg, comments.of(exhibit)) for exhibit, svg in pictures]
        parts.append("</div>")
    return "\n".join([*parts, "</body></html>\n"])


def caption(exhibit: Exhibit) -> list[str]:
    """Return the lines below a picture."""
    unit = f"{exhibit.suite}, seed {exhibit.seed}, {exhibit.channel}, sample {exhibit.sample}"
    lines = [f"{unit} ({exhibit.span[0]:.3f} s)"]
    if exhibit.group != "false alarm":
        true = f"{1000 * (exhibit.span[1] - exhibit.span[0]):.0f} ms, {exhibit.snr_db:.0f} dB"
        lines.append(f"true: {exhibit.kind.replace('_', ' ')}, {true}")
    if exhibit.event is not None:
        event = exhibit.event
        length = f"{1000 * event.duration:.0f} ms"
        lines.append(
            f"found: {event.kind}, {length}, SNR {event.snr_db:.1f} dB, confidence {event.confidence:.2f}"
        )
    return lines


def _figure(exhibit: Exhibit, svg: str, comment: str) -> str:
    lines = [f"<p>{escape(line)}</p>" for line in caption(exhibit)]
    if exhibit.cause:
        lines.append(f"<p><b>{escape(exhibit.cause)}</b></p>")
    seen = f"<p class=seen>{escape(comment)}</p>" if comment else f"<p class=none>{NOT_YET}</p>"
    return f"<figure>{svg}<figcaption>{''.join(lines)}{seen}</figcaption></figure>"


def counted(everything: Iterable[Exhibit], group: str) -> list[tuple[str, int, str]]:
    """Return causes of a group, the most frequent first, with their numbers and the suites they are in."""
    total: Counter[str] = Counter()
    suites: dict[str, Counter[str]] = {}
    for exhibit in everything:
        if exhibit.group == group:
            total[exhibit.cause] += 1
            suites.setdefault(exhibit.cause, Counter())[exhibit.suite] += 1
    return [
        (cause, number, ", ".join(f"{suite} {n}" for suite, n in suites[cause].most_common()))
        for cause, number in total.most_common()
    ]


def _counts(everything: Sequence[Exhibit]) -> str:
    parts = []
    for group in ("miss", "false alarm"):
        rows = "".join(
            f"<tr><td>{escape(cause)}</td><td class=n>{number}</td><td>{escape(where)}</td></tr>"
            for cause, number, where in counted(everything, group)
        )
        parts.append(
            f"<h2>What all {TITLES[group].lower()} are made of</h2>"
            f"<table><tr><th>cause</th><th>number</th><th>where</th></tr>{rows}</table>"
        )
    return "".join(parts)
