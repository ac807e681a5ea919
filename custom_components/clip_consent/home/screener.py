"""What rules and cameras, as they are now, say of a case and of what was chosen."""

from dataclasses import replace

from ..core import flow
from ..core.clips import is_too_long
from ..core.errors import ConflictError
from ..core.models import (
    Camera,
    Case,
    CaseState,
    Choice,
    Constraints,
    Request,
    Screening,
)
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
        )

    def fresh(self, case: Case) -> Case:
        """Return a case with what the rules of now say of its request."""
        return replace(case, screening=self.screening(case.request))

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
            for camera in self._bench.settings.cameras.values()
            if camera.offered and all(camera.camera_id in each for each in allowed)
        )

    def check_choice(self, case: Case, choice: Choice) -> Constraints:
        """Hold a choice to what the rules allow; return that. Raises ConflictError."""
        constraints = case.screening.constraints if case.screening else None
        if constraints is None:
            raise ConflictError("case_moved_on")
        cameras = {camera.camera_id for camera in self.cameras_for(case)}
        if choice.camera_id not in cameras:
            raise ConflictError("camera_not_offered")
        if choice.window.seconds <= 0:
            raise ConflictError("window_empty")
        if choice.window.seconds > constraints.max_seconds:
            raise ConflictError("clip_too_long", seconds=str(constraints.max_seconds))
        if choice.audio and not constraints.audio:
            raise ConflictError("audio_not_allowed")
        return constraints

    async def async_rescreen(self, case: Case) -> Case:
        """Apply rules and cameras that changed since: they can void the offer.

        Another policy does, and so does a camera that is not offered any more.
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
        fits = self._still_fits(after)
        before, now = case.screening, after.screening
        if now and ((before and before.policy != now.policy) or not fits):
            return flow.rescreened(case, now, keep_draft=fits)
        return after

    def _still_fits(self, case: Case) -> bool:
        choice = case.choice if case.state is CaseState.DRAFTING else None
        if case.draft:
            choice = case.draft.choice
        if choice is None or choice.text is not None:
            return True
        try:
            allowed = self.check_choice(case, choice)
        except ConflictError:
            return False
        # a film may be longer than what was chosen: it begins at a key frame
        made = case.draft.seconds if case.draft else 0.0
        return not is_too_long(made, allowed.max_seconds)
