"""Her pages on an old telephone: light, still, readable large and narrow, without script, by keyboard, and on paper."""

import re
from collections.abc import Iterator
from datetime import timedelta

import cv2
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from deid.models import Instance, Render
from deid.services import renders as making
from sharing.models import Opening
from sharing.services.links import NewLink
from sharing.states import Channel
from tests.factories.renders import give_master, place_renders
from tests.factories.sharing import Scene, make_grant, make_link, make_released, make_scene
from ultrasound_portal.jobs import leases
from ultrasound_portal.jobs.models import Job

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

TELEPHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
BUDGET = 100_000
A6_POINTS = (297.6, 419.5)  # ISO 216, in 1/72 inch
PAGES = ("pictures", "her_links", "family", "copies", "sex", "withdraw", "entry")
SHIFTS = """() => new Promise((tell) => {
  const moved = [];
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) moved.push(...one.sources.map(({ node }) => node?.className ?? "gone"));
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => tell(moved), 500);
})"""


@pytest.fixture(autouse=True)
def surroundings(settings: Settings) -> None:
    """Let the visitor's cookie go over plain HTTP, and messages into files."""
    settings.SESSION_COOKIE_SECURE = False
    settings.MESSAGE_SENDERS = dict.fromkeys(Channel.values, "sharing.senders.files.FileSender")


@pytest.fixture
def scene() -> Scene:
    """Three pictures and a film, with everything made for sharing, and a yes for the family."""
    made = make_scene(pictures=3)
    make_released(made.study, made.clinician, film_padding=0)
    for instance in Instance.objects.filter(study=made.study):
        place_renders(instance)
    make_grant(made.patient, made.clinician, made.study, purpose="family")
    return made


@pytest.fixture
def own(scene: Scene) -> NewLink:
    made = make_link(make_grant(scene.patient, scene.clinician, scene.study), scene.study, scene.clinician)
    Job.objects.all().delete()  # everything is made, and no page waits
    return made


@pytest.fixture
def telephone(browser: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    context = browser.new_context(**TELEPHONE, base_url=live_server.url)
    yield context
    context.close()


def come_in(context: BrowserContext, own: NewLink) -> Page:
    page = context.new_page()
    page.goto(f"{reverse('sharing:entry')}#{own.secret}")
    page.get_by_label("Your code").fill(own.code)
    page.get_by_role("button", name="Show the pictures").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your scan pictures")
    return page


def scroll_through(page: Page) -> None:
    for _ in range(12):
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(40)
    page.wait_for_load_state("networkidle")


def test_the_page_is_light_its_pictures_fit_and_nothing_moves(telephone: BrowserContext, own: NewLink) -> None:
    page = come_in(telephone, own)
    sizes: dict[str, int] = {}
    page.on("response", lambda answer: sizes.update({answer.url: int(answer.headers.get("content-length", 0))}))
    page.reload()
    scroll_through(page)
    before_pictures = len(page.content().encode()) + sum(
        size for address, size in sizes.items() if re.search(r"\.(css|mjs|svg)$", address)
    )
    assert before_pictures < BUDGET
    assert page.evaluate(SHIFTS) == []
    shown = page.locator(".picture img").evaluate_all("all => all.map(one => [one.currentSrc, one.naturalWidth])")
    assert shown
    assert all(width <= 2 * 390 for _, width in shown)


def test_nothing_runs_off_the_side_of_a_narrow_page_or_of_large_text(telephone: BrowserContext, own: NewLink) -> None:
    page = come_in(telephone, own)
    wide = {}
    for name in PAGES:
        page.goto(reverse(f"sharing:{name}"))
        for width, size in ((320, "100%"), (390, "200%")):
            page.set_viewport_size({"width": width, "height": 844})
            page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
            wide[name, width] = page.evaluate("document.documentElement.scrollWidth")
    assert {place: found for place, found in wide.items() if found > place[1]} == {}


def test_axe_finds_nothing(telephone: BrowserContext, own: NewLink) -> None:
    page = come_in(telephone, own)
    found = []

    def look() -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for fault in Axe().run(page).response["violations"]:
                found.append(f"{page.url} {scheme}: {fault['id']} at {[node['target'] for node in fault['nodes']]}")

    for name in ("pictures", "family", "copies", "her_links"):
        page.goto(reverse(f"sharing:{name}"))
        look()
    page.get_by_label("Your e-mail address or mobile number").fill("rowan@example.net")
    page.get_by_role("button", name="Send me a code").click()
    look()
    assert found == []


def test_the_keyboard_reaches_everything_and_nothing_hides_under_the_head(
    telephone: BrowserContext, own: NewLink
) -> None:
    page = come_in(telephone, own)
    reached, hidden = [], []
    for _ in range(70):
        page.keyboard.press("Tab")
        here = page.evaluate(
            """() => {
              const one = document.activeElement, head = document.querySelector(".patient-brand");
              const box = one.getBoundingClientRect();
              const under = !head.contains(one) && one.className !== "skip-link" && one !== document.body
                && box.bottom <= head.getBoundingClientRect().bottom;
              return [one.textContent.trim() || one.name || one.tagName, under];
            }"""
        )
        reached.append(here[0])
        if here[1]:
            hidden.append(here[0])
    told = " ".join(reached)
    for name in (
        "Skip to the content",
        "Leave",
        "For me",
        "Save picture 1",
        "I can see my name: 2",
        "shape",
        "picture",
    ):
        assert name in told
    assert "Make a link for your family" in told
    assert hidden == []


def test_everything_works_without_script(browser: Browser, live_server: LiveServer, own: NewLink) -> None:
    context = browser.new_context(**TELEPHONE, base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(reverse("sharing:entry"))
    page.get_by_label("Your link").fill(own.secret)
    page.get_by_label("Your code").fill(own.code)
    page.get_by_role("button", name="Show the pictures").click()
    expect(page.locator(".picture")).to_have_count(4)
    with page.expect_download() as one:
        page.get_by_role("link", name="Save picture 1").click()
    assert one.value.suggested_filename == "scan-1.png"
    with page.expect_download() as several:
        page.get_by_role("button", name="Save what is chosen").click()
    assert several.value.suggested_filename == "scans.zip"
    page.get_by_role("link", name="Make a link for your family").click()
    page.get_by_label("Who is it for?").fill("Grandma")
    page.get_by_label("Picture 1").uncheck()
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The link is made")
    page.goto(reverse("sharing:copies"))
    page.get_by_role("button", name="Delete them now").click()
    expect(page.get_by_text("files made for sharing are gone")).to_be_visible()
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have left")
    context.close()


@pytest.mark.requirement("R44", "R45")
def test_the_pictures_go_at_the_moment_the_visit_ends(telephone: BrowserContext, own: NewLink) -> None:
    page = come_in(telephone, own)
    begun = timezone.now() + timedelta(seconds=4) - timedelta(minutes=own.link.visit_minutes)
    Opening.objects.update(opened_at=begun, last_seen_at=timezone.now())
    page.reload()
    expect(page.locator(".picture").first).to_be_visible()
    expect(page.locator("body")).to_be_hidden(timeout=8000)
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is closed", timeout=8000)
    page.go_back()
    expect(page.locator(".picture")).to_have_count(0)


def boxes(pdf: bytes) -> list[tuple[float, float]]:
    """Return width and height of each page of a PDF that Chromium made, in 1/72 inch."""
    found = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", pdf)
    return [(float(width), float(height)) for width, height in found]


def test_on_paper_a_picture_fills_one_sheet_of_a6_at_300_dots_an_inch(
    telephone: BrowserContext, own: NewLink, scene: Scene
) -> None:
    first = scene.instances[0]
    Render.objects.filter(instance=first).delete()
    give_master(first)
    making.process(leases.enqueue(making.KIND, first.pk, clinic_id=scene.clinic.pk).pk)
    page = come_in(telephone, own)
    page.goto(f"{reverse('sharing:paper')}?picture={first.pk}")
    page.wait_for_load_state("networkidle")
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    (sheet,) = boxes(pdf)
    assert sorted(sheet) == pytest.approx(A6_POINTS, abs=1)
    wide, high = (int(found[1]) for found in re.findall(rb"/(Width|Height) (\d+)", pdf)[:2])
    assert min(wide / max(sheet), high / min(sheet)) * 72 == pytest.approx(300, abs=2)


def test_a_camera_reads_the_printed_card(browser: Browser, live_server: LiveServer, own: NewLink, scene: Scene) -> None:
    """The card of a link that she makes has the same code on it as the one that the desk prints, at 52 mm."""
    context = browser.new_context(base_url=live_server.url, device_scale_factor=300 / 96)
    page = come_in(context, own)
    page.goto(reverse("sharing:family"))
    page.get_by_label("Who is it for?").fill("Grandma")
    page.get_by_role("button", name="Make the link").click()
    address = page.locator("#address").inner_text()
    page.emulate_media(media="print")
    printed = cv2.imdecode(np.frombuffer(page.locator(".slip .qr").screenshot(), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert printed.shape[0] / 300 * 25.4 == pytest.approx(52, abs=1)
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(printed)
    assert text == address
    context.close()
