"""The one road: a real study goes in, a consented, branded picture comes out, and a withdrawal ends it."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import samples
from tests.journeys import desk
from tests.journeys.leaks import identifiers, leaks
from tests.journeys.portal import Portal

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

FILES = (
    "OBXXXX1A.dcm",
    "OBXXXX1A_2frame.dcm",
    "OBXXXX1A_expb.dcm",
    "OBXXXX1A_expb_2frame.dcm",
    "OBXXXX1A_rle.dcm",
    "OBXXXX1A_rle_2frame.dcm",
    "examples_palette.dcm",
    "examples_ybr_color.dcm",
    "US1_J2KI.dcm",
    "US1_J2KR.dcm",
    "US1_UNCI.dcm",
    "US1_UNCR.dcm",
    "JPGLosslessP14SV1_1s_1f_8b.dcm",
    "gdcm-US-ALOKA-16.dcm",
    "gdcm-US-ALOKA-16_big.dcm",
)
BETWEEN_DOWNLOADS_MS = 120  # Chromium drops the eleventh download that a page starts within a second
NEUTRAL = re.compile(r"scan-\d+\.(png|jpg|mp4)")
BEGINNINGS = {"png": b"\x89PNG", "jpg": b"\xff\xd8\xff"}
TELEPHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def origin(address: str) -> str:
    parts = urlsplit(address.removeprefix("blob:"))
    return f"{parts.scheme}://{parts.netloc}"


def telephone(browser: Browser, portal: Portal) -> BrowserContext:
    return browser.new_context(**TELEPHONE, base_url=portal.address, accept_downloads=True)


def open_link(page: Page, card: desk.CardInHand) -> None:
    page.goto(card.address)
    page.get_by_label("Your code").fill(card.code)
    page.get_by_role("button", name="Show the pictures").click()
    look(page)
    expect(page.locator(".pictures figure").first).to_be_visible()


def look(page: Page) -> None:
    """Lift what stands before the pictures: other journeys may have asked for quiet for the same patient."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("scan pictures", re.IGNORECASE))
    for veil in page.locator(".veil > summary").all():
        veil.click()


def everything_given(page: Page) -> dict[str, bytes]:
    """Return the page itself, every picture and film that it shows, and every file that it lets one save."""
    given = {"page": page.content().encode()}
    for more in page.locator(".keep__more > summary").all():
        more.click()
    for link in page.locator(".pictures a[download]").all():
        with page.expect_download() as waiting:
            link.click()
        name = waiting.value.suggested_filename
        assert NEUTRAL.fullmatch(name)
        given[f"saved as {name}"] = waiting.value.path().read_bytes()
        page.wait_for_timeout(BETWEEN_DOWNLOADS_MS)
    addresses = {
        *page.locator(".pictures img, .pictures video").evaluate_all(
            "all => all.map(one => one.currentSrc || one.src)"
        ),
        *page.locator(".pictures video").evaluate_all("all => all.map(one => one.poster)"),
    }
    for address in addresses - {""}:
        answer = page.request.get(address)
        assert answer.status == 200
        given[address] = answer.body() + answer.headers.get("content-disposition", "").encode()
    return given


@pytest.mark.requirement("R1", "R10", "R17", "R18", "R30", "R32", "R43", "R45", "R47")
def test_the_road(portal: Portal, browser: Browser) -> None:
    sources = [samples.named(name) for name in FILES]
    wanted = set().union(*(identifiers(source.read_bytes()) for source in sources))
    clinician = browser.new_page()
    asked = {portal.address}
    clinician.context.on("request", lambda request: asked.add(origin(request.url)))
    desk.sign_in(clinician, portal, "clinician")

    rows = desk.upload(clinician, portal, sources)
    assert len(rows) == len(FILES)
    assert not {name: row for name, row in rows.items() if row[0] not in {"Cleaned", "Held"}}

    studies = desk.studies_of_this_upload(clinician)
    released = {study: desk.review_all(clinician, portal, study).get("Released", 0) for study in studies}
    assert sum(released.values()) >= len(FILES) - 2

    for number, study in enumerate(study for study, count in released.items() if count):
        desk.record_consent(clinician, portal, study, name="Ada Probe", yes=["own_copy", "social_media"])
        card = desk.make_link(clinician, portal, study, purpose="social_media", nickname=f"Telephone {number}")
        own = desk.make_link(clinician, portal, study, purpose="own_copy", nickname=f"Patient {number}")
        follow_to_the_end(telephone(browser, portal).new_page(), card, wanted)
        take_back(telephone(browser, portal).new_page(), card, own)

    verdict = portal.manage("audit", "verify")
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    assert leaks(portal.log.read_bytes(), wanted) == []
    assert asked == {portal.address}, "the browser is sent nowhere else"
    assert portal.went_out() == [], "nor does the portal go anywhere"


def follow_to_the_end(page: Page, card: desk.CardInHand, wanted: set[str]) -> None:
    """Walk a guest's part: look and save, and see that the choice is not theirs."""
    open_link(page, card)
    assert "#" not in page.url
    files = everything_given(page)
    assert {address: found for address, content in files.items() if (found := leaks(content, wanted))} == {}
    kinds = {name.rsplit(".")[-1] for name in files if name.startswith("saved as ")}
    assert {"png", "jpg"} <= kinds
    assert ("mp4" in kinds) == bool(page.locator(".pictures video").count())
    for name, content in files.items():
        assert content.startswith(BEGINNINGS.get(name.rsplit(".")[-1], b""))

    page.get_by_role("link", name="Something worries you?").click()
    expect(page.get_by_role("heading", name="Only the person who was scanned decides")).to_be_visible()
    expect(page.get_by_role("button", name="Take it back now")).to_have_count(0)
    page.go_back()
    leave(page)
    page.context.close()


def leave(page: Page) -> None:
    """End the visit, and see that no way back shows a picture: not the back button, a reload, memory or print."""
    assert shown(page) > 0
    page.get_by_role("button", name="Leave").first.click()
    page.wait_for_url("about:blank")
    for way_back in (page.go_back, page.reload, page.reload, page.go_back):
        way_back()
        assert shown(page) == 0
        page.emulate_media(media="print")
        assert shown(page) == 0
        page.emulate_media(media="screen")


def shown(page: Page) -> int:
    """Count the pictures and films that the browser has pixels of."""
    page.wait_for_load_state("networkidle")
    has_pixels = "all => all.filter(one => one.naturalWidth > 0 || one.readyState > 0).length"
    return int(page.locator("img, video").evaluate_all(has_pixels))


def take_back(page: Page, passed_on: desk.CardInHand, own: desk.CardInHand) -> None:
    """Walk the patient's part: take back through her own link what she passed on, and see that its next byte fails."""
    guest = page.context.browser.new_context().new_page()
    open_link(guest, passed_on)
    picture = str(guest.locator(".picture img, .picture video").first.get_attribute("src"))
    address = guest.url.split("/v/")[0] + picture
    assert guest.request.get(address).status == 200
    open_link(page, own)
    page.get_by_role("link", name="Take it back").click()
    page.get_by_role("button", name="Take it back now: Posting").click()
    expect(page.get_by_role("heading", name="It is done")).to_be_visible()
    assert guest.request.get(address).status == 404
    page.get_by_role("link", name="Back to your pictures").click()
    look(page)
    expect(page.locator(".picture:visible").first).to_be_visible()
    guest.context.close()
    page.context.close()
