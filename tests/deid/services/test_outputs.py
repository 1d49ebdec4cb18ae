"""What a run writes down, and what it takes away."""

from dataclasses import replace

import pytest
from django.db import transaction
from django.utils import timezone

from deid.engine.brand import Brand
from deid.engine.findings import Flag, Outcome, Outputs, Status
from deid.engine.geometry import Box, Why
from deid.engine.policy import Policy
from deid.models import Artefact, Instance
from deid.services import outputs
from deid.services.outputs import Order, Verdict, discard, seal_outputs, write_run
from deid.states import ArtefactKind, InstanceState
from tests.factories.pictures import make_picture
from ultrasound_portal.vault import stores
from ultrasound_portal.vault.models import SealedObject

pytestmark = pytest.mark.django_db
BOX = Box(0, 0, 5, 5, 0, 0, Why.OUTSIDE)
OUTPUTS = Outputs(
    dicom=b"d",
    still=b"s",
    thumbnail=b"t",
    source_still=b"o",
    still_size=(80, 72),
    still_origin=(-4, 12),
    still_cut=(4, 8, 60, 40),
    film_times=(0, 40, 300),
)
OUTCOME = Outcome(
    Status.CLEAN, None, (BOX,), OUTPUTS, {"decode": 0.2}, rows=60, columns=80, frames=1, detector="ab" * 32
)


def order_for(instance: Instance) -> Order:
    brand = Brand("Hillside", "", "#1f4e5f", "#ffffff", version=7)
    policy = Policy(extra_boxes=(BOX,), also_kept=("Hillsidian",), also_covered=("Old Mill Hospital",))
    return Order(instance, policy, 3, brand, timezone.now())


def test_every_output_is_sealed_and_written_with_its_kind() -> None:
    order, verdict = order_for(make_picture(state=InstanceState.PROCESSING)), Verdict(InstanceState.CLEAN, "", OUTCOME)
    with transaction.atomic():
        run = write_run(order, verdict, seal_outputs(order, verdict))
    files = {file.kind: file for file in run.artefacts.all()}
    assert set(files) == {
        ArtefactKind.MASTER,
        ArtefactKind.STILL_PNG,
        ArtefactKind.THUMBNAIL,
        ArtefactKind.SOURCE_STILL,
    }
    assert files[ArtefactKind.STILL_PNG].brand_version == 7
    assert files[ArtefactKind.MASTER].brand_version is None
    assert (files[ArtefactKind.STILL_PNG].width, files[ArtefactKind.STILL_PNG].height) == (80, 72)
    assert (files[ArtefactKind.SOURCE_STILL].width, files[ArtefactKind.SOURCE_STILL].height) == (80, 60)
    assert SealedObject.objects.get(pk=files[ArtefactKind.SOURCE_STILL].object_id).kind == "preview"


def test_the_report_holds_boxes_and_seconds_and_no_text() -> None:
    order, verdict = order_for(make_picture(state=InstanceState.PROCESSING)), Verdict(InstanceState.CLEAN, "", OUTCOME)
    run = write_run(order, verdict, {})
    assert run.report == {
        "engine": outputs.ENGINE,
        "boxes": [BOX.to_json()],
        "seconds": {"decode": 0.2},
        "flags": [],
        "origin": [-4, 12],
        "times": [0, 40, 300],
        "cut": [4, 8, 60, 40],
        "detector": "ab" * 32,
    }
    assert run.policy["extra_boxes"] == [BOX.to_json()]
    assert run.brand_version == 7


def test_a_run_names_the_version_of_its_policy_and_not_the_words_of_the_clinic() -> None:
    order = order_for(make_picture(state=InstanceState.PROCESSING))
    run = write_run(order, Verdict(InstanceState.CLEAN, "", OUTCOME), {})
    assert (run.policy["version"], run.policy["text"]) == (3, "measurements_and_anatomy")
    assert "Hillsidian" not in str(run.policy)
    assert "Old Mill" not in str(run.policy)


def test_flags_of_the_outcome_stand_in_the_report() -> None:
    order = order_for(make_picture(state=InstanceState.PROCESSING))
    telling = replace(OUTCOME, flags=frozenset({Flag.FETAL_SEX}))
    run = write_run(order, Verdict(InstanceState.CLEAN, "", telling), {})
    assert run.report["flags"] == ["fetal_sex"]


def test_files_of_former_runs_lose_their_keys() -> None:
    instance = make_picture()
    former = list(Artefact.objects.filter(instance=instance).values_list("object_id", flat=True))
    order, verdict = order_for(instance), Verdict(InstanceState.CLEAN, "", replace(OUTCOME))
    write_run(order, verdict, seal_outputs(order, verdict))
    assert former
    assert all(SealedObject.objects.get(pk=key).destroyed_at for key in former)
    assert not Artefact.objects.filter(object_id__in=former).exists()


def test_a_bare_verdict_has_a_run_without_files() -> None:
    order = order_for(make_picture(state=InstanceState.PROCESSING))
    verdict = Verdict(InstanceState.HELD, "timed_out")
    run = write_run(order, verdict, seal_outputs(order, verdict))
    assert (run.reason, run.artefacts.count()) == ("timed_out", 0)


def files() -> set[str]:
    return {path.name for path in stores.files().root.rglob("*") if path.is_file()}


def test_no_key_is_kept_before_the_run_is_written() -> None:
    order, verdict = order_for(make_picture(state=InstanceState.PROCESSING)), Verdict(InstanceState.CLEAN, "", OUTCOME)
    keys, before = set(SealedObject.objects.values_list("id", flat=True)), files()
    sealed = seal_outputs(order, verdict)
    assert set(SealedObject.objects.values_list("id", flat=True)) == keys
    assert files() - before == {item.store_key for item in sealed.values()}
    discard(sealed.values())
    assert files() == before


def test_a_store_that_is_full_keeps_none_of_the_outputs(monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(store_key: str, sealed: object) -> None:
        if len(files() - before) == 2:
            raise OSError(28, "No space left on device")
        write(store_key, sealed)

    order, verdict = order_for(make_picture(state=InstanceState.PROCESSING)), Verdict(InstanceState.CLEAN, "", OUTCOME)
    before, write = files(), stores.write
    monkeypatch.setattr(outputs.stores, "write", fill)
    with pytest.raises(OSError, match="No space"):
        seal_outputs(order, verdict)
    assert files() == before
