"""Single keys lead through a study, a form goes once, and sending again is offered where it can help."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from pydicom import dcmread

from deid.phantoms.dicom import Wrapping, to_dicom
from deid.phantoms.painting import paint
from deid.phantoms.person import invent_person
from deid.phantoms.spec import Spec
from tests.journeys import desk
from tests.journeys.portal import Portal

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]


def painted(folder: Path, seed: int, *, files: int = 1, frames: int = 1) -> list[Path]:
    """Paint one study of an invented patient without any letters, so that every picture comes out clean."""
    person = invent_person(seed)
    paths = [folder / f"{number}.dcm" for number in range(1, files + 1)]
    for number, path in enumerate(paths, start=1):
        screen = Spec(person, seed=number, width=320, height=240, frames=frames, inked=False)
        path.write_bytes(to_dicom(paint(screen), person, Wrapping(number=number)))
    return paths


def test_keys_lead_through_a_study_and_back_to_it(embedded: Portal, browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page()
    desk.sign_in(page, embedded, "clinician")
    desk.upload(page, embedded, painted(tmp_path, 82, files=3))
    study = embedded.address + desk.studies_of_this_upload(page)[0]
    page.goto(study)
    page.keyboard.press("j")
    for _ in range(3):
        expect(page.locator("#after")).to_be_visible()
        sentence = page.locator("#release input[type=checkbox]")
        if sentence.count():
            page.keyboard.press("a")
            expect(sentence).to_be_focused()
            page.keyboard.press("Space")
        here = page.url
        page.keyboard.press("a")
        page.wait_for_url(lambda url, here=here: url != here)
    assert page.url == study
    expect(page.get_by_text("Everything is reviewed")).to_be_visible()
    page.context.close()


def test_single_keys_stay_off_until_sign_out(embedded: Portal, browser: Browser) -> None:
    page = browser.new_page()
    desk.sign_in(page, embedded, "sonographer")
    page.locator(".worklist th a").first.click()
    page.locator(".tile__link").first.click()
    page.get_by_label("Single keys").uncheck()
    page.reload()
    expect(page.get_by_label("Single keys")).not_to_be_checked()
    page.get_by_role("button", name="Sign out").click()
    desk.sign_in(page, embedded, "sonographer")
    assert page.evaluate("localStorage.length") == 0
    page.context.close()


def unevenly_timed(path: Path, steps: list[float]) -> Path:
    """Give each frame of a film a time of its own (PS3.3 C.7.6.5.1.2)."""
    dataset = dcmread(path)
    del dataset.FrameTime
    dataset.FrameTimeVector, dataset.FrameIncrementPointer = steps, 0x00181065
    dataset.save_as(path)
    return path


def test_the_reminder_to_play_a_film_goes_once_it_is_played(embedded: Portal, browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page()
    desk.sign_in(page, embedded, "clinician")
    desk.upload(page, embedded, painted(tmp_path, 81, frames=4))
    page.goto(embedded.address + desk.studies_of_this_upload(page)[0])
    page.locator(".tile__link").first.click()
    reminder = page.get_by_text("You have not played this film yet")
    expect(reminder).to_be_visible()
    page.keyboard.press("p")
    expect(reminder).to_be_hidden()
    page.context.close()


def test_each_frame_of_an_unevenly_timed_film_can_be_shown(embedded: Portal, browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page()
    desk.sign_in(page, embedded, "clinician")
    (film,) = painted(tmp_path, 83, frames=6)
    desk.upload(page, embedded, [unevenly_timed(film, [0, 5, 5, 900, 3, 2])])
    page.goto(embedded.address + desk.studies_of_this_upload(page)[0])
    page.locator(".tile__link").first.click()
    loaded = "film => film.readyState > 3 || new Promise((done) => film.addEventListener('canplaythrough', done))"
    page.locator("#after").evaluate(loaded)
    shown = page.locator("#seen-map")
    told = shown.get_attribute("aria-label") or ""
    while told != "Every frame was shown":
        page.keyboard.press("u")
        expect(shown).not_to_have_attribute("aria-label", told)
        told = shown.get_attribute("aria-label") or ""
    expect(page.get_by_text("You have not played this film yet")).to_be_hidden()
    page.context.close()


def test_what_waits_for_the_connection_can_be_stopped_and_sent_again(embedded: Portal, browser: Browser) -> None:
    page = browser.new_page()
    desk.sign_in(page, embedded, "sonographer")
    page.goto(f"{embedded.address}/desk/upload/")
    again = page.get_by_role("button", name=re.compile("Send again"))
    chosen = [{"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no picture"}]
    page.context.set_offline(True)
    page.set_input_files("#files", chosen)
    expect(page.locator(".upload-row .badge")).to_have_text("Waiting for the portal")
    expect(again).to_be_hidden()
    page.get_by_role("button", name="Stop: notes.txt").press("Enter")
    expect(page.locator("#overall-words")).to_have_text("0 of 1 files sent, 1 not sent.")
    page.context.set_offline(False)
    again.press("Enter")
    expect(page.locator("#overall-words")).to_have_text("1 of 1 files sent, 1 refused. Everything is done.")
    expect(again).to_be_hidden()
    page.context.close()


def test_a_form_that_is_sent_twice_goes_once(embedded: Portal, browser: Browser) -> None:
    page = browser.new_page()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto(f"{embedded.address}/sign-in/")
    page.get_by_label("E-mail").fill("clinician@demo.example")
    page.get_by_label("Password").fill("not it")
    button = page.get_by_role("button", name="Sign in")
    button.evaluate("one => { one.click(); setTimeout(() => one.click()); setTimeout(() => one.click(), 20) }")
    expect(page.get_by_role("alert")).to_be_visible()
    assert len(sent) == 1
    page.context.close()
