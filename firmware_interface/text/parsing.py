"""One line of text to the numbers in it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Literal

Form = Literal["plain", "labels", "json"]
"""How a line is written: ``1,2``, ``raw:1 env:2`` or ``{"raw": 1, "env": 2}``."""

Number = int | float

MOST_FIELDS = 32
MOST_DIGITS = 18

_NUMBER = rf"[-+]?(?:\d{{1,{MOST_DIGITS}}}(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{{1,3}})?|nan|NaN|NAN"
_NUMBERS = re.compile(rf"(?:{_NUMBER})(?:(?:\s*[,;]\s*|\s+)(?:{_NUMBER}))*[,;]?")
_LABEL = r"[A-Za-z_][\w.-]{0,39}"
_LABELLED = re.compile(
    rf"(?:{_LABEL})\s*:\s*(?:{_NUMBER})(?:[,;\s]\s*(?:{_LABEL})\s*:\s*(?:{_NUMBER}))*[,;]?"
)
_PAIR = re.compile(rf"({_LABEL})\s*:\s*({_NUMBER})")
_GAPS = re.compile(r"[,;\s]+")
_INTEGER = re.compile(r"[-+]?\d+")


@dataclass(frozen=True, slots=True)
class Line:
    """The numbers of one line; ``keys`` are their names, empty strings where the line has none."""

    form: Form
    keys: tuple[str, ...]
    values: tuple[Number, ...]

    @property
    def shape(self) -> tuple[Form, tuple[str, ...]]:
        """What lines of one stream have in common."""
        return self.form, self.keys


def parse(line: bytes) -> Line | None:
    """Return the numbers of a line, ``None`` if it is not made of numbers.

    Parameters
    ----------
    line : bytes
        Without its end, and of bounded length.
    """
    if not line.isascii():
        return None
    text = line.decode("ascii").strip()
    if text.startswith("{"):
        return _parse_json(text)
    if _NUMBERS.fullmatch(text):
        words = [word for word in _GAPS.split(text) if word]
        return _line("plain", [("", number(word)) for word in words])
    if _LABELLED.fullmatch(text):
        return _line("labels", [(key, number(word)) for key, word in _PAIR.findall(text)])
    return None


def number(word: str) -> Number:
    """Return an integer where ``word`` is one, else a float; ``word`` is known to be a number."""
    return int(word) if _INTEGER.fullmatch(word) else float(word)


def _parse_json(text: str) -> Line | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    # A bool is an int to Python; a flag of the sensor's state is no sample.
    return _line("json", [(key, value) for key, value in found.items() if type(value) in {int, float}])


def _line(form: Form, pairs: list[tuple[str, Number]]) -> Line | None:
    keys = tuple(key for key, _ in pairs)
    if not 0 < len(pairs) <= MOST_FIELDS or (form != "plain" and len(set(keys)) < len(keys)):
        return None
    return Line(form, keys, tuple(value for _, value in pairs))
