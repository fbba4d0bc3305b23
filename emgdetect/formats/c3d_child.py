"""What ``c3d`` runs in a process of its own: reads with ezc3d, answers with float64, channels by samples."""

from __future__ import annotations

import numpy as np

from emgdetect.formats.isolated import answer_with, limit_memory


def main(path: str) -> None:
    """Write what is known of the analog channels, then their samples, one channel after the other."""
    limit_memory(path)
    import ezc3d

    file = ezc3d.c3d(path)
    analog = file["parameters"]["ANALOG"]
    samples = np.ascontiguousarray(file["data"]["analogs"][0], dtype="<f8")
    described = {
        "shape": samples.shape,
        "rate": float(analog["RATE"]["value"][0]),
        "labels": [text for key in _keys(analog, "LABELS") for text in analog[key]["value"]],
        "units": [text for key in _keys(analog, "UNITS") for text in analog[key]["value"]],
    }
    answer_with(described).write(samples.data)


def _keys(group: dict[str, object], name: str) -> list[str]:
    """Names beyond 255 channels go on in LABELS2, LABELS3, ..."""
    return [key for key in (name, *(f"{name}{number}" for number in range(2, 10))) if key in group]
