"""How long the desk takes to answer: the worklist over many studies, and the review of a long cine.

`python -m benchmarks.desk [--studies 10000] [--pictures 6] [--frames 300] [--rounds 7]` fills a database of its own,
asks each page several times and prints the median seconds and the queries of each; 1 where one takes over a second.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

AIM_SECONDS = 1.0
BATCH = 1000
SHOWN = 60


def measure(ask: Callable[[], int], rounds: int, *, queries: Callable[[], int]) -> dict[str, float]:
    """Return the median seconds of several answers of status 200, and how many queries the last of them took."""
    seconds = []
    for _ in range(rounds):
        before, begun = queries(), time.perf_counter()
        assert ask() == 200
        seconds.append(time.perf_counter() - begun)
    return {"seconds": round(statistics.median(seconds), 3), "queries": queries() - before}


def fill(studies: int, pictures: int, frames: int) -> dict[str, Callable[[], int]]:
    """Store that much in one clinic, and return what asks for each page; needs a migrated database."""
    # these know models, which are there only once Django has been set up
    from django.utils import timezone  # noqa: PLC0415

    from deid.models import Instance, Study  # noqa: PLC0415
    from deid.states import ArtefactKind  # noqa: PLC0415
    from tests.deid.views.conftest import signed_in  # noqa: PLC0415
    from tests.factories.clinics import Role, make_clinic  # noqa: PLC0415
    from tests.factories.patients import make_patient  # noqa: PLC0415
    from tests.factories.pictures import make_artefact, make_picture, make_study  # noqa: PLC0415

    clinic, now = make_clinic(), timezone.now()
    browser = signed_in(clinic, Role.CLINICIAN)
    patients = [make_patient(clinic) for _ in range(min(studies, BATCH))]
    Study.objects.bulk_create(
        (
            Study(clinic=clinic, patient=patients[number % len(patients)], study_match=f"{number:064x}")
            for number in range(studies)
        ),
        batch_size=BATCH,
    )
    keys = list(Study.objects.values_list("pk", flat=True))
    made = [
        Instance(
            clinic=clinic,
            study_id=key,
            number=number + 1,
            sop_match=f"{place:x}.{number}",
            content_match=f"{place:x}.{number}",
            original_id=_uuid(place * pictures + number),
            rows=600,
            columns=800,
            frames=1,
        )
        for place, key in enumerate(keys)
        for number in range(pictures)
    ]
    Instance.objects.bulk_create(made, batch_size=BATCH)
    _spread(keys)
    _show(browser.session["_auth_user_id"])
    Study.objects.filter(study_match__endswith="1").update(received_at=now - timedelta(days=9))
    cine = make_picture(make_study(clinic), frames=frames)
    assert cine.current_run is not None
    for kind in (ArtefactKind.FILM, ArtefactKind.SOURCE_FILM):
        make_artefact(cine.current_run, kind)
    pages = {
        "worklist": "/desk/",
        "worklist, held": "/desk/?show=held",
        "worklist, last page": f"/desk/?page={studies}",
        "approve what was shown": "/desk/approve/",
        "study": f"/desk/study/{cine.study_id}/",
        "review of a cine": f"/desk/picture/{cine.pk}/",
    }
    return {name: _asking(browser, address) for name, address in pages.items()}


def _spread(keys: list[Any]) -> None:
    """Release every picture, but leave one of each tenth study clean and one of each fiftieth held."""
    from django.db.models import OuterRef, Subquery  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from deid.models import Instance, Run  # noqa: PLC0415
    from deid.states import InstanceState  # noqa: PLC0415
    from ultrasound_portal.clinics.models import User  # noqa: PLC0415

    now = timezone.now()
    every = {"started_at": now, "finished_at": now, "status": "clean", "policy": {}, "brand_version": 1}
    runs = (Run(instance_id=key, **every) for key in Instance.objects.values_list("pk", flat=True))
    Run.objects.bulk_create(runs, batch_size=BATCH)
    of_instance = Run.objects.filter(instance=OuterRef("pk")).values("pk")[:1]
    released = {"state": InstanceState.RELEASED, "released_at": now, "released_by": User.objects.first()}
    Instance.objects.update(current_run=Subquery(of_instance), **released)
    again = {"released_at": None, "released_by": None}
    some = Instance.objects.filter(number=1)
    for place in range(0, len(keys), 10):
        state = (
            {"state": InstanceState.HELD, "reason": "text_left"} if place % 50 == 0 else {"state": InstanceState.CLEAN}
        )
        some.filter(study=keys[place]).update(**state, **again)


def _show(person: str) -> None:
    """Note that a person was shown the clean pictures of a morning."""
    from deid.models import Run, Showing  # noqa: PLC0415
    from deid.states import InstanceState  # noqa: PLC0415

    clean = Run.objects.filter(current_of__state=InstanceState.CLEAN).order_by("pk")[:SHOWN]
    Showing.objects.bulk_create(Showing(run=run, by_id=person, frames=[[0, 0]]) for run in clean)


def _sign_in_with_both_factors() -> None:
    """Give the sessions of `force_login` what signing in with password and second factor gives."""
    from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415

    from ultrasound_portal.clinics import sign_ins  # noqa: PLC0415
    from ultrasound_portal.clinics.models import Proof  # noqa: PLC0415

    def begin(request: Any, user: Any, **_: object) -> None:
        sign_ins.begin(request, user, proof=Proof.CODE)

    user_logged_in.connect(begin, weak=False)


def _asking(browser: Any, address: str) -> Callable[[], int]:
    def ask() -> int:
        return int(browser.get(address).status_code)

    return ask


def _uuid(number: int) -> str:
    return f"{number + 1:032x}"


def main(arguments: list[str]) -> int:
    """Measure in a data folder of its own; return 1 where a page takes longer than the aim."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.desk")
    parser.add_argument("--studies", type=int, default=10_000)
    parser.add_argument("--pictures", type=int, default=6)
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=7)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "PORTAL_DATA": folder,
            "PORTAL_HOSTS": "testserver",
            "DJANGO_SETTINGS_MODULE": "ultrasound_portal.settings",
        }
        django.setup()
        from django.core.management import call_command  # noqa: PLC0415
        from django.db import connection  # noqa: PLC0415

        from ultrasound_portal.vault import keyring  # noqa: PLC0415

        keyring.prepare()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        _sign_in_with_both_factors()
        pages = fill(chosen.studies, chosen.pictures, chosen.frames)
        asked = [0]

        def count(execute: Callable[..., Any], *rest: Any) -> Any:
            asked[0] += 1
            return execute(*rest)

        with connection.execute_wrapper(count):
            found = {name: measure(ask, chosen.rounds, queries=lambda: asked[0]) for name, ask in pages.items()}
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 0 if all(page["seconds"] <= AIM_SECONDS for page in found.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
