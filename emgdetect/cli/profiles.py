"""``emgdetect profiles``: the detection profiles there are, and what they set."""

from typing import Annotated

import typer

from emgdetect.cli import options

profiles = typer.Typer(help="List the detection profiles, or show the settings of one.", add_completion=False)


@profiles.callback(invoke_without_command=True)
def _list_unless_told(context: typer.Context, *, as_json: options.AsJson = False) -> None:
    """List the detection profiles, or show the settings of one."""
    if context.invoked_subcommand is None:
        list_profiles(as_json=as_json)


@profiles.command("list")
def list_profiles(*, as_json: options.AsJson = False) -> None:
    """List the profiles by name."""
    from emgdetect.cli import console
    from emgdetect.config import load_profile, profile_names

    known = [load_profile(name) for name in profile_names()]
    if as_json:
        console.say_json(
            [{"name": profile.name, "title": profile.title, "digest": profile.digest} for profile in known]
        )
        return
    width = max(len(profile.name) for profile in known)
    for profile in known:
        console.say(f"{profile.name:<{width}}  {profile.title}".rstrip())


@profiles.command("show")
def show_profile(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A profile's name, or a TOML file.")],
    *,
    as_json: options.AsJson = False,
) -> None:
    """Show every setting of a profile and the hash that goes with its results."""
    from emgdetect.cli import console
    from emgdetect.config import load_profile

    profile = load_profile(name)
    settings = profile.settings()
    if as_json:
        console.say_json({"name": profile.name, "digest": profile.digest, "settings": settings})
        return
    console.say(f"{profile.name} (hash {profile.digest})")
    for line in _lines(settings):
        console.say(line)


def _lines(settings: dict[str, object], indent: str = "  ") -> list[str]:
    lines = []
    for key, value in settings.items():
        if isinstance(value, dict):
            lines += [f"{indent}{key}", *_lines(value, indent + "  ")]
        else:
            lines.append(f"{indent}{key} = {value}")
    return lines
