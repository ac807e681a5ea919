"""Approve: the one act that lets footage out, judged clause by clause."""

from collections.abc import Awaitable, Callable
from typing import Final

from ..base.wholly import wholly
from ..core import flow
from ..core.approval import (
    Decision,
    Rejection,
    Session,
    Tap,
    Token,
    World,
    check_panel_approval,
    check_person,
    check_push_answer,
    check_push_approval,
    check_tap_event,
)
from ..core.errors import ConflictError, StoreError
from ..core.ledger import Line
from ..core.models import Case, CaseEventType, CaseState, ClosedReason, FirstTap, Means
from ..core.serial import Json
from ..core.verdict import Judge, Verdict
from .consenting import Yes, accepted, refusal, rejected
from .runner import CaseRunner
from .workbench import Workbench, line

REJECTION_LINES_EVERY: Final = 60.0  # seconds, for each token and for unknown ones
TOKENS_NOTED: Final = 256
FRESH_SECONDS: Final = 2.0  # what was looked at longer ago is looked at again
LOOKS: Final = 5

UNJUDGED: Final = Verdict(case=None, rejection=None, lines=())  # look again

type Clause = Callable[[Token | None, Case], Rejection | None]
# Looks at user, clocks, rules and file as they are, and returns what judges by them.
type Look = Callable[[], Awaitable[Judge]]


class Approving:
    """Judges taps, in the panel and from pushes; none is taken on trust."""

    def __init__(self, bench: Workbench, runner: CaseRunner) -> None:
        """Keep the tools."""
        self._bench = bench
        self._runner = runner
        # by token's digest, or who and which offer; none: unknown tokens
        self._rejected_at: dict[str, float] = {}

    @wholly
    async def async_approve(
        self, *, offer_id: str, sha256: str, user_id: str, session: Session
    ) -> Case:
        """Approve exactly this draft, in the panel. Raises ClipConsentError."""
        case = self._bench.caseload.of_offer(offer_id)
        if case is None:
            await self._reject_void(user_id)
            raise ConflictError("offer_void")
        told = self._is_told(asked := f"{user_id} {offer_id}")

        async def look() -> Judge:
            person = await self._bench.people.async_person(user_id)
            world = await self._world(case.case_id)

            def clause(token: Token | None, current: Case) -> Rejection | None:
                return check_panel_approval(
                    person=person,
                    session=session,
                    offer_id=offer_id,
                    sha256=sha256,
                    case=current,
                    world=world,
                )

            return self._judge(clause, world, user_id, Means.PANEL, told=told)

        verdict = await self._async_judge(None, case.case_id, look)
        if verdict.case is None:
            if verdict.lines:
                self._note_rejection(asked)
            await self._mend(case, verdict.rejection)
            raise refusal(verdict.rejection)
        await self._approved(verdict.case, user_id)
        return verdict.case

    @wholly
    async def async_tap(self, tap: Tap, token: str) -> bool:
        """Judge an answer from a push; True if it counted."""
        digest = self._bench.store.token_digest(token)
        kept = await self._bench.store.async_token(digest)
        if kept is None or check_tap_event(tap):
            await self._reject_stranger(tap, kept)
            return False
        if kept.decision is Decision.APPROVE:
            return await self._tap_approve(tap, kept)
        return await self._tap_other(tap, kept)

    async def _tap_approve(self, tap: Tap, kept: Token) -> bool:
        case = await self._bench.caseload.async_get(kept.case_id)
        user_id = tap.user_id or ""
        told = self._is_told(kept.digest)

        async def look() -> Judge:
            person = await self._bench.people.async_person(user_id)
            # who may not answer at all does not make us hash a film either
            hashed = not check_push_answer(tap, kept, person)
            world = await self._world(case.case_id, hashed=hashed)

            def clause(token: Token | None, current: Case) -> Rejection | None:
                return check_push_approval(tap, token, person, current, world)

            return self._judge(clause, world, user_id, Means.PUSH, told=told)

        verdict = await self._async_judge(kept.digest, case.case_id, look)
        if verdict.case is None:
            if verdict.lines:
                self._note_rejection(kept.digest)
            await self._mend(case, verdict.rejection)
            return False
        await self._approved(verdict.case, user_id)
        return True

    async def _tap_other(self, tap: Tap, kept: Token) -> bool:
        user_id = tap.user_id or ""
        told = self._is_told(kept.digest)

        async def look() -> Judge:
            person = await self._bench.people.async_person(user_id)

            def judge(token: Token | None, current: Case) -> Verdict:
                if rejection := check_push_answer(tap, token, person):
                    return rejected(
                        kept.case_id, rejection, user_id, Means.PUSH, told=told
                    )
                return self._answered(kept.decision, current, user_id)

            return judge

        try:
            verdict = await self._async_judge(kept.digest, kept.case_id, look)
        except ConflictError as err:
            await self._record_late(kept, user_id, err.code)
            return False
        if verdict.case is None:
            if verdict.lines:
                self._note_rejection(kept.digest)
            return False
        if kept.decision is Decision.UNDO:
            await self._runner.async_undone(verdict.case, user_id)
        else:
            await self._runner.async_tidy(verdict.case, user_id)
        return True

    def _answered(self, decision: Decision, case: Case, user_id: str) -> Verdict:
        """Return what an accepted undo or decline makes of a case."""
        if decision is Decision.UNDO:
            after = flow.undone(case, self._runner.now(case))
            record = line("undone", case, user_id=user_id, means="push")
        else:
            after = flow.closed(case, ClosedReason.DECLINED, self._bench.now())
            record = line(
                "closed", case, reason="declined", user_id=user_id, means="push"
            )
        return Verdict(case=after, rejection=None, lines=(record,))

    async def _async_judge(
        self, digest: str | None, case_id: str, look: Look
    ) -> Verdict:
        """Judge within the transaction, by what is so then.

        A backup or a slow disk can make a tap wait. What was looked at before that is
        looked at again: no tap counts for somebody who may no longer approve.
        """
        clock = self._bench.clock
        for _ in range(LOOKS):
            judge = await look()
            looked = clock.monotonic()

            def timely(
                token: Token | None,
                current: Case,
                judge: Judge = judge,
                looked: float = looked,
            ) -> Verdict:
                if clock.monotonic() - looked > FRESH_SECONDS:
                    return UNJUDGED
                return judge(token, current)

            verdict = await self._bench.caseload.async_judge(digest, case_id, timely)
            if verdict.case or verdict.rejection:
                return verdict
        raise StoreError("store_failed")

    def _judge(
        self, clause: Clause, world: World, user_id: str, means: Means, *, told: bool
    ) -> Judge:
        ids = self._bench.ids
        settings = self._bench.settings
        undo = settings.panel_undo if means is Means.PANEL else settings.push_undo
        consent_id, delivery_id = ids.new_id(), ids.new_id()

        def judge(token: Token | None, current: Case) -> Verdict:
            offer, draft = current.offer, current.draft
            if offer and offer.first != world.first:
                return UNJUDGED  # somebody said yes meanwhile
            rejection = clause(token, current)
            if rejection or offer is None or draft is None:
                return rejected(current.case_id, rejection, user_id, means, told=told)
            yes = Yes(
                user_id=user_id,
                means=means,
                at=self._bench.now(),
                undo=undo,
                consent_id=consent_id,
                delivery_id=delivery_id,
            )
            return accepted(current, offer, draft, yes, world)

        return judge

    async def _approved(self, case: Case, user_id: str) -> None:
        if case.state is CaseState.WAITING:
            self._bench.caseload.tell(CaseEventType.FIRST_APPROVED, case, user_id)
            await self._bench.prompter.async_ask_again(case)
            return
        self._runner.hold_undo(case)
        self._runner.kick(case.case_id)
        await self._bench.async_settle(CaseEventType.APPROVED, case, user_id)

    async def _world(self, case_id: str, *, hashed: bool = True) -> World:
        case = await self._bench.caseload.async_get(case_id)
        digest = None
        if case.draft and hashed:
            digest = await self._bench.drafter.async_digest(case.case_id, case.draft)
        first = case.offer.first if case.offer else None
        return World(
            now=self._bench.now(),
            seconds_left=self._runner.asking.seconds_left(case.offer)
            if case.offer
            else None,
            policy=self._runner.screener.screening(case.request).policy,
            file_sha256=digest,
            masks=self._bench.settings.masks_for(case.draft.choice)
            if case.draft
            else (),
            first=first,
            first_stands=first is not None and await self._stands(first),
        )

    async def _stands(self, first: FirstTap) -> bool:
        """Tell whether who said the first yes may still approve."""
        person = await self._bench.people.async_person(first.user_id)
        return check_person(person) is None

    async def _mend(self, case: Case, rejection: Rejection | None) -> None:
        """Void what can never be approved any more: the file is not what was shown.

        Or it lacks its camera's masks, and is made anew.
        """
        if rejection in (Rejection.CAMERA_MASKS, Rejection.UNMASKED):
            current = self._bench.current(case.case_id)
            await self._runner.screener.async_rescreen(current)
            self._runner.kick(case.case_id)
        if rejection is not Rejection.DRAFT_FILE:
            return
        current = self._bench.current(case.case_id)
        after = await self._bench.caseload.async_save(
            current,
            flow.draft_lost(current, "draft_changed"),
            [line("voided", current, problem="draft_changed")],
        )
        self._bench.alarm.raise_alarm("draft_changed")
        await self._bench.async_settle(CaseEventType.FAILED, after)

    async def _reject_stranger(self, tap: Tap, kept: Token | None) -> None:
        """Record a tap that proves nothing; a flood of them costs one line a minute."""
        clause = check_tap_event(tap) or Rejection.UNKNOWN_TOKEN
        await self._record_rejection(
            kept.digest if kept else "",
            kept.case_id if kept else None,
            {"clause": clause.value, "user_id": tap.user_id},
        )

    async def _reject_void(self, user_id: str) -> None:
        """Record that somebody wanted to approve what is no offer, or no longer one."""
        clause = Rejection.NO_OFFER.value
        await self._record_rejection(
            user_id,
            None,
            {"clause": clause, "user_id": user_id, "means": Means.PANEL.value},
        )

    async def _record_rejection(
        self, noted: str, case_id: str | None, data: dict[str, Json]
    ) -> None:
        if not self._is_told(noted):
            return
        self._note_rejection(noted)
        record = Line(kind="approve_rejected", case_id=case_id, data=data)
        await self._bench.store.async_record([record], self._bench.now())

    def _is_told(self, noted: str) -> bool:
        """Tell whether a rejection gets a line: one a minute does, of each kind."""
        last = self._rejected_at.get(noted)
        now = self._bench.clock.monotonic()
        return last is None or now - last >= REJECTION_LINES_EVERY

    def _note_rejection(self, noted: str) -> None:
        """Remember that a line was written, of the latest only."""
        self._rejected_at.pop(noted, None)
        self._rejected_at[noted] = self._bench.clock.monotonic()
        while len(self._rejected_at) > TOKENS_NOTED:
            del self._rejected_at[next(iter(self._rejected_at))]

    async def _record_late(self, kept: Token, user_id: str, code: str) -> None:
        await self._bench.store.async_record(
            [
                Line(
                    kind="answer_too_late",
                    case_id=kept.case_id,
                    data={"problem": code, "user_id": user_id},
                )
            ],
            self._bench.now(),
        )
