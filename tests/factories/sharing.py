"""An invented patient with released pictures, a consent and a link, and her way in."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from consent.capacity import Claim
from consent.documents import keep
from consent.models import ConsentDocument, Grant, OfferedPurpose, Purpose, Wording
from consent.services import NamedRecipient, ShownArtefact, live_wording, record_decision
from consent.states import GrantDecision, SigningMethod
from deid.models import Artefact, Instance, Run, Study
from deid.states import ArtefactKind, InstanceState, RunStatus
from sharing import access, door
from sharing.access import Viewing
from sharing.briefs import Brief
from sharing.copies import make_copy
from sharing.errors import ClosedReason, LinkClosed
from sharing.models import Link, Message
from sharing.senders.files import folder
from sharing.services import sending
from sharing.services.invitations import InvitationOrder, NewInvitation, invite
from sharing.services.links import ChosenFile, LinkOrder, NewLink, create_link
from sharing.services.messages import Draft, queue_message
from sharing.services.sex_wishes import note_wish
from sharing.states import Channel, MessageKind, RecipientCheck, SecondSecret
from tests.factories.clinics import make_clinic, make_staff
from tests.factories.media import SIDES, film, painted
from tests.factories.patients import make_identity, make_patient
from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.patients.models import Patient
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.sealing import seal

ADDRESS = "192.0.2.7"
CODE_FILLS = {"code": "WXYZ-BCDF", "minutes": "3"}
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Scene:
    """A clinic, a patient who agreed, and the link she was given."""

    clinic: Clinic
    clinician: User
    patient: Patient
    study: Study
    instances: list[Instance]
    grant: Grant
    link: Link
    secret: str
    code: str

    def file(self, kind: ArtefactKind = ArtefactKind.STILL_PNG, number: int = 1) -> Artefact:
        """Return one file of the scene's pictures."""
        return Artefact.objects.get(instance=self.instances[number - 1], kind=kind)

    def open(self, client: Client | None = None) -> Client:
        """Go through the door and return the visitor's browser."""
        browser = client or Client()
        answer = browser.post(reverse("sharing:open"), {"secret": self.secret, "code": self.code}, REMOTE_ADDR=ADDRESS)
        assert answer.status_code == 302
        return browser

    def enter(self, *, secret: str | None = None, code: str | None = None) -> str:
        """Try the door with the link's two secrets or others, and return the session value."""
        return door.open_link(
            secret=self.secret if secret is None else secret,
            code=self.code if code is None else code,
            address=ADDRESS,
        )

    def refusal(self, **secrets: str) -> ClosedReason:
        """Return why the door stays closed."""
        with pytest.raises(LinkClosed) as closed:
            self.enter(**secrets)
        return closed.value.reason

    def visit(self) -> Viewing:
        """Open the link without a browser."""
        return access.viewing(self.enter())


def make_scene(
    *,
    pictures: int = 1,
    purpose: str = "own_copy",
    download: bool = True,
    film_padding: int | None = None,
    tells_sex: bool = False,
    sex_wanted: bool = True,
) -> Scene:
    """Build everything from the clinic to the link; with `film_padding` the pictures are films.

    `sex_wanted`: where they may tell the sex, the patient has opened them for the purpose.
    """
    clinic = make_clinic()
    clinician = make_staff(clinic)
    patient = make_patient(clinic)
    study = make_study(clinic, patient)
    instances = [
        make_released(study, clinician, film_padding=film_padding, tells_sex=tells_sex) for _ in range(pictures)
    ]
    grant = make_grant(patient, clinician, study, purpose=purpose)
    if tells_sex and sex_wanted:
        note_wish(study, purpose, want=True, actor=f"user:{clinician.pk}")
    made = make_link(grant, study, clinician, download=download)
    return Scene(clinic, clinician, patient, study, instances, grant, made.link, made.secret, made.code)


def minor_of(scene: Scene, age: int = 15) -> Scene:
    """Return the scene with a patient under age and a released picture of hers; its grant and link stay another's."""
    born = timezone.localdate().replace(month=1, day=1)
    identity = make_identity(birth_date=f"{born.year - age}0101")
    patient = make_patient(scene.clinic, identity)
    study = make_study(scene.clinic, patient)
    return replace(scene, patient=patient, study=study, instances=[make_released(study, scene.clinician)])


def make_study(clinic: Clinic, patient: Patient) -> Study:
    """Return an empty study."""
    return Study.objects.create(clinic=clinic, patient=patient, study_match=uuid4().hex)


def make_released(study: Study, by: User, *, film_padding: int | None = None, tells_sex: bool = False) -> Instance:
    """Return a released instance with sealed, branded files of real bytes."""
    number = next(_numbers)
    instance = Instance.objects.create(
        clinic=study.clinic,
        study=study,
        number=number,
        sop_match=uuid4().hex,
        content_match=uuid4().hex,
        original_id=uuid4(),
        rows=SIDES[1],
        columns=SIDES[0],
        frames=1 if film_padding is None else 6,
    )
    now = timezone.now()
    run = Run.objects.create(
        instance=instance, started_at=now, finished_at=now, status=RunStatus.CLEAN, brand_version=1
    )
    files = [
        (ArtefactKind.STILL_PNG, "image/png", painted("PNG", number)),
        (ArtefactKind.STILL_JPEG, "image/jpeg", painted("JPEG", number)),
        (ArtefactKind.THUMBNAIL, "image/jpeg", painted("JPEG", number + 20)),
    ]
    if film_padding is not None:
        files.append((ArtefactKind.FILM, "video/mp4", film(film_padding)))
    for kind, media_type, data in files:
        _artefact(instance, run, kind, media_type=media_type, data=data)
    _artefact(instance, run, ArtefactKind.MASTER, media_type="application/dicom", data=b"master", brand=None)
    instance.current_run = run
    instance.state, instance.released_at, instance.released_by = InstanceState.RELEASED, now, by
    instance.tells_sex = instance.sex_wanted = tells_sex
    instance.save()
    return instance


def _artefact(
    instance: Instance, run: Run, kind: ArtefactKind, *, media_type: str, data: bytes, brand: int | None = 1
) -> Artefact:
    sealed = seal(data, kind=ObjectKind.ARTEFACT, clinic_id=instance.clinic_id)
    return Artefact.objects.create(
        instance=instance,
        run=run,
        kind=kind,
        object_id=sealed.id,
        sha256=sealed.sha256,
        size=sealed.size,
        media_type=media_type,
        width=SIDES[0],
        height=SIDES[1],
        brand_version=brand,
    )


def unrelease(instance: Instance) -> None:
    """Take a release back, as a reviewer does."""
    instance.state, instance.released_at, instance.released_by = InstanceState.CLEAN, None, None
    instance.save()


def shown_of(study: Study) -> list[ShownArtefact]:
    """Return what a patient of this study is shown."""
    return [
        ShownArtefact(file.picture_id, file.artefact_id, file.sha256, file.kind.value)
        for picture in access.released(study.pk)
        for file in picture.files
    ]


def make_grant(
    patient: Patient,
    by: User,
    study: Study,
    *,
    purpose: str = "own_copy",
    decision: GrantDecision = GrantDecision.PERMIT,
    days: int = 365,
    shown: list[ShownArtefact] | None = None,
    recipient: NamedRecipient | None = None,
    wording: Wording | None = None,
    claim: Claim | None = None,
) -> Grant:
    """Record an answer to one purpose about a study, for its released pictures or for those named."""
    wanted = Purpose.objects.get(pk=purpose)
    if wanted.default_off:
        OfferedPurpose.objects.get_or_create(clinic=patient.clinic, purpose=wanted)
    permits = decision is GrantDecision.PERMIT
    return record_decision(
        patient=patient,
        purpose=wanted,
        scope_id=study.pk,
        wording=wording or live_wording(purpose),
        decision=decision,
        shown=shown_of(study) if shown is None else shown,
        signer_name="Anna Testwoman",
        method=SigningMethod.TYPED,
        permanence_acknowledged=wanted.permanence_required,
        valid_until=timezone.now() + timedelta(days=days) if permits else None,
        by=by,
        recipient=recipient,
        claim=claim,
    )


def chosen_of(study: Study) -> list[ChosenFile]:
    """Return every file of the released pictures of a study."""
    return [
        ChosenFile(file.picture_id, file.artefact_id, file.sha256)
        for picture in access.released(study.pk)
        for file in picture.files
    ]


def order_for(
    grant: Grant,
    study: Study,
    *,
    files: list[ChosenFile] | None = None,
    not_after: datetime | None = None,
    download: bool = True,
    max_openings: int = 50,
    submission: UUID | None = None,
) -> LinkOrder:
    """Return an order that is in order, but for what is named."""
    return LinkOrder(
        study=study,
        grant=grant,
        files=chosen_of(study) if files is None else files,
        nickname="patient",
        recipient_check=RecipientCheck.IN_PERSON,
        not_after=not_after or timezone.now() + timedelta(days=14),
        max_openings=max_openings,
        download_allowed=download,
        submission=submission or uuid4(),
    )


def make_link(grant: Grant, study: Study, by: User, *, download: bool = True, max_openings: int = 50) -> NewLink:
    """Make a link for every released picture of a study."""
    return create_link(order_for(grant, study, download=download, max_openings=max_openings), by=by)


def make_message(scene: Scene, *, to: str = "rowan@example.net", link: bool = False) -> Message:
    """Put a one-time code into the outbox, of the scene's link or of none."""
    draft = Draft(
        patient=scene.patient,
        kind=MessageKind.CODE,
        channel=Channel.EMAIL,
        to=to,
        fills=CODE_FILLS,
        life=timedelta(minutes=3),
        link=scene.link if link else None,
    )
    return queue_message(draft, actor="system:test")


def make_copy_of(scene: Scene, *grants: Grant) -> ConsentDocument:
    """Keep a copy of answers of a scene, of its own grant where none is named."""
    of = list(grants) or [scene.grant]
    pdf = make_copy(of, [], name="Testwoman, Anna")
    return keep(pdf, of, scope_id=scene.study.pk, actor="system:test")


def make_invitation(
    scene: Scene, *asked: str, language: str = "en", recipients: dict[str, NamedRecipient] | None = None, days: int = 7
) -> NewInvitation:
    """Invite the patient of a scene to decide about its study from afar, about her own copy where nothing is named."""
    return make_invitations(scene, *asked, language=language, brief=Brief(recipients=recipients or {}), days=days)[0]


def make_invitations(
    scene: Scene,
    *asked: str,
    language: str = "en",
    brief: Brief | None = None,
    days: int = 7,
    second_secret: SecondSecret = SecondSecret.CARD,
) -> list[NewInvitation]:
    """Invite who decides by the right of a brief, an adult patient where there is none, and who has to agree."""
    purposes = list(Purpose.objects.filter(pk__in=asked or ("own_copy",)))
    for purpose in purposes:
        if purpose.default_off:
            OfferedPurpose.objects.get_or_create(clinic=scene.clinic, purpose=purpose)
    order = InvitationOrder(
        study=scene.study,
        purposes=purposes,
        language=language,
        brief=brief or Brief(),
        second_secret=second_secret,
        not_after=timezone.now() + timedelta(days=days),
    )
    return invite(order, by=scene.clinician)


def make_sent_link(scene: Scene, settings: Settings, second: SecondSecret = SecondSecret.EMAIL) -> NewLink:
    """Make a link that sends codes, into files of the test's data folder."""
    settings.MESSAGE_SENDERS = dict.fromkeys(Channel.values, "sharing.senders.files.FileSender")
    contact = "rowan@example.net" if second is SecondSecret.EMAIL else "+441632960123"
    order = replace(order_for(scene.grant, scene.study), second_secret=second, contact=contact)
    return create_link(order, by=scene.clinician)


def code_sent() -> str:
    """Have a worker send the newest message, and read the code out of it as its recipient does."""
    message = Message.objects.latest("created_at")
    sending.send(Job.objects.get(object_id=message.pk).pk)
    found = re.search(r"[A-Z]{4}-[A-Z]{4}", (folder() / f"{message.pk}.txt").read_text())
    assert found is not None
    return found.group()
