"""What identifies is found wherever it stands in a header, and recognised as a screen shows it."""

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from deid.engine import identifiers, intake
from deid.engine.identifiers import Identifiers
from tests import samples
from tests.deid.engine.headers import named, nested, ultrasound, written


@pytest.fixture
def known() -> Identifiers:
    return identifiers.of(ultrasound())


@pytest.mark.parametrize(
    "text",
    [
        "MUSTERMANN, ERIKA",
        "Mustermann",
        "MUSTERMAN",
        "MUST",
        "USTERMANN",
        "MU5TERMANN",
        "Musterrnann",
        "Erika",
        "ERlKA",
        "MUSTERMANNERIKA",
        "E. Mustermann",
        "ID: MRN0048213",
        "MRN004821",
        "MRNOO48213",
        "Acc# ACC771234",
        "ACC77I234",
        "Klinikum Lindenhof",
        "LINDENHOF",
        "VOLUSON7",
        "SN99812",
        "Dr. Brinkmann",
        "Li Zhou",
        "LI Z",
        "12.03.1990",
        "12.3.90",
        "03/12/1990",
        "1990-03-12",
        "DOB 12 Mar 1990",
        "Mar 12, 1990",
        "12-MAR-90",
        "19900312",
        "I2.O3.1990",
        "14.01.2026",
        "2026/01/14",
        "14:32:10",
        "14:32",
        "2:32 PM",
    ],
)
def test_identity_on_a_screen_is_recognised(known: Identifiers, text: str) -> None:
    assert known.matches(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "---",
        "MI 0.9",
        "TIs 0.2",
        "AC 31.4 cm",
        "US",
        "BPD 5.2 cm",
        "HC 190 mm",
        "FL 3.4",
        "GA 22w4d",
        "EFW 512 g",
        "FR 33 Hz",
        "Gn 12",
        "C5-1 OB",
        "12.4 cm",
        "14.32 mm",
        "Obstetrics",
        "Femur",
        "Heart",
        "Right Ovary",
    ],
)
def test_measurements_and_anatomy_are_not_identity(known: Identifiers, text: str) -> None:
    assert not known.matches(text)


def test_identity_is_found_at_every_depth() -> None:
    source = ultrasound()
    source.update(nested(5))
    assert identifiers.of(source).matches("DEEP4711")


@pytest.mark.parametrize(
    ("vr", "value"),
    [
        ("PN", "Petersen^Anke"),
        ("LO", "Petersen^Anke"),
        ("UT", "<name>Petersen, Anke</name>"),
        ("UN", b"Petersen^Anke"),
        ("OB", "Petersen^Anke".encode("utf-16-le")),
    ],
)
def test_identity_is_found_in_private_elements(vr: str, value: str | bytes) -> None:
    source = ultrasound()
    source.private_block(0x0019, "MAKER", create=True).add_new(0x10, vr, value)
    found = identifiers.of(source)
    assert found.matches("Petersen")
    assert "Petersen" in found.values


@pytest.mark.parametrize("vr", ["US", "OW", "UN"])
def test_screen_texts_in_sixteen_bits_a_letter_are_read(vr: str) -> None:
    """Philips keeps the patient's name as printed in (200D,xx0D), one code of sixteen bits for each letter."""
    codes = [ord(sign) for sign in "PETERSEN, ANKE"]
    value = codes if vr == "US" else b"".join(code.to_bytes(2, "little") for code in codes)
    source = ultrasound()
    source.private_block(0x200D, "Philips US Imaging DD 109", create=True).add_new(0x0D, vr, value)
    assert identifiers.of(source).matches("Petersen")


@pytest.mark.parametrize(
    ("held", "printed"),
    [
        ("<Exam><PatientLastName>Petersen</PatientLastName></Exam>", "PETERSEN"),
        ('<Study PatientID="PX-7781" Depth="12">', "PX7781"),
        ("<InstitutionName>Nordbau Sued</InstitutionName>", "Nordbau"),
        ("OperatorName=petersen;Depth=12", "Petersen"),
        ("<ExamDate>1999-11-30</ExamDate>", "30 Nov 1999"),
    ],
)
def test_tagged_text_in_private_elements_is_read(held: str, printed: str) -> None:
    source = ultrasound()
    source.private_block(0x0019, "SonoSite", create=True).add_new(0x50, "UT", held + " " * 300)
    found = identifiers.of(source)
    assert found.matches(printed)
    assert not found.matches("Depth")


def test_private_dates_numbers_and_uids_count() -> None:
    source = ultrasound()
    block = source.private_block(0x0019, "MAKER", create=True)
    block.add_new(0x10, "UT", "exam on 1999-11-30, case 55012377")
    block.add_new(0x11, "DA", "19981224")
    block.add_new(0x12, "UI", "1.9.8.7.6")
    found = identifiers.of(source)
    assert found.matches("30.11.1999")
    assert found.matches("55012377")
    assert found.matches("24.12.1998")
    assert "1.9.8.7.6" in found.values


def test_remarks_give_up_what_is_marked_in_them() -> None:
    found = identifiers.of(ultrasound(ImageComments="seen with Petersen^Anke, no 880123"))
    assert found.matches("PETERSEN")
    assert found.matches("880123")


def test_an_unreadable_element_is_read_as_bytes() -> None:
    data = written(ultrasound())
    start = data.index(b"\x20\x00\x11\x00IS\x02\x00")
    source = intake.read(data[:start] + b"\x20\x00\x11\x00US\x0b\x00KRAUSE^EVA " + data[start + 10 :])
    assert identifiers.of(source).matches("Krause")


def test_a_maker_is_nobody() -> None:
    source = ultrasound()
    source.private_block(0x0019, "MAKER", create=True).add_new(0x10, "LO", "SonoSite, Inc")
    assert not identifiers.of(source).matches("SonoSite")


@pytest.mark.parametrize(
    ("charset", "name", "text"),
    [
        ("ISO_IR 100", "Müller^Jörg", "Mueller"),
        ("ISO_IR 100", "Müller^Jörg", "MULLER"),
        ("ISO_IR 192", "Sørensen^Åse", "Sørensen"),
        (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎=やまだ^たろう", "YAMADA"),
        (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎=やまだ^たろう", "山田太郎"),
    ],
)
def test_names_are_read_in_their_character_set(charset: str | list[str], name: str, text: str) -> None:
    data = written(ultrasound(SpecificCharacterSet=charset, PatientName=name))
    assert identifiers.of(intake.read(data)).matches(text)


def test_standard_uids_are_nobodys() -> None:
    assert not any(value.startswith("1.2.840.10008.") for value in identifiers.of(ultrasound()).values)


def test_short_values_are_not_swept() -> None:
    assert all(len(value) >= 4 for value in identifiers.of(ultrasound(PatientID="7")).values)


def test_nothing_is_shown_in_a_representation(known: Identifiers) -> None:
    assert "Mustermann" not in repr(known)


def test_an_empty_header_matches_nothing() -> None:
    empty = identifiers.of(Dataset())
    assert empty == Identifiers()
    assert not empty.matches("Mustermann 12.03.1990 14:32")
    assert not empty.values


@given(st.text(max_size=60))
def test_any_text_gets_an_answer(text: str) -> None:
    assert isinstance(identifiers.of(ultrasound()).matches(text), bool)


def test_an_ideographic_item_in_a_sequence_is_found() -> None:
    item = Dataset()
    item.PersonName = "Novak^Iva"
    assert identifiers.of(ultrasound(ReferencedPatientSequence=Sequence([item]))).matches("NOVAK")


@pytest.mark.parametrize("path", samples.ultrasound(), ids=lambda path: path.stem)
def test_real_headers_do_not_match_measurements(path: str) -> None:
    found = identifiers.of(intake.read(samples.named(path.name).read_bytes()))
    for text in ("MI 0.9", "AC 31.4 cm", "BPD 52 mm", "HR 142 bpm", "Femur", "TIs 0.4", "22w4d"):
        assert not found.matches(text)


def test_dates_that_may_be_told_are_no_identifiers() -> None:
    source = ultrasound()
    source.private_block(0x0019, "MAKER", create=True).add_new(0x10, "LO", "taken 143210")
    known = identifiers.of(source)
    assert {"20260114", "143210"} <= known.values
    left = known.without(["20260114", "143210"])
    assert left.values.isdisjoint({"20260114", "143210"})
    assert left.matches("12.03.1990")
    assert left.matches("Mustermann")


@pytest.mark.parametrize(
    ("declared", "name", "codec", "printed"),
    [
        ("", "Kovář^Jiří", "iso8859_2", "KOVAR"),
        ("", "Иванова^Анна", "iso8859_5", "IVANOVA"),
        ("", "Παπαδοπούλου^Μαρία", "iso8859_7", "PAPADOPOULOU"),
        ("", "Sørensen^Åse", "utf-8", "Sorensen"),
        ("", "山田^太郎", "gb18030", "山田"),
        ("", "김^희중", "euc_kr", "희중"),
        ("", "山田^太郎", "iso2022_jp", "山田"),
        ("ISO_IR 100", "Kovář^Jiří", "utf-8", "KOVAR"),
        ("ISO_IR 144", "Иванова^Анна", "utf-8", "IVANOVA"),
        ("ISO_IR 192", "Müller^Jo", "latin-1", "MUELLER"),
        ("ISO_IR 192", "Иванова^Анна", "iso8859_5", "IVANOVA"),
        ("ISO_IR 999", "Müller^Jo", "latin-1", "MULLER"),
        ("LATIN1", "Müller^Jo", "latin-1", "MULLER"),
        ("ISO_IR 101", "Kovář^Jiří", "iso8859_2", "KOVAR"),
        ("ISO_IR 126", "Παπαδοπούλου^Μαρία", "iso8859_7", "PAPADOPOULOU"),
        ("GB18030", "山田^太郎", "gb18030", "山田"),
        ("\\ISO 2022 IR 149", "Kim^Huijung=\x1b$)C김^\x1b$)C희중", "euc_kr", "희중"),
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_names_in_undeclared_and_wrong_character_sets_are_read(
    declared: str, name: str, codec: str, printed: str
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        known = identifiers.of(intake.read(named(name.encode(codec), declared)))
    assert known.matches(printed)


def test_words_of_a_description_are_nobody() -> None:
    known = identifiers.of(
        ultrasound(StudyDescription="Echocardiogram, transthoracic", SeriesDescription="Heart, Anna")
    )
    assert not known.matches("Echocardiogram transthoracic")
    assert known.matches("Anna")
