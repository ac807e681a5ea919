"""A tile server's address: only what can be named in a policy is one."""

import pytest

from custom_components.clip_consent.core.tiles import TileServer, map_json, tiles_origin


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://tiles.example/{z}/{x}/{y}.png", "https://tiles.example"),
        ("http://10.0.0.5:8080/{z}/{x}/{y}", "http://10.0.0.5:8080"),
        ("http://nas/styles/a_b/{z}/{y}/{x}@2x.png", "http://nas"),
        (
            "https://t.example:65535/?z={z}&x={x}&y={y}&key=a%20b",
            "https://t.example:65535",
        ),
    ],
)
def test_an_address_with_its_three_places(url: str, origin: str) -> None:
    """What a policy names is scheme, host and port."""
    assert tiles_origin(url) == origin


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://tiles.example/",
        "https://tiles.example/{z}/{x}.png",
        "https://tiles.example/{z}/{x}/{y}/{y}",
        "https://tiles.example/{z}/{x}/{y}/{s}",
        "https://{z}.example/{x}/{y}",
        "https://tiles{z}/{x}/{y}",
        "https://tiles.example{z}/{x}/{y}",
        "https://a.example/{z}/{x}/{y} https://b.example",
        "https://a.example;script-src/{z}/{x}/{y}",
        "https://*.example/{z}/{x}/{y}",
        "https://*/{z}/{x}/{y}",
        "https://a..example/{z}/{x}/{y}",
        "https://a.-b.example/{z}/{x}/{y}",
        "https://-a.example/{z}/{x}/{y}",
        "https://A.example/{z}/{x}/{y}",
        "https://user:secret@a.example/{z}/{x}/{y}",
        "https://a.example:99999/{z}/{x}/{y}",
        "https://a.example:0/{z}/{x}/{y}",
        "https://[::1]/{z}/{x}/{y}",
        "https://a.example/{z}/{x}/{y}#here",
        "https://a.example/{z}/{x}/{y}\n",
        "//a.example/{z}/{x}/{y}",
        "javascript:alert({z}{x}{y})",
        "ftp://a.example/{z}/{x}/{y}",
        "https://a.example/{z}/{x}/{y}" + "a" * 500,
    ],
)
def test_what_is_no_address_of_tiles(url: str) -> None:
    """No second origin, no wildcard, no word of the policy itself gets in."""
    assert tiles_origin(url) is None


def test_the_pages_are_told_of_it() -> None:
    """Null where there is none."""
    assert map_json(None) is None
    tiles = TileServer(url="https://a.example/{z}/{x}/{y}", attribution="© us")
    assert map_json(tiles) == {
        "tiles": "https://a.example/{z}/{x}/{y}",
        "attribution": "© us",
        "zoom_max": 18,
    }
