"""Addresses of an object store: signed as AWS and botocore sign them, and read strictly."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from freezegun import freeze_time
from hypothesis import given, strategies as st
import pytest

from custom_components.clip_consent.core.storage import (
    TICKET_VALID,
    Storage,
    origin_text,
    presigned,
    read_origin,
    ticket_for,
    ticket_json,
)

NOW = datetime(2026, 11, 30, 9, 5, tzinfo=UTC)
STORAGE = Storage(
    endpoint="https://s3.example",
    region="eu-central-1",
    bucket="answers",
    key_id="AKIDEXAMPLE",
    secret="very/secret+key",
)
WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1)


def signature(url: str) -> str:
    """Return the signature of an address."""
    return parse_qs(urlsplit(url).query)["X-Amz-Signature"][0]


def test_the_published_example() -> None:
    """Amazon S3, "Authenticating Requests: Using Query Parameters"."""
    example = Storage(
        endpoint="https://s3.amazonaws.com",
        region="us-east-1",
        bucket="examplebucket",
        key_id="AKIAIOSFODNN7EXAMPLE",
        secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        path_style=False,
    )
    url = presigned(
        example,
        "GET",
        f"{example.origin}/test.txt",
        datetime(2013, 5, 24, tzinfo=UTC),
        timedelta(days=1),
    )
    assert url.startswith("https://examplebucket.s3.amazonaws.com/test.txt?")
    assert signature(url) == (
        "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    )


@given(
    key_id=WORDS,
    secret=WORDS,
    size=st.integers(1, 2**31),
    once=st.booleans(),
    path_style=st.booleans(),
    port=st.sampled_from(["", ":8443"]),
    method=st.sampled_from(["PUT", "GET", "HEAD", "DELETE"]),
)
def test_as_botocore_signs(
    key_id: str,
    secret: str,
    size: int,
    once: bool,
    path_style: bool,
    port: str,
    method: str,
) -> None:
    """The same address, character by character but for the order of its query."""
    storage = Storage(
        endpoint=f"https://s3.example{port}",
        region="eu-central-1",
        bucket="answers",
        key_id=key_id,
        secret=secret,
        path_style=path_style,
        once=once,
    )
    headers = dict(ticket_for(storage, "u" * 26, size, NOW).headers)
    request = AWSRequest(method=method, url=storage.url("u" * 26), headers=headers)
    with freeze_time(NOW):
        auth = S3SigV4QueryAuth(
            Credentials(key_id, secret), "s3", storage.region, expires=3600
        )
        auth.add_auth(request)
    ours = presigned(
        storage, method, storage.url("u" * 26), NOW, TICKET_VALID, headers=headers
    )
    assert parse_qs(urlsplit(ours).query) == parse_qs(urlsplit(request.url).query)
    assert urlsplit(ours)[:3] == urlsplit(request.url)[:3]


def test_a_ticket() -> None:
    """It names the one PUT that it is good for, and nothing in it shows in a log."""
    ticket = ticket_for(STORAGE, "u" * 26, 4096, NOW)
    said = ticket_json(ticket)
    assert said == {
        "version": 1,
        "put": {
            "url": ticket.url,
            "headers": {"Content-Length": "4096", "If-None-Match": "*"},
            "expires_at": "2026-11-30T10:05:00Z",
        },
    }
    assert ticket.url.startswith(
        "https://s3.example/answers/clip-consent/uuuuuuuuuuuuuuuuuuuuuuuuuu.age?"
    )
    query = parse_qs(urlsplit(ticket.url).query)
    assert query["X-Amz-SignedHeaders"] == ["content-length;host;if-none-match"]
    assert query["X-Amz-Expires"] == ["3600"]
    for kept in (repr(ticket), repr(STORAGE)):
        assert "Signature" not in kept
        assert STORAGE.secret not in kept
        assert STORAGE.key_id not in kept


def test_where_it_is() -> None:
    """The bucket stands in the path, or before the host: then that is the origin."""
    assert STORAGE.origin == "https://s3.example"
    assert STORAGE.place == "https://s3.example/answers"
    hosted = Storage(
        endpoint="https://s3.example",
        region="r",
        bucket="answers",
        key_id="k",
        secret="s",
        path_style=False,
    )
    assert hosted.origin == "https://answers.s3.example"
    assert hosted.url("u") == "https://answers.s3.example/clip-consent/u.age"


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://s3.example", "https://s3.example"),
        (" https://S3.Example/ ", "https://s3.example"),
        ("https://s3.example:443", "https://s3.example"),
        ("http://10.0.0.4:80", "http://10.0.0.4"),
        ("http://10.0.0.4:8333", "http://10.0.0.4:8333"),
        ("https://[2001:db8::1]:8333", "https://[2001:db8::1]:8333"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]"),
        ("https://s3.example:99999", None),
        ("https://[:::::]", None),
        ("https://s3.example/path", None),
        ("https://user@s3.example", None),
        ("https://s3.example?x", None),
        ("ftp://s3.example", None),
        ("s3.example", None),
        ("", None),
    ],
)
def test_origins(typed: str, origin: str | None) -> None:
    """Equal ones are written alike; what leads further is none."""
    assert origin_text(typed) == origin
    assert read_origin(typed) == origin


@pytest.mark.parametrize("said", [None, 4, ["https://s3.example"], {}])
def test_what_is_no_text_is_no_origin(said: object) -> None:
    """As far as a home can read what a hub says of it."""
    assert read_origin(said) is None  # type: ignore[arg-type]
