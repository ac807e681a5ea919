"""The two ways out: where they lead, against everything that would widen them."""

from collections.abc import Callable
from ipaddress import ip_address
import socket
from unittest.mock import AsyncMock

from aiohttp import web
import pytest

from custom_components.clip_consent.base import outbound
from custom_components.clip_consent.base.outbound import (
    AddressInfo,
    AddressRefusedError,
    Door,
    Outbound,
    origin_of,
)
from custom_components.clip_consent.core.errors import (
    ClipConsentError,
    DeliveryError,
    SourceError,
)
from tests.servers.web import Names, serving

from .ways_out import WORLD, answered, body, refused

pytestmark = pytest.mark.usefixtures("loopback")

NUMBERS = ("2130706433", "127.1", "0x7f.1", "0177.0.0.1", "1.2.3.0x4", "0", "x.256")

HOSTILE = (
    *("https://127.0.0.1/x", "https://127.1/x", "https://2130706433/x"),
    *("https://0177.0.0.1/x", "https://0x7f.0.0.1/x", "https://0/x"),
    *("https://0.0.0.0/x", "https://10.0.0.1/x", "https://172.16.9.9/x"),
    *("https://192.168.0.1/x", "https://169.254.169.254/latest/meta-data"),
    *("https://100.64.1.1/x", "https://198.18.0.1/x", "https://192.0.2.1/x"),
    *("https://224.0.0.1/x", "https://255.255.255.255/x", "https://192.88.99.1/x"),
    *("https://[::1]/x", "https://[::]/x", "https://[fe80::1]/x"),
    *("https://[fd00::1]/x", "https://[fec0::1]/x", "https://[::ffff:10.0.0.1]/x"),
    *("https://[64:ff9b::a00:1]/x", "https://[2002:a00:1::]/x", "https://[2001::1]/x"),
    *("https://[::7f00:1]/x", "https://[ff02::1]/x", "https://lan.example/x"),
    *("https://both.example/x", "https://six.example/x", "https://mapped.example/x"),
    *("https://localhost./x", "https://93.184.215.14:22/x"),
    *("http://public.example/x", "http://127.0.0.1/x"),
)


class TestPlaces:
    """N-01: where it leads to."""

    @pytest.mark.parametrize("url", HOSTILE)
    async def test_no_socket_is_made_for_a_private_place(
        self, url: str, doors: Callable[..., Outbound], made: list[AddressInfo]
    ) -> None:
        """By no method, however it is spelled."""
        ways = doors()
        for method, content in (("GET", None), ("POST", b"{}"), ("PUT", body())):
            code = await refused(ways.send, method, url, body=content)
            # A number is no host at all.
            assert code in {
                "address_not_allowed",
                "address_needs_https",
                "address_invalid",
            }
        with pytest.raises(SourceError) as raised:
            await answered(ways.fetch, "GET", url)
        assert raised.value.code in {"address_invalid", "address_not_allowed"}
        assert made == []

    async def test_a_name_that_changes_its_mind(
        self, doors: Callable[..., Outbound], made: list[AddressInfo]
    ) -> None:
        """Public when it was checked, this machine when it is reached."""
        door = doors().send
        looked_up = await WORLD.resolve("rebinding.example", 443)
        assert looked_up[0]["host"] == "93.184.215.14"
        code = await refused(door, "PUT", "https://rebinding.example/x", body=body())
        assert code == "address_not_allowed"
        assert made == []

    def test_a_public_socket_is_made(
        self, made: list[AddressInfo], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The guard is not a wall; but a home's own public address is refused too."""
        info = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))
        monkeypatch.setattr(outbound, "own_address", lambda *_: None)
        outbound._public_socket(info).close()
        assert made == [info]
        monkeypatch.setattr(outbound, "own_address", lambda _, target: target)
        with pytest.raises(AddressRefusedError):
            outbound._public_socket(info)

    @pytest.mark.parametrize(
        ("url", "code"),
        [
            ("https://public.example/x", None),
            ("https://93.184.215.14/x", None),
            ("https://10.0.0.1/x", "address_not_allowed"),
            *((f"https://{number}/x", "address_invalid") for number in NUMBERS),
            ("https://a..example/x", "address_invalid"),
            ("https://.example/x", "address_invalid"),
            ("https://public.example../x", "address_invalid"),
            ("https://public.example./x", None),
            ("https://localhost/x", "address_not_allowed"),
            ("https://nas/x", "address_not_allowed"),
            ("https://nas.local/x", "address_not_allowed"),
            ("https://router.home.arpa./x", "address_not_allowed"),
            (f"https://{'a' * 64}.example/x", "address_invalid"),
            (f"https://{'a.' * 130}example/x", "address_invalid"),
            (f"https://{'a' * 63}.example/x", None),
            ("https://public.example:8443/x", "address_not_allowed"),
            ("http://public.example/x", "address_needs_https"),
            ("ftp://public.example/x", "address_invalid"),
            ("//public.example/x", "address_invalid"),
            ("public.example", "address_invalid"),
            ("https://", "address_invalid"),
            ("https:///x", "address_invalid"),
            ("https://public.example:0/x", "address_invalid"),
            ("https://public.example:99999/x", "address_invalid"),
            ("https://public.example:port/x", "address_invalid"),
            ("https://user@public.example/x", "address_invalid"),
            ("https://:secret@public.example/x", "address_invalid"),
            ("https://public.example/x#part", "address_invalid"),
            ("https://public.example\\@lan.example/x", "address_invalid"),
            ("https://public.example/x y", "address_invalid"),
            ("https://public.example/x\r\nHost: lan.example", "address_invalid"),
            ("https://public.example/\x00", "address_invalid"),
            ("https://public.exämple/x", "address_invalid"),
            ("https://public.example。/x", "address_invalid"),
            ("https://[fe80::1%25eth0]/x", "address_invalid"),
            ("https://[::1/x", "address_invalid"),
            ("https://public.example/" + "x" * 5000, "address_invalid"),
            ("", "address_invalid"),
        ],
    )
    async def test_an_address_is_checked_before_it_is_kept(
        self, url: str, code: str | None, doors: Callable[..., Outbound]
    ) -> None:
        """The form can say what is wrong with it; and a request says the same."""
        door = doors().send
        if code is None:
            door.check_address(url)
            return
        with pytest.raises(ClipConsentError) as raised:
            door.check_address(url)
        assert raised.value.code == code
        with pytest.raises(DeliveryError) as failed:
            await answered(door, "GET", url)
        assert (failed.value.code, failed.value.permanent) == (code, True)

    async def test_no_name_is_looked_up_before_something_is_sent(
        self, doors: Callable[..., Outbound]
    ) -> None:
        """Whoever keeps the zone of a name sees who asks for it, and when."""
        names = Names({"nowhere.example": [[]]})
        door = doors(names=names).send
        door.check_address("https://nowhere.example/x")
        assert names.asked == []
        with pytest.raises(DeliveryError, match="address_unknown") as raised:
            await answered(door, "GET", "https://nowhere.example/x")
        assert not raised.value.permanent
        assert names.asked == ["nowhere.example"]

    async def test_a_name_that_no_resolver_can_spell(
        self, doors: Callable[..., Outbound], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Python's own codec of names raises what is no OSError."""
        names = Names({})
        failing = UnicodeError("label too long")
        monkeypatch.setattr(names, "resolve", AsyncMock(side_effect=failing))
        door = doors(names=names).send
        assert await refused(door, "GET", "https://odd.example/") == "address_invalid"

    async def test_what_the_owner_entered_is_reached(
        self, doors: Callable[..., Outbound], made: list[AddressInfo]
    ) -> None:
        """That host and that port, in the clear too; nothing beside it."""
        seen: list[str] = []

        async def handler(request: web.BaseRequest) -> web.Response:
            seen.append(request.path)
            return web.Response(text="here")

        async with serving(handler) as port, serving(handler) as other:
            ways = doors(
                fetch={("127.0.0.1", port)},
                send={origin_of(f"http://nas.lan:{port}")},
                names=Names({"nas.lan": [[("127.0.0.1", 0)]]}),
            )
            assert await answered(ways.fetch, "GET", f"http://127.0.0.1:{port}/a")
            ways.send.check_address(f"http://nas.lan:{port}/b")
            assert await answered(ways.send, "GET", f"http://NAS.lan:{port}/b")
            for url in (
                f"http://127.0.0.1:{other}/c",
                f"http://localhost:{port}/c",
                f"http://nas.lan:{other}/c",
                f"https://127.0.0.1:{port}/c",
                f"http://127.0.0.1:{port}/c",
            ):
                assert await refused(ways.send, "GET", url)
        assert seen == ["/a", "/b"]
        assert len(made) == 2

    async def test_an_entered_name_is_no_way_to_odd_places(
        self, doors: Callable[..., Outbound], made: list[AddressInfo]
    ) -> None:
        """Not to a landlord's secrets, nor to everybody at once."""
        names = {
            "nas.lan": [[("169.254.169.254", 0), ("0.0.0.0", 0), ("224.0.0.1", 0)]]
        }
        door = doors(send={("nas.lan", 80)}, names=Names(names)).send
        assert await refused(door, "GET", "http://nas.lan/") == "address_not_allowed"
        assert made == []


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("nas", False),
        ("192.168.1.10", False),
    ],
)
async def test_a_door_to_this_machine_leads_nowhere_else(
    host: str, own: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It asks where an address is reached from: this machine's own, from itself."""
    known = {"127.0.0.1": "127.0.0.1"}
    here = ip_address("192.168.1.5")
    monkeypatch.setattr(
        outbound,
        "own_address",
        lambda _, target: ip_address(known.get(str(target), str(here))),
    )
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(text="here")

    async with serving(answer) as port:
        door = Door(
            entered=frozenset({(host, port)}),
            public=False,
            fail=lambda code, _: SourceError(code),
            resolver=WORLD,
            own=True,
        )
        try:
            if own:
                async with door.request("GET", f"http://{host}:{port}/x") as found:
                    assert await found.async_read(max_bytes=10) == b"here"
            else:
                with pytest.raises(SourceError, match="address_not_allowed"):
                    async with door.request("GET", f"http://{host}:{port}/x"):
                        pass
        finally:
            await door.async_close()
    assert asked == (["/x"] if own else [])
