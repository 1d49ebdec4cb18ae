"""Studies, their pictures on the road, and what people decided about them; they hold vault keys, never files."""

from deid.models.approval import Approval
from deid.models.artefact import Artefact
from deid.models.delivery import Delivery, Piece
from deid.models.device_rule import DeviceRule
from deid.models.edit import Edit
from deid.models.embargo import Embargo
from deid.models.gate_rule import GateRule
from deid.models.instance import Instance
from deid.models.legal_hold import LegalHold
from deid.models.machine import Machine
from deid.models.render import Render
from deid.models.round import Round
from deid.models.run import Run
from deid.models.saved_view import SavedView
from deid.models.showing import Showing
from deid.models.study import Study
from deid.models.text_policy import TextPolicy
from deid.models.upload import Upload, UploadItem

__all__ = [
    "Approval",
    "Artefact",
    "Delivery",
    "DeviceRule",
    "Edit",
    "Embargo",
    "GateRule",
    "Instance",
    "LegalHold",
    "Machine",
    "Piece",
    "Render",
    "Round",
    "Run",
    "SavedView",
    "Showing",
    "Study",
    "TextPolicy",
    "Upload",
    "UploadItem",
]
