"""From a request to a question: screen, match, draft, offer, prompt."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
import logging
from typing import Any, Final

from ..core import flow, outgoing, rematch
from ..core.clips import covering, runs, united
from ..core.errors import ClipConsentError, ConflictError, MediaError, SourceError
from ..core.ledger import Line
from ..core.masks import all_masks, are_covered
from ..core.models import (
    Camera,
    Case,
    CaseEventType,
    Choice,
    ClosedReason,
    Draft,
    Finding,
    Offer,
    PortalKind,
    Request,
    Window,
)
from ..core.ports import Progress
from ..core.requests import over_limits, without_words
from .kept_drafts import KeptDrafts
from .recordings import Recordings
from .screener import Screener
from .workbench import Workbench, line

_LOGGER = logging.getLogger(__name__)

CLOCK_CORRECTED: Final = "clock_corrected"  # of a draft's changes

type Abortable = Callable[
    [Case, Coroutine[Any, Any, Draft]], Coroutine[Any, Any, Draft]
]


class Asking:
    """The steps that end with the owner being asked."""

    def __init__(
        self, bench: Workbench, screener: Screener, *, abortable: Abortable
    ) -> None:
        """Keep the tools. `abortable` runs work that a decision may cancel."""
        self._bench = bench
        self._screener = screener
        self._abortable = abortable
        self.recordings = Recordings(bench.sources)
        self.kept = KeptDrafts(bench)
        self.accepting = True
        self._deadlines: dict[str, float] = {}  # offer id: monotonic seconds

    async def async_screen(self, case: Case) -> None:
        """Apply switch, limits and rules.

        Of a hub's request about another place nobody here is told.
        """
        screening = self._screener.screening(case.request)
        after = flow.screened(
            case,
            screening,
            accepting=self.accepting,
            over_limit=await self._over_limit(case.request),
            now=self._bench.now(),
        )
        elsewhere = not after.closed and not self._screener.concerns(case.request)
        if elsewhere:
            after = flow.closed(after, ClosedReason.SCREENED_OUT, self._bench.now())
        if after.closed is ClosedReason.OVER_LIMIT:
            # kept small: what the rules said of it stands in the ledger
            after = replace(after, request=without_words(after.request), screening=None)
        after = await self._bench.caseload.async_save(
            case,
            after,
            [
                line(
                    "screened",
                    case,
                    verdict=screening.verdict.value,
                    rule_id=screening.rule_id,
                    policy=screening.policy,
                    closed=after.closed.value if after.closed else None,
                )
            ],
        )
        if elsewhere or after.closed is ClosedReason.OVER_LIMIT:
            return  # a flood makes no noise
        self._bench.caseload.tell(CaseEventType.RECEIVED, after)
        if after.closed:
            self._bench.caseload.tell(CaseEventType.CLOSED, after)

    async def _over_limit(self, request: Request) -> bool:
        if request.portal is not PortalKind.DIRECT:
            return False
        return over_limits(
            request.invite_id,
            await self._bench.store.async_submissions(request),
            {
                invite.invite_id: invite.per_day
                for invite in self._bench.settings.invites.values()
            },
        )

    async def async_match(self, case: Case) -> None:
        """Look for recordings of the window on every camera that may be offered."""
        findings, problem = await self._find(case)
        await self._bench.caseload.async_save(
            case,
            rematch.matched(case, findings, problem, self._bench.now(), self._masked()),
            [_matched(case, findings, problem)],
        )

    def _masked(self) -> frozenset[str]:
        """Return the cameras that always have a region filled."""
        cameras = self._bench.settings.cameras.values()
        return frozenset(camera.camera_id for camera in cameras if camera.masks)

    async def async_look(self, case: Case) -> None:
        """Look again: a file was closed late, or a folder could not be looked at.

        If nothing changed, nothing is written, but that it was the last look.
        """
        if not rematch.is_due(case, self._bench.now()):
            return  # it waited for its turn for too long
        findings, problem = await self._find(case)
        now, caseload = self._bench.now(), self._bench.caseload
        after = rematch.matched_again(case, findings, problem, now, self._masked())
        if after != rematch.looked(case, now):
            told = _matched(case, after.findings, problem)
            after = await caseload.async_save(case, after, [told])
            await self._show_again(case, after)
        elif rematch.next_look(after, now):
            caseload.note(case, after)
        else:
            await caseload.async_save(case, after, [])

    async def _show_again(self, before: Case, after: Case) -> None:
        """Renew what phones show of the cameras; an offer does so by itself."""
        shown, found = (
            [one.camera_id for one in case.findings or ()] for case in (before, after)
        )
        if found != shown and after.choice is None:
            await self._ask_again(after)

    async def _find(self, case: Case) -> tuple[list[Finding], str | None]:
        """Return what the cameras have, and what went wrong with one of them.

        All are looked at side by side: one that is slow costs its own time alone. What
        was found before stays found while its camera cannot be looked at.
        """
        before = {one.camera_id: one for one in case.findings or ()}
        looks = [
            self._find_on(camera, case.request.window, before.get(camera.camera_id))
            for camera in self._screener.cameras_for(case)
        ]
        looked = await asyncio.gather(*looks)
        found = [finding for finding, _ in looked if finding]
        problems = [problem for _, problem in looked if problem]
        if not found and not problems:
            problems = await self._left_out(case)
        return found, problems[-1] if problems else None

    async def _left_out(self, case: Case) -> list[str]:
        """Return why there may be recordings all the same, though none was found."""
        reasons: list[str | None] = []
        for camera in self._screener.cameras_for(case):
            try:
                reasons.append(
                    await self.recordings.async_left_out(camera, case.request.window)
                )
            except SourceError as err:
                reasons.append(err.code)
        return [reason for reason in reasons if reason]

    async def _find_on(
        self, camera: Camera, window: Window, before: Finding | None
    ) -> tuple[Finding | None, str | None]:
        try:
            pieces, problem = await self.recordings.async_found(camera, window)
        except SourceError as err:
            return before, err.code
        found = runs(pieces, window)
        if problem and before:
            found = united([*before.runs, *found])
        finding = Finding(camera_id=camera.camera_id, runs=found) if found else None
        return finding, problem

    async def async_draft(self, case: Case) -> None:
        """Make the draft of what was chosen; what it takes the place of goes."""
        async with self.kept.async_making(case.case_id):
            await self._async_draft(case)
        await self.kept.async_tidy(case.case_id)

    async def _async_draft(self, case: Case) -> None:
        try:
            draft = await self._abortable(case, self._async_make_draft(case))
        except (MediaError, SourceError) as err:
            await self._draft_failed(case, err.code)
            return
        except ClipConsentError:
            raise
        except Exception:
            # tried again, it would end so again, and again at each sweep
            _LOGGER.exception("A draft ended in a fault; it is not tried again")
            await self._draft_failed(case, "media_failed")
            return
        await self._bench.caseload.async_save(
            case,
            flow.drafted(case, draft),
            [line("drafted", case, sha256=draft.sha256, size=draft.size)],
        )

    async def _draft_failed(self, case: Case, problem: str) -> None:
        after = await self._bench.caseload.async_save(
            case,
            flow.draft_failed(case, problem),
            [line("draft_failed", case, problem=problem)],
        )
        await self._ask_again(after)

    async def _async_make_draft(self, case: Case) -> Draft:
        choice, screening = case.choice, case.screening
        if choice is None or screening is None:
            raise ConflictError("case_moved_on")
        if choice.text is not None:
            return await self._bench.drafter.async_answer(
                case_id=case.case_id, choice=choice
            )
        camera = self._bench.settings.cameras.get(choice.camera_id)
        if camera is None:
            raise SourceError("camera_gone")
        return await self.async_film(
            case.case_id,
            camera,
            choice,
            max_seconds=screening.constraints.max_seconds,
            progress=lambda done: self._bench.caseload.tell_progress(
                case.case_id, "draft", done
            ),
        )

    async def async_film(
        self,
        case_id: str,
        camera: Camera,
        choice: Choice,
        *,
        max_seconds: float,
        progress: Progress,
    ) -> Draft:
        """Make a draft of a camera's recordings, what it always hides filled.

        Raises MediaError, SourceError; MediaError too for a draft in which what was to
        be filled is not: it could never be offered.
        """
        masks = all_masks(camera.masks, choice.masks)
        found, problem = await self.recordings.async_found(camera, choice.window)
        try:
            pieces = covering(found, choice.window)
        except SourceError as err:
            code = problem or err.code
            raise SourceError(code) from err
        draft = await self._bench.drafter.async_draft(
            case_id=case_id,
            choice=choice,
            pieces=pieces,
            max_seconds=max_seconds,
            progress=progress,
            masks=masks,
            bring=self.recordings.bring(camera, pieces, choice.window),
        )
        if not are_covered(masks, draft.masks):
            raise MediaError("media_failed")
        if not camera.clock_ahead:
            return draft
        return replace(
            draft,
            changes=(*draft.changes, CLOCK_CORRECTED),
            clock_ahead=camera.clock_ahead,
        )

    async def async_offer(self, case: Case) -> None:
        """Put the draft before the approvers, if the rules of now let it be."""
        now = await self._screener.async_rescreen(case)
        if now is not case:
            return  # from where it stands now
        draft, screening = case.draft, case.screening
        if draft is None or screening is None:
            raise ConflictError("case_moved_on")
        if outgoing.needs_key(case):
            await self._bench.caseload.async_save(case, flow.offered(case, None), [])
            return
        offer = Offer(
            offer_id=self._bench.ids.new_id(),
            sha256=draft.sha256,
            recipient=case.request.recipient,
            destination=case.request.destination,
            policy=screening.policy,
            offered_at=self._bench.now(),
            expires_at=case.request.expires_at,
            identity=draft.choice.identity,
        )
        self.hold_deadline(offer)
        after = await self._bench.caseload.async_save(
            case,
            flow.offered(case, offer),
            [
                line(
                    "offered",
                    case,
                    offer_id=offer.offer_id,
                    sha256=offer.sha256,
                    recipient=offer.recipient,
                    **outgoing.told_way(offer.destination),
                    policy=offer.policy,
                    identity=bool(offer.identity),
                )
            ],
        )
        await self._ask_again(after)

    async def _ask_again(self, case: Case) -> None:
        """Renew what phones show of a case that they were asked about before."""
        if not case.prompt_due:
            await self._bench.prompter.async_ask_again(case)

    def hold_deadline(self, offer: Offer) -> None:
        """Start the offer's stopwatch: a wall clock set back revives nothing."""
        left = (offer.expires_at - self._bench.now()).total_seconds()
        now = self._bench.clock.monotonic()
        # one that is over and one that never began are both too late
        self._deadlines = {
            each: ends for each, ends in self._deadlines.items() if ends > now
        }
        self._deadlines[offer.offer_id] = now + left

    async def async_prompt(self, case: Case) -> None:
        """Tell the approvers; it counts whatever they answer meanwhile."""
        if case.asked:
            await self._bench.prompter.async_tell_found(case)
            await self._bench.caseload.async_save(case, flow.prompted(case), [])
            return
        told = await self._bench.prompter.async_ask(case)
        asked = line("asked", case, pushed=told.pushed, later=told.later)
        try:
            case = await self._bench.caseload.async_save(
                case, flow.prompted(case), [asked]
            )
        except ConflictError:
            await self._bench.store.async_record([asked], self._bench.now())
        self._bench.caseload.tell(CaseEventType.ASKED, case)

    def seconds_left(self, offer: Offer) -> float | None:
        """Return how long an offer stands by the stopwatch, None if it never began."""
        deadline = self._deadlines.get(offer.offer_id)
        return None if deadline is None else deadline - self._bench.clock.monotonic()


def _matched(
    case: Case, findings: Sequence[Finding] | None, problem: str | None
) -> Line:
    return line("matched", case, cameras=len(findings or ()), problem=problem)
