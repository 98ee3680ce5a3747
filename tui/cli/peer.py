"""`jetproof peer`: the other end of network stress, on another machine than the board."""

from __future__ import annotations

import ipaddress
import os
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
    from tui.stress.specs import PEER_VARIABLE

    secret = os.environ.get(PEER_VARIABLE, "")
    _look_at(_address(host, port), secret, PEER_VARIABLE)
    ended = threading.Event()
    _end_on_signals(ended)
    try:
        serving = Peer(host, port, secret)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        click.echo(f"jetproof peer: {host}:{port} can't be had: {why}", err=True)
        return CAN_NOT_LISTEN
    with closing(serving):
        at = _told(serving.host, serving.port)
        needs = f"{PEER_VARIABLE}=… and " if secret else ""
        click.echo(
            f'peer at {at} (ctrl-c ends it); on the board: {needs}stress.network.peer = "{at}"'
        )
        ended.wait()
    return 0


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


def _told(host: str, port: int) -> str:
    """As it is written in a scenario."""
    address = ipaddress.ip_address(host.partition("%")[0])
    if address.is_unspecified:
        # Nobody can send to that: any address of this machine will do.
        return f"{socket.gethostname()}:{port}"
    return f"[{host}]:{port}" if address.version == 6 else f"{host}:{port}"


def _end_on_signals(ended: threading.Event) -> None:
    for number in _ENDS:
        # One that was ignored before (nohup) stays so.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: ended.set())
