"""Which addresses are of the open Internet, told from the address alone."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
import socket

from hypothesis import given, strategies as st
import pytest

from custom_components.clip_consent.base.addresses import (
    is_near,
    is_plain,
    is_public,
    own_address,
    parse_address,
)

PUBLIC = (
    *("1.1.1.1", "8.8.8.8", "93.184.215.14", "172.32.0.1", "192.167.255.255"),
    *("2606:4700::1111", "2a00:1450:4001::1", "2620:fe::fe", "::ffff:8.8.8.8"),
)
NOT_PUBLIC = {
    "loopback": ("127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"),
    "unspecified": ("0.0.0.0", "0.1.2.3", "::", "::ffff:0.0.0.0"),
    "private": (
        *("10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255"),
        *("192.168.0.1", "::ffff:192.168.1.1", "fd00::1", "fc00::1"),
    ),
    "provider": ("100.64.0.1", "100.127.255.255"),
    "link": ("169.254.169.254", "169.254.0.1", "fe80::1", "fe80::1%eth0"),
    "site": ("fec0::1", "feff::1"),
    "documentation": ("192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1"),
    "measuring": ("198.18.0.1", "198.19.255.255", "2001:2::1"),
    "many": ("224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"),
    "reserved": ("240.0.0.1", "255.255.255.255", "192.0.0.1", "100::1", "5f00::1"),
    "6to4": ("2002:7f00:1::", "2002:c0a8:101::1", "2002:808:808::", "192.88.99.1"),
    "Teredo": ("2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
    "NAT64": ("64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1"),
    "compatible": ("::7f00:1", "::808:808", "::ffff:0:808:808"),
}


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses(text: str) -> None:
    """They can be sent to."""
    assert is_public(parse_address(text))
    assert is_plain(parse_address(text))


@pytest.mark.parametrize(
    "text", [address for kind in NOT_PUBLIC.values() for address in kind]
)
def test_all_others(text: str) -> None:
    """They cannot, in whatever coat."""
    assert not is_public(parse_address(text))


@given(st.integers(0, 2**32 - 1))
def test_no_wrapping_makes_an_address_better(number: int) -> None:
    """An IPv4 address within an IPv6 one is that address, or is refused."""
    inner = IPv4Address(number)
    assert is_public(parse_address(f"::ffff:{inner}")) == is_public(inner)
    for prefix in ("64:ff9b::", "::", "64:ff9b:1::"):
        wrapped = IPv6Address(int(IPv6Address(prefix)) | number)
        assert not is_public(wrapped)
    assert not is_public(IPv6Address(0x2002 << 112 | number << 80))


@given(st.integers(0, 2**128 - 1))
def test_only_what_is_given_out_is_public(number: int) -> None:
    """Of IPv6, the unicast range; and nothing public is odd."""
    address = IPv6Address(number)
    if is_public(address):
        assert address in ip_network("2000::/3")
        assert is_plain(address)


def test_private_addresses_are_plain_and_odd_ones_are_not() -> None:
    """What the owner may enter."""
    for kind in ("private", "loopback"):
        for text in NOT_PUBLIC[kind]:
            assert is_plain(parse_address(text)) or text == "::1"
    for kind in ("link", "site", "many"):
        for text in NOT_PUBLIC[kind]:
            assert not is_plain(parse_address(text))


def test_the_home_has_public_addresses_too() -> None:
    """They are near: this machine itself, and all of a home's IPv6 prefix."""
    near = (
        ("2a00:1:2:300::5", "2a00:1:2:300::6"),
        ("2a00:1:2:301::5", "2a00:1:2:3ff::6"),
        ("93.184.215.14", "93.184.215.14"),
    )
    far = (
        ("2a00:1:2:300::5", "2a00:1:2:400::5"),
        ("93.184.215.14", "93.184.215.15"),
        ("93.184.215.14", "2a00:1:2:300::6"),
    )
    for target, own in near:
        assert is_near(ip_address(target), ip_address(own))
    for target, own in far:
        assert not is_near(ip_address(target), ip_address(own))


def test_the_own_address_is_asked_of_the_routes(socket_enabled: None) -> None:
    """Loopback is reached from loopback."""
    assert own_address(socket.AF_INET, ip_address("127.0.0.1")) == ip_address(
        "127.0.0.1"
    )
    assert own_address(socket.AF_INET6, ip_address("127.0.0.1")) is None
