"""What a sealed object can be."""

from enum import StrEnum


class ObjectKind(StrEnum):
    """The kind is bound into the ciphertext: an object cannot be passed off as another kind."""

    PIECE = "piece"
    ORIGINAL = "original"
    MASTER = "master"
    ARTEFACT = "artefact"
    PREVIEW = "preview"
    IDENTITY = "identity"
    LOGO = "logo"
    DOCUMENT = "document"
