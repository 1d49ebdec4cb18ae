"""Studies, instances, runs, artefacts, uploads, deliveries and text policies; they hold vault keys, never files."""

from deid.models.artefact import Artefact
from deid.models.delivery import Delivery, Piece
from deid.models.instance import Instance
from deid.models.run import Run
from deid.models.study import Study
from deid.models.text_policy import TextPolicy
from deid.models.upload import Upload, UploadItem

__all__ = ["Artefact", "Delivery", "Instance", "Piece", "Run", "Study", "TextPolicy", "Upload", "UploadItem"]
