"""What rules and cameras, as they are now, say of a case and of what was chosen."""

from dataclasses import replace

from ..core import flow, remaking
from ..core.clips import is_too_long
from ..core.errors import ConflictError
from ..core.masks import MaskError, all_masks, are_covered
from ..core.models import (
    Camera,
    Case,
    CaseState,
    Choice,
    Constraints,
    Draft,
    PortalKind,
    Request,
    Screening,
)
from ..core.nearby import cameras_in
from ..core.rematch import MASKS_NEEDED, choice_of
from ..core.rules import screen
from .workbench import Workbench, line


class Screener:
    """Holds requests, choices and drafts to the home's settings."""

    def __init__(self, bench: Workbench) -> None:
        """Keep the tools."""
        self._bench = bench

    def screening(self, request: Request) -> Screening:
        """Return what the rules say of a request, as of when it came in."""
        return screen(
            request,
            self._bench.settings.rules,
            now=request.received_at,
            time_zone=self._bench.settings.time_zone,
            home=self._bench.settings.home(),
        )

    def fresh(self, case: Case) -> Case:
        """Return a case with what the rules of now say of its request."""
        return replace(case, screening=self.screening(case.request))

    def concerns(self, request: Request) -> bool:
        """Tell whether a hub's request is about a place where a camera of this home is.

        One that came otherwise is: who was invited asks this home.
        """
        return bool(self._around(request))

    def _around(self, request: Request) -> tuple[Camera, ...]:
        """Return the cameras that may be offered and are where a request is about."""
        settings = self._bench.settings
        cameras = settings.cameras.values()
        if request.portal is PortalKind.NOTICE:
            return ()  # a comment is words and nothing else
        if request.portal is PortalKind.HTTP and request.area:
            return cameras_in(request.area, cameras, settings.home())
        return tuple(camera for camera in cameras if camera.offered)

    def cameras_for(self, case: Case) -> tuple[Camera, ...]:
        """Return the cameras that may be offered for a case."""
        allowed = [
            set(choice)
            for choice in (
                case.request.cameras,
                case.screening.constraints.cameras if case.screening else None,
            )
            if choice is not None
        ]
        return tuple(
            camera
            for camera in self._around(case.request)
            if all(camera.camera_id in each for each in allowed)
        )

    def check_choice(self, case: Case, choice: Choice) -> Constraints:
        """Hold a choice to what the rules allow; return that.

        Raises ConflictError, and MaskError for more regions than a picture may have.
        """
        constraints = case.screening.constraints if case.screening else None
        if constraints is None:
            raise ConflictError("case_moved_on")
        cameras = {camera.camera_id: camera for camera in self.cameras_for(case)}
        if choice.camera_id not in cameras:
            raise ConflictError("camera_not_offered")
        if choice.window.seconds <= 0:
            raise ConflictError("window_empty")
        if is_too_long(choice.window.seconds, constraints.max_seconds):
            raise ConflictError("clip_too_long", seconds=str(constraints.max_seconds))
        if choice.audio and not constraints.audio:
            raise ConflictError("audio_not_allowed")
        filled = all_masks(cameras[choice.camera_id].masks, choice.masks)
        if constraints.masked and not filled:
            raise ConflictError("masks_needed")
        return constraints

    def lacks_masks(self, draft: Draft) -> bool:
        """Tell whether a draft shows what its camera always hides, as set now."""
        hidden = self._bench.settings.masks_for(draft.choice)
        return not are_covered(hidden, draft.masks)

    def outdated(self, draft: Draft) -> str | None:
        """Return why a draft has to be made anew, None if it need not be."""
        if self.lacks_masks(draft):
            return remaking.MASKS_CHANGED
        ahead = self._bench.settings.clock_ahead_for(draft.choice)
        if ahead is not None and ahead != draft.clock_ahead:
            return remaking.CLOCK_CHANGED
        return None

    def held_back(self, case: Case, draft: Draft) -> str | None:
        """Return why what was approved may not leave any more, None if it may.

        It has to be made anew, would go elsewhere than it was approved for, or has
        nothing filled and a rule of now wants that.
        """
        delivery = case.delivery
        if delivery and delivery.consent.destination != case.request.destination:
            return remaking.STORAGE_CHANGED
        if problem := self.outdated(draft):
            return problem
        bare = draft.choice.text is None and not draft.masks
        wanted = bare and self.screening(case.request).constraints.masked
        return MASKS_NEEDED if wanted else None

    async def async_rescreen(self, case: Case) -> Case:
        """Apply rules and cameras that changed since: they can void the offer.

        Another policy does, and so does a camera that is not offered any more. What
        lacks its camera's masks, or is timed by another clock, is made anew.
        """
        if case.state not in flow.RESCREENED:
            return case
        after = self._rescreened(case)
        if after == case or after.screening is None:
            return case
        return await self._bench.caseload.async_save(
            case, after, [line("rescreened", case, policy=after.screening.policy)]
        )

    def _rescreened(self, case: Case) -> Case:
        after = self.fresh(case)
        unfit = self._unfit(after)
        if not unfit and case.draft and self.outdated(case.draft):
            return remaking.redrafted(after, case.draft.choice, case.problem)
        before, now = case.screening, after.screening
        if now and ((before and before.policy != now.policy) or unfit):
            after = flow.rescreened(case, now, keep_draft=unfit is None)
            if unfit == MASKS_NEEDED:
                after = replace(after, problem=unfit)
        return self._reconsidered(after)

    def _unfit(self, case: Case) -> str | None:
        """Return why what was made or is being made may not be offered, None if it may.

        A film counts as it is; if it has to be made anew, as it was chosen.
        """
        draft = case.draft
        choice = case.choice if case.state is CaseState.DRAFTING else None
        if draft:
            choice = draft.choice
        if choice is None or choice.text is not None:
            return None
        if draft and self.outdated(draft):
            draft = None
        if draft:
            choice = replace(choice, masks=draft.masks)
        try:
            allowed = self.check_choice(case, choice)
        except (ConflictError, MaskError) as err:
            return err.code
        # a film may be longer than what was chosen: it begins at a key frame
        made = draft.seconds if draft else 0.0
        return "clip_too_long" if is_too_long(made, allowed.max_seconds) else None

    def _reconsidered(self, case: Case) -> Case:
        """Draft what waited for somebody to draw a mask, once none is needed."""
        if case.problem != MASKS_NEEDED or case.state is not CaseState.WAITING:
            return case
        offered = {camera.camera_id for camera in self.cameras_for(case)}
        found = [one for one in case.findings or () if one.camera_id in offered]
        choice = case.choice or choice_of(case, found)
        try:
            if choice:
                self.check_choice(case, choice)
                return remaking.redrafted(case, choice, None)
        except (ConflictError, MaskError) as err:
            if err.code == MASKS_NEEDED:
                return case
        masked = case.screening and case.screening.constraints.masked
        return case if masked else replace(case, problem=None)
