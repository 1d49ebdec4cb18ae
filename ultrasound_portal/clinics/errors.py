"""Why a brand cannot be published, in sentences for the person who tries."""

from enum import StrEnum


class BrandFault(StrEnum):
    """The closed list of faults; the value is what the page says."""

    NAME = "Give the strip a name of at most 60 characters."
    LINE = "Keep the second line to at most 80 characters."
    COLOUR = "Write each colour as # and six digits, for example #1f5c54."
    CONTRAST = "These two colours are too alike to read. Choose a darker or a lighter one."
    WEB = "Write the web address as people type it, for example hillside.example, with at most 80 signs."
    HANDLE = "Write the handle with @ and at most 39 letters, digits, dots or dashes."
    NO_ADDRESS = "A QR code needs a web address to lead to."
    HEIGHT = "Choose one of the heights offered."
    LOGO_KIND = "The logo must be a PNG or JPEG picture. SVG is refused, since it can carry programs."
    LOGO_SIZE = "The logo is too large. Use a picture of at most 2 MB and 4000 pixels a side."


class BrandRefused(Exception):
    """A brand that cannot be published, with the fault."""

    def __init__(self, fault: BrandFault) -> None:
        super().__init__(fault.name)
        self.fault = fault
