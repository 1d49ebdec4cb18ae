"""What a clinician does at the desk, click by click."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.portal import Portal

CLEANING_MS = 240_000
BORN = "1990-07-04"
"""The birth date that the patient shows a document for, where the machine did not write it down."""


@dataclass(frozen=True, slots=True)
class CardInHand:
    """What the patient is given: the link on one card, the code on another."""

    address: str
    code: str


def sign_in(page: Page, portal: Portal, who: str) -> None:
    page.goto(f"{portal.address}/sign-in/")
    page.get_by_label("E-mail").fill(f"{who}@demo.example")
    page.get_by_label("Password").fill(portal.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk/")


def upload(page: Page, portal: Portal, files: list[Path]) -> dict[str, tuple[str, str]]:
    """Send files and wait until each row is settled; return its state and reason by file name."""
    page.goto(f"{portal.address}/desk/upload/")
    page.set_input_files("#files", files)
    expect(page.locator("#overall-words")).to_contain_text("Everything is done", timeout=CLEANING_MS)
    parts = ("upload-row__name", "badge", "upload-row__reason")
    told = [
        [row.locator(f".{part}").text_content() or "" for part in parts] for row in page.locator(".upload-row").all()
    ]
    return {name: (state, reason) for name, state, reason in told}


def studies_of_this_upload(page: Page) -> list[str]:
    links = page.locator("#arrived a")
    expect(links.first).to_be_visible()
    return [str(link.get_attribute("href")) for link in links.all()]


def mark_first(page: Page, portal: Portal, study: str) -> None:
    """Mark the first picture of a study as one that may tell the sex."""
    page.goto(portal.address + study)
    page.locator(".tile__link").first.click()
    page.get_by_role("button", name="It may tell the sex").click()
    expect(page.locator("h1 .badge--sex")).to_be_visible()


def review_all(page: Page, portal: Portal, study: str) -> dict[str, int]:
    """Look at every picture of a study and release what may be released; return how many ended how."""
    page.goto(portal.address + study)
    pictures = [str(tile.get_attribute("href")) for tile in page.locator(".tile__link").all()]
    ends: dict[str, int] = {}
    for picture in pictures:
        page.goto(portal.address + picture)
        expect(page.locator("#before")).to_be_visible()
        expect(page.locator("#after")).to_be_visible()
        release = page.locator("#release")
        if release.count():
            for tick in release.get_by_role("checkbox").all():
                tick.check()
            release.get_by_role("button").click()
            page.goto(portal.address + picture)
        state = page.locator("h1 .badge").first.inner_text()
        ends[state] = ends.get(state, 0) + 1
    return ends


def record_consent(page: Page, portal: Portal, study: str, *, name: str, yes: list[str]) -> None:
    """Say that the patient decides, record a yes for the purposes named and leave the others for later."""
    answer(page, portal, study, name=name, yes=yes)
    page.get_by_role("button", name="Record these answers").click()
    page.wait_for_url("**/recorded/")


def answer(page: Page, portal: Portal, study: str, *, name: str, yes: list[str]) -> None:
    """Go through the ceremony up to the page that shows the answers once more."""
    page.goto(f"{portal.address}{study}consent/")
    page.locator("input[name=basis][value=adult]").check()
    page.get_by_role("button", name="Look at the pictures together").click()
    for purpose in yes:
        page.locator(f"input[name=answer_{purpose}][value=permit]").check()
        permanence = page.locator(f"input[name=permanence_{purpose}]")
        if permanence.count():
            permanence.check()
    page.locator("input[name=method]").first.check()
    born = page.locator("input[name=born]")
    if born.count():
        born.fill(BORN)
    page.get_by_label("name, as a signature").fill(name)
    page.get_by_role("button", name="Check the answers").click()


def make_link(page: Page, portal: Portal, study: str, *, purpose: str, nickname: str, email: str = "") -> CardInHand:
    """Make a link whose code stands on its card; with an address its codes go there, and the card has none."""
    page.goto(f"{portal.address}{study}links/new/{purpose}/")
    page.locator("input[name=nickname]").fill(nickname)
    page.locator("input[name=recipient_check]").first.check()
    if email:
        page.get_by_label("A code by e-mail, each time").check()
        page.get_by_label("Where the codes go").fill(email)
    page.get_by_role("button", name="Make the link").click()
    code = "" if email else page.locator("#code").inner_text().strip()
    return CardInHand(page.locator("#address").inner_text().strip(), code)
