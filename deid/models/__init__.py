"""Studies, pictures and their files, uploads, deliveries, holds and policies; they hold vault keys, never files."""

from deid.models.artefact import Artefact
from deid.models.delivery import Delivery, Piece
from deid.models.edit import Edit
from deid.models.instance import Instance
from deid.models.legal_hold import LegalHold
from deid.models.render import Render
from deid.models.run import Run
from deid.models.study import Study
from deid.models.text_policy import TextPolicy
from deid.models.upload import Upload, UploadItem

__all__ = [
    "Artefact",
    "Delivery",
    "Edit",
    "Instance",
    "LegalHold",
    "Piece",
    "Render",
    "Run",
    "Study",
    "TextPolicy",
    "Upload",
    "UploadItem",
]
