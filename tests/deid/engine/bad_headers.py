"""Ultrasound files with faulty, foreign or malicious headers; each holds the word CANARY where it should not pass."""

import struct
from collections.abc import Iterator

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ImplicitVRLittleEndian

from tests.deid.engine.headers import named, nested, region, ultrasound, written

CANARY = "KANARIENVOGEL77"
ITEM, ITEM_END, SEQUENCE_END = b"\xfe\xff\x00\xe0", b"\xfe\xff\x0d\xe0\0\0\0\0", b"\xfe\xff\xdd\xe0\0\0\0\0"
_UNDEFINED = b"\xff\xff\xff\xff"
_REGIONS = b"\x18\x00\x11\x60"
_REQUEST = b"\x40\x00\x75\x02"
_PRIVATE = b"\x19\x00\x01\x10"


def all_of_them() -> dict[str, bytes]:
    """Return the files by a name of the fault."""
    return {name: data for part in (_values(), _names(), _unknown(), _leftovers(), _private()) for name, data in part}


def raw(tag: bytes, vr: bytes, value: bytes) -> bytes:
    """Return one explicit little endian element."""
    if vr in (b"SQ", b"UN", b"OB", b"OW", b"UT"):
        return tag + vr + b"\0\0" + struct.pack("<L", len(value)) + value
    return tag + vr + struct.pack("<H", len(value)) + value


def with_raw(element: bytes, before: bytes = b"\x28\x00\x02\x00US") -> bytes:
    """Put raw bytes into a file, before the element that begins with `before`."""
    data = written(ultrasound())
    start = data.index(before)
    return data[:start] + element + data[start:]


def implicit_item(*, name: bytes = CANARY.encode()) -> bytes:
    """Return an item in implicit VR that has a patient's name, as CP-246 wants it inside UN."""
    even = name + b" " * (len(name) % 2)
    element = b"\x10\x00\x10\x00" + struct.pack("<L", len(even)) + even
    return ITEM + struct.pack("<L", len(element)) + element


def _forced(**values: tuple[str, object]) -> bytes:
    """Return a file in which elements have other representations than their own."""
    source = ultrasound()
    for keyword, (vr, value) in values.items():
        element = DataElement(keyword, vr, value, already_converted=vr in ("UN", "OB"))
        element.VR = vr
        source[keyword] = element
    return written(source)


def _values() -> Iterator[tuple[str, bytes]]:
    yield "regions as text", _forced(SequenceOfUltrasoundRegions=("LO", CANARY))
    yield "regions as bytes", _forced(SequenceOfUltrasoundRegions=("OB", CANARY.encode() + b" "))
    yield "sex as bytes", _forced(PatientSex=("OB", CANARY.encode() + b" "))
    yield "maker as bytes", _forced(Manufacturer=("OB", CANARY.encode() + b" "))
    yield "name as numbers", _forced(PatientName=("US", [0x414B, 0x414E]))
    yield "image type as text", _forced(ImageType=("UT", CANARY))
    yield "instance number as text", _forced(InstanceNumber=("LO", CANARY))
    yield "frames as text", _forced(NumberOfFrames=("LO", CANARY))
    yield "frame time as text", _forced(FrameTime=("LO", CANARY))
    yield "date as text", _forced(StudyDate=("LO", CANARY))
    yield "date as bytes", _forced(StudyDate=("OB", b"20260114"))
    yield (
        "long values",
        _forced(PatientName=("PN", CANARY * 200), AccessionNumber=("SH", CANARY * 200), StudyID=("SH", CANARY * 9)),
    )
    yield "long UID", _forced(SOPInstanceUID=("UI", "1." * 60 + "1"))
    yield "many patient numbers", _forced(PatientID=("LO", [CANARY, "B"]))
    yield "many sexes", _forced(PatientSex=("CS", ["F", CANARY]))
    yield "many dates", _forced(StudyDate=("DA", ["20260114", "20260115"]))
    yield "many instances", _forced(InstanceNumber=("IS", ["1", "2"]))
    yield "many studies", _forced(StudyInstanceUID=("UI", ["1.2", "1.3"]))
    yield "many colours", _forced(PhotometricInterpretation=("CS", ["RGB", CANARY]))
    yield "many rows", _forced(Rows=("US", [4, 4]))
    yield (
        "numbers out of reach",
        _forced(SeriesNumber=("LO", "9" * 400), DepthOfScanField=("LO", "1e400"), MechanicalIndex=("LO", "NaN")),
    )
    yield "sequence where text belongs", _forced(StudyDescription=("SQ", Sequence([nested(2)])))
    yield "text where a sequence belongs", _forced(AnatomicRegionSequence=("ST", CANARY))


def _names() -> Iterator[tuple[str, bytes]]:
    for fault, name in {
        "script": f"<script>alert('{CANARY}')</script>",
        "path": f"../../../etc/{CANARY}",
        "windows path": f"C:\\..\\{CANARY}\\aux.dcm",
        "new lines": f"{CANARY}\r\nSet-Cookie: a=b",
        "null": f"{CANARY}\0.dcm",
        "escape": f"\x1b]0;{CANARY}\x07\x1b[2J",
        "format": f"%s%n{{0.__class__}}{CANARY}",
        "right to left": f"\u202e{CANARY}\u2066",
        "formula": f'=cmd|"/C calc"!A0{CANARY}',
    }.items():
        yield f"name with {fault}", named(name.encode())
    for charset in (
        "",
        "ISO_IR 6",
        "ISO_IR 100",
        "ISO_IR 192",
        "ISO 2022 IR 87",
        "\\ISO 2022 IR 87",
        "NONSENSE",
        "GB18030",
    ):
        yield f"broken bytes under {charset or 'nothing'}", named(b"\xff\xfe\x1b$B\x81\x30" + CANARY.encode(), charset)


def _unknown() -> Iterator[tuple[str, bytes]]:
    item = implicit_item()
    for where, tag in {"request": _REQUEST, "regions": _REGIONS, "private": _PRIVATE}.items():
        yield f"UN for the sequence of {where}", with_raw(raw(tag, b"UN", item))
        yield (
            f"UN of undefined length for the sequence of {where}",
            with_raw(tag + b"UN\0\0" + _UNDEFINED + item + SEQUENCE_END),
        )
        yield f"UN in UN for the sequence of {where}", with_raw(raw(tag, b"UN", ITEM + _deep(item, 3)))
    yield "UN that only begins like a sequence", with_raw(raw(_PRIVATE, b"UN", ITEM + CANARY.encode() + b"!"))
    yield "a long sequence as UN", with_raw(raw(_REQUEST, b"UN", item * 4_000))
    yield "a bomb of sequences as UN", with_raw(raw(_PRIVATE, b"UN", ITEM + _deep(item, 60)))
    yield "a flood of items as UN", with_raw(raw(_PRIVATE, b"UN", (ITEM + b"\0\0\0\0") * 60_000))
    hidden = ultrasound(SequenceOfUltrasoundRegions=Sequence([region()]))
    hidden.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    hidden.private_block(0x0019, "MAKER", create=True).add_new(1, "UN", item)
    yield "a private sequence in implicit VR", written(hidden)


def _deep(item: bytes, depth: int) -> bytes:
    """Return what follows the first item's tag of a sequence in sequences, all of implicit VR."""
    for _ in range(depth):
        element = _REQUEST + struct.pack("<L", len(item)) + item
        item = ITEM + struct.pack("<L", len(element)) + element
    return item[4:]


def _leftovers() -> Iterator[tuple[str, bytes]]:
    word = CANARY.encode() + b" "
    yield "group lengths", with_raw(raw(b"\x10\x00\x00\x00", b"UL", word[:4]), before=b"\x10\x00\x10\x00PN")
    yield (
        "a retired element",
        _forced(OtherPatientIDs=("LO", CANARY), CommentsOnThePerformedProcedureStep=("ST", CANARY)),
    )
    yield "a curve", with_raw(raw(b"\x02\x50\x00\x30", b"OW", word * 4) + raw(b"\x02\x50\x22\x00", b"LO", word))
    yield (
        "an overlay",
        with_raw(
            raw(b"\x00\x60\x22\x00", b"LO", word) + raw(b"\x00\x60\x00\x30", b"OW", word * 4),
            before=b"\xe0\x7f\x10\x00",
        ),
    )
    icon, signature = Dataset(), Dataset()
    icon.Rows = icon.Columns = 4
    icon.PixelData = word
    icon["PixelData"].VR = "OB"
    signature.Signature, signature.CertificateOfSigner = word, word
    yield "an icon", written(ultrasound(IconImageSequence=Sequence([icon])))
    yield "a signature", written(ultrasound(DigitalSignaturesSequence=Sequence([signature])))
    yield "trailing padding", written(ultrasound()) + raw(b"\xfc\xff\xfc\xff", b"OB", word * 8)
    yield "zeros at the end", written(ultrasound(StudyDescription=CANARY)) + bytes(512)
    yield "a program in the preamble", (b"MZ" + word).ljust(128, b"\0") + written(ultrasound())[128:]
    yield "no preamble", written(ultrasound(PatientName=CANARY))[128:]
    yield "no meta information", written(ultrasound(PatientName=CANARY))[132:]
    yield "a document beside the picture", _forced(EncapsulatedDocument=("OB", b"%PDF-1.7 " + word))
    yield (
        "a waveform and a graphic",
        _forced(
            WaveformSequence=("SQ", Sequence([nested(1)])), GraphicAnnotationSequence=("SQ", Sequence([nested(1)]))
        ),
    )
    for fault, uid in {
        "encapsulated document": "1.2.840.10008.5.1.4.1.1.104.1",
        "structured report": "1.2.840.10008.5.1.4.1.1.88.33",
        "presentation state": "1.2.840.10008.5.1.4.1.1.11.1",
    }.items():
        yield f"of class {fault}", written(ultrasound(SOPClassUID=uid, PatientName=CANARY))


def _private() -> Iterator[tuple[str, bytes]]:
    word = CANARY.encode() + b" "
    creator, other = raw(b"\x19\x00\x10\x00", b"LO", b"MAKER ONE "), raw(b"\x19\x00\x11\x00", b"LO", b"MAKER ONE ")
    value = raw(b"\x19\x00\x01\x10", b"LO", word)
    yield "a block without a creator", with_raw(value)
    yield "two blocks of one creator", with_raw(creator + other + value + raw(b"\x19\x00\x01\x11", b"LO", word))
    yield "a creator twice", with_raw(creator + creator + value + value)
    yield "a creator that is a name", with_raw(raw(b"\x19\x00\x10\x00", b"LO", word) + value)
    yield "a creator that is a sequence", with_raw(raw(b"\x19\x00\x10\x00", b"SQ", implicit_item()) + value)
    yield "a private element in a public group", with_raw(raw(b"\x18\x00\xfe\xff", b"LO", word))
