"""Records for whom a tap is enough that others could forge."""

import json

from ..core.ledger import Line
from ..core.ports import Clock, People
from .prompt_digest import Book


async def async_note_risk(book: Book, people: People, clock: Clock) -> None:
    """Write a ledger line if an approver's forgeable taps began or ceased to count.

    They are those on phones whose webhook is not encrypted: the push relay knows all
    that is needed to send one. The owner chose so; the ledger says since when.
    """
    for user_id in people.approvers():
        person = await people.async_person(user_id)
        risky = sorted(person.exposed & person.one_tap) if person else []
        key, value = f"exposed_taps:{user_id}", json.dumps(risky)
        if value == await book.async_setting(key, "[]"):
            continue
        line = Line(
            kind="one_tap_exposed",
            case_id=None,
            data={"user_id": user_id, "phones": [*risky]},
        )
        await book.async_set(key, value, [line], clock.now())
