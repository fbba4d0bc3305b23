"""What an alarm can do: ring, run a command, post to an address that the user gave. Nothing else."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, Request

from emgdetect.errors import EmgError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

POST_S = 10.0
COMMAND_S = 60.0
_ELSEWHERE, _REFUSED = 300, 400


@dataclass(frozen=True, slots=True)
class Bell:
    """The bell of the terminal."""

    def do(self, facts: Mapping[str, str]) -> None:  # noqa: ARG002 - a bell says nothing
        """Ring; without a terminal nothing is heard."""
        sys.stderr.write("\a")
        sys.stderr.flush()

    def __str__(self) -> str:
        return "bell"


@dataclass(frozen=True, slots=True)
class Command:
    """A program with its arguments; no shell reads them."""

    words: tuple[str, ...]

    def do(self, facts: Mapping[str, str]) -> None:
        """Run it and wait; it finds the facts in its environment as ``EMGDETECT_…``.

        Raises
        ------
        EmgError
            If it cannot be run, takes longer than a minute, or ends with another code than 0.
        """
        told = {f"EMGDETECT_{name.upper()}": value for name, value in facts.items()}
        try:
            done = subprocess.run(
                self.words,
                env={**os.environ, **told},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=COMMAND_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise EmgError(f"took longer than {COMMAND_S:.0f} s and was ended", where=str(self)) from None
        except (OSError, ValueError) as error:
            raise EmgError(f"cannot be run: {error}", where=str(self)) from error
        if done.returncode:
            raise EmgError(f"ended with code {done.returncode}", where=str(self))

    def __str__(self) -> str:
        return f"run:{shlex.join(self.words)}"


@dataclass(frozen=True, slots=True)
class Post:
    """An address that is posted to, and no other: no proxy is used and no redirection followed."""

    url: str

    def do(self, facts: Mapping[str, str]) -> None:
        """Post the facts as one JSON object.

        Raises
        ------
        EmgError
            If nobody takes it within ten seconds, or what answers refuses it.
        """
        opener = OpenerDirector()
        for handler in (HTTPHandler(), HTTPSHandler()):
            opener.add_handler(handler)
        body = json.dumps(dict(facts), ensure_ascii=False).encode()
        request = Request(self.url, body, {"Content-Type": "application/json"}, method="POST")  # noqa: S310 - checked when read
        try:
            with opener.open(request, timeout=POST_S) as answer:
                code = int(answer.status)
        except (URLError, OSError, ValueError) as error:
            raise EmgError(f"cannot be posted to: {error}", where=self.url) from error
        if _ELSEWHERE <= code < _REFUSED:
            raise EmgError("sends elsewhere, which is not followed", where=self.url)
        if code >= _REFUSED:
            raise EmgError(f"answered with {code}", where=self.url)

    def __str__(self) -> str:
        return self.url


Action = Bell | Command | Post


def read_action(text: str) -> Action:
    """Read ``bell``, ``run:COMMAND`` or ``http://…``.

    Raises
    ------
    UsageError
        If it is none of them, or the command is not there.
    """
    bare = text.strip()
    if bare == "bell":
        return Bell()
    if bare.startswith("run:"):
        return Command(_words(bare.removeprefix("run:")))
    if bare.lower().startswith(("http://", "https://")) and urlsplit(bare).hostname:
        return Post(bare)
    raise UsageError(
        f"an alarm cannot do {text!r:.60}", hint="it can do: bell, run:COMMAND, or http://address"
    )


def _words(text: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(text, posix=os.name != "nt"))
    except ValueError as error:
        raise UsageError(f"{text!r:.60} is no command: {error}") from error
    if not words or shutil.which(words[0]) is None:
        raise UsageError(
            f"an alarm is to run {text.strip()!r:.60}, and there is no such program",
            hint="give its full path",
        )
    return words
