"""What the user said of a device, as in ``--option rate=500``: checked, and turned into numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from emgdetect.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class Given:
    """The options given for one device; reading one checks it.

    Parameters
    ----------
    device : str
        What people call the device, for messages.
    options : mapping
        Names and texts as they were typed.
    known : collection of str
        The names the device has, in the order its help has them.

    Raises
    ------
    UsageError
        There is an option that the device does not have.
    """

    __slots__ = ("_device", "_options")

    def __init__(self, device: str, options: Mapping[str, str], known: Collection[str]) -> None:
        self._device = device
        self._options = options
        for name in options:
            if name not in known:
                hint = f"it has: {', '.join(known)}" if known else "it has none"
                raise UsageError(f"there is no option {name!r}", where=device, hint=hint)

    def __contains__(self, name: str) -> bool:
        return name in self._options

    def text(self, name: str, default: str = "") -> str:
        """Return an option as it was typed, without blanks around it."""
        return self._options.get(name, default).strip()

    def choice(self, name: str, default: str, choices: Collection[str]) -> str:
        """Return an option that is one of a few words; case does not matter.

        Raises
        ------
        UsageError
            It is another word.
        """
        said = self.text(name, default)
        for choice in choices:
            if choice.lower() == said.lower():
                return choice
        raise self._wrong(name, f"must be one of {', '.join(choices)}")

    def number(self, name: str, default: float | None = None) -> float | None:
        """Return an option that is a number above zero, ``default`` if it was not given.

        Raises
        ------
        UsageError
            It is no number, or not above zero.
        """
        if name not in self._options:
            return default
        try:
            value = float(self.text(name))
        except ValueError:
            value = math.nan
        if not 0 < value < math.inf:
            raise self._wrong(name, "must be a number above zero")
        return value

    def count(self, name: str, default: int | None, most: int) -> int | None:
        """Return an option that is a whole number from 1 to ``most``, ``default`` if it was not given.

        Raises
        ------
        UsageError
            It is something else.
        """
        if name not in self._options:
            return default
        said = self.text(name)
        if not (said.isascii() and said.isdigit() and len(said) <= len(str(most)) and 1 <= int(said) <= most):
            raise self._wrong(name, f"must be a whole number from 1 to {most}")
        return int(said)

    def names(self, name: str) -> tuple[str, ...]:
        """Return an option that lists names, parted by commas; empty if it was not given.

        Raises
        ------
        UsageError
            A name is empty or there twice.
        """
        if name not in self._options:
            return ()
        found = tuple(part.strip() for part in self._options[name].split(","))
        if not all(found) or len(set(found)) < len(found):
            raise self._wrong(name, "must be different names with commas between them")
        return found

    def _wrong(self, name: str, what: str) -> UsageError:
        return UsageError(f"option {name!r} {what} (it says {self.text(name)!r})", where=self._device)
