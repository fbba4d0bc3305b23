"""Every error this package raises on purpose.

::

    EmgError                    exit code 1    anything below
    ├── UsageError              2              options that do not go together
    ├── FormatError             3              a file that cannot be read as a recording
    ├── MissingExtraError       4              an optional library is not installed
    ├── OutputError             5              a file that cannot be written, or exists already
    ├── ConfigError             6              a profile or layout with a wrong setting
    ├── UnsuitableSignalError   7              a signal that cannot carry what was asked for
    ├── SessionError            8              a session file that cannot be opened or continued
    └── DeviceError             9              a sensor that misbehaves

A message is one line that says what is wrong, where, and what to do. Callers read the attributes,
never the text.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar


class EmgError(Exception):
    """Root of the tree.

    Parameters
    ----------
    what : str
        What is wrong, in the user's words, without a full stop.
    where : object, optional
        The file, channel, line or device concerned; shown before the message.
    hint : str, optional
        What to do about it; shown after the message.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, *, where: object = None, hint: str = "") -> None:
        super().__init__(what, where, hint)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where is not None else ""
        advice = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.what}{advice}".replace("\n", " ")

    def __reduce__(self) -> tuple[Any, ...]:
        # By default an exception is made again from its positional arguments, which are not those of our
        # constructors: without this none would survive the way back from another process.
        state = dict(self.__dict__)
        state["where"] = _plain(self.where)
        return _made_again, (type(self), tuple(map(_plain, self.args)), state)


def _plain(value: object) -> object:
    return value if isinstance(value, Path | str | int | None) else str(value)


def _made_again(kind: type[EmgError], args: tuple[Any, ...], state: dict[str, Any]) -> EmgError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


class UsageError(EmgError, ValueError):
    """Options or arguments that are wrong or do not go together."""

    exit_code = 2


class FormatError(EmgError, ValueError):
    """A file that cannot be read as a recording: empty, truncated, unknown, or with a header that lies."""

    exit_code = 3


class MissingExtraError(EmgError, ImportError):
    """An optional library is not installed.

    Parameters
    ----------
    library : str
        The name it is imported by.
    extra : str
        The extra of this package that installs it.
    purpose : str
        What it is needed for, as in "reading C3D files".
    """

    exit_code = 4

    def __init__(self, library: str, *, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs the library {library}",
            hint=f"install it with: pip install 'emgdetect[{extra}]'",
        )
        self.library = library
        self.extra = extra


class OutputError(EmgError, OSError):
    """A file that cannot be written: it exists, the disk is full, permission is missing."""

    exit_code = 5

    def __str__(self) -> str:
        # OSError builds its own text from the arguments; ours is the one people should read.
        return EmgError.__str__(self)


class ConfigError(EmgError, ValueError):
    """A profile or layout with an unknown name or a setting out of range."""

    exit_code = 6


class UnsuitableSignalError(EmgError, ValueError):
    """A signal that cannot carry what was asked for, such as twitches at 1 Hz or µV rules on counts."""

    exit_code = 7


class SessionError(EmgError, ValueError):
    """A session file that cannot be opened, migrated or continued."""

    exit_code = 8


class DeviceError(EmgError, OSError):
    """A sensor that cannot be reached or sends what its description does not allow."""

    exit_code = 9

    def __str__(self) -> str:
        return EmgError.__str__(self)
