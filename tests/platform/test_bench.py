"""The test bench's pages: each behaves as it says, and its truth is what it shows."""

import io
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from examples.bench_capture_score import Painted, score_picture
from examples.platform.bench import site
from examples.platform.bench.truth import CONSENT_KINDS, LANGUAGES, PAGES, bench_posts
from examples.platform.server import Platform
from tests.platform.conftest import TODAY

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
WORDS = {
    "bar": ("Avvisa alla", "Reject all"),
    "modal": ("Endast nödvändiga", "Only necessary"),
    "layers": ("Avvisa alla", "Reject all"),
    "shadow": ("Neka", "Decline"),
    "frame": ("Bara nödvändiga kakor", "Essential cookies only"),
    "before": ("Avvisa alla", "Reject all"),
}
ALL = {"sv": "Godkänn alla", "en": "Accept all"}

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def bench() -> Iterator[Platform]:
    with Platform(today=TODAY) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM)
        yield running
        running.close()


@pytest.fixture
def visit(browser: Browser, bench: Platform) -> Iterator[Visit]:
    contexts = []

    def opened(name: str, *, until: str = "load") -> Page:
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 900}))
        page = contexts[-1].new_page()
        page.goto(f"{bench.url}/bench/{name}", wait_until=until)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def asker(bench: Platform) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=bench.url, trust_env=False) as client:
        yield client


def _posts(page: Page) -> int:
    return page.locator("article").count()


def _scroll(page: Page, top: int, box: str = "document.documentElement") -> list[str]:
    """The permalinks of the posts that are in the DOM a moment after scrolling to `top`."""
    return page.evaluate(
        """async ([top, box]) => {
          eval(box).scrollTo({top, behavior: 'instant'});
          const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
          for (let n = 0; n < 3; n++) await frame();
          return [...document.querySelectorAll('article .when')].map(a => a.pathname);
        }""",
        [top, box],
    )


def _painted(page: Page, name: str, folder: Path) -> Painted:
    """What a full-page picture shows, scored; nothing of it has been scrolled to."""
    picture = folder / "picture.png"
    page.screenshot(path=picture, full_page=True)
    return score_picture(PAGES[name], [picture], 1)


def _asked(bench: Platform, path: str, since: int = 0) -> list[int]:
    return [entry.status for entry in bench.log[since:] if entry.path == path]


def test_the_truth_of_every_page_is_json(asker: httpx.Client) -> None:
    told = {page["name"]: page for page in asker.get("/__bench").json()}
    assert list(told) == list(PAGES)
    assert told["virtual"]["columns"] == {"pinned": 8, "spine": 22, "picture": 48}
    assert [p["colour"] for p in told["lazy"]["posts"]] == [p.colour for p in PAGES["lazy"].posts]


@pytest.mark.parametrize("name", [n for n, p in PAGES.items() if p.posts])
def test_no_colour_stands_for_two_things_on_a_page(name: str) -> None:
    posts = PAGES[name].posts
    codes = [p.colour for p in posts] + [p.picture for p in posts if p.picture]
    assert len(codes) == len(set(codes))
    assert len({p.id for p in posts}) == len(posts)
    assert min(p.height for p in posts) >= 130


def test_posts_are_the_same_for_the_same_name() -> None:
    assert bench_posts("virtual", 80) == PAGES["virtual"].posts
    assert bench_posts("other", 80) != PAGES["virtual"].posts


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("wall-login", 302),
        ("wall-bot", 403),
        ("wall-bot-200", 200),
        ("wall-rate", 429),
        ("wall-private", 200),
        ("wall-removed", 410),
        ("wall-missing", 404),
        ("wall-error", 503),
        ("wall-blank", 200),
        ("no-such-page", 404),
    ],
)
def test_each_wall_answers_with_its_status(asker: httpx.Client, name: str, status: int) -> None:
    assert asker.get(f"/bench/{name}").status_code == status


def test_a_page_gives_its_visitor_secrets_and_its_parts_give_none(
    bench: Platform, asker: httpx.Client
) -> None:
    asker.get("/bench/-/news")
    assert not asker.cookies
    asker.get("/bench/feed")
    assert set(asker.cookies.values()) <= bench.secrets
    assert asker.get("/bench/-/posts/feed").status_code == 401


def test_a_post_has_a_page_of_its_own(asker: httpx.Client) -> None:
    post = PAGES["poll"].posts[3]
    assert post.text in asker.get(f"/bench/poll/{post.id}").text
    assert asker.get("/bench/poll/17").status_code == 404


def test_a_picture_bears_its_colour(asker: httpx.Client) -> None:
    code = PAGES["lazy"].posts[7].picture
    got = asker.get(f"/bench/-/picture/{code[1:]}.png").content
    with Image.open(io.BytesIO(got)) as image:
        bar = image.crop((0, 0, 16, 180)).getcolors()
    assert (image.size, bar) == ((320, 180), [(16 * 180, tuple(bytes.fromhex(code[1:])))])


def test_the_film_is_given_in_parts(asker: httpx.Client) -> None:
    whole = asker.get("/bench/-/film.webm").content
    part = asker.get("/bench/-/film.webm", headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole[100:200])


def test_an_answer_without_end_is_logged_when_its_visitor_leaves(
    bench: Platform, asker: httpx.Client
) -> None:
    since, path = len(bench.log), "/bench/-/stream"
    with asker.stream("GET", path) as answer:
        pieces = answer.iter_raw()  # httpx closes the answer with it
        next(pieces)
        assert path in bench.under_way
        assert _asked(bench, path, since) == []
    for _ in range(400):
        if path not in bench.under_way:
            break
        time.sleep(0.05)
    assert path not in bench.under_way
    assert _asked(bench, path, since) == [200]


@pytest.mark.parametrize(
    ("name", "box"),
    [
        ("virtual", "document.documentElement"),
        ("virtual-inner", "document.querySelector('.scroller')"),
    ],
)
def test_a_virtualised_feed_never_holds_more_than_a_few_of_its_posts(
    visit: Visit, name: str, box: str
) -> None:
    page = visit(name)
    page.wait_for_selector("article")
    seen: set[str] = set()
    for _ in range(60):
        here = _scroll(page, page.evaluate(f"{box}.scrollTop") + 1200 * bool(seen), box)
        seen |= set(here)
        assert len(here) <= 12
        if len(seen) == len(PAGES[name].posts):
            break
    assert seen == {f"/bench/{name}/{post.id}" for post in PAGES[name].posts}
    height = page.evaluate(f"{box}.scrollHeight")
    assert height > sum(post.height for post in PAGES[name].posts)
    assert set(_scroll(page, 0, box)).isdisjoint(here)


def test_a_virtualised_feed_in_one_picture_lacks_most_posts(visit: Visit, tmp_path: Path) -> None:
    page = visit("virtual")
    page.wait_for_selector("article img[src]")
    painted = _painted(page, "virtual", tmp_path)
    assert 0 < painted.posts < 12
    assert painted.headers == 1


def test_an_inner_scroller_leaves_the_document_still_and_uses_nodes_again(visit: Visit) -> None:
    page = visit("virtual-inner")
    page.wait_for_selector("article")
    assert page.evaluate("document.documentElement.scrollHeight === innerHeight")
    page.evaluate("window.kept = document.querySelector('article')")
    first = page.evaluate("kept.innerText")
    _scroll(page, 5000, "document.querySelector('.scroller')")
    assert page.evaluate("kept.isConnected && kept.innerText") not in (False, first)


def test_the_plain_feed_grows_as_its_end_comes_near(visit: Visit) -> None:
    page = visit("feed")
    page.wait_for_selector("article")
    counts = [12]
    while counts[-1] < len(PAGES["feed"].posts):
        _scroll(page, 10**6)
        page.wait_for_function(
            "n => document.querySelectorAll('article').length > n", arg=counts[-1]
        )
        counts.append(_posts(page))
    assert counts == [12, 24, 36, 48, 60]
    page.wait_for_selector(".end:visible")


@pytest.mark.parametrize(
    ("name", "box"),
    [("shadow", "document.documentElement"), ("shadow-inner", "tree.querySelector('main')")],
)
def test_a_page_in_a_shadow_tree_shows_nothing_outside_of_it(
    visit: Visit, name: str, box: str
) -> None:
    page = visit(name)
    page.wait_for_function("document.querySelector('bench-app').shadowRoot.querySelector('.post')")
    assert page.evaluate("document.body.innerText.trim()") == ""
    assert page.evaluate("document.querySelectorAll('article').length") == 0
    assert _posts(page) == len(PAGES[name].posts), "Playwright's selectors see into it"
    page.wait_for_load_state("networkidle")
    tall = sum(post.height for post in PAGES[name].posts)
    scrolls = f"(tree => {box}.scrollHeight)(document.querySelector('bench-app').shadowRoot)"
    assert page.evaluate(scrolls) > tall
    inner = page.evaluate("document.documentElement.scrollHeight === innerHeight")
    assert inner is (name == "shadow-inner")


def test_a_frame_that_scrolls_holds_all_posts_of_its_page(visit: Visit) -> None:
    page = visit("framed")
    [inside] = page.frames[1:]
    assert inside.url.split("/")[2] != page.url.split("/")[2]
    assert inside.locator("article").count() == len(PAGES["framed"].posts)
    assert page.evaluate("document.documentElement.scrollHeight === innerHeight")
    assert inside.evaluate("document.documentElement.scrollHeight > 4 * innerHeight")


def test_below_a_box_of_one_window_the_page_has_a_foot(visit: Visit) -> None:
    page = visit("footed")
    box, document = (f"document.{one}" for one in ("querySelector('main')", "documentElement"))
    heights = f"[{box}.clientHeight - innerHeight, {document}.scrollHeight - innerHeight]"
    assert page.evaluate(heights) == [0, 56 + 300]
    assert page.evaluate("document.querySelector('main').scrollHeight > 4 * innerHeight")


def test_the_delayed_feed_does_nothing_for_a_second_after_its_end_was_seen(
    bench: Platform, visit: Visit
) -> None:
    page = visit("delayed")
    page.wait_for_selector("article")
    since = len(bench.log)
    _scroll(page, 10**6)
    page.wait_for_timeout(600)
    assert _asked(bench, "/bench/-/posts/delayed", since) == []
    page.wait_for_function("document.querySelectorAll('article').length === 16")


def test_the_button_brings_eight_posts_each_time_and_goes_with_the_last(visit: Visit) -> None:
    page = visit("button")
    page.wait_for_selector("article")
    counts = [_posts(page)]
    while page.locator(".more").is_visible():
        page.locator(".more").click()
        page.wait_for_function(
            "n => document.querySelectorAll('article').length > n", arg=counts[-1]
        )
        page.wait_for_timeout(50)
        counts.append(_posts(page))
    assert counts == [8, 16, 24, 32, 40]


@pytest.mark.parametrize(("name", "each"), [("colours", ".box"), ("tiles", "article")])
def test_posts_without_a_word_leave_the_page_when_they_are_out_of_sight(
    visit: Visit, tmp_path: Path, name: str, each: str
) -> None:
    page, posts = visit(name), PAGES[name].posts
    page.wait_for_selector(each)
    assert page.locator(each).all_inner_texts() == [""] * page.locator(each).count()
    assert page.locator("img").count() == 0
    first = page.locator(each).first.element_handle()
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height > sum(post.height for post in posts)
    assert 0 < _painted(page, name, tmp_path).posts < 8
    _scroll(page, 6000)
    assert first.evaluate("n => n.isConnected") is False
    assert page.locator(each).count() < 8
    assert page.evaluate("document.documentElement.scrollHeight") == height


def test_pictures_of_the_lazy_page_wait_to_be_seen(bench: Platform, visit: Visit) -> None:
    page = visit("lazy")
    page.wait_for_function("document.images[1].complete && document.images[1].naturalWidth")
    asked = [entry for entry in bench.log if entry.path.startswith("/bench/-/picture/")]
    before = page.evaluate("[...document.images].filter(i => i.src).length")
    assert 0 < before < 10
    assert asked
    _scroll(page, 20_000)
    assert page.evaluate("[...document.images].filter(i => i.src).length") > before


def test_the_tall_page_is_150_000_px_of_posts(visit: Visit) -> None:
    size = visit("tall").evaluate("[document.documentElement.scrollHeight, innerWidth]")
    assert size == [150_000, 1280]
    assert sum(post.height for post in PAGES["tall"].posts) == 150_000


def test_the_reflowing_page_grows_when_it_is_seen(visit: Visit) -> None:
    page = visit("reflow")
    before = page.evaluate("document.body.scrollHeight")
    page.wait_for_selector(".notice")
    _scroll(page, 1200)
    page.wait_for_selector(".cutting.seen")
    assert page.evaluate("document.body.scrollHeight") >= before + 120 + 180


def test_the_polling_page_asks_again_and_again(bench: Platform, visit: Visit) -> None:
    since = len(bench.log)
    visit("poll").wait_for_function("document.querySelector('.news').innerText.includes('3')")
    assert len(_asked(bench, "/bench/-/news", since)) >= 3


def test_the_endless_page_is_loaded_though_its_requests_never_end(
    bench: Platform, visit: Visit
) -> None:
    since = len(bench.log)
    page = visit("endless")
    page.wait_for_function(
        "performance.getEntriesByType('resource').length && document.images.length > 6"
    )
    assert page.evaluate("[...document.images].at(-1).complete") is False
    for path in ("stream", "events", "never.png"):
        assert _asked(bench, f"/bench/-/{path}", since) == []


def test_the_slow_page_is_late_in_all_its_parts(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its times shortened: head, then pictures, then the posts that a script fetches."""
    for name in ("_FIRST_BYTE_SECONDS", "_PICTURE_SECONDS"):
        monkeypatch.setattr(site, name, 0.2)
    monkeypatch.setattr(site, "_LATE_SECONDS", 0.8)
    page = visit("slow", until="domcontentloaded")
    assert page.evaluate("performance.getEntriesByType('navigation')[0].responseStart") >= 180
    assert _posts(page) == 6
    page.wait_for_function("document.querySelectorAll('article').length === 12")


def test_the_service_worker_fetches_the_posts(visit: Visit) -> None:
    page = visit("worker")
    page.wait_for_selector(".end:visible")
    assert page.evaluate("navigator.serviceWorker.controller?.state") == "activated"
    assert _posts(page) == len(PAGES["worker"].posts)


def test_frames_of_another_site_show_their_posts(visit: Visit) -> None:
    """The frame in a frame, of the first site again, is as tall as its posts once it was seen."""
    page = visit("frames")
    hosts = [frame.url.split("/")[2].split(":")[0] for frame in page.frames]
    assert hosts == ["127.0.0.1", "localhost", "localhost", "127.0.0.1"]
    assert [frame.locator("article").count() for frame in page.frames] == [0, 4, 4, 4]
    # Frames above it grow meanwhile and push it out of sight, where none is drawn and timers sleep.
    tall = """() => { document.querySelector("article").scrollIntoView();
                      return innerHeight >= document.body.offsetHeight; }"""
    deadline = time.monotonic() + 60
    while not page.frames[-1].evaluate(tall):
        assert time.monotonic() < deadline
        page.frames[-1].frame_element().scroll_into_view_if_needed()
        time.sleep(0.1)


def test_the_film_is_fetched_and_its_poster_painted(
    bench: Platform, visit: Visit, tmp_path: Path
) -> None:
    page = visit("video")
    page.wait_for_function("document.querySelector('video').readyState >= 1")
    assert 206 in _asked(bench, "/bench/-/film.webm")
    assert _painted(page, "video", tmp_path).pictures >= 1


def test_posts_come_over_the_socket(visit: Visit) -> None:
    page = visit("socket")
    page.wait_for_selector(".end:visible")
    assert _posts(page) == len(PAGES["socket"].posts)


def _press(page: Page, kind: str, word: str) -> None:
    where = page.frame_locator("iframe.consent") if kind == "frame" else page
    if kind == "layers":
        page.locator('[data-choice="settings"]').click()
    where.get_by_role("button", name=word, exact=True).and_(where.locator(":visible")).first.click()


@pytest.mark.parametrize("kind", CONSENT_KINDS)
def test_every_banner_refuses_in_both_languages(asker: httpx.Client, kind: str) -> None:
    for language, word in zip(LANGUAGES, WORDS[kind], strict=True):
        path = (
            f"/bench/-/ask/{language}" if kind == "frame" else f"/bench/consent-{kind}-{language}"
        )
        shown = asker.get(path, follow_redirects=True).text
        assert f">{word}</button>" in shown
        assert f">{ALL[language]}</button>" in shown


@pytest.mark.parametrize("kind", CONSENT_KINDS)
def test_a_banner_hides_rows_until_it_is_refused_and_refusing_tracks_nobody(
    bench: Platform, visit: Visit, tmp_path: Path, kind: str
) -> None:
    language = LANGUAGES[CONSENT_KINDS.index(kind) % 2]
    name, since = f"consent-{kind}-{language}", len(bench.log)
    page = visit(name)
    window = tmp_path / "window.png"
    page.screenshot(path=window)
    asked_for = score_picture(PAGES[name], [window], 1)
    _press(page, kind, WORDS[kind][LANGUAGES.index(language)])
    page.wait_for_function(
        "document.querySelector('article') && !document.querySelector('.consent')"
    )
    page.wait_for_load_state()
    page.screenshot(path=window)
    after = score_picture(PAGES[name], [window], 1)
    assert after.posts + after.pictures > asked_for.posts + asked_for.pictures
    assert _asked(bench, "/bench/-/track.gif", since) == []


@pytest.mark.parametrize("kind", ["layers", "frame", "before"])
def test_who_accepts_is_tracked(visit: Visit, kind: str) -> None:
    page = visit(f"consent-{kind}-sv")
    with page.expect_response("**/track.gif"):
        _press(page, kind, ALL["sv"])


@pytest.mark.parametrize(
    ("name", "word"), [("late", "Endast nödvändiga"), ("scroll", "Only necessary")]
)
def test_a_dialogue_that_comes_late_is_not_there_at_first_and_refused_as_others(
    visit: Visit, name: str, word: str
) -> None:
    page = visit(f"consent-{name}")
    assert not page.locator(".consent").is_visible()
    if name == "scroll":
        page.mouse.wheel(0, 300)
    page.get_by_role("button", name=word, exact=True).click()
    page.wait_for_function("!document.querySelector('.consent')")
    assert f"samtycke-consent-{name}=refused" in page.evaluate("document.cookie")


def test_the_forced_dialogue_offers_no_refusal(visit: Visit) -> None:
    page = visit("consent-forced")
    assert page.get_by_role("button").all_inner_texts() == [ALL["sv"]]
