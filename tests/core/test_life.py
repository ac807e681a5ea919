"""H-01: any life of a home, over the core alone; what leaves it counts.

Several requests, their offers, tokens, consents and deliveries, rules and people that
change, a clock that is set, restarts and backups, and a ledger. Every transition is a
real one of the core, every yes goes through the predicate. What is checked after each
step stands at the invariants below; `life_home.py` keeps the notes, `life_edges.py`
says which transitions there are.

Each run lives FEWEST lives of STEPS steps. LIFE_EXAMPLES=100000 in the environment, for
a night, makes it that many; then the test has no time limit.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
import os
from typing import override

from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
import pytest

from custom_components.clip_consent.core import flow
from custom_components.clip_consent.core.approval import Rejection
from custom_components.clip_consent.core.masks import Region
from custom_components.clip_consent.core.models import (
    Case,
    CaseState,
    Choice,
    ClosedReason,
    Request,
)
from custom_components.clip_consent.core.outgoing import needs_key
from custom_components.clip_consent.core.rules import Rule

from . import life_draws as drawn
from .life_checks import check_deliveries, check_ledger, check_offers, check_public
from .life_edges import CLOSED, DRAFTING, EDGES, SHARED, check_tries
from .life_home import LifeHome, pick
from .life_record import Replay, check_tampering
from .life_taps import IN_PANEL, IN_PUSH, Flaw, Taps, kind_of
from .life_work import FATES, LAST_FATES, Work

FEWEST = 2000
EXAMPLES = int(os.environ.get("LIFE_EXAMPLES", FEWEST))
STEPS = 60

SOME_FATES = st.sampled_from(FATES)


class Life(RuleBasedStateMachine):
    """Any order of decisions, faults and restarts."""

    def __init__(self) -> None:
        """Set up a home."""
        super().__init__()
        self.home = LifeHome()
        self.taps = Taps(self.home)
        self.work = Work(self.home)
        self.backup = self.home.books.saved()
        self.replay = Replay()

    def has_case(self) -> bool:
        """Tell whether there is anything to do something with."""
        return bool(self.home.books.cases)

    def has_offer(self) -> bool:
        """Tell whether a yes could count."""
        return any(case.offer for case in self.home.books.cases.values())

    def offered(self, number: int) -> Case:
        """Return a case with an offer."""
        cases = self.home.books.cases.values()
        return pick((case for case in cases if case.offer), number)

    def drive(self, case_id: str, fates: Sequence[str]) -> None:
        """Take the next steps of a case, as many as there are fates."""
        for fate in fates:
            if not self.work.take(self.home.books.cases[case_id], fate):
                break

    # --- what comes from outside

    @initialize(rules=drawn.SOME_RULES, asked=drawn.requests(), fates=SOME_FATES)
    def begin(
        self, rules: tuple[Rule, ...], asked: Request, fates: Sequence[str]
    ) -> None:
        """The owner has rules, and the first request comes in."""
        self.home.rules = rules
        self.receive(asked, fates)

    @precondition(lambda self: len(self.home.books.cases) < 8)
    @rule(asked=drawn.requests(), fates=SOME_FATES)
    def receive(self, asked: Request, fates: Sequence[str]) -> None:
        """A request comes in; the same sender's second one is the first one's."""
        home = self.home
        before = [*home.books.cases]
        request_id = home.new_id("r")
        known = home.take(
            replace(
                asked,
                request_id=request_id,
                received_at=home.now,
                expires_at=home.now + timedelta(days=7),
                reachable_until=home.now + timedelta(days=21),
            )
        )
        if known == request_id:
            self.drive([*home.books.cases][-1], fates)
        else:
            assert before == [*home.books.cases]

    @rule(seconds=drawn.SECONDS)
    def time_passes(self, seconds: int) -> None:
        """Both clocks go on."""
        self.home.now += timedelta(seconds=seconds)
        self.home.stopwatch += seconds

    @rule(seconds=st.integers(-90, 90) | st.integers(-9 * 86400, 9 * 86400))
    def clock_is_set(self, seconds: int) -> None:
        """The wall clock jumps; the stopwatch does not."""
        self.home.now += timedelta(seconds=seconds)

    @rule(what=drawn.WHAT)
    def computer(self, what: str) -> None:
        """The home starts again, is backed up, or comes back from a backup."""
        if what == "restart":
            self.home.restart()
        elif what == "back up":
            self.backup = self.home.books.saved()
        else:
            now = self.home.books.saved()
            self.home.restore(self.backup if what == "go back" else now)
            self.work.told.clear()
            self.work.told_found.clear()
            self.replay = Replay()

    # --- what the home does by itself

    @precondition(has_case)
    @rule(number=drawn.PICK, fates=SOME_FATES)
    def go_on(self, number: int, fates: Sequence[str]) -> None:
        """A case goes on as far as it can, with what may befall it."""
        self.drive(self.home.pick(number).case_id, fates)

    @precondition(has_case)
    @rule()
    def all_go_on(self) -> None:
        """All goes well, as far as it can go now."""
        for case_id in [*self.home.books.cases]:
            self.drive(case_id, ["ok"] * 6)

    @precondition(lambda self: any(map(flow.due_at, self.home.books.cases.values())))
    @rule(fates=st.sampled_from(LAST_FATES))
    def wait(self, fates: Sequence[str]) -> None:
        """Time goes on until what is on its way is due."""
        due = {k: flow.due_at(case) for k, case in self.home.books.cases.items()}
        at, case_id = min((at, k) for k, at in due.items() if at)
        self.time_passes(max(0, int((at - self.home.now).total_seconds())))
        self.drive(case_id, fates)

    @precondition(lambda self: self.home.leaving)
    @rule(number=drawn.PICK)
    def arrive_late(self, number: int) -> None:
        """What was stopped had arrived."""
        self.work.arrive_late(pick(self.home.leaving, number))

    @precondition(has_case)
    @rule(number=drawn.PICK, now=st.sampled_from([*["as it was"] * 3, "f" * 64, None]))
    def file_changes(self, number: int, now: str | None) -> None:
        """Somebody writes over a draft, removes it, or puts it back."""
        case = self.home.pick(number)
        draft = case.delivery.draft if case.delivery else case.draft
        if draft:
            self.home.files[case.case_id] = draft.sha256 if now == "as it was" else now

    # --- what the owner sets

    @rule(rules=drawn.SOME_RULES, when=drawn.WHEN)
    def set_rules(self, rules: tuple[Rule, ...], when: str) -> None:
        """The rules change; cases are held to them at once or later."""
        if when != "of before":
            self.home.rules = rules
        if when != "later":
            for case in [*self.home.books.cases.values()]:
                self.home.rescreen(case)

    @rule(masks=st.sampled_from([(), (drawn.DOOR,), (drawn.DOOR, drawn.ROAD)]))
    def set_masks(self, masks: tuple[Region, ...]) -> None:
        """The cameras hide something from now on, or no more: the home starts anew."""
        self.home.hidden = masks
        self.home.restart()
        for case in [*self.home.books.cases.values()]:
            self.home.rescreen(case)

    @rule(
        who=st.sampled_from(["anna", "ben", "home"]),
        what=st.sampled_from([*["in"] * 8, "out", "inactive"]),
    )
    def appoint(self, who: str, what: str) -> None:
        """Somebody approves no more, or again; or the home is switched off, or on."""
        home = self.home
        if who == "home":
            home.accepting = what == "in"
            return
        home.people[who] = replace(
            home.people[who], listed=what != "out", active=what != "inactive"
        )

    # --- what approvers decide

    @precondition(has_case)
    @rule(number=drawn.PICK, choice=st.sampled_from(drawn.CHOICES), fates=SOME_FATES)
    def choose(self, number: int, choice: Choice, fates: Sequence[str]) -> None:
        """An approver picks another clip, or writes an answer."""
        home, case = self.home, self.home.pick(number)
        fresh = replace(case, screening=home.screening(case.request))
        if fresh.screening and home.may_be_offered(fresh.screening, choice):
            home.attempt(
                "chosen",
                case,
                lambda: flow.chosen(fresh, choice, home.now),
                line="chosen",
            )
            self.drive(case.case_id, fates)

    @precondition(lambda self: any(map(needs_key, self.home.books.cases.values())))
    @rule()
    def set_key(self) -> None:
        """The owner's browser makes the keys of pick-up links."""
        home = self.home
        for case in [*home.books.cases.values()]:
            if needs_key(case):
                key = f"age1{case.case_id}"
                change = partial(flow.keyed, case, key)
                done = home.attempt("keyed", case, change, line="key_set")
                assert done is None or done.request.recipient == key

    @precondition(has_offer)
    @rule(number=drawn.PICK, users=drawn.USERS, leave=drawn.SELDOM)
    def tap_what_is_shown(self, number: int, users: Sequence[str], leave: bool) -> None:
        """An approver taps Approve in the push of an offer, another one perhaps too.

        By then the first may be no approver any more.
        """
        case_id = self.offered(number).case_id
        for user_id in users:
            for token in self.taps.shown_to(user_id, case_id):
                self.taps.push(token, Flaw.NONE)
            if leave:
                self.appoint(user_id, "out")

    @precondition(lambda self: self.home.books.tokens)
    @rule(
        number=st.integers(0, 20),
        kind=st.sampled_from(drawn.KINDS),
        flaw=st.sampled_from([Flaw.NONE] * 6 + [*IN_PUSH]),
    )
    def tap_anything(self, number: int, kind: str, flaw: Flaw) -> None:
        """Some button of some push is tapped, of long ago perhaps, by whomever."""
        tokens = [*self.home.books.tokens.values()]
        kinds = [token for token in tokens if kind == kind_of(token)]
        self.taps.push(pick(kinds or tokens, number), flaw)

    @precondition(has_offer)
    @rule(number=drawn.PICK, user_id=st.sampled_from(["anna", "ben", "carol"]))
    def approve_in_panel(self, number: int, user_id: str) -> None:
        """An approver approves what the panel shows."""
        self.taps.panel(self.offered(number), user_id, Flaw.NONE)

    @precondition(has_case)
    @rule(
        number=drawn.PICK,
        user_id=st.sampled_from(["anna", "anna", "ben", "dora", "robot"]),
        flaw=st.sampled_from([Flaw.NONE, *IN_PANEL]),
    )
    def approve_anything(self, number: int, user_id: str, flaw: Flaw) -> None:
        """Somebody wants to approve what is no offer, or is not theirs to approve."""
        self.taps.panel(self.home.pick(number), user_id, flaw)

    @precondition(has_case)
    @rule(number=drawn.PICK)
    def undo(self, number: int) -> None:
        """A consent is taken back within its window, or the first yes of two."""
        home, case = self.home, self.home.pick(number)
        if case.delivery and case.state is CaseState.CONSENTED:
            agreed = home.books.agreed[case.delivery.consent.consent_id]
            may = home.now < agreed.undo_until
        else:
            may = case.offer is not None and case.offer.offer_id in home.books.first
        done = home.attempt(
            "undone", case, lambda: flow.undone(case, home.now), line="undone"
        )
        assert bool(done) is may

    @precondition(has_case)
    @rule(number=drawn.PICK, really=drawn.SELDOM)
    def decline(self, number: int, really: bool) -> None:
        """An approver says no, or stops what is on its way."""
        home, case = self.home, self.home.pick(number)
        if case.state in flow.ON_ITS_WAY:
            self.work.withdraw(case)
        elif really:
            home.attempt(
                "closed",
                case,
                lambda: flow.closed(case, ClosedReason.DECLINED, home.now),
                line="closed",
            )

    @precondition(lambda self: any(self.home.books.sent.values()))
    @rule(number=drawn.PICK)
    def revoke(self, number: int) -> None:
        """A delivery is taken back, if it was not before."""
        home = self.home
        sent = [(k, one) for k, some in home.books.sent.items() for one in some]
        case_id, one = pick(sent, number)
        case = home.books.cases[case_id]
        done = home.attempt(
            "revoked",
            case,
            lambda: flow.revoked(case, one.delivery_id, home.now),
            line="revoked",
        )
        assert bool(done) is (one.delivery_id not in home.books.taken_back)
        home.books.taken_back.add(one.delivery_id)

    @precondition(has_case)
    @rule(number=drawn.PICK)
    def try_everything(self, number: int) -> None:
        """Whatever is tried on a case, what does not fit is refused."""
        check_tries(pick(self.home.books.cases.values(), number), self.home.now)

    # --- what holds after each step

    @invariant()
    def nothing_leaves_without_a_yes(self) -> None:
        """What goes out or went out was agreed to, for exactly that, and only once."""
        check_deliveries(self.home)

    @invariant()
    def what_can_be_tapped_is_what_was_shown(self) -> None:
        """No void offer comes back, and none is changed."""
        check_offers(self.home)

    @invariant()
    def silence_is_the_same(self) -> None:
        """Of what was not shared the public learns nothing."""
        check_public(self.home)

    @invariant()
    def the_ledger_tells_it(self) -> None:
        """The chain holds, and its lines alone come to the same."""
        check_ledger(self.home, self.replay)

    @override
    def teardown(self) -> None:
        """Read the whole ledger again, and see that it cannot be changed."""
        books = self.home.books
        check_ledger(self.home, Replay())
        check_tampering(books.entries, books.head)


def test_ends_are_left_in_two_ways_only() -> None:
    """A shared case is looked at again; what was stopped too late had arrived."""
    found = {
        (name, before, after)
        for name, edges in EDGES.items()
        for before, after in edges
        if before in flow.ENDS and after is not before
    }
    assert found == {
        ("chosen", SHARED, DRAFTING),
        ("arrived_late", CLOSED, SHARED),
    }


# Met in some of these runs only; `test_approval` has each of them always.
SELDOM = {Rejection.OTHER_ANSWER, Rejection.OTHER_CASE, Rejection.UNMASKED}


@pytest.mark.timeout(0 if EXAMPLES > FEWEST else 600)
def test_any_life() -> None:
    """H-01; and no transition and no clause of the predicate is left out."""
    LifeHome.seen.clear()
    Taps.rejections.clear()
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
        ),
    )
    if EXAMPLES >= FEWEST:
        assert not EDGES.keys() - LifeHome.seen.keys()
        assert not {None, *Rejection} - Taps.rejections.keys() - SELDOM
