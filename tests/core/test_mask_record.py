"""What the ledger tells of what cameras always hide."""

import hashlib

from custom_components.clip_consent.core.mask_record import (
    Known,
    hidden_by,
    masks_changed,
)
from custom_components.clip_consent.core.masks import Region
from custom_components.clip_consent.core.models import Camera

DOOR = Region(left=0, top=0, right=5000, bottom=3333)
TREE = Region(left=6000, top=0, right=7000, bottom=1000)


def _camera(camera_id: str, *masks: Region) -> Camera:
    return Camera(
        camera_id=camera_id,
        name=camera_id,
        indoor=False,
        offered=True,
        source_kind="folder",
        source={},
        masks=masks,
    )


def test_each_change_is_told_once() -> None:
    """What is hidden, changed and shown again: with how much there was and is."""
    known, told = Known(), []
    for masks in ((), (DOOR,), (DOOR,), (DOOR, TREE), (TREE,), ()):
        known, lines = masks_changed(known, [_camera("a", *masks), _camera("b")])
        told.append([(each.kind, each.case_id, each.data) for each in lines])
    counts = [
        [(data["regions_before"], data["regions_after"]) for _, _, data in lines]
        for lines in told
    ]
    assert counts == [[], [(0, 1)], [], [(1, 2)], [(2, 1)], [(1, 0)]]
    assert told[1] == [
        (
            "masks_changed",
            None,
            {
                "camera_id": "a",
                "regions_before": 0,
                "regions_after": 1,
                "regions_sha256": hashlib.sha256(b"[[0,0,5000,3333]]").hexdigest(),
                "user_id": None,
            },
        )
    ]
    assert known == Known()


def test_as_many_others_are_another_thing() -> None:
    """One region moved away from a window is what the record is for."""
    known, _ = masks_changed(Known(), [_camera("a", DOOR)])
    _, [line] = masks_changed(known, [_camera("a", TREE)])
    assert (line.data["regions_before"], line.data["regions_after"]) == (1, 1)
    assert line.data["regions_sha256"] == hidden_by([TREE]).sha256


def test_the_order_says_nothing() -> None:
    """The same regions are the same, however they are written down."""
    assert hidden_by([TREE, DOOR, DOOR]) == hidden_by([DOOR, TREE])


def test_who_did_it_is_told_of_just_that_change() -> None:
    """A note of something else, or of another camera, names nobody; each counts once."""
    said = {"a": (hidden_by([DOOR]).sha256, "sam"), "b": (hidden_by([]).sha256, "eve")}
    known = Known(said=said)
    after, lines = masks_changed(known, [_camera("b", TREE), _camera("a", DOOR)])
    assert [(each.data["camera_id"], each.data["user_id"]) for each in lines] == [
        ("a", "sam"),
        ("b", None),
    ]
    assert after.said == {}


def test_a_camera_that_is_gone_is_forgotten() -> None:
    """Nothing of it leaves; another one begins anew."""
    known, _ = masks_changed(Known(), [_camera("a", DOOR)])
    known, lines = masks_changed(known, [])
    assert (known, lines) == (Known(), ())
