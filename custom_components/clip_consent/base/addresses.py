"""Which network addresses may be reached, told from the address itself."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
import re
import socket
from typing import Final

type Address = IPv4Address | IPv6Address

_UNICAST: Final = IPv6Network("2000::/3")  # all that is given out so far
# An IPv4 address inside: where a packet ends up is not what the address says. NAT64
# and IPv4-compatible addresses do the same, outside of the unicast range.
_TUNNELS: Final = (IPv6Network("2001::/32"), IPv6Network("2002::/16"))
_RELAYS: Final = IPv4Network("192.88.99.0/24")  # 6to4, anycast
# RFC 1035 2.3.4: 253 characters in all, 63 in a label, none of them empty.
_NAME: Final = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
# "127.1", "0x7f.1": the C library reads a number where the last label is one.
_NUMBER: Final = re.compile(r"(.*\.)?([0-9]+|0x[0-9a-f]*)")
# RFC 6761, 6762, 8375 and 9476, and what ICANN keeps for private use.
_LOCAL: Final = (".localhost", ".local", ".home.arpa", ".alt", ".internal")
_HOME_PREFIX: Final = 56  # bits; what providers delegate to a home at most


def plain_host(text: str) -> str:
    """Return a host as it is compared: lower case, without brackets or the last dot."""
    return text.strip("[]").lower().removesuffix(".")


def is_host(text: str) -> bool:
    """Say whether a text in lower case can be a host: a name, or a whole address."""
    try:
        ip_address(text)
    except ValueError:
        return bool(_NAME.fullmatch(text)) and not _NUMBER.fullmatch(text)
    return "%" not in text


def is_local_name(text: str) -> bool:
    """Say whether a host is a name that only a private network knows."""
    return text.endswith(_LOCAL) or not ("." in text or ":" in text)


def parse_address(text: str) -> Address:
    """Return the address that a socket address spells, without its scope.

    An IPv4 address in an IPv6 coat is the IPv4 address.
    """
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def is_public(address: Address) -> bool:
    """Say whether an address is one of the open Internet, and only that."""
    if isinstance(address, IPv6Address):
        fits = address in _UNICAST and not any(address in net for net in _TUNNELS)
    else:
        fits = address not in _RELAYS
    return fits and address.is_global and is_plain(address)


def is_plain(address: Address) -> bool:
    """Say whether an address can be one machine's, here or elsewhere.

    Link-local is none: on rented machines the landlord's secrets are found there.
    """
    return not (
        address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or address.is_link_local
        or getattr(address, "is_site_local", False)
    )


def is_near(address: Address, own: Address) -> bool:
    """Say whether a public address is this machine or its own network.

    Homes give public IPv6 addresses to everything in them.
    """
    if isinstance(address, IPv6Address) and isinstance(own, IPv6Address):
        return address in IPv6Network((int(own), _HOME_PREFIX), strict=False)
    return address == own


def own_address(family: int, target: Address) -> Address | None:
    """Return the address this machine would reach `target` from; None without a route.

    Asks the routing table: connecting a datagram socket sends nothing.
    """
    with socket.socket(family, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect((str(target), 9))
            return parse_address(asking.getsockname()[0])
        except OSError:
            return None
