"""``emgdetect devices``: the products that are known."""

from typing import Annotated

import typer

from emgdetect.cli import options


def devices(
    key: Annotated[
        str | None,
        typer.Argument(
            metavar="[KEY]", help="One of them, or a TOML file that describes one.", show_default=False
        ),
    ] = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """List the sensors that are known, or say all about one: how it is reached, its options, its limits."""
    from emgdetect.cli import knowing

    if key is None:
        knowing.list_all(as_json=as_json)
    else:
        knowing.describe(key, as_json=as_json)
