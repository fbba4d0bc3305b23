"""Values out of a file that may be damaged: of the right type and range, or :class:`DamagedError`.

SQLite stores any type in any column, so nothing is taken on trust.
"""

from __future__ import annotations

import json
import math
from datetime import datetime
from typing import Any, TypeVar

from emgdetect.session.database import DamagedError

T = TypeVar("T")

LARGEST = 1 << 53
"""Sample indices stay below, so that they are exact as floating-point numbers too."""


def integer(value: object, what: str, *, low: int = 0) -> int:
    """Return a whole number from ``low`` to :data:`LARGEST`."""
    if not isinstance(value, int) or not low <= value <= LARGEST:
        raise DamagedError(f"the {what} is {value!r:.40}")
    return value


def number(value: object, what: str) -> float:
    """Return a finite number."""
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise DamagedError(f"the {what} is {value!r:.40}")
    return float(value)


def number_or_none(value: object, what: str) -> float | None:
    """Return a finite number, or ``None`` where there is none."""
    return None if value is None else number(value, what)


def number_or_nan(value: object, what: str) -> float:
    """Return a number; SQLite keeps NaN as NULL."""
    if value is None:
        return math.nan
    if not isinstance(value, int | float):
        raise DamagedError(f"the {what} is {value!r:.40}")
    return float(value)


def text(value: object, what: str) -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise DamagedError(f"the {what} is {value!r:.40}")
    return value


def text_or_none(value: object, what: str) -> str | None:
    """Return a text, or ``None`` where there is none."""
    return None if value is None else text(value, what)


def blob(value: object, what: str) -> bytes:
    """Return bytes."""
    if not isinstance(value, bytes):
        raise DamagedError(f"the {what} is no block of bytes")
    return value


def moment(value: object, what: str) -> datetime:
    """Return a date and time from its ISO text."""
    try:
        return datetime.fromisoformat(text(value, what))
    except ValueError as error:
        raise DamagedError(f"the {what} is {value!r:.40}") from error


def moment_or_none(value: object, what: str) -> datetime | None:
    """Return a date and time, or ``None`` where there is none."""
    return None if value is None else moment(value, what)


def parsed(value: object, what: str, kind: type[T]) -> T:
    """Return what a JSON text holds, if it is of ``kind``."""
    try:
        content: Any = json.loads(text(value, what))
    except (ValueError, RecursionError) as error:
        raise DamagedError(f"the {what} is {value!r:.40}") from error
    if not isinstance(content, kind):
        raise DamagedError(f"the {what} is {value!r:.40}")
    return content
