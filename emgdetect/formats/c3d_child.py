"""Run as a program of its own, ``python -P c3d_child.py IN.c3d``, to read with ezc3d for ``c3d``.

ezc3d is C++ and ends the whole process over some damaged files. In a process of its own that is only one more
answer. Standard output gets a line of JSON (rate, labels, units), then an array in NumPy's format.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np


def main(source: str) -> None:
    """Write the analog samples (channels by samples, float64) after what is known of them."""
    _limit_memory(Path(source).stat().st_size)
    import ezc3d

    file = ezc3d.c3d(source)
    analog = file["parameters"]["ANALOG"]
    samples = np.ascontiguousarray(file["data"]["analogs"][0], dtype=np.float64)
    described = {
        "rate": float(analog["RATE"]["value"][0]),
        "labels": [text for key in _keys(analog, "LABELS") for text in analog[key]["value"]],
        "units": [text for key in _keys(analog, "UNITS") for text in analog[key]["value"]],
    }
    out = sys.stdout.buffer
    out.write(json.dumps(described).encode() + b"\n")
    np.lib.format.write_array(out, samples, version=(1, 0), allow_pickle=False)


def _keys(group: dict[str, object], name: str) -> list[str]:
    """Names beyond 255 channels go on in LABELS2, LABELS3, ..."""
    return [key for key in (name, *(f"{name}{number}" for number in range(2, 10))) if key in group]


def _limit_memory(size: int) -> None:
    """Hold a header that lies to what a file of this size can need."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        limit = (2 << 30) + 64 * size
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


if __name__ == "__main__":
    main(sys.argv[1])
