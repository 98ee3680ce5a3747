"""`jetproof peer`: the other end of network stress, on another machine than the board."""

from __future__ import annotations

import ipaddress
import os
import shlex
import signal
import socket
import threading
from contextlib import closing

import click

from tui.core.problem import COMMAND_LINE, InputError, quoted

PORT = 5201
SECRET_CHARACTERS = 8
CAN_NOT_LISTEN = 3
_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@click.command()
@click.option("--host", default="127.0.0.1", help="The address of this machine where it listens.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, help="0: any free one.")
def peer(host: str, port: int) -> int:
    """Be the other end of network stress, for a board that burns its network to here.

    It listens on TCP and UDP. Away from loopback it needs a secret in the variable
    JETPROOF_PEER_SECRET, and the board the same one.
    """
    from tui.stress.peer import Peer
    from tui.stress.peer_wire import SECRET_VARIABLE, address

    secret = os.environ.get(SECRET_VARIABLE, "")
    _look_at(_address(host, port), secret, SECRET_VARIABLE)
    ended = threading.Event()
    _end_on_signals(ended)
    try:
        serving = Peer(host, port, secret)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        click.echo(f"jetproof peer: {host}:{port} can't be had: {why}", err=True)
        return CAN_NOT_LISTEN
    with closing(serving):
        at = address(_reached_by(serving.host), serving.port)
        click.echo(f"peer at {at} (ctrl-c ends it)")
        click.echo(f"on the board: {_line(at, SECRET_VARIABLE if secret else '')}")
        if secret:
            click.echo(f"  it asks there for the secret that is in {SECRET_VARIABLE} here")
        ended.wait()
    return 0


def _line(at: str, variable: str) -> str:
    """For the shell of the other machine, in one piece: what is typed into it must not be the
    line after. The secret itself stays out of screens, histories and lists of processes."""
    run = f"jetproof run stress-network --set {shlex.quote(f'stress.network.peer={at}')}"
    if not variable:
        return run
    return f"read -rsp 'secret: ' {variable} && export {variable} && {run}"


def _address(host: str, port: int) -> str:
    """As a number, as the socket will have it. InputError for a name that is none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise InputError.of(
            COMMAND_LINE, "--host", f"{quoted(host)} is no address of this machine"
        ) from None
    return str(found[0][4][0])


def _look_at(address: str, secret: str, variable: str) -> None:
    """InputError where others could load the peer."""
    is_own = ipaddress.ip_address(address.partition("%")[0]).is_loopback
    if is_own or len(secret) >= SECRET_CHARACTERS:
        return
    what = (
        f"away from loopback others could load it: put a secret of {SECRET_CHARACTERS} "
        f"characters or more in {variable}, here and on the board"
    )
    raise InputError.of(COMMAND_LINE, "--host", what)


def _reached_by(host: str) -> str:
    """What others call the machine that listens there."""
    is_any = ipaddress.ip_address(host.partition("%")[0]).is_unspecified
    # Nobody can send to that: any address of this machine will do.
    return socket.gethostname() if is_any else host


def _end_on_signals(ended: threading.Event) -> None:
    for number in _ENDS:
        # One that was ignored before (nohup) stays so.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: ended.set())
