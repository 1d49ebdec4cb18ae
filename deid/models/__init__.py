"""Studies, instances, runs, artefacts and uploads; they hold vault keys, never files."""

from deid.models.artefact import Artefact
from deid.models.instance import Instance
from deid.models.run import Run
from deid.models.study import Study
from deid.models.upload import Upload, UploadItem

__all__ = ["Artefact", "Instance", "Run", "Study", "Upload", "UploadItem"]
