"""The allow-list of the basic profile: every attribute that any clean instance may have, and its plausible values.

The table is closed on purpose. Numbers pass when they are plausible, coded strings pass when they are defined terms;
no free text of the source ever passes (PS3.15 annex E). What some purposes add stands in `timeline`, `descriptors`
and `characteristics`; image pixel attributes are the renderer's.
"""

from dataclasses import dataclass

from pydicom.sr.coding import Code

IMPLEMENTATION_CLASS_UID = "2.25.187219405618275846012690374586201934077"
IMPLEMENTATION_VERSION = "US_PORTAL_1"
METHOD = "Rebuilt from an allow-list"

US_IMAGE = "1.2.840.10008.5.1.4.1.1.6.1"
US_MULTIFRAME = "1.2.840.10008.5.1.4.1.1.3.1"
SC_IMAGE = "1.2.840.10008.5.1.4.1.1.7"
SC_GREY_MULTIFRAME = "1.2.840.10008.5.1.4.1.1.7.2"
SC_COLOUR_MULTIFRAME = "1.2.840.10008.5.1.4.1.1.7.4"


@dataclass(frozen=True, slots=True)
class Number:
    """A numeric attribute and the range in which it is plausible; it may have `least` to `most` values."""

    keyword: str
    low: float
    high: float
    most: int = 1
    least: int = 1


def words(text: str, *, separator: str = " ") -> frozenset[str]:
    """Split a list that is written as running text."""
    return frozenset(text.split(separator))


# Present and empty: type 2 in the modules General Study, Patient, General Image (PS3.3 C.7), emptied by PS3.15 "Z".
EMPTY = (
    "AccessionNumber",
    "PatientBirthDate",
    "PatientOrientation",
    "PatientSex",
    "ReferringPhysicianName",
    "StudyDate",
    "StudyID",
    "StudyTime",
)

# Type 2 with a number that PS3.15 lets stay: empty where the number is absent or implausible.
NUMBERS_OR_EMPTY = (Number("InstanceNumber", 0, 99_999), Number("SeriesNumber", 0, 99_999))

# US Image, Cine and Multi-frame (PS3.3 C.8.5.6, C.7.6.5, C.7.6.6): kept where present and plausible.
NUMBERS = (
    Number("NumberOfStages", 1, 999),
    Number("NumberOfViewsInStage", 1, 999),
    Number("StageNumber", 0, 999),
    Number("ViewNumber", 0, 999),
    Number("UltrasoundColorDataPresent", 0, 1),
    Number("DepthOfScanField", 0, 9_999),
    Number("MechanicalIndex", 0, 99),
    Number("BoneThermalIndex", 0, 99),
    Number("CranialThermalIndex", 0, 99),
    Number("SoftTissueThermalIndex", 0, 99),
    Number("SoftTissueFocusThermalIndex", 0, 99),
    Number("SoftTissueSurfaceThermalIndex", 0, 99),
    # rows to columns, where pixels are not square (PS3.3 C.7.6.3.1.7)
    Number("PixelAspectRatio", 1, 99_999, most=2, least=2),
)
TIMING = (
    Number("FrameTime", 0.001, 60_000),
    Number("FrameTimeVector", 0, 60_000, most=100_000),
    Number("CineRate", 1, 1_000),
    Number("RecommendedDisplayFrameRate", 1, 1_000),
    Number("PreferredPlaybackSequencing", 0, 1),
    Number("FrameDelay", 0, 60_000),
    Number("EffectiveDuration", 0, 3_600),
    Number("ActualFrameDuration", 0, 60_000),
)

# Items of SequenceOfUltrasoundRegions (PS3.3 C.8.5.5): numbers only.
_COORDINATE = 65_536
_PHYSICAL = 1e7
REGION_REQUIRED = (
    Number("RegionSpatialFormat", 0, 0xFF),
    Number("RegionDataType", 0, 0xFF),
    Number("RegionFlags", 0, 0xFF),
    Number("RegionLocationMinX0", 0, _COORDINATE),
    Number("RegionLocationMinY0", 0, _COORDINATE),
    Number("RegionLocationMaxX1", 0, _COORDINATE),
    Number("RegionLocationMaxY1", 0, _COORDINATE),
    Number("PhysicalUnitsXDirection", 0, 0xFF),
    Number("PhysicalUnitsYDirection", 0, 0xFF),
    Number("PhysicalDeltaX", -_PHYSICAL, _PHYSICAL),
    Number("PhysicalDeltaY", -_PHYSICAL, _PHYSICAL),
)
# The mapping of pixel components to physical values is left out: its tables serve nothing without the pixels
# as they were.
REGION_OPTIONAL = (
    Number("ReferencePixelX0", -_COORDINATE, _COORDINATE),
    Number("ReferencePixelY0", -_COORDINATE, _COORDINATE),
    Number("ReferencePixelPhysicalValueX", -_PHYSICAL, _PHYSICAL),
    Number("ReferencePixelPhysicalValueY", -_PHYSICAL, _PHYSICAL),
    Number("TransducerFrequency", 0, 1_000_000),
    Number("PulseRepetitionFrequency", 0, 1_000_000),
    Number("DopplerCorrectionAngle", -360, 360),
    Number("SteeringAngle", -360, 360),
    Number("DopplerSampleVolumeXPosition", -_COORDINATE, _COORDINATE),
    Number("DopplerSampleVolumeYPosition", -_COORDINATE, _COORDINATE),
    Number("TMLinePositionX0", -_COORDINATE, _COORDINATE),
    Number("TMLinePositionY0", -_COORDINATE, _COORDINATE),
    Number("TMLinePositionX1", -_COORDINATE, _COORDINATE),
    Number("TMLinePositionY1", -_COORDINATE, _COORDINATE),
)
# Third value of ImageType (PS3.3 C.8.5.6.1.1).
IMAGE_TYPES = words(
    "ABDOMINAL;BREAST;CHEST;ENDOCAVITARY;ENDORECTAL;ENDOVAGINAL;EPICARDIAL;FETAL HEART;GYNECOLOGY;"
    "INTRACARDIAC;INTRAOPERATIVE;INTRAVASCULAR;MUSCULOSKELETAL;NEONATAL HEAD;OBSTETRICAL;OPHTHALMIC;"
    "PEDIATRIC;PELVIC;RETROPERITONEAL;SCROTAL;SMALL PARTS;TEE;THYROID;TRANSCRANIAL;TTE;US BIOPSY;"
    "VASCULAR",
    separator=";",
)
# (0018,6031), defined terms of PS3.3 C.8.5.6
TRANSDUCER_TYPES = words(
    "SECTOR_PHASED;SECTOR_MECH;SECTOR_ANNULAR;LINEAR;CURVED LINEAR;SINGLE CRYSTAL;SPLIT XTAL CWD;"
    "IV_PHASED;IV_ROT XTAL;IV_ROT MIRROR;ENDOCAV_PA;ENDOCAV_MECH;ENDOCAV_CLA;ENDOCAV_AA;"
    "ENDOCAV_LINEAR;VECTOR_PHASED",
    separator=";",
)
# (0008,0064), PS3.3 C.8.6.1
CONVERSION_TYPES = frozenset({"DV", "DI", "DF", "WSD", "SD", "SI", "DRW", "SYN"})

# Manufacturer is type 2; a maker is named in one house spelling, an unknown one not at all.
MAKERS = {
    "ACUSON": "Siemens",
    "ALOKA": "Aloka",
    "ALPINION": "Alpinion",
    "ATL": "Philips",
    "BK MEDICAL": "BK Medical",
    "CANON": "Canon",
    "CHISON": "Chison",
    "ESAOTE": "Esaote",
    "FUJIFILM": "Fujifilm",
    "G.E.": "GE",
    "GE": "GE",
    "HITACHI": "Hitachi",
    "KRETZ": "GE",
    "MEDISON": "Samsung",
    "MINDRAY": "Mindray",
    "PHILIPS": "Philips",
    "SAMSUNG": "Samsung",
    "SIEMENS": "Siemens",
    "SONOSCAPE": "SonoScape",
    "SONOSITE": "SonoSite",
    "TOSHIBA": "Toshiba",
}

# PS3.16 CID 7050
BASIC_PROFILE = Code("113100", "DCM", "Basic Application Confidentiality Profile")
CLEAN_PIXELS = Code("113101", "DCM", "Clean Pixel Data Option")
CLEAN_DESCRIPTORS = Code("113105", "DCM", "Clean Descriptors Option")
FULL_DATES = Code("113106", "DCM", "Retain Longitudinal Temporal Information Full Dates Option")
SHIFTED_DATES = Code("113107", "DCM", "Retain Longitudinal Temporal Information Modified Dates Option")
CHARACTERISTICS = Code("113108", "DCM", "Retain Patient Characteristics Option")
METHODS = (BASIC_PROFILE, CLEAN_PIXELS, CLEAN_DESCRIPTORS, FULL_DATES, SHIFTED_DATES, CHARACTERISTICS)

# Words that the portal itself writes into every file; they say nothing about anybody.
OWN_WORDS = (
    METHOD,
    IMPLEMENTATION_VERSION,
    *(method.meaning for method in METHODS),
    "DERIVED",
    "PRIMARY",
    "REMOVED",
    "UNMODIFIED",
    "MODIFIED",
)

# What identifies in a source (PS3.15 table E.1-1): numbers and codes, places, and remarks that may hold either.
CODES = words(
    "AccessionNumber AdmissionID DetectorID DeviceID DeviceSerialNumber "
    "FillerOrderNumberImagingServiceRequest FillerOrderNumberProcedure GantryID "
    "InsurancePlanIdentification IssuerOfAdmissionID IssuerOfPatientID MedicalRecordLocator "
    "OtherPatientIDs PatientID PatientTelephoneNumbers PerformedProcedureStepID PerformedStationAETitle "
    "PerformedStationName PersonTelephoneNumbers PlacerOrderNumberImagingServiceRequest "
    "PlacerOrderNumberProcedure PlateID ReferringPhysicianTelephoneNumbers RequestedProcedureID "
    "ScheduledProcedureStepID ScheduledStationAETitle ScheduledStationName ServiceEpisodeID StationName "
    "StationAETitle SourceApplicationEntityTitle StudyID StudyIDIssuer UniqueDeviceIdentifier "
    "ClinicalTrialSubjectID ClinicalTrialSubjectReadingID ClinicalTrialSiteID SpecimenAccessionNumber "
    "ContainerIdentifier SpecimenIdentifier CassetteID"
)
PLACES = words(
    "ClinicalTrialSiteName ClinicalTrialSponsorName CountryOfResidence CurrentPatientLocation "
    "InstitutionAddress InstitutionalDepartmentName InstitutionName PatientAddress "
    "PatientInstitutionResidence PersonAddress ReferringPhysicianAddress RegionOfResidence "
    "RequestingService ScheduledStudyLocation ScheduledProcedureStepLocation PerformedLocation "
    "Occupation PatientReligiousPreference EthnicGroup"
)
REMARKS = words(
    "AdditionalPatientHistory Allergies FrameComments ImageComments ImagePresentationComments "
    "Impressions InterpretationText MedicalAlerts PatientComments PatientState ReasonForStudy "
    "ReasonForVisit RequestedProcedureComments ResultsComments SeriesDescription SpecialNeeds "
    "StudyComments StudyDescription VisitComments"
)
# Words on a screen that say what is examined, not who or where.
COMMON_WORDS = words(
    "abdomen abdominal breast cardiac cardiology center centre clinic diagnostic fetal foetal general "
    "gynaecology gynecology healthcare heart hospital imaging medical medicine obstetric obstetrics "
    "pediatric pelvic radiology university ultrasound unknown vascular women"
)
# Words that make a written name a company.
COMPANY_WORDS = words("CO COMPANY CORP CORPORATION GMBH INC KK LLC LTD")
