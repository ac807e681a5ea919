"""A home without a machine: cases, tokens, ledger and files, in plain dictionaries.

What the store and the manager do around the core is done here by hand, and noted a
second time in the simplest words: which offers are void, whose yes counted, which
consents stand, what went out. The core has to agree with these notes.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from custom_components.clip_consent.core import flow, remaking
from custom_components.clip_consent.core.approval import Decision, Person, Token
from custom_components.clip_consent.core.clips import is_too_long
from custom_components.clip_consent.core.disclosure import status_view
from custom_components.clip_consent.core.errors import ConflictError
from custom_components.clip_consent.core.ledger import (
    EMPTY,
    Entry,
    Head,
    Line,
    append,
    timestamp,
)
from custom_components.clip_consent.core.masks import Region
from custom_components.clip_consent.core.models import (
    Case,
    CaseState,
    Choice,
    Consent,
    Constraints,
    Delivery,
    Destination,
    Draft,
    Means,
    Offer,
    Request,
    Screening,
    VerdictKind,
    Way,
)
from custom_components.clip_consent.core.public_status import Drop, PublicStatus
from custom_components.clip_consent.core.requests import over_limits
from custom_components.clip_consent.core.rules import Rule, screen
from custom_components.clip_consent.core.serial import Json, dump, load

from .cases import GARDEN, NOW
from .life_edges import EDGES, VOIDS_CONSENT, VOIDS_OFFER

DOOR = "door"
CAMERAS = (GARDEN, DOOR)
PER_DAY = {"a": 4, "b": 2}  # requests by invite
BERLIN = ZoneInfo("Europe/Berlin")
UNDO = {Means.PANEL: timedelta(seconds=10), Means.PUSH: timedelta(seconds=30)}
# registrations, each with its owner; a tap on the tablet is not enough
PHONES = {"anna": ("phone_a", "tablet_a"), "ben": ("phone_b",), "carol": ("phone_c",)}


def _person(user_id: str, **changes: Any) -> Person:
    base = Person(
        user_id=user_id,
        name=user_id.title(),
        listed=True,
        active=True,
        system_generated=False,
        local_only=False,
        admin=False,
        exposed=frozenset(),
        one_tap=frozenset({f"phone_{user_id[0]}"}),
    )
    return replace(base, **changes)


def pick[T](some: Iterable[T], number: int) -> T:
    """Return one of some, the last one for 0."""
    each = [*some]
    return each[-1 - number % len(each)]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What was put before the approvers."""

    case_id: str
    sha256: str
    recipient: str | None
    destination: Destination
    verdict: VerdictKind
    constraints: Constraints
    two: bool  # have to say yes
    in_app: bool  # and not in a push
    identity: str  # what would be said of the owner
    offered_at: datetime
    expires_at: datetime
    deadline: float  # on the stopwatch


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """Whose yes counted on what; the last one's time begins the undo window."""

    offer_id: str
    users: tuple[str, ...]
    undo_until: datetime


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A clip that went out."""

    delivery_id: str
    consent_id: str
    sha256: str


@dataclass
class Books:
    """All that a backup holds."""

    cases: dict[str, Case] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    agreed: dict[str, Agreed] = field(default_factory=dict)  # by consent
    standing: set[str] = field(default_factory=set)  # consents that may go out
    first: dict[str, str] = field(default_factory=dict)  # offer: whose yes, of two
    halves: int = 0
    sent: dict[str, tuple[Sent, ...]] = field(default_factory=dict)  # by case
    taken_back: set[str] = field(default_factory=set)  # deliveries
    senders: dict[tuple[str, str], str] = field(default_factory=dict)

    def saved(self) -> Books:
        """Return books of their own."""
        return Books(**{name: copy(value) for name, value in vars(self).items()})

    @property
    def head(self) -> Head:
        """The last entry of the ledger."""
        if not self.entries:
            return EMPTY
        return Head(seq=self.entries[-1].seq, digest=self.entries[-1].digest)


class LifeHome:
    """The home of one example; `seen` counts the transitions of all of them."""

    seen: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        """Begin with no case."""
        self.now = NOW
        self.stopwatch = 0.0
        self.accepting = True
        self.rules: tuple[Rule, ...] = ()
        self.books = Books()
        self.hidden: tuple[Region, ...] = ()  # by every camera
        self.files: dict[str, str | None] = {}  # of each case's draft: its digest now
        self.people = {
            "anna": _person("anna"),
            "ben": _person("ben"),
            "carol": _person("carol", local_only=True),
            "dora": _person("dora", listed=False),
            "robot": _person("robot", system_generated=True),
        }
        # what no backup brings back
        self.number = 0
        self.shown: dict[str, Shown] = {}  # offers
        self.void: set[str] = set()  # offers
        self.used: Counter[str] = Counter()  # consents that let something out
        self.leaving: dict[str, tuple[str, Delivery]] = {}  # stopped uploads

    def new_id(self, kind: str) -> str:
        """Return an id that was never there before."""
        self.number += 1
        return f"{kind}{self.number}"

    def pick(self, number: int) -> Case:
        """Return one of the cases that are not closed, if there are some."""
        cases = [*self.books.cases.values()]
        live = [case for case in cases if case.state is not CaseState.CLOSED]
        return pick(live or cases, number)

    # --- what the store does

    def write(self, kind: str, case_id: str | None, **data: Json) -> None:
        """Append a line to the ledger."""
        line = Line(kind=kind, case_id=case_id, data=data)
        entry = append(self.books.head, line, timestamp(self.now))
        self.books.entries.append(entry)

    def save(self, name: str, before: Case, after: Case) -> Case:
        """Keep what a transition made of a case, if the design allows it."""
        edge = (before.state, after.state)
        assert edge in EDGES[name], (name, *edge)
        self.seen[name] += 1
        if before.offer and name in VOIDS_OFFER:
            self.void.add(before.offer.offer_id)
        if before.delivery and name in VOIDS_CONSENT:
            self.books.standing.discard(before.delivery.consent.consent_id)
        after = replace(after, version=before.version + 1)
        self.books.cases[after.case_id] = after
        if after.offer is None or after.offer != before.offer:
            self.void_tokens(after)
        return after

    def attempt(
        self, name: str, before: Case, change: Callable[[], Case], **data: Json
    ) -> Case | None:
        """Apply a transition; None if the flow refuses it. `data`: see `write`."""
        try:
            after = self.save(name, before, change())
        except ConflictError:
            assert self.books.cases[before.case_id] is before
            return None
        if kind := data.pop("line", None):
            self.write(str(kind), before.case_id, **data)
        return after

    def apply(
        self, name: str, before: Case, change: Callable[[], Case], **data: Json
    ) -> Case:
        """Apply a transition that is due: it is not refused."""
        after = self.attempt(name, before, change, **data)
        assert after, (name, before.state)
        return after

    def void_tokens(self, case: Case) -> None:
        """Void the answers to any other offer; what undoes a consent stays."""
        current = case.offer.offer_id if case.offer else ""
        for digest, token in self.books.tokens.items():
            undoes = token.decision is Decision.UNDO
            if (
                token.case_id == case.case_id
                and token.offer_id != current
                and not (undoes and case.state is CaseState.CONSENTED)
            ):
                self.books.tokens[digest] = replace(token, void=True)

    def mint(self, case: Case, offer_id: str, *decisions: Decision) -> None:
        """Give every phone tokens of its own; those it had for the case are void."""
        tokens = self.books.tokens
        for digest, token in tokens.items():
            if token.case_id == case.case_id:
                tokens[digest] = replace(token, void=True)
        for user_id, phones in PHONES.items():
            for phone in phones:
                for decision in decisions:
                    digest = self.new_id("t")
                    tokens[digest] = Token(
                        digest=digest,
                        case_id=case.case_id,
                        offer_id=offer_id,
                        user_id=user_id,
                        phone=phone,
                        decision=decision,
                        spent=False,
                        void=False,
                    )

    # --- what the manager asks the core

    def take(self, request: Request) -> str:
        """Keep a request, once for each sender; return the id that it has from then."""
        sender = (request.invite_id or "", request.recipient or "")
        if request.invite_id and request.recipient:
            if before := self.books.senders.get(sender):
                return before
            self.books.senders[sender] = request.request_id
        case = Case(case_id=self.new_id("k"), request=request, state=CaseState.RECEIVED)
        self.books.cases[case.case_id] = case
        self.write("received", case.case_id, request_id=request.request_id)
        return request.request_id

    def is_over_limit(self, case: Case) -> bool:
        """Tell whether too many came in by the same invite within a day."""
        if case.request.invite_id is None:
            return False
        earlier: Counter[str] = Counter()
        for other in self.books.cases.values():
            if other is case:
                break
            age = abs(case.request.received_at - other.request.received_at)
            if other.request.invite_id and age < timedelta(days=1):
                earlier[other.request.invite_id] += 1
        over = over_limits(case.request.invite_id, earlier, PER_DAY)
        invite = case.request.invite_id
        assert over is (earlier[invite] >= PER_DAY[invite])
        return over

    def screening(self, request: Request) -> Screening:
        """Return what the rules of now say of a request."""
        return screen(
            request,
            self.rules,
            now=request.received_at,
            time_zone=BERLIN,
            home=None,
        )

    def rule_says(self, request: Request, limit: str) -> bool:
        """Tell whether one of the rules about such a requester sets a limit."""
        return any(
            getattr(rule.constraints, limit)
            and (not rule.trust or request.trust in rule.trust)
            for rule in self.rules
        )

    def may_be_offered(self, screening: Screening, choice: Choice | None) -> bool:
        """Tell whether the rules allow what was chosen."""
        limits = screening.constraints
        if choice is None or choice.text is not None:
            return True
        return not (
            (limits.cameras is not None and choice.camera_id not in limits.cameras)
            or is_too_long(choice.window.seconds, limits.max_seconds)
            or (choice.audio and not limits.audio)
        )

    def masks_for(self, draft: Draft | None) -> tuple[Region, ...]:
        """Return what has to be filled in a draft: nothing of mere words."""
        return self.hidden if draft and draft.choice.text is None else ()

    def lacks_masks(self, draft: Draft | None) -> bool:
        """Tell whether a draft shows what is hidden by now."""
        return draft is not None and not {*self.masks_for(draft)} <= {*draft.masks}

    def rescreen(self, case: Case) -> Case:
        """Apply rules and masks of now: another policy voids the offer."""
        if case.state not in flow.RESCREENED:
            return case
        said = self.screening(case.request)
        making = case.choice if case.state is CaseState.DRAFTING else None
        choice = case.draft.choice if case.draft else making
        fits = self.may_be_offered(said, choice)
        if fits and choice and self.lacks_masks(case.draft):
            fresh = replace(case, screening=said)
            return self.apply(
                "redrafted",
                case,
                lambda: remaking.redrafted(fresh, choice, case.problem),
                line="rescreened",
                policy=said.policy,
            )
        if case.screening and case.screening.policy == said.policy and fits:
            return case
        return self.apply(
            "rescreened",
            case,
            lambda: flow.rescreened(case, said, keep_draft=fits),
            line="rescreened",
            policy=said.policy,
        )

    def hold_deadline(self, offer: Offer) -> None:
        """Start the stopwatch of an offer."""
        left = (offer.expires_at - self.now).total_seconds()
        shown = self.shown[offer.offer_id]
        self.shown[offer.offer_id] = replace(shown, deadline=self.stopwatch + left)

    def sent(self, case: Case, consent: Consent, delivery_id: str) -> None:
        """Note that a clip went out, whatever the core thinks of it."""
        self.used[consent.consent_id] += 1
        self.books.standing.discard(consent.consent_id)
        one = Sent(
            delivery_id=delivery_id,
            consent_id=consent.consent_id,
            sha256=consent.sha256,
        )
        before = self.books.sent.get(case.case_id, ())
        self.books.sent[case.case_id] = (*before, one)

    def status(self, case: Case) -> dict[str, Json]:
        """Return what the public is told of a request."""
        drops = tuple(
            Drop(
                delivery_id=delivery.delivery_id,
                case_id=case.case_id,
                size=delivery.package_size or 0,
                until=delivery.available_until or self.now,
                once=case.pickup,
            )
            for delivery in case.delivered
            if delivery.is_available(self.now)
            and delivery.consent.destination.way is Way.DROP
        )
        told = status_view(
            PublicStatus(look_again_until=case.request.expires_at, drops=drops)
        )
        assert isinstance(told, dict)
        return told

    def restart(self) -> None:
        """Read all cases back from the disk; what was under way is dropped."""
        self.leaving.clear()
        for case_id, case in self.books.cases.items():
            self.books.cases[case_id] = load(Case, dump(case))
            assert self.books.cases[case_id] == case
            if case.offer:
                self.hold_deadline(case.offer)

    def restore(self, backup: Books) -> None:
        """Come back from a backup: no offer, token or consent of before stands."""
        self.void |= {*self.shown}
        self.books = backup.saved()
        self.books.tokens.clear()  # they are of another epoch
        self.write("restored", None, open=len(self.books.cases))
        for case in [*self.books.cases.values()]:
            after = self.apply("restored", case, partial(flow.restored, case))
            if after != replace(case, version=after.version):
                self.write("voided", case.case_id, problem="restored")
        self.restart()
