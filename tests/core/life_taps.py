"""Taps on Approve, good ones and all others, judged by the predicate and by the notes.

The notes of the home say in their own words whether a tap may count. The predicate has
to come to the same answer, for whatever reason; and what it lets through is noted: that
alone makes a consent. What a yes makes of a case is asked of `home/consenting.py`, which
is as pure as the core.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import ClassVar

from custom_components.clip_consent.core import flow
from custom_components.clip_consent.core.approval import (
    TAP_EVENT,
    Decision,
    Person,
    Rejection,
    Session,
    Tap,
    Token,
    World,
    check_panel_approval,
    check_person,
    check_push_answer,
    check_push_approval,
)
from custom_components.clip_consent.core.masks import Region
from custom_components.clip_consent.core.models import (
    Case,
    CaseState,
    ClosedReason,
    Means,
)
from custom_components.clip_consent.core.verdict import Verdict
from custom_components.clip_consent.home.consenting import Yes, accepted, rejected

from .life_home import UNDO, Agreed, LifeHome, pick


class Flaw(StrEnum):
    """What is wrong with a tap, besides what the state of the home makes wrong."""

    NONE = "none"
    EVENT = "event"
    LOCAL = "local"  # fired on this machine
    PARENT = "parent"  # an automation's
    WRONG_USER = "wrong_user"
    NO_USER = "no_user"
    UNKNOWN = "unknown"  # such a token was never made
    WRONG_ANSWER = "wrong_answer"  # the button was for another
    WRONG_CASE = "wrong_case"
    WRONG_PHONE = "wrong_phone"
    EXPOSED = "exposed"
    SPENT = "spent"
    VOID = "void"
    SESSION = "session"
    WRONG_OFFER = "wrong_offer"
    WRONG_DIGEST = "wrong_digest"
    RECIPIENT = "recipient"  # of the case, another than was offered
    DESTINATION = "destination"
    DRAFT = "draft"
    IDENTITY = "identity"  # of the draft, other words than were shown
    MASKS = "masks"  # of the camera, more than the draft has filled
    UNMASKED = "unmasked"  # though the rules want a region filled
    STATE = "state"
    REBOOTED = "rebooted"  # the stopwatch never began
    LATE = "late"  # it ran out
    EXPIRED = "expired"  # by the wall clock alone


IN_CASE = (
    *(Flaw.RECIPIENT, Flaw.DESTINATION, Flaw.DRAFT, Flaw.IDENTITY, Flaw.STATE),
    *(Flaw.REBOOTED, Flaw.LATE, Flaw.EXPIRED, Flaw.MASKS, Flaw.UNMASKED),
)
IN_PUSH = (
    *(Flaw.EVENT, Flaw.LOCAL, Flaw.PARENT, Flaw.WRONG_USER, Flaw.NO_USER),
    *(Flaw.UNKNOWN, Flaw.WRONG_CASE, Flaw.WRONG_ANSWER, Flaw.WRONG_PHONE),
    *(Flaw.EXPOSED, Flaw.SPENT, Flaw.VOID, Flaw.WRONG_OFFER),
    *IN_CASE,
)
IN_PANEL = (Flaw.SESSION, Flaw.WRONG_OFFER, Flaw.WRONG_DIGEST, *IN_CASE)


MORE = Region(left=0, top=0, right=10_000, bottom=10_000)  # no other covers it


def kind_of(token: Token) -> str:
    """Return whether a token is spent or void, or what it is still good for."""
    if token.spent or token.void:
        return "spent" if token.spent else "void"
    phone = token.phone.startswith("phone")
    return "approve" if phone and token.decision is Decision.APPROVE else "other"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A tap, by whom and by what means, and what the predicate said."""

    user_id: str
    means: Means
    rejection: Rejection | None


class Taps:
    """The approvers of a home, and whoever pretends to be one."""

    rejections: ClassVar[Counter[Rejection | None]] = Counter()

    def __init__(self, home: LifeHome) -> None:
        """Keep the home."""
        self._home = home

    # --- what the notes say

    def _stands(self, case: Case) -> bool:
        """Tell whether a case has an offer that a yes may count on now."""
        home = self._home
        if case.offer is None or case.offer.offer_id in home.void:
            return False
        shown = home.shown[case.offer.offer_id]
        said = home.screening(case.request)
        return (
            case.state is CaseState.WAITING
            and home.now < shown.expires_at
            and home.stopwatch < shown.deadline
            and home.now >= shown.offered_at - timedelta(seconds=60)
            and (said.verdict, said.constraints) == (shown.verdict, shown.constraints)
            and home.files.get(case.case_id) == shown.sha256
            and not home.lacks_masks(case.draft)
            and (case.request.recipient, case.request.destination)
            == (shown.recipient, shown.destination)
        )

    def _may_say_yes(self, case: Case, user_id: str) -> bool:
        """Tell whether a user may say yes, and has not said so before."""
        person = self._home.people[user_id]
        first = self._home.books.first.get(case.offer.offer_id) if case.offer else None
        human = person.active and not person.system_generated
        return person.listed and human and first != user_id

    def push_is_good(self, token: Token, flaw: Flaw) -> bool:
        """Tell whether Approve in a push may count."""
        home = self._home
        case = home.books.cases[token.case_id]
        person = home.people[token.user_id]
        return (
            flaw is Flaw.NONE
            and token.decision is Decision.APPROVE
            and not (token.spent or token.void)
            and case.offer is not None
            and case.offer.offer_id == token.offer_id
            and self._stands(case)
            and self._may_say_yes(case, token.user_id)
            and not person.local_only
            and token.phone.startswith("phone")
            and not home.shown[case.offer.offer_id].in_app
            and not home.shown[case.offer.offer_id].identity
            and not (case.draft and case.draft.choice.text is not None)
        )

    def panel_is_good(self, case: Case, user_id: str, flaw: Flaw) -> bool:
        """Tell whether Approve in the panel may count."""
        return (
            flaw is Flaw.NONE
            and self._stands(case)
            and self._may_say_yes(case, user_id)
        )

    def shown_to(self, user_id: str, case_id: str) -> list[Token]:
        """Return the tokens of the Approve that a user sees, on what could be enough."""
        offer = self._home.books.cases[case_id].offer
        return [
            token
            for token in self._home.books.tokens.values()
            if offer
            and (token.offer_id, token.user_id) == (offer.offer_id, user_id)
            and kind_of(token) == "approve"
        ]

    # --- what the predicate says

    def push(self, token: Token, flaw: Flaw) -> bool:
        """Tap a button of a push; tell whether it counted."""
        home = self._home
        tap = _tap(token, flaw)
        kept = _kept(token, flaw)
        case = home.books.cases[token.case_id]
        if token.decision is not Decision.APPROVE:
            return self._answer(tap, kept, case)
        good = self.push_is_good(token, flaw)
        if flaw is Flaw.WRONG_CASE:
            others = [c for c in home.books.cases.values() if c.offer and c is not case]
            if not others:
                return False
            case = pick(others, home.number)
        person = home.people.get(tap.user_id or "")
        world = self._world(case, flaw)
        seen = _changed(case, flaw)
        said = check_push_approval(
            tap, kept, _exposed(person, token, flaw), seen, world
        )
        judged = Judged(user_id=tap.user_id or "", means=Means.PUSH, rejection=said)
        return self._settle(case, world, judged, good=good, token=token)

    def panel(self, case: Case, user_id: str, flaw: Flaw) -> bool:
        """Approve in the panel; tell whether it counted."""
        good = self.panel_is_good(case, user_id, flaw)
        world = self._world(case, flaw)
        shown = case.offer or next(iter(self._home.shown.values()), None)
        offer_id = case.offer.offer_id if case.offer else "o0"
        sha256 = shown.sha256 if shown else ""
        said = check_panel_approval(
            person=self._home.people.get(user_id),
            session=Session(own_login=flaw is not Flaw.SESSION),
            offer_id="o0" if flaw is Flaw.WRONG_OFFER else offer_id,
            sha256="0" * 64 if flaw is Flaw.WRONG_DIGEST else sha256,
            case=_changed(case, flaw),
            world=world,
        )
        judged = Judged(user_id=user_id, means=Means.PANEL, rejection=said)
        return self._settle(case, world, judged, good=good)

    def _world(self, case: Case, flaw: Flaw) -> World:
        home = self._home
        shown = home.shown[case.offer.offer_id] if case.offer else None
        first = case.offer.first if case.offer else None
        stands = first and check_person(home.people.get(first.user_id)) is None
        left = shown.deadline - home.stopwatch if shown else None
        left = {Flaw.REBOOTED: None, Flaw.LATE: 0.0}.get(flaw, left)
        return World(
            now=shown.expires_at if shown and flaw is Flaw.EXPIRED else home.now,
            seconds_left=left,
            policy=home.screening(case.request).policy,
            file_sha256=home.files.get(case.case_id),
            masks=(MORE,) if flaw is Flaw.MASKS else home.masks_for(case.draft),
            first=first,
            first_stands=bool(stands),
        )

    # --- what comes of it

    def _settle(
        self,
        case: Case,
        world: World,
        judged: Judged,
        *,
        good: bool,
        token: Token | None = None,
    ) -> bool:
        """Apply what was said, if the notes agree."""
        home = self._home
        self.rejections[judged.rejection] += 1
        assert (judged.rejection is None) is good, judged
        if judged.rejection or case.offer is None or case.draft is None:
            verdict = rejected(
                case.case_id, judged.rejection, judged.user_id, judged.means, told=True
            )
            self._write(verdict)
            if judged.rejection is Rejection.DRAFT_FILE:
                home.apply(
                    "draft_lost",
                    case,
                    lambda: flow.draft_lost(case, "draft_changed"),
                    line="voided",
                )
            return False
        yes = Yes(
            user_id=judged.user_id,
            means=judged.means,
            at=home.now,
            undo=UNDO[judged.means],
            consent_id=home.new_id("c"),
            delivery_id=home.new_id("d"),
        )
        verdict = accepted(case, case.offer, case.draft, yes, world)
        if token:
            spent = replace(home.books.tokens[token.digest], spent=True)
            home.books.tokens[token.digest] = spent
        self._note(case, yes, verdict)
        self._write(verdict)
        return True

    def _note(self, case: Case, yes: Yes, verdict: Verdict) -> None:
        """Note whose yes it was; two have to say it where the rules want two."""
        home, books = self._home, self._home.books
        assert case.offer
        assert verdict.case
        offer_id = case.offer.offer_id
        first = books.first.get(offer_id)
        if first and not (home.people[first].listed and home.people[first].active):
            first = None
        if home.shown[offer_id].two and first is None:
            books.first[offer_id] = yes.user_id
            books.halves += 1
            home.save("first_approved", case, verdict.case)
            return
        users = (first, yes.user_id) if first else (yes.user_id,)
        books.agreed[yes.consent_id] = Agreed(
            offer_id=offer_id, users=users, undo_until=home.now + yes.undo
        )
        books.standing.add(yes.consent_id)
        after = home.save("consented", case, verdict.case)
        home.mint(after, offer_id, Decision.UNDO)

    def _answer(self, tap: Tap, token: Token | None, case: Case) -> bool:
        """Decline or undo from a push."""
        home = self._home
        person = home.people.get(tap.user_id or "")
        said = check_push_answer(tap, token, person)
        self.rejections[said] += 1
        if said or token is None:
            assert said
            self._write(
                rejected(case.case_id, said, tap.user_id or "", Means.PUSH, told=True)
            )
            return False
        assert not (token.spent or token.void)
        assert home.people[token.user_id].listed
        undo = token.decision is Decision.UNDO
        change = (
            partial(flow.undone, case, home.now)
            if undo
            else partial(flow.closed, case, ClosedReason.DECLINED, home.now)
        )
        name = "undone" if undo else "closed"
        if home.attempt(name, case, change, line=name, user_id=tap.user_id) is None:
            home.write("answer_too_late", case.case_id, user_id=tap.user_id)
            return False
        home.books.tokens[token.digest] = replace(
            home.books.tokens[token.digest], spent=True
        )
        return True

    def _write(self, verdict: Verdict) -> None:
        for line in verdict.lines:
            self._home.write(line.kind, line.case_id, **line.data)


def _tap(token: Token, flaw: Flaw) -> Tap:
    """Return the event of a tap on a button."""
    other = "ben" if token.user_id != "ben" else "anna"
    users = {Flaw.WRONG_USER: other, Flaw.NO_USER: None}
    return Tap(
        event_type="clip_consent_approve" if flaw is Flaw.EVENT else TAP_EVENT,
        remote=flaw is not Flaw.LOCAL,
        parent_id="automation" if flaw is Flaw.PARENT else None,
        user_id=users.get(flaw, token.user_id),
    )


def _kept(token: Token, flaw: Flaw) -> Token | None:
    """Return a token as the store has it."""
    if flaw is Flaw.UNKNOWN:
        return None
    return replace(
        token,
        spent=token.spent or flaw is Flaw.SPENT,
        void=token.void or flaw is Flaw.VOID,
        offer_id="o0" if flaw is Flaw.WRONG_OFFER else token.offer_id,
        decision=Decision.UNDO if flaw is Flaw.WRONG_ANSWER else token.decision,
    )


def _exposed(person: Person | None, token: Token, flaw: Flaw) -> Person | None:
    """Return a user as they are, or with phones that anybody could speak for."""
    if person and flaw is Flaw.WRONG_USER:  # the phone alone is no hindrance
        return replace(person, one_tap=frozenset({token.phone}))
    if person and flaw is Flaw.EXPOSED:
        return replace(person, exposed=frozenset({"watch"}))
    if person and flaw is Flaw.WRONG_PHONE:
        return replace(person, one_tap=frozenset({"phone_x"}))
    return person


def _changed(case: Case, flaw: Flaw) -> Case:
    """Return a case that is another one than was offered."""
    request = case.request
    if flaw is Flaw.RECIPIENT:
        request = replace(request, recipient="age1mallory")
    if flaw is Flaw.DESTINATION:
        elsewhere = replace(request.destination, url="https://mallory.example/")
        request = replace(request, destination=elsewhere)
    if case.draft and flaw is Flaw.DRAFT:
        case = replace(case, draft=replace(case.draft, sha256="d" * 64))
    if case.draft and flaw is Flaw.IDENTITY:
        choice = replace(case.draft.choice, identity="Mallory")
        case = replace(case, draft=replace(case.draft, choice=choice))
    if case.draft and case.screening and flaw is Flaw.UNMASKED:
        limits = replace(case.screening.constraints, masked=True)
        choice = replace(case.draft.choice, text=None)
        case = replace(
            case,
            screening=replace(case.screening, constraints=limits),
            draft=replace(case.draft, choice=choice, masks=()),
        )
    if flaw is Flaw.STATE:  # an offer that was left where there is none
        case = replace(case, state=CaseState.CLOSED)
    return replace(case, request=request)
