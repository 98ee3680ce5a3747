"""`jetproof camera`: which cameras there are, how they stand, what they see."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.cli.camera_sight import INTERRUPTED, LIMIT_FAILED, NOT_OPENED
from tui.cli.hang_up import on_hang_up
from tui.cli.options import Places, common_options
from tui.cli.output import Outputs, write_json
from tui.cli.stopping import stop_on_signals
from tui.core.problem import COMMAND_LINE, InputError

if TYPE_CHECKING:
    from tui.core.camera.camera import Camera
    from tui.core.camera.faults import CameraFault
    from tui.headless import StopRequest
    from tui.ports.camera import StillForm

LEAST_S, MOST_S = 1.0, 3600.0
FORMS = ("full", "pixelated", "thumbnail")
LEAST_COLUMNS, MOST_COLUMNS = 16, 200

json_option = click.option("--json", "json_file", metavar="FILE", help="As JSON; - is stdout.")


@click.group(invoke_without_command=True)
@click.pass_context
def camera(context: click.Context) -> None:
    """List cameras, see whether they are good enough, look through one, take stills.

    SOURCE is the name of a camera in config.toml, or "test:", "v4l2:/dev/video0", "csi:0",
    "rtsp://HOST/PATH", "http://HOST/PATH", "file:PATH".
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@camera.command(name="list")
@json_option
@common_options
@click.pass_context
def list_(context: click.Context, /, json_file: str | None, **_: Any) -> int:
    """Show what is configured, plugged in, missing. Opens no stream."""
    Outputs(json_file, None)
    places = Places(context)
    loaded, state_dir = places.loaded(), places.state_dir()
    from tui.cli.camera_list import document, lines_of, listing
    from tui.cli.screen import Screen

    found = listing(loaded, state_dir)
    if json_file:
        write_json(document(found), json_file)
    if json_file != "-":
        screen = Screen()
        screen.say(lines_of(found, screen.width))
    return 0


@camera.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--duration", default="5s", show_default=True,
    help="Judged for so long, once each is open and has settled.",
)  # fmt: skip
@json_option
@click.option("--keep-reference", is_flag=True, help="Compare with how each stands now, later.")
@click.option("--forget-reference", is_flag=True, help="Compare with nothing any more.")
@common_options
@click.pass_context
def probe(
    context: click.Context,
    /,
    sources: tuple[str, ...],
    duration: str,
    json_file: str | None,
    keep_reference: bool,
    forget_reference: bool,
    **_: Any,
) -> int:
    """See whether cameras are good enough, all at once.

    For some seconds: what opened, at what rate, what the picture is like, and what is wrong.
    Without SOURCE at all that are configured. Exit codes: 0 good enough, 1 a limit failed, 3 one
    could not be opened, 5 too few pictures of one to judge it.
    """
    if keep_reference and forget_reference:
        raise InputError.of(COMMAND_LINE, "--keep-reference", "not together with the other one")
    Outputs(json_file, None)
    duration_s = _seconds("--duration", duration, LEAST_S, MOST_S)
    places = Places(context)
    cameras = _asked(places, sources)
    state_dir = places.state_dir()
    from tui.cli.camera_probing import Probing

    stop = _stop_request()
    probing = Probing(cameras, state_dir, duration_s, json_file)
    if forget_reference:
        probing.forget_references()
    return probing.run(stop, keeps_references=keep_reference)


@camera.command()
@click.argument("source", metavar="SOURCE")
@click.option(
    "--fps", type=click.FloatRange(0.5, 2.0), default=2.0, show_default=True,
    help="Pictures a second, at most: a slow link gets fewer.",
)  # fmt: skip
@click.option(
    "--columns", type=click.IntRange(LEAST_COLUMNS, MOST_COLUMNS), default=60, show_default=True,
    help="How wide the picture is, at most.",
)  # fmt: skip
@common_options
@click.pass_context
def preview(context: click.Context, /, source: str, fps: float, columns: int, **_: Any) -> int:
    """Show what a camera sees, in this terminal.

    With its rate and its focus, live. q ends it, z shows the centre pixel by pixel, f
    seeks the best focus anew.
    A terminal keeps what it shows: tmux its scrollback, `script` its file.
    """
    places = Places(context)
    [one] = _asked(places, [source])
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        what = "it needs a terminal; without one: jetproof camera snapshot"
        raise InputError.of(COMMAND_LINE, "", f"preview: {what}")
    from tui.cli.bare_screen import bare_screen
    from tui.cli.camera_preview import Preview
    from tui.cli.camera_sight import looking_at
    from tui.cli.half_blocks import depth_of
    from tui.core.camera.reference import of_these
    from tui.store.references import References

    stop = _stop_request()
    depth = depth_of(os.environ, sys.stdout.encoding or "")
    known = of_these(References(places.state_dir()).all(), [one])
    with looking_at([one], known) as sight, bare_screen() as screen:
        preview = Preview(one, sight, screen, depth, fps, columns, *known)
        fault = preview.run(lambda: bool(stop.by))
    return _no_picture(one, fault) if fault is not None else 0


@camera.command()
@click.argument("source", metavar="SOURCE", required=False)
@click.option("--reason", default="", help="Why it is taken; kept with it.")
@click.option(
    "--form", type=click.Choice(FORMS), default="full", show_default=True,
    help="pixelated and thumbnail leave nothing by which somebody is known.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path),
    help="Directory, in place of snapshots/ of the state directory. Purge does not look there.",
)  # fmt: skip
@click.option(
    "--verify", type=click.Path(path_type=Path), metavar="FILE",
    help="Take none: see whether this one is still as it was taken.",
)  # fmt: skip
@common_options
@click.pass_context
def snapshot(
    context: click.Context,
    /,
    source: str | None,
    reason: str,
    form: StillForm,
    out: Path | None,
    verify: Path | None,
    **_: Any,
) -> int:
    """Take a still, with what proves it.

    Its hash, time and reason are kept beside it. People may be on it: `jetproof camera purge`
    removes what is old.
    """
    if verify is not None:
        if source or reason:
            raise InputError.of(COMMAND_LINE, "--verify", "takes no SOURCE and no --reason")
        return _verified(verify)
    if not source:
        raise InputError.of(COMMAND_LINE, "SOURCE", "which camera? jetproof camera list shows them")
    if not reason.strip():
        raise InputError.of(COMMAND_LINE, "--reason", "say why it is taken: that is kept with it")
    places = Places(context)
    [one] = _asked(places, [source])
    from tui.cli.camera_still import keep_still, taken_still
    from tui.ports.camera import NoStill, Still
    from tui.store.snapshots import checked_reason, snapshot_folder

    checked_reason(reason)
    directory = out.absolute() if out is not None else snapshot_folder(places.state_dir())
    stop = _stop_request()
    found = taken_still(one, lambda: bool(stop.by))
    if stop.by:
        return INTERRUPTED
    if isinstance(found, NoStill):
        click.echo(f"{one.name}: {found.why}", err=True)
        return NOT_OPENED
    if not isinstance(found, Still):
        return _no_picture(one, found)
    kept = keep_still(found, form, reason, directory, is_own=out is None)
    click.echo(str(kept.path))
    click.echo(f"sha256 {kept.facts.sha256}")
    return 0


@camera.command()
@click.option("--older-than", metavar="AGE", help="Such as 7d; else [snapshots] keep says it.")
@click.option("--all", "every", is_flag=True, help="Whatever their age.")
@click.option("--camera", "name", metavar="NAME", help="Of this camera alone.")
@click.option("--references", is_flag=True, help="References too; with --all or --camera.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@common_options
@click.pass_context
def purge(
    context: click.Context,
    /,
    older_than: str | None,
    every: bool,
    name: str | None,
    references: bool,
    yes: bool,
    **_: Any,
) -> int:
    """Remove stills that were kept long enough. Asks first; other files stay."""
    if every and older_than:
        raise InputError.of(COMMAND_LINE, "--all", "not together with --older-than")
    if references and not (every or name):
        what = "a reference has no age: say --all, or --camera NAME"
        raise InputError.of(COMMAND_LINE, "--references", what)
    places = Places(context)
    from tui.cli.camera_purge import Purge
    from tui.core.config import MAX_KEEP_S

    keep_s = places.loaded().config.snapshots.keep_s
    if older_than:
        keep_s = _seconds("--older-than", older_than, 0.0, MAX_KEEP_S)
    going = Purge(places.state_dir(), 0.0 if every else keep_s, name, references=references)
    return going.run(asks=not yes)


def _asked(places: Places, sources: Sequence[str]) -> tuple[Camera, ...]:
    """The cameras that were named, each once; all of the configuration without a name."""
    config = places.loaded().config
    if not sources:
        return config.cameras
    found = [config.camera(each) for each in sources]
    return tuple({each.name: each for each in found}.values())


def _seconds(option: str, text: str, least_s: float, most_s: float) -> float:
    from tui.core.duration import duration_text, parse_duration_s

    try:
        found_s = parse_duration_s(text, most_s)
    except ValueError as error:
        raise InputError.of(COMMAND_LINE, option, str(error)) from None
    if found_s < least_s:
        raise InputError.of(COMMAND_LINE, option, f"at least {duration_text(least_s)}")
    return found_s


def _stop_request() -> StopRequest:
    """What ctrl-c, SIGTERM and a terminal that goes set."""
    stop = stop_on_signals()
    on_hang_up(lambda: stop.request_stop("SIGHUP"))
    return stop


def _no_picture(one: Camera, fault: CameraFault) -> int:
    from tui.core.camera.faults import advice_on
    from tui.reports.clean import visible

    advice = advice_on(fault, one.source, one.credentials)
    click.echo(visible(f"{one.name}: {advice.what}"), err=True)
    click.echo(visible(f"next: {advice.next}"), err=True)
    return NOT_OPENED


def _verified(path: Path) -> int:
    from tui.reports.clean import visible
    from tui.store.snapshots import check

    checked = check(path)
    facts = checked.kept.facts
    if not checked.is_same:
        click.echo(visible(f"{checked.kept.path}: NOT as it was taken"), err=True)
        click.echo(f"sha256 {checked.sha256}, was {facts.sha256}", err=True)
        return LIMIT_FAILED
    click.echo(visible(f"{checked.kept.path}: as {facts.camera} took it at {facts.at}"))
    click.echo(f"sha256 {checked.sha256}")
    return 0
