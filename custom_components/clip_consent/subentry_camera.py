"""Add and change cameras, wherever their recordings are."""

from .subentry_camera_folder import FolderSteps
from .subentry_camera_frigate import FrigateSteps
from .subentry_camera_media import MediaSteps


class CameraFlow(MediaSteps, FrigateSteps, FolderSteps):
    """Add or change one camera: each kind of source brings its own steps."""
