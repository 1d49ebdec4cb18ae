"""References lead to the instances as they are renamed, and to nothing else."""

import pytest
from pydicom.dataset import Dataset

from deid.engine import pseudonyms, references

SECRET = b"a secret of the test's own, 32 b"


def referring(sop_class_uid: object, sop_instance_uid: object) -> Dataset:
    item, source, target = Dataset(), Dataset(), Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = sop_class_uid, sop_instance_uid
    item.PatientName = "Mustermann^Erika"
    item.PurposeOfReferenceCodeSequence = [Dataset()]
    source.SourceImageSequence = [item]
    references.set_references(source, target, secret=SECRET)
    return target


def test_a_reference_follows_its_instance() -> None:
    (item,) = referring("1.2.840.10008.5.1.4.1.1.6.1", "1.2.3.4").SourceImageSequence
    assert item.ReferencedSOPInstanceUID == pseudonyms.uid("1.2.3.4", secret=SECRET)
    assert item.ReferencedSOPClassUID == "1.2.840.10008.5.1.4.1.1.6.1"
    assert len(item) == 2


def test_a_retired_class_leaves_as_the_current_one() -> None:
    (item,) = referring("1.2.840.10008.5.1.4.1.1.3", "1.2.3.4").SourceImageSequence
    assert item.ReferencedSOPClassUID == "1.2.840.10008.5.1.4.1.1.3.1"


@pytest.mark.parametrize(
    ("sop_class_uid", "sop_instance_uid"),
    [("1.2.840.10008.5.1.4.1.1.88.33", "1.2.3"), ("MUSTERMANN", "1.2.3"), ("1.2.840.10008.5.1.4.1.1.6.1", "")],
)
def test_other_references_are_left_out(sop_class_uid: str, sop_instance_uid: str) -> None:
    assert len(referring(sop_class_uid, sop_instance_uid)) == 0
