"""What a report says, as frozen records that know nothing of HTML or PDF.

A document is a head and sections; a section is a title and blocks; a block is one of the records below.
Each carries its own name in ``block``, by which a renderer finds what to do with it. All text is plain; a
drawing is an SVG element as :meth:`emgdetect.report.canvas.Canvas.svg` gives it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Answer:
    """A question and the sentences that answer it."""

    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """A number to be seen at once; ``look`` is a kind of event, or "valid"."""

    name: str
    value: str
    note: str
    look: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, and what stands below it in smaller print."""

    text: str
    below: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: a name, its cells, and a word for its looks ("all", "low", "refused")."""

    name: str
    cells: tuple[Cell, ...]
    look: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under a common heading; ``low`` says that little of what they stand on is valid."""

    title: str
    note: str
    lines: tuple[Line, ...]
    low: bool = False


@dataclass(frozen=True, slots=True)
class Headline:
    """The most important, in one or two sentences."""

    text: str
    block: Literal["headline"] = field(default="headline", init=False)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a reader asks first."""

    items: tuple[Answer, ...]
    block: Literal["answers"] = field(default="answers", init=False)


@dataclass(frozen=True, slots=True)
class Cards:
    """Numbers side by side."""

    items: tuple[Card, ...]
    block: Literal["cards"] = field(default="cards", init=False)


@dataclass(frozen=True, slots=True)
class Remarks:
    """What limits the numbers, set off from the rest."""

    title: str
    items: tuple[str, ...]
    block: Literal["remarks"] = field(default="remarks", init=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; ``small`` for what explains, ``title`` for a heading above it."""

    text: str
    small: bool = False
    title: str = ""
    block: Literal["text"] = field(default="text", init=False)


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences."""

    items: tuple[str, ...]
    block: Literal["bullets"] = field(default="bullets", init=False)


@dataclass(frozen=True, slots=True)
class Terms:
    """Words and what they mean here."""

    items: tuple[tuple[str, str], ...]
    block: Literal["terms"] = field(default="terms", init=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """The notice that nobody should miss, in a frame."""

    text: str
    block: Literal["notice"] = field(default="notice", init=False)


@dataclass(frozen=True, slots=True)
class Legend:
    """What colours and shapes mean: pairs of a look and its words."""

    items: tuple[tuple[str, str], ...]
    block: Literal["legend"] = field(default="legend", init=False)


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with words: ``strong`` and ``above`` over it, ``caption`` below it.

    ``narrow`` is the same for a telephone; empty where one will do. Without a drawing, ``missing`` says why.
    """

    drawing: str
    caption: str
    narrow: str = ""
    strong: str = ""
    above: str = ""
    missing: str = ""
    block: Literal["figure"] = field(default="figure", init=False)


@dataclass(frozen=True, slots=True)
class Panels:
    """Up to three small figures side by side, with a common title."""

    figures: tuple[Figure, ...]
    title: str = ""
    look: str = ""
    block: Literal["panels"] = field(default="panels", init=False)


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first head stands over the names of the lines.

    ``words`` are the places of the columns (from 0, names not counted) that hold sentences rather than
    numbers. ``fold`` gives a title under which a screen hides the table until asked; paper shows it.
    """

    heads: tuple[str, ...]
    groups: tuple[Group, ...]
    words: tuple[int, ...] = ()
    title: str = ""
    fold: str = ""
    look: str = ""
    block: Literal["table"] = field(default="table", init=False)


Block: TypeAlias = (
    Headline | Answers | Cards | Remarks | Text | Bullets | Terms | Notice | Legend | Figure | Panels | Table
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report; the first has no title."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report.

    ``facts`` stand below the title, ``foot`` at the foot, ``version`` says which emgdetect made it.
    """

    title: str
    subject: str
    facts: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: str
    version: str


def plain(lines: tuple[Line, ...] | list[Line]) -> tuple[Group, ...]:
    """Put lines into a table without headings of groups."""
    return (Group("", "", tuple(lines)),)
