"""Every page of the desk and of the patient is free of what axe-core can find, wide and narrow, light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from tests import samples
from tests.journeys import desk
from tests.journeys.portal import Portal

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def faults(page: Page) -> list[str]:
    """Run axe on the page as it stands in each of its looks."""
    found = []
    for size in (WIDE, NARROW):
        for scheme in ("light", "dark"):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for violation in Axe().run(page, options=RULES).response["violations"]:
                places = [" ".join(map(str, node["target"])) for node in violation["nodes"]]
                found.append(f"{page.url} {size['width']} {scheme}: {violation['id']} at {places}")
    return found


def test_every_page_is_accessible(embedded: Portal, browser: Browser) -> None:
    page = browser.new_page()
    found = []

    def look(address: str) -> None:
        page.goto(embedded.address + address)
        found.extend(faults(page))

    look("/sign-in/")
    look("/nothing-here/")
    desk.sign_in(page, embedded, "administrator")
    desk.upload(page, embedded, [samples.named("examples_rgb_color.dcm"), samples.named("CT_small.dcm")])
    found += faults(page)
    study = desk.studies_of_this_upload(page)[0]
    desk.mark_first(page, embedded, study)
    found += faults(page)
    desk.review_all(page, embedded, study)
    desk.record_consent(page, embedded, study, name="Ada Probe", yes=["own_copy"])
    found += faults(page)
    card = desk.make_link(page, embedded, study, purpose="own_copy", nickname="Telephone")
    found += faults(page)
    desk.make_link(page, embedded, study, purpose="own_copy", nickname="Tablet")
    look(f"{study}care/")
    cards = f"{study}consent/?basis=adult"
    for address in ("/desk/", study, f"{study}consent/", cards, f"{study}links/", f"{study}links/new/own_copy/"):
        look(address)
    look(str(page.locator("main a[href*='/desk/study/']").first.get_attribute("href")))
    page.goto(embedded.address + study)
    picture = str(page.locator(".tile__link").first.get_attribute("href"))
    look(picture)
    look(f"{picture}proof/")
    look("/desk/policy/")
    look("/desk/consents/")
    answer = str(page.locator("main th a[href*='/desk/consents/']").first.get_attribute("href"))
    for address in (answer, f"{answer}suspend/", f"{answer}withdraw/", f"{answer}correct/", f"{answer}standing/"):
        look(address)
    page.goto(embedded.address + answer)
    look(str(page.get_by_role("link", name="What happened to this patient").get_attribute("href")))
    look("/desk/audit/")
    look("/desk/brand/")

    look("/v/")
    page.goto(card.address)
    page.get_by_label("Your code").fill("AAAA-AAAA")
    page.get_by_role("button", name="Show the pictures").click()
    found += faults(page)
    page.goto(card.address)
    page.get_by_label("Your code").fill(card.code)
    page.get_by_role("button", name="Show the pictures").click()
    found += faults(page)  # her own page, whose pictures wait for her word
    look("/v/sex/")
    page.get_by_label("For me").check()
    page.get_by_role("button", name="Keep my choice").click()
    page.locator(".veil > summary").first.click()
    found += faults(page)
    for address in ("/v/for/own_copy/", "/v/for/family/", "/v/links/"):
        look(address)
    page.get_by_role("button", name="End all sharing").click()
    found += faults(page)
    page.get_by_role("link", name="Back to your pictures").click()
    page.get_by_text("Would you rather have no messages?").click()
    page.get_by_role("button", name="Yes, please keep quiet").click()
    found += faults(page)
    page.get_by_text("Show my pictures").click()
    page.locator(".veil .veil > summary").first.click()
    page.get_by_role("button", name="I can see my name").first.click()
    found += faults(page)
    look("/v/withdraw/")
    page.get_by_role("button", name="Take it back now").click()
    found += faults(page)
    page.context.close()
    assert found == []
