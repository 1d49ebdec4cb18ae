"""Plants invented identifiers all over painted ultrasound files, and writes down what should become of each.

Modelled on the test set of the MIDI-B challenge: identifiers in their own attributes, in descriptions and comments, in
private elements, in sequences and in the picture, beside attributes that a good de-identifier keeps.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pydicom
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.sr.coding import Code

from benchmarks.scoring import Action, Check, Pixels
from deid.engine.header_values import coded
from deid.phantoms.dicom import Packing, Wrapping, to_dicom
from deid.phantoms.painting import paint
from deid.phantoms.person import Person, invent_person
from deid.phantoms.spec import Kind, Layout, Phantom, Spec, Subject

_STREETS = ("Linnet Lane", "Harrow Walk", "Fennel Close", "Osprey Rise")
_TOWNS = ("Wrenfield", "Northmoor", "Saltholme", "Eastbrook")
_DOCTORS = ("Halvorsen^Signe", "Okonkwo^Ada", "Rehn^Malin", "Brinkmann^Ole", "Takahashi^Yui")
_SUBJECTS = (Subject.PROFILE, Subject.HEAD, Subject.HEART)
_IDENTIFYING = frozenset({Kind.NAME, Kind.ID, Kind.BIRTH_DATE, Kind.DATE, Kind.HOSPITAL, Kind.NOTE})
# what departments call their examinations
_DESCRIPTIONS = (
    "US OB DETAIL FETAL SINGLE",
    "US PREGNANCY LIMITED",
    "OB 2nd trimester anatomy survey",
    "NUCHAL TRANSLUCENCY 1ST TRIMESTER",
    "Fetal echo 2D with Doppler",
    "Obstetric growth follow-up",
    "US ABD LTD RUQ",
    "US PELVIS TRANSVAGINAL",
    "TVUS nonobstetric",
    "Echocardiogram, transthoracic, complete",
    "US THYROID / NECK SOFT TISSUE",
    "US RENAL BILATERAL",
    "VASC CAROTID DUPLEX BILAT",
    "VENOUS DOPPLER LOWER EXTREMITY LEFT",
    "US BREAST RIGHT LIMITED",
    "Biophysical profile w/o NST",
    "Placenta location check",
    "Cervical length",
    "Schwangerschaft 2. Trimenon",
    "Dating scan",
)
_TYPE_2 = (
    "PatientBirthDate PatientSex StudyDate StudyTime AccessionNumber ReferringPhysicianName StudyID SeriesNumber "
    "InstanceNumber PatientOrientation Manufacturer"
)
_TYPE_1 = (
    "SOPClassUID SOPInstanceUID StudyInstanceUID SeriesInstanceUID Modality ImageType PatientName PatientID Rows "
    "Columns SamplesPerPixel PhotometricInterpretation BitsAllocated BitsStored HighBit PixelRepresentation "
    "PatientIdentityRemoved DeidentificationMethod BurnedInAnnotation SequenceOfUltrasoundRegions.RegionSpatialFormat "
    "SequenceOfUltrasoundRegions.RegionDataType SequenceOfUltrasoundRegions.PhysicalDeltaX"
)


@dataclass(frozen=True, slots=True, eq=False)
class Planted:
    """One file, its checks, and its first frame as it was, RGB."""

    name: str
    data: bytes
    checks: tuple[Check, ...]
    source: Pixels


@dataclass(frozen=True, slots=True)
class _Case:
    """Who lies where: a patient's number, the study's and the instance's."""

    patient: int
    study: int
    number: int
    person: Person

    def pick(self, choices: tuple[str, ...], salt: int = 0) -> str:
        return choices[(self.patient * 7 + self.study * 3 + self.number + salt) % len(choices)]

    def code(self, letters: str, salt: int) -> str:
        rng = np.random.default_rng([self.patient, self.study, salt])
        return f"{letters}{rng.integers(10**6, 10**7)}"

    def day(self, salt: int) -> str:
        rng = np.random.default_rng([self.patient, self.study, salt, 5])
        return f"{rng.integers(2016, 2026)}{rng.integers(1, 13):02}{rng.integers(1, 29):02}"


def planted(subjects: int) -> Iterator[Planted]:
    """Yield two studies of each subject: a printed still and a still without print, and every fourth time a cine."""
    for patient in range(subjects):
        person = invent_person(1_000 + patient)
        for study in (1, 2):
            for number, inked in ((1, True), (2, False)):
                yield _file(_Case(patient, study, number, person), inked=inked, frames=1)
        if patient % 4 == 0:
            yield _file(_Case(patient, 2, 3, person), inked=True, frames=6)


def _file(case: _Case, *, inked: bool, frames: int) -> Planted:
    spec = Spec(
        person=case.person,
        seed=case.patient * 10 + case.study,
        subject=_SUBJECTS[case.patient % len(_SUBJECTS)],
        layout=list(Layout)[case.patient % len(Layout)],
        width=800,
        height=600,
        frames=frames,
        inked=inked,
    )
    phantom = paint(spec)
    wrapping = Wrapping(packing=Packing.RGB, study=case.study, number=case.number)
    file = pydicom.dcmread(io.BytesIO(to_dicom(phantom, case.person, wrapping)))
    checks = [*_plant(file, case), *_kept(file, case), *_pixels(phantom)]
    written = io.BytesIO()
    file.save_as(written, enforce_file_format=True)
    name = f"patient {case.patient} study {case.study} instance {case.number}"
    return Planted(name, written.getvalue(), tuple(checks), phantom.frames[0])


def _plant(file: Dataset, case: _Case) -> Iterator[Check]:
    texts = _texts(case)
    for keyword, value in texts.items():
        setattr(file, keyword, value)
        yield Check(Action.TEXT_REMOVED, keyword, value)
    for keyword in ("PatientName", "PatientID", "AccessionNumber", "InstitutionName"):
        yield Check(Action.TEXT_REMOVED, keyword, str(file[keyword].value))
    for salt, keyword in enumerate(("PatientBirthDate", "ScheduledProcedureStepStartDate", "AdmittingDate")):
        setattr(file, keyword, str(file.get(keyword) or case.day(salt)))
        yield Check(Action.DATE_SHIFTED, keyword, str(file[keyword].value))
    yield from _dates(file, case)
    yield from _descriptions(file, case)
    yield from _private(file, case)
    yield from _sequences(file, case)
    yield from _uids(file, case)


def _texts(case: _Case) -> dict[str, str]:
    """Return a value for each of Safe Harbor's kinds, in the attributes where sites write them."""
    person, town = case.person, case.pick(_TOWNS)
    mail = f"{person.given}.{person.family}@{town}.example".lower()
    return {
        "PatientAddress": f"{10 + case.patient} {case.pick(_STREETS)}, {town}",
        "RegionOfResidence": town,
        "PatientTelephoneNumbers": f"+44 20 {case.code('', 1)}",
        "PatientComments": f"call {case.code('0', 2)} or {mail}",
        "OtherPatientIDs": case.code("SSN", 3),
        "MedicalRecordLocator": case.code("MRL", 4),
        "AdmissionID": case.code("ADM", 5),
        "InsurancePlanIdentification": case.code("PLAN", 6),
        "DeviceSerialNumber": case.code("SN", 7),
        "StationName": f"USROOM{case.patient + 10}",
        "PerformedStationAETitle": f"AE{town.upper()}",
        "RetrieveURL": f"https://pacs.{town}.example/{case.code('s', 8)}".lower(),
        "OtherPatientNames": f"{person.family}-{case.pick(_TOWNS, 1)}^{person.given}",
        "PatientMotherBirthName": case.pick(_DOCTORS, 4),
        "ReferringPhysicianName": case.pick(_DOCTORS),
        "PerformingPhysicianName": case.pick(_DOCTORS, 1),
        "OperatorsName": case.pick(_DOCTORS, 2),
        "NameOfPhysiciansReadingStudy": case.pick(_DOCTORS, 3),
        "ImageComments": f"{person.given} {person.family}, {town}, seen by {case.pick(_DOCTORS, 2)}",
        "AdditionalPatientHistory": f"G2P1, {person.printed_name}, sister of {case.pick(_DOCTORS, 1)}",
        "StudyID": case.code("ST", 9),
        "EthnicGroup": "Wrenfielder",
        "Occupation": f"teacher in {town}",
        "MilitaryRank": "Lieutenant Ashdown",
    }


def _dates(file: Dataset, case: _Case) -> Iterator[Check]:
    taken = case.day(20)
    for keyword in ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate"):
        setattr(file, keyword, taken)
        yield Check(Action.DATE_SHIFTED, keyword, taken)
        yield Check(Action.TEXT_NOTNULL, keyword)
    file.AcquisitionDateTime = f"{taken}104208"
    file.LastMenstrualDate = case.day(21)
    yield Check(Action.DATE_SHIFTED, "AcquisitionDateTime", taken)
    yield Check(Action.DATE_SHIFTED, "LastMenstrualDate", file.LastMenstrualDate)


def _descriptions(file: Dataset, case: _Case) -> Iterator[Check]:
    """Useful words stay, names, numbers and dates beside them go."""
    family, doctor = case.person.family, case.pick(_DOCTORS, 1).split("^")[0]
    useful = case.pick(_DESCRIPTIONS)
    number = case.code("", 10)
    strange = {
        "StudyDescription": (f"{useful} {family}", family),
        "SeriesDescription": (f"{useful.upper()} - DR {doctor.upper()}", doctor),
        "ProtocolName": (f"{useful} {number}", number),
        "PerformedProcedureStepDescription": (f"{useful} {case.day(20)}", case.day(20)),
    }
    for keyword, (text, identity) in strange.items():
        setattr(file, keyword, text)
        yield Check(Action.TEXT_REMOVED, keyword, identity)
        yield Check(Action.TEXT_RETAINED, keyword, useful)


def _private(file: Dataset, case: _Case) -> Iterator[Check]:
    """Vendors repeat identity in blocks of their own: as text, wide letters, XML, and sequences sent as UN."""
    person = case.person
    block = file.private_block(0x0021, "SALTHOLME SONICS 2.1", create=True)
    held = {
        0x01: ("LO", person.printed_name, person.printed_name),
        0x02: ("UT", f"<Exam><Name>{person.family}</Name></Exam>", f"<Name>{person.family}"),
        0x03: ("OB", f"{person.given} {person.family}".encode("utf-16-le"), ""),
        0x04: ("UI", f"1.2.826.0.1.{case.patient}.{case.study}.77", f"1.2.826.0.1.{case.patient}.{case.study}.77"),
        0x05: ("DA", case.day(30), case.day(30)),
        0x06: ("UN", _item_of(person.name), person.name),
    }
    for offset, (vr, value, trace) in held.items():
        block.add_new(offset, vr, value)
        if trace:
            yield Check(Action.TEXT_REMOVED, "", trace)


def _item_of(name: str) -> bytes:
    value = name.encode() + b" " * (len(name.encode()) % 2)
    element = b"\x10\x00\x10\x00" + len(value).to_bytes(4, "little") + value
    return b"\xfe\xff\x00\xe0" + len(element).to_bytes(4, "little") + element


def _sequences(file: Dataset, case: _Case) -> Iterator[Check]:
    request, step, person = Dataset(), Dataset(), Dataset()
    person.PersonName = case.pick(_DOCTORS, 3)
    step.ScheduledPerformingPhysicianIdentificationSequence = Sequence([person])
    step.ScheduledProcedureStepDescription = f"for {case.person.family}"
    request.ScheduledProtocolCodeSequence = Sequence([step])
    request.RequestedProcedureID = case.code("RP", 11)
    file.RequestAttributesSequence = Sequence([request])
    inner = "RequestAttributesSequence.ScheduledProtocolCodeSequence"
    yield Check(Action.TEXT_REMOVED, "RequestAttributesSequence.RequestedProcedureID", request.RequestedProcedureID)
    yield Check(Action.TEXT_REMOVED, f"{inner}.ScheduledProcedureStepDescription", case.person.family)
    deepest = f"{inner}.ScheduledPerformingPhysicianIdentificationSequence.PersonName"
    yield Check(Action.TEXT_REMOVED, deepest, case.pick(_DOCTORS, 3))


def _uids(file: Dataset, case: _Case) -> Iterator[Check]:
    reference, study = Dataset(), Dataset()
    reference.ReferencedSOPClassUID = file.SOPClassUID
    reference.ReferencedSOPInstanceUID = f"1.2.826.0.2.{case.patient}.{case.study}"
    study.ReferencedSOPInstanceUID = f"1.2.826.0.3.{case.patient}"
    file.SourceImageSequence, file.ReferencedStudySequence = Sequence([reference]), Sequence([study])
    file.FrameOfReferenceUID = f"1.2.826.0.4.{case.patient}.{case.study}"
    source = "SourceImageSequence.ReferencedSOPInstanceUID"
    for keyword in ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID"):
        yield Check(Action.UID_CHANGED, keyword, file[keyword].value)
        yield Check(Action.UID_CONSISTENT, keyword, file[keyword].value)
    yield Check(Action.UID_CHANGED, "FrameOfReferenceUID", file.FrameOfReferenceUID)
    yield Check(Action.UID_CHANGED, source, reference.ReferencedSOPInstanceUID)
    yield Check(Action.UID_CONSISTENT, source, reference.ReferencedSOPInstanceUID)
    yield Check(Action.UID_CHANGED, "ReferencedStudySequence.ReferencedSOPInstanceUID", study.ReferencedSOPInstanceUID)
    yield Check(Action.PATID_CONSISTENT, "PatientID", case.person.record_number)


def _kept(file: Dataset, case: _Case) -> Iterator[Check]:
    values: dict[str, object] = {
        "PatientAge": f"{25 + case.patient % 15:03}Y",
        "PatientSize": "1.68",
        "PatientWeight": str(55 + case.patient % 20),
        "PregnancyStatus": 4,
        "Manufacturer": "Philips",
        "ManufacturerModelName": "EPIQ 7",
        "TransducerType": "CURVED LINEAR",
        "MechanicalIndex": "0.9",
        "SoftTissueThermalIndex": "0.2",
        "DepthOfScanField": "140",
    }
    for keyword, value in values.items():
        setattr(file, keyword, value)
        yield Check(Action.TEXT_RETAINED, keyword, str(value))
    file.AnatomicRegionSequence = Sequence([coded(Code("35039007", "SCT", "Uterus"))])
    yield Check(Action.TEXT_RETAINED, "AnatomicRegionSequence.CodeValue", "35039007")
    yield Check(Action.TEXT_RETAINED, "BodyPartExamined", "UTERUS")
    yield Check(Action.TEXT_RETAINED, "PatientSex", "F")
    yield Check(Action.TEXT_RETAINED, "ImageType", "OBSTETRICAL")
    for keyword in _TYPE_2.split():
        yield Check(Action.TAG_RETAINED, keyword)
    for path in _TYPE_1.split():
        yield Check(Action.TEXT_NOTNULL, path)
    if "NumberOfFrames" in file:
        yield Check(Action.TEXT_RETAINED, "NumberOfFrames", str(file.NumberOfFrames))
        yield Check(Action.TEXT_NOTNULL, "FrameTime")


def _pixels(phantom: Phantom) -> Iterator[Check]:
    """Where nothing is printed, the echoes must be as they were; where identity is, its ink must be gone."""
    if not phantom.truth:
        yield Check(Action.PIXELS_RETAINED, "the echoes", place=phantom.area)
        return
    bare = paint(replace(phantom.spec, inked=False)).frames[0]
    changed = np.abs(phantom.frames[0].astype(int) - bare).max(axis=2) > 40
    for text in phantom.truth:
        if text.kind in _IDENTIFYING and text.first_frame == 0:
            x, y, w, h = text.box
            place = np.zeros(changed.shape, np.bool_)
            place[y : y + h, x : x + w] = changed[y : y + h, x : x + w]
            if place.any():
                yield Check(Action.PIXELS_HIDDEN, f"printed {text.kind.value}", place=place)
