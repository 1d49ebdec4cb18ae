"""A first sign-in makes a passkey in a real browser; later it signs in, and opens a locked desk with what was typed."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.portal import Portal

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

EMAIL, PASSWORD = "nora@hillside.example", "a quiet river at dusk"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


def with_authenticator(browser: Browser) -> Page:
    """Return a page whose browser has a platform authenticator (Chrome DevTools Protocol, WebAuthn)."""
    page = browser.new_page()
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


def faults(page: Page) -> list[str]:
    return [f"{page.url}: {one['id']}" for one in Axe().run(page).response["violations"]]


@pytest.mark.requirement("R37")
@pytest.mark.requirement("R38")
def test_a_passkey_is_made_signs_in_and_opens_a_locked_desk(embedded: Portal, browser: Browser, tmp_path: Path) -> None:
    word = tmp_path / "password"
    word.write_text(PASSWORD)
    roles = ("--role", "administrator", "--role", "clinician")
    who = ("--email", EMAIL, "--display-name", "Nora Vale", "--password-file", str(word))
    added = embedded.manage("add_member", "--clinic", "Wrenfield Women's Imaging", *roles, *who)
    assert added.returncode == 0, added.stderr
    portal = embedded.address.replace("127.0.0.1", "localhost")  # a passkey belongs to a name
    page = with_authenticator(browser)
    refused: list[str] = []
    page.on("console", lambda line: refused.append(line.text) if "Content Security Policy" in line.text else None)
    seen = []

    page.goto(f"{portal}/sign-in/")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").press("Enter")
    page.wait_for_url("**/sign-in/set-up/")
    seen += faults(page)
    page.get_by_role("link", name="Use a code app").click()
    seen += faults(page)
    page.go_back()
    page.get_by_role("link", name="Make a passkey").press("Enter")
    seen += faults(page)
    page.get_by_label("Name of this passkey").fill("The desk's own")
    page.get_by_role("button", name="Make a passkey").press("Enter")
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    seen += faults(page)
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url("**/desk/")

    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Use a passkey instead").press("Enter")
    page.wait_for_url("**/desk/")
    page.get_by_role("link", name="Nora Vale").click()
    expect(page.get_by_role("row", name=re.compile("The desk's own"))).to_be_visible()
    seen += faults(page)

    page.goto(f"{portal}/desk/brand/")
    page.get_by_label("Second line").fill("typed and not sent")
    page.evaluate("document.dispatchEvent(new Event('desk-locked'))")
    embedded.manage("shell", "-v0", "-c", _LOCK)
    expect(page.get_by_role("heading", name="The desk is locked")).to_be_visible()
    expect(page.get_by_label("Second line")).not_to_be_focused()
    seen += faults(page)
    page.get_by_label("Your password").fill("not it")
    page.get_by_label("Your password").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("not right")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="The desk is locked")).to_be_hidden()
    expect(page.get_by_label("Second line")).to_have_value("typed and not sent")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("status").first).to_contain_text("is published")
    assert (seen, refused) == ([], [])
    page.context.close()


_LOCK = """
from django.utils import timezone
from ultrasound_portal.clinics.models import SignIn
SignIn.objects.filter(user__email='nora@hillside.example').update(locked_at=timezone.now())
"""
