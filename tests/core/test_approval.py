"""The approval predicate: every clause has a case that only it refuses."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from custom_components.clip_consent.core.approval import (
    Decision,
    Person,
    Rejection,
    Session,
    Tap,
    Token,
    World,
    check_panel_approval,
    check_push_answer,
    check_push_approval,
    wants_another,
)
from custom_components.clip_consent.core.masks import Region
from custom_components.clip_consent.core.models import (
    Case,
    CaseState,
    Constraints,
    Destination,
    FirstTap,
    Means,
    Way,
)

from .cases import CHOICE, NOW, SHA, draft, offer, request, screening, waiting

DOOR = Region(left=0, top=0, right=5000, bottom=5000)
PART = Region(left=10, top=0, right=500, bottom=500)
MASKED = replace(screening(), constraints=Constraints(masked=True))
WAY = Destination(way=Way.TUS, url="https://example.org/files")


def _case() -> Case:
    made = replace(
        offer(offer_id="offer"),
        destination=WAY,
        policy="policy",
        offered_at=NOW - timedelta(minutes=1),
        expires_at=NOW + timedelta(days=1),
    )
    return waiting(case_id="c", request=request(destination=WAY), offer=made)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything the predicate looks at; as built, all clauses hold."""

    tap: Tap = Tap(
        event_type="mobile_app_notification_action",
        remote=True,
        parent_id=None,
        user_id="anna",
    )
    token: Token | None = Token(
        digest="d",
        case_id="c",
        offer_id="offer",
        user_id="anna",
        phone="phone",
        decision=Decision.APPROVE,
        spent=False,
        void=False,
    )
    person: Person | None = Person(
        user_id="anna",
        name="Anna",
        listed=True,
        active=True,
        system_generated=False,
        local_only=False,
        admin=False,
        exposed=frozenset(),
        one_tap=frozenset({"phone"}),
    )
    case: Case = _case()
    world: World = World(
        now=NOW, seconds_left=60.0, policy="policy", file_sha256=SHA, masks=()
    )
    session: Session = Session(own_login=True)
    offer_id: str = "offer"
    sha256: str = SHA

    def change(self, part: str, **changes: Any) -> Facts:
        """Return the facts with one part changed."""
        changed = replace(getattr(self, part), **changes)
        return replace(self, **{part: changed})

    def push(self) -> Rejection | None:
        """Ask the predicate about a tap."""
        return check_push_approval(
            self.tap, self.token, self.person, self.case, self.world
        )

    def panel(self) -> Rejection | None:
        """Ask the predicate about Approve in the panel."""
        return check_panel_approval(
            person=self.person,
            session=self.session,
            offer_id=self.offer_id,
            sha256=self.sha256,
            case=self.case,
            world=self.world,
        )


GOOD = Facts()


def _offer(**changes: Any) -> Callable[[Facts], Facts]:
    def change(facts: Facts) -> Facts:
        assert facts.case.offer
        return facts.change("case", offer=replace(facts.case.offer, **changes))

    return change


def _request(**changes: Any) -> Callable[[Facts], Facts]:
    return lambda facts: facts.change(
        "case", request=replace(facts.case.request, **changes)
    )


def _part(part: str, **changes: Any) -> Callable[[Facts], Facts]:
    return lambda facts: facts.change(part, **changes)


def _set(**changes: Any) -> Callable[[Facts], Facts]:
    return lambda facts: replace(facts, **changes)


def _first(user_id: str) -> FirstTap:
    return FirstTap(user_id=user_id, means=Means.PANEL, at=NOW)


ABOUT_OFFER = [
    (_part("world", first=_first("anna"), first_stands=True), Rejection.SAME_APPROVER),
    (_part("case", offer=None), Rejection.NO_OFFER),
    (_part("case", state=CaseState.CONSENTED), Rejection.NO_OFFER),
    (_part("case", state=CaseState.CLOSED), Rejection.NO_OFFER),
    (_part("world", now=NOW + timedelta(days=1)), Rejection.EXPIRED),
    (_part("world", seconds_left=0.0), Rejection.EXPIRED),
    (_part("world", seconds_left=None), Rejection.EXPIRED),
    (_part("world", now=NOW - timedelta(minutes=3)), Rejection.CLOCK),
    (_request(recipient="age1other"), Rejection.RECIPIENT_KEY),
    (_request(recipient=None), Rejection.RECIPIENT_KEY),
    (
        _request(destination=replace(WAY, url="https://example.net/files")),
        Rejection.DESTINATION,
    ),
    (_request(destination=replace(WAY, way=Way.PUT)), Rejection.DESTINATION),
    (_part("world", policy="another"), Rejection.POLICY),
    (_part("case", draft=None), Rejection.DRAFT),
    (
        _part("case", draft=draft(choice=replace(CHOICE, identity="Sam"))),
        Rejection.IDENTITY,
    ),
    (_part("world", file_sha256="cd" * 32), Rejection.DRAFT_FILE),
    (_part("world", file_sha256=None), Rejection.DRAFT_FILE),
    (_part("world", masks=(DOOR,)), Rejection.CAMERA_MASKS),
    (_part("case", screening=MASKED), Rejection.UNMASKED),
]
ABOUT_PERSON = [
    (_set(person=None), Rejection.NOT_APPROVER),
    (_part("person", listed=False), Rejection.NOT_APPROVER),
    (_part("person", active=False), Rejection.INACTIVE_USER),
    (_part("person", system_generated=True), Rejection.SYSTEM_USER),
]
ABOUT_ANSWER = [
    (_part("tap", event_type="clip_consent_approve"), Rejection.EVENT_TYPE),
    (
        _part("tap", event_type="mobile_app_notification_cleared"),
        Rejection.EVENT_TYPE,
    ),
    (_part("tap", remote=False), Rejection.ORIGIN),
    (_part("tap", parent_id="automation"), Rejection.PARENT),
    (_set(token=None), Rejection.UNKNOWN_TOKEN),
    (_part("token", spent=True), Rejection.SPENT_TOKEN),
    (_part("token", void=True), Rejection.VOID_TOKEN),
    (_part("tap", user_id="ben"), Rejection.RECIPIENT),
    (_part("tap", user_id=None), Rejection.RECIPIENT),
    *ABOUT_PERSON,
]
ABOUT_TAP = [
    *ABOUT_ANSWER,
    (_part("person", local_only=True), Rejection.LOCAL_ONLY_USER),
    (_part("person", one_tap=frozenset()), Rejection.UNENCRYPTED_PHONE),
    (_part("person", exposed=frozenset({"tablet"})), Rejection.UNENCRYPTED_PHONE),
    (_part("token", decision=Decision.DECLINE), Rejection.OTHER_ANSWER),
    (_part("token", decision=Decision.UNDO), Rejection.OTHER_ANSWER),
    (_part("token", case_id="another"), Rejection.OTHER_CASE),
    (_part("token", offer_id="earlier"), Rejection.NO_OFFER),
    (
        _part(
            "case",
            screening=replace(
                _case().screening,  # type: ignore[type-var]
                constraints=Constraints(confirm_in_app=True),
            ),
        ),
        Rejection.CONFIRM_IN_APP,
    ),
    (_part("case", screening=None), Rejection.CONFIRM_IN_APP),
]


def test_all_clauses_hold() -> None:
    """As built, a tap and the panel's Approve count."""
    assert GOOD.push() is None
    assert GOOD.panel() is None


@pytest.mark.parametrize(("change", "clause"), ABOUT_TAP + ABOUT_OFFER)
def test_tap_is_refused(change: Callable[[Facts], Facts], clause: Rejection) -> None:
    """One fact changed is enough, and the refusal names its clause."""
    assert change(GOOD).push() is clause


@pytest.mark.parametrize(("change", "clause"), ABOUT_ANSWER)
def test_other_answers_are_refused(
    change: Callable[[Facts], Facts], clause: Rejection
) -> None:
    """Decline and undo from a push need the same proof of who tapped."""
    facts = change(GOOD)
    assert check_push_answer(facts.tap, facts.token, facts.person) is clause


@pytest.mark.parametrize(
    ("change", "clause"),
    [
        *ABOUT_PERSON,
        (_part("session", own_login=False), Rejection.SESSION),
        (_set(offer_id="earlier"), Rejection.NO_OFFER),
        (_set(sha256="cd" * 32), Rejection.DRAFT),
        *ABOUT_OFFER,
    ],
)
def test_panel_is_refused(change: Callable[[Facts], Facts], clause: Rejection) -> None:
    """The panel's Approve is bound to the session, the offer and the bytes shown."""
    assert change(GOOD).panel() is clause


def test_an_answer_in_words_is_approved_in_the_panel_alone() -> None:
    """A push does not show the words: no key in it counts, whoever minted it."""
    choice = replace(CHOICE, text="At 19:03 a van drove by.")
    facts = GOOD.change("case", draft=replace(draft(), choice=choice))
    assert facts.push() is Rejection.CONFIRM_IN_APP
    assert facts.panel() is None


def test_the_second_yes_is_anothers() -> None:
    """A first yes of somebody else is no hindrance."""
    facts = GOOD.change("world", first=_first("ben"), first_stands=True)
    assert facts.push() is None
    assert facts.panel() is None


@pytest.mark.parametrize(
    ("wanted", "first", "stands", "another"),
    [
        (False, None, False, False),
        (True, None, False, True),
        (True, _first("ben"), False, True),
        (True, _first("ben"), True, False),
    ],
)
def test_when_another_is_wanted(
    wanted: bool, first: FirstTap | None, stands: bool, another: bool
) -> None:
    """Where the rules want two, until a yes stands that somebody gave before."""
    assert GOOD.case.screening
    screening = replace(
        GOOD.case.screening, constraints=Constraints(two_approvers=wanted)
    )
    facts = GOOD.change("case", screening=screening)
    facts = facts.change("world", first=first, first_stands=stands)
    assert wants_another(facts.case, facts.world) is another


def test_what_no_rule_has_looked_at_wants_two() -> None:
    """The strictest, as everywhere."""
    assert wants_another(replace(GOOD.case, screening=None), GOOD.world)


def test_offer_of_another_draft_is_refused() -> None:
    """An offer whose digest is not the draft's is void, however it came about."""
    facts = _offer(sha256="cd" * 32)(GOOD)
    assert facts.push() is Rejection.DRAFT
    assert replace(facts, sha256="cd" * 32).panel() is Rejection.DRAFT


def test_a_little_clock_drift_is_allowed() -> None:
    """Clocks that differ by less than a minute do not void an offer."""
    assert GOOD.case.offer
    early = GOOD.case.offer.offered_at - timedelta(seconds=59)
    assert GOOD.change("world", now=early).push() is None


def test_what_is_filled_may_be_more_than_has_to_be() -> None:
    """A draft that hides what its camera hides, within larger regions too."""
    filled = GOOD.change("case", draft=replace(draft(), masks=(DOOR,)))
    filled = filled.change("case", screening=MASKED)
    for hidden in ((), (DOOR,), (PART,)):
        facts = filled.change("world", masks=hidden)
        assert facts.push() is None
        assert facts.panel() is None
    partly = GOOD.change("case", draft=replace(draft(), masks=(PART,)))
    partly = partly.change("world", masks=(DOOR,))
    assert partly.push() is partly.panel() is Rejection.CAMERA_MASKS


def test_an_answer_in_words_has_nothing_to_fill() -> None:
    """A rule that wants a region filled is about pictures."""
    words = draft(choice=replace(CHOICE, text="Come by."))
    facts = GOOD.change("case", draft=words, screening=MASKED)
    assert facts.panel() is None


@pytest.mark.parametrize("shown", ["", "Sam", "sam, number 12"])
def test_a_yes_is_for_the_words_about_the_owner_that_were_shown(shown: str) -> None:
    """Others beside the same film are another thing to say yes to."""
    other = draft(choice=replace(CHOICE, identity="Sam, number 12"))
    facts = _offer(identity=shown)(GOOD).change("case", draft=other)
    assert facts.panel() is Rejection.IDENTITY
    same = _offer(identity="Sam, number 12")(facts)
    assert same.panel() is None


def test_a_push_approves_no_words_about_the_owner() -> None:
    """It does not show them: only the panel's Approve counts."""
    named = draft(choice=replace(CHOICE, identity="Sam, number 12"))
    facts = _offer(identity="Sam, number 12")(GOOD).change("case", draft=named)
    assert facts.push() is Rejection.CONFIRM_IN_APP
    assert facts.panel() is None
    # whatever an offer was made of: what it says of the owner was not in the push
    assert _offer(identity="Sam")(GOOD).push() is Rejection.CONFIRM_IN_APP
    swapped = GOOD.change("case", draft=named)
    assert swapped.push() is Rejection.IDENTITY


def test_accepted_unencrypted_phone_counts() -> None:
    """The owner said of every exposed phone that a tap on it is enough."""
    facts = GOOD.change(
        "person",
        exposed=frozenset({"tablet"}),
        one_tap=frozenset({"phone", "tablet"}),
    )
    assert facts.push() is None
