"""Which machine an address means, without asking a resolver."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

_ADDRESS_PART = re.compile(r"0[xX][0-9a-fA-F]{1,16}|0[0-7]{0,24}|[1-9][0-9]{0,15}")
# Loopback, private and link-local alone: `is_private` also takes in Teredo, test networks and more.
_NEAR = [
    ip_network(network)
    for network in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
        "0.0.0.0/32",  # a connection to it ends on this machine
        *("::/128", "::1/128", "fc00::/7", "fe80::/10"),
    )
]


def is_near(host: str) -> bool:
    """Whether a host is loopback or private; other people's machines are protected.

    A name counts only where it can mean nothing else: any other is whatever a resolver makes of it.
    """
    address = numeric_address(host)
    if address is None:
        name = host.lower().removesuffix(".")
        return name == "localhost" or name.endswith((".localhost", ".local"))
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in network for network in _NEAR)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine and nothing else."""
    address = numeric_address(host)
    if address is None:
        return host.lower().removesuffix(".") == "localhost"
    return address.is_loopback


def numeric_address(host: str) -> IPv4Address | IPv6Address | None:
    """The address that the resolver reads in `host` without asking anybody; None for a name.

    It takes more than dotted quads: 134744072, 0x08080808 and 010.8.8.8 are addresses too, and
    `ipaddress` either refuses them or reads them otherwise.
    """
    parts = host.split(".")
    if len(parts) > 4 or not all(_ADDRESS_PART.fullmatch(part) for part in parts):
        try:
            return ip_address(host) if ":" in host else None
        except ValueError:
            return None
    *leading, last = (_c_integer(part) for part in parts)
    rest = 4 - len(leading)
    if any(value > 255 for value in leading) or last >= 256**rest:
        return None
    return IPv4Address(int.from_bytes(bytes(leading), "big") * 256**rest + last)


def is_dotted(word: str) -> bool:
    """Whether a word is an IPv4 address in dotted form, whichever numbers it takes."""
    return "." in word and isinstance(numeric_address(word), IPv4Address)


def port_of(url: str) -> int:
    """The port of an http:// or https:// URL, which may leave it out."""
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)


def _c_integer(text: str) -> int:
    """Hexadecimal after 0x, octal after 0, else decimal."""
    if text[:2].lower() == "0x":
        return int(text, 16)
    return int(text, 8 if text[0] == "0" else 10)
