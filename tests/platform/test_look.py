"""Torget in a real browser: consent, counters, lazy pictures, widths, colour codes."""

import io
import shutil
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from examples.platform.server import Platform

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DESKTOP, MOBILE = (1280, 900), (390, 844)
FLAGS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-color-profile=srgb"]

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def visit(browser: Browser, platform: Platform) -> Iterator[Visit]:
    """Opens a page of the platform's in a context of its own."""
    contexts = []

    def opened(path: str, size: tuple[int, int] = DESKTOP) -> Page:
        viewport = {"width": size[0], "height": size[1]}
        contexts.append(browser.new_context(viewport=viewport, locale="sv-SE"))
        page = contexts[-1].new_page()
        page.goto(platform.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def _cookies(page: Page) -> set[str]:
    return {cookie["name"] for cookie in page.context.cookies()}


def _asked(platform: Platform, path: str) -> int:
    return sum(entry.path == path for entry in platform.log)


def _scroll_through(page: Page) -> None:
    """Frame by frame, so that every observer wakes; ends when all pictures are there."""
    page.evaluate(
        """async () => {
          const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
          for (let y = 0; y < document.documentElement.scrollHeight; y += 500) {
            scrollTo({top: y, behavior: 'instant'});
            await frame(); await frame();
          }
          scrollTo({top: 0, behavior: 'instant'});
        }"""
    )
    page.wait_for_function("[...document.images].every(i => i.complete && i.naturalWidth)")


def _colours(picture: bytes) -> dict[str, int]:
    """How many pixels each colour has."""
    found = Image.open(io.BytesIO(picture)).convert("RGB").getcolors(1 << 24)
    return {f"#{r:02x}{g:02x}{b:02x}": count for count, (r, g, b) in found}


def test_the_banner_blocks_scrolling_until_it_is_answered(visit: Visit) -> None:
    page = visit("/@kibiblioteket")
    page.mouse.move(600, 300)
    page.mouse.wheel(0, 800)
    page.wait_for_timeout(300)
    assert page.evaluate("scrollY") == 0
    _press(page, "Endast nödvändiga")
    page.mouse.wheel(0, 800)
    page.wait_for_function("scrollY > 300")


def test_who_refuses_is_not_tracked_and_not_asked_again(platform: Platform, visit: Visit) -> None:
    page = visit("/@kibiblioteket")
    _press(page, "Endast nödvändiga")
    page.reload()
    assert not page.locator(".consent").is_visible()
    assert _cookies(page) == {"torget_sid", "torget_csrf", "samtycke"}
    assert _asked(platform, "/track.gif") == 0


def test_who_chooses_statistics_alone_gets_no_adverts(platform: Platform, visit: Visit) -> None:
    page = visit("/@kibiblioteket")
    _press(page, "Inställningar")
    page.get_by_role("checkbox", name="Statistik").check()
    _press(page, "Spara mina val")
    page.reload()
    assert "annons_id" not in _cookies(page)
    assert _asked(platform, "/track.gif") == 0


def test_who_accepts_all_is_tracked(platform: Platform, visit: Visit) -> None:
    page = visit("/@kibiblioteket")
    with page.expect_response("**/track.gif"):
        _press(page, "Godkänn alla")
    assert "annons_id" in _cookies(page)
    assert _asked(platform, "/track.gif") == 1


@pytest.mark.parametrize("size", [DESKTOP, MOBILE], ids=["desktop", "mobile"])
def test_a_whole_look_shows_every_text_and_every_colour_code(
    platform: Platform, visit: Visit, size: tuple[int, int]
) -> None:
    page = visit("/@ki_medh", size)
    _press(page, "Endast nödvändiga")
    page.wait_for_function("!document.querySelector('.counts').innerText.includes('–')")
    _scroll_through(page)
    truth = platform.truth("ki_medh")
    text = page.evaluate("document.body.innerText")
    assert [wanted for wanted in truth["texts"] if wanted not in text] == []
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    painted = _colours(page.screenshot(full_page=True))
    assert [p["id"] for p in truth["posts"] if painted.get(p["colour"], 0) < 16] == []


def test_without_scrolling_most_pictures_are_missing(platform: Platform, visit: Visit) -> None:
    page = visit("/@karolinskainstitutet")
    page.wait_for_timeout(500)
    posts = platform.profiles["karolinskainstitutet"].posts
    asked = {entry.path for entry in platform.log} & {post.image for post in posts}
    assert 0 < len(asked) < len(posts) / 2


def test_the_broken_page_fails_in_its_script(platform: Platform, visit: Visit) -> None:
    page = visit("/login")
    with page.expect_event("pageerror") as fault:
        page.goto(platform.url + "/@_trasig")
    assert "null" in fault.value.message
