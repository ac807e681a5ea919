"""The manifest says what section 9 of docs/interfaces.md says, and nothing else."""

from dataclasses import replace
from datetime import timedelta
import json
from pathlib import Path
import re

import pytest

from custom_components.clip_consent.core.errors import SealError
from custom_components.clip_consent.core.masks import Region
from custom_components.clip_consent.core.models import Destination, Way
from custom_components.clip_consent.core.protocol import (
    content_of,
    manifest,
    retry_delay,
)
from custom_components.clip_consent.core.serial import Json
from tests.deliveries import NOON, new_delivery, new_draft, new_request

INTERFACES = Path(__file__).parents[2] / "docs" / "interfaces.md"


def example(name: str) -> dict[str, Json]:
    """Return an example of docs/interfaces.md."""
    text = INTERFACES.read_text(encoding="utf-8")
    found = re.search(
        rf"<!-- example: {name} -->\n```json\n(.*?)\n```", text, re.DOTALL
    )
    assert found
    loaded: dict[str, Json] = json.loads(found[1])
    return loaded


def made(text: str | None = None, identity: str = "") -> dict[str, Json]:
    """Return the manifest of a clip, or of an answer in words."""
    request = new_request("age1…", Destination(way=Way.DROP))
    delivery = new_delivery(request, new_draft(b"film", text=text))
    consent = replace(delivery.consent, identity=identity)
    return manifest(
        request=request,
        delivery=replace(delivery, consent=consent),
        delete_by=NOON + timedelta(days=90),
        software_version="0.1.0",
    )


def shape(value: Json) -> object:
    """Return names and types only."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    return type(value)


def test_it_has_the_published_shape() -> None:
    """Field by field, type by type."""
    assert shape(made()) == shape(example("manifest"))


def test_it_says_what_is_in_the_file() -> None:
    """Times in UTC with Z, the true span, the digest."""
    said = made()
    assert said["covered"] == {
        "start": "2026-11-23T11:59:58Z",
        "end": "2026-11-23T12:03:00Z",
        "seconds": 182.0,
    }
    assert said["asked"] == {
        "start": "2026-11-23T12:00:00Z",
        "end": "2026-11-23T12:03:00Z",
    }
    assert said["consent"] == {"at": "2026-11-23T12:20:00Z", "means": "panel"}
    assert said["terms"] == {
        "purpose": "Somebody drove into my bicycle",
        "delete_by": "2027-02-21T12:00:00Z",
        "onward_sharing": False,
    }
    content = content_of(said)
    assert (content.name, content.size) == ("clip.mp4", 4)


def test_it_names_nobody() -> None:
    """No camera, user, label, contact or path, unless the owner chose to."""
    text = json.dumps(made())
    for secret in ("Front door", "sam", "Anna", "offer", "draft.mp4", "example.org"):
        assert secret not in text
    assert "identity" not in made()
    assert made(identity="Sam, number 12")["identity"] == "Sam, number 12"


def test_an_original_without_a_salt_is_not_told() -> None:
    """Its plain digest could be that of a file which another was sent."""
    request = new_request("age1…", Destination(way=Way.DROP))
    draft = replace(new_draft(b"film"), original="6b" * 32)
    said = manifest(
        request=request,
        delivery=new_delivery(request, draft),
        delete_by=NOON + timedelta(days=90),
        software_version="0.1.0",
    )
    assert "6b" * 32 not in json.dumps(said)
    assert said.keys() == made().keys()


def test_masks_are_told_no_finer_than_the_picture_shows_them() -> None:
    """What an owner drew, to the ten-thousandth, would be the same in each clip."""
    request = new_request("age1…", Destination(way=Way.DROP))
    draft = new_draft(b"film")  # of 1920 x 1080
    told = []
    for left in (1235, 1239):
        region = Region(left=left, top=0, right=5003, bottom=10_000)
        delivery = new_delivery(request, replace(draft, masks=(region,)))
        said = manifest(
            request=request,
            delivery=delivery,
            delete_by=NOON + timedelta(days=90),
            software_version="0.1.0",
        )
        told.append(said["masks"])
    assert told == [[[236, 0, 964, 1080]]] * 2


def test_an_answer_in_words_speaks_of_no_film() -> None:
    """What has nothing to say is null."""
    said = made(text="I was away")
    assert said["kind"] == "answer"
    assert content_of(said).name == "answer.txt"
    names = ("camera", "covered", "frames", "width", "height", "video_codec", "audio")
    assert [said[name] for name in names] == [None] * 7
    assert said.keys() == made().keys()


CONTENT: dict[str, Json] = {
    "name": "clip.mp4",
    "media_type": "video/mp4",
    "size": 1,
    "sha256": "a" * 64,
}


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        {},
        {"version": 2, "content": CONTENT},
        {"version": 1, "content": None},
        {"version": 1, "content": {**CONTENT, "name": "../clip.mp4"}},
        {"version": 1, "content": {**CONTENT, "name": "clip.exe"}},
        {"version": 1, "content": {**CONTENT, "media_type": None}},
        {"version": 1, "content": {**CONTENT, "size": -1}},
        {"version": 1, "content": {**CONTENT, "size": True}},
        {"version": 1, "content": {**CONTENT, "size": 1.0}},
        {"version": 1, "content": {**CONTENT, "sha256": "A" * 64}},
        {"version": 1, "content": {**CONTENT, "sha256": "a" * 65}},
    ],
)
def test_other_manifests_are_refused(said: Json) -> None:
    """A reader takes what it knows, or nothing."""
    with pytest.raises(SealError) as raised:
        content_of(said)
    assert raised.value.code == "manifest_invalid"
    assert content_of({"version": 1, "content": CONTENT, "later": 1}).size == 1


def test_retries_come_ever_later_but_come() -> None:
    """Doubling from ten seconds to an hour."""
    delays = [retry_delay(attempts) for attempts in range(1, 2000)]
    assert delays[:4] == [10, 20, 40, 80]
    assert delays == sorted(delays)
    assert set(delays[9:]) == {3600}
    assert retry_delay(0) == 10
