"""G1 tap, G2 silence: comments on notices. None leaves before its tap, or says itself.

A home that wrote one and sent nothing is, to the hub, one that never would.
"""

from dataclasses import replace
from datetime import timedelta
import io
import json
import tarfile

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
import pyrage
from pyrage import x25519
import pytest

from custom_components.clip_consent.core.errors import ClipConsentError
from custom_components.clip_consent.core.models import Case, CaseState
from custom_components.clip_consent.core.own_answers import AnswerState
from custom_components.clip_consent.core.portal_items import Notice, NoticeAuthor
from tests.edges.acting import until
from tests.guarantees.following import PORTAL, Follow, Following, follow, hub
from tests.manager.world import ANNA
from tests.portal.foreign import package
from tests.portal.standin import Seen, StandInHub
from tests.portal.test_home_notices import a_notice, send

__all__ = ["follow", "hub"]  # fixtures, used by name

NOTICE = "n" * 26  # what the stand-in calls a notice that is sent in
WORDS, WHO = "Salt is in the box.", "Anna, number 7"


async def comment(
    home: Following, notice: Notice, text: str = WORDS, identity: str = ""
) -> Case:
    """Write a comment, and return the case that waits for a tap."""
    await home.world.manager.notices.async_comment(
        PORTAL, notice.id, text, ANNA, identity=identity
    )
    await home.world.settle()
    [case] = home.world.manager.reading.open_cases()
    assert case.state is CaseState.WAITING
    return case


async def go_on(home: Following) -> None:
    """Let the undo window, and the while of chance after it, pass."""
    await home.world.pass_undo()
    home.world.clock.go_on(timedelta(minutes=6))
    home.world.manager.look_again()
    await home.world.settle()


def opened(package_: bytes, key: x25519.Identity) -> tuple[str, str]:
    """Return the words of a delivery and what it says of who sent it."""
    sealed = package.opened(package_, key, NOTICE)
    return sealed.content.decode(), sealed.manifest.get("identity", "")


async def test_no_word_of_a_comment_leaves_before_its_tap(
    follow: Follow, hub: StandInHub
) -> None:
    """And then exactly those that were shown, to exactly the notice's author.

    Whoever ticks to say who they are, or writes other words, is asked anew: the tap on
    what was shown before counts for nothing.
    """
    key = x25519.Identity.generate()
    notice = a_notice(id=NOTICE, recipient=str(key.to_public()))
    hub.publish(notice)
    home = await follow()
    await home.poll()
    first = await comment(home, notice)
    assert first.offer and first.draft
    second = await comment(home, notice, identity=WHO)
    assert second.offer and second.draft
    assert second.case_id == first.case_id
    assert (second.draft.choice.text, second.draft.choice.identity) == (WORDS, WHO)
    assert second.offer.recipient == notice.recipient
    before = replace(second, offer=first.offer, draft=first.draft)
    with pytest.raises(ClipConsentError):
        await home.world.approve(before)
    await go_on(home)
    await home.poll()
    assert home.world.oracle.arrived == []
    assert {method for method, *_ in hub.seen} == {"GET"}
    await home.world.approve(second)
    assert home.world.oracle.arrived == []
    await go_on(home)
    [sealed] = home.world.oracle.arrived
    assert opened(sealed, key) == (WORDS, WHO)
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed, [x25519.Identity.generate()])


async def test_a_comment_names_nobody_unless_that_was_ticked(
    follow: Follow, hub: StandInHub
) -> None:
    """G6: the manifest holds no name of a user, a home or a camera."""
    key = x25519.Identity.generate()
    notice = a_notice(id=NOTICE, recipient=str(key.to_public()))
    hub.publish(notice)
    home = await follow()
    await home.poll()
    await home.world.approve(await comment(home, notice))
    await go_on(home)
    [sealed] = home.world.oracle.arrived
    assert opened(sealed, key) == (WORDS, "")
    plain = pyrage.decrypt(sealed, [key])
    with tarfile.open(fileobj=io.BytesIO(plain)) as members:
        assert members.getnames() == ["manifest.jws", "answer.txt"]
    said = json.dumps(package.opened(sealed, key, NOTICE).manifest)
    for name in (ANNA, "Lindenstraße", "garden"):
        assert name not in said


async def test_who_does_not_comment_is_as_who_never_would(
    follow: Follow, hub: StandInHub
) -> None:
    """G2: written and not approved, given up, put away, not looked at: the same bytes."""
    notice = a_notice(id=NOTICE, recipient=str(x25519.Identity.generate().to_public()))
    hub.publish(notice)
    names = ("never", "writes", "gives up", "puts away", "undoes")
    homes = {name: await follow(name) for name in names}
    for home in homes.values():
        await home.poll()
    await comment(homes["writes"], notice, identity=WHO)
    case = await comment(homes["gives up"], notice)
    await homes["gives up"].world.manager.async_decline(case.case_id, ANNA)
    board = homes["puts away"].world.manager.notices
    await board.async_put_away(PORTAL, NOTICE, ANNA)
    case = await comment(homes["undoes"], notice)
    await homes["undoes"].world.approve(case)
    await homes["undoes"].world.manager.async_undo(case.case_id, ANNA)
    heard: dict[str, list[Seen]] = {}
    for name, home in homes.items():
        await go_on(home)
        heard[name] = await home.seen()
    assert len(heard["never"]) > 3
    for name, said in heard.items():
        assert said == heard["never"], name
        assert homes[name].world.oracle.arrived == []


async def written_by(home: Following, hub: StandInHub) -> str:
    """Send a notice in from a home, and publish it; return its id here."""
    written_id = await send(home)
    asked = home.world.manager.neighbours.asked
    await until(lambda: asked.notice(written_id))
    [own] = asked.notices
    hub.publish(
        a_notice(id=NOTICE, recipient=own.recipient, author=NoticeAuthor.NEIGHBOUR)
    )
    return written_id


async def test_the_author_asks_in_each_slot_whoever_reads(
    follow: Follow, hub: StandInHub
) -> None:
    """The same questions in the same order, whether comments came, or were looked at.

    Its inbox is asked after all else of the slot, and before anything is acted on.
    """
    home = await follow()
    written_id = await written_by(home, hub)
    await home.poll()
    hub.seen.clear()
    await home.poll()
    [own] = home.world.manager.neighbours.asked.notices
    usual = hub.paths()
    assert usual[-1] == f"/inbox/{NOTICE}"
    assert all(not path.startswith("/inbox") for path in usual[:-1])
    home.world.manager.notices.written()  # somebody looks
    hub.seen.clear()
    await home.poll()
    assert hub.paths() == usual
    for name in ("ab", "cd"):
        hub.delivered[name[0] * 26] = sealed_comment(own.recipient, name)
    hub.seen.clear()
    await home.poll()
    await home.world.manager.neighbours.asked.fetching.async_idle()
    fetched = [f"/inbox/{NOTICE}/{name * 26}" for name in "ac"]
    assert hub.paths() == [*usual, *fetched]
    hub.seen.clear()
    await home.poll()
    assert hub.paths() == usual
    own = home.world.manager.neighbours.asked.get(written_id)
    assert [one.text for one in own.answers] == ["ab", "cd"]


def sealed_comment(recipient: str, text: str, identity: str | None = None) -> bytes:
    """Return a comment as another program makes one."""
    said = {
        "version": 1,
        "kind": "clip",
        "request_id": NOTICE,
        "content": {"name": "answer.txt", "media_type": "text/plain; charset=utf-8"},
        "identity": identity,
    }
    tar = package.packed(said, text.encode(), Ed25519PrivateKey.generate())
    to = x25519.Recipient.from_str(recipient)
    return bytes(pyrage.encrypt(package.padded(tar), [to]))


@pytest.mark.parametrize(
    "text",
    [
        "turn\u202eback",
        "isolated\u2066\u2069",
        "bell\x07",
        "\x1b[31mred",
        "",
        " \n ",
        "x" * 2001,
    ],
)
async def test_what_no_comment_may_hold_is_not_shown(
    follow: Follow, hub: StandInHub, text: str
) -> None:
    """G8: signs that change how others read, terminals' commands, nothing, too much."""
    home = await follow()
    written_id = await written_by(home, hub)
    await home.poll()
    [own] = home.world.manager.neighbours.asked.notices
    hub.delivered["a" * 26] = sealed_comment(own.recipient, text, "who\u202e")
    await home.poll()
    await home.world.manager.neighbours.asked.fetching.async_idle()
    [one] = home.world.manager.neighbours.asked.get(written_id).answers
    assert (one.state, one.text) == (AnswerState.UNREADABLE, None)
    assert "notice_commented" not in await home.world.ledger()
