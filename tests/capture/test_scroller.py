"""What of a page scrolls is found, and painted to its end: boxes, shadow trees, frames.

A real browser; pictures are scored by the colours that the pages are made of.
"""

import pytest

from capture.browser import DESKTOP, MOBILE, open_page
from capture.scroller import Scroller
from storage.record import Viewport
from tests.capture.conftest import Stage
from tests.capture.photographing import colour, css, photographed, rows_of

PAGE_AND_GLOBALS = "() => [scrollY, document.documentElement.outerHTML, Object.keys(window)]"
LINES = "".join(f"<p style='background:{css(n)}'>{n}</p>" for n in range(40))
PHONE = '<meta name=viewport content="width=device-width">'


def test_a_page_that_scrolls_inside_a_box_is_painted_to_its_end(stage: Stage) -> None:
    """CAPTURE: the document stays one window high while the posts run on inside it."""
    posts = "".join(f"<p style='background:{css(n)}'>{n}</p>" for n in range(40))
    stage.site.page(
        "/",
        """<style>body{margin:0;height:100vh;display:grid;grid-template-rows:60px 1fr 40px}
        p{height:100px;margin:0} div{overflow-y:auto;scroll-behavior:smooth}
        header{background:rgb(250,0,0)} footer{background:rgb(0,0,250)}</style>"""
        f"<header>Torget</header><div>{posts}</div><footer>Om</footer>",
    )
    _, settled, taken = stage.run(photographed(stage, still=True))
    assert settled.steps["scroller"] == "inner"
    rows = rows_of(taken, 640)
    assert [rows[colour(n)] for n in range(40)] == [100] * 40
    assert (rows[250, 0, 0], rows[0, 0, 250], taken.height) == (60, 40, 4100)


def test_a_box_in_a_shadow_tree_is_painted_to_its_end(stage: Stage) -> None:
    """CAPTURE: the element that really scrolls, wherever it is."""
    stage.site.page(
        "/",
        """<style>body{margin:0}</style><app-shell></app-shell><template><style>
        div{height:100vh;overflow-y:auto} p{height:100px;margin:0}</style>"""
        f"""<div>{LINES}</div></template><script>
        const root = document.querySelector("app-shell").attachShadow({{mode: "open"}});
        root.append(document.querySelector("template").content.cloneNode(true));</script>""",
    )
    sight, settled, taken = stage.run(photographed(stage))
    assert (settled.steps["scroller"], taken.stopped_by, taken.height) == ("inner", "end", 4000)
    rows = rows_of(taken, 640)
    assert [rows[colour(n)] for n in range(40)] == [100] * 40
    assert sight.harvest.text().split() == [f"{n}" for n in range(40)]


@pytest.mark.parametrize("view", [DESKTOP, MOBILE], ids=["desktop", "mobile"])
def test_a_frame_of_another_site_that_scrolls_is_painted_to_its_end(
    stage: Stage, view: Viewport
) -> None:
    """A frame as large as the window is the page; what is pinned in it is painted once."""
    stage.site.page(
        "/",
        f"""{PHONE}<style>body{{margin:0}} iframe{{display:block;border:0;width:100%;height:80vh;
        margin-top:60px}} header{{position:fixed;top:0;left:0;right:0;height:90px;
        background:rgb(250,0,0)}}</style><header></header>
        <iframe src="{stage.site.other}/inne"></iframe>""",
    )
    stage.site.page(
        "/inne",
        f"""<style>body{{margin:0}} p{{height:100px;margin:0}} div{{position:sticky;top:0;
        height:40px;background:rgb(0,0,250)}}</style><div></div>{LINES}
        <article id=sist style="height:50px;background:rgb(0,250,0)">Sist</article>""",
    )
    sight, settled, taken = stage.run(photographed(stage, view))
    assert settled.steps["scroller"] == "frame"
    rows = rows_of(taken, round(200 * view.ratio))
    seen = [rows[colour(n)] / view.ratio for n in range(40)]
    assert seen == [100] * 40
    pinned = (rows[250, 0, 0], rows[0, 0, 250], rows[0, 250, 0])
    assert [height / view.ratio for height in pinned] == [90, 10, 50], "30 px lie under the head"
    assert list(sight.harvest.ids) == ["sist"]
    assert taken.inspection.posts_painted == 1


def test_what_lies_above_and_below_a_box_is_painted_too(stage: Stage) -> None:
    """The box hides the most, but the page itself scrolls as well: all of it is one picture."""
    stage.site.page(
        "/",
        f"""<style>body{{margin:0}} p{{height:100px;margin:0}} main{{height:100vh;overflow-y:auto}}
        header{{height:500px;background:rgb(250,0,0)}} footer{{height:300px;
        background:rgb(0,0,250)}}</style><header>Torget</header><main>{LINES}</main>
        <footer>Om</footer>""",
    )
    sight, _, taken = stage.run(photographed(stage, still=True))
    rows = rows_of(taken, 640)
    assert [rows[colour(n)] for n in range(40)] == [100] * 40
    assert (rows[250, 0, 0], rows[0, 0, 250], taken.height) == (500, 300, 4800)
    assert sight.harvest.text().split() == ["Torget", *(f"{n}" for n in range(40)), "Om"]
    assert taken.unscrolled == 0


def test_a_large_box_that_no_picture_shows_scrolled_is_counted(stage: Stage) -> None:
    """Of two that scroll one is followed; what the other hides is told, a small menu's is not."""
    stage.site.page(
        "/",
        f"""<style>body{{margin:0;display:flex}} p{{height:100px;margin:0}}
        div{{height:100vh;overflow-y:auto;width:45%}} nav{{height:100vh;overflow-y:auto;width:10%}}
        </style><nav>{LINES}</nav><div>{LINES}</div><div>{LINES}{LINES}</div>""",
    )
    _, _, taken = stage.run(photographed(stage))
    assert (taken.height, taken.unscrolled) == (8000, 4000 - 900)


def test_a_box_that_is_not_to_be_seen_is_none(stage: Stage) -> None:
    stage.site.page(
        "/",
        f"""<style>body{{margin:0}} p{{height:100px;margin:0}}
        div{{position:fixed;inset:0;overflow-y:auto;visibility:hidden}}</style>
        <div>{LINES}{LINES}</div>{LINES}""",
    )
    _, settled, taken = stage.run(photographed(stage))
    assert settled.steps["scroller"] == "document"
    assert (taken.made, taken.height, taken.unscrolled) == ("tiles", 4000, 0)


DROPPING = """<style>body{margin:0} #list{position:relative;height:12000px}
.one{position:absolute;left:0;right:0;height:300px}</style><div id=list></div><script>
const css = n => `rgb(${20 + n % 8 * 25},${20 + (n >> 3) % 8 * 25},${60 + (n >> 6) * 25})`;
const draw = n => { const one = document.createElement("WHAT");
  one.className = "one"; one.style.background = css(n); FILL return one; };
const shown = new Map();
const render = () => {
  for (let n = 0; n < 40; n++) {
    const near = n * 300 + 400 > scrollY && n * 300 < scrollY + innerHeight + 100;
    if (near && !shown.has(n)) {
      shown.set(n, draw(n)); shown.get(n).style.top = `${n * 300}px`; list.append(shown.get(n));
    } else if (!near && shown.has(n)) { shown.get(n).remove(); shown.delete(n); }
  }
};
addEventListener("scroll", render, {passive: true}); render();</script>"""
LINKED = """one.innerHTML = `<a href="/p/${n}" aria-label="Inlägg"
  style="position:absolute;left:700px;width:300px;height:200px;background:url(/bild?${n})"></a>`;"""


@pytest.mark.parametrize(
    ("what", "fill", "posts"),
    [("div", "", 0), ("article", LINKED, 40)],
    ids=["colours alone", "links with a picture behind"],
)
def test_a_feed_without_words_that_drops_its_posts_is_painted_whole(
    stage: Stage, what: str, fill: str, posts: int
) -> None:
    """CAPTURE: nodes seen earlier are gone while scrollHeight stays, whatever they showed."""
    stage.site.body("/bild", b"<svg xmlns='http://www.w3.org/2000/svg'/>", kind="image/svg+xml")
    stage.site.page("/", DROPPING.replace("WHAT", what).replace("FILL", fill))
    sight, settled, taken = stage.run(photographed(stage))
    assert settled.virtualised
    rows = rows_of(taken, 640)
    assert [rows[colour(n)] for n in range(40)] == [300] * 40
    assert len(sight.harvest.ids) == taken.inspection.posts_painted == posts
    assert all(name.endswith(f"/p/{n}") for n, name in enumerate(sight.harvest.ids))


def test_a_page_that_draws_itself_anew_drops_nothing(stage: Stage) -> None:
    """Every node is another one after each step, and shows what the one before it showed."""
    stage.site.page(
        "/",
        """<style>body{margin:0} p{height:200px;margin:0}</style><main></main><script>
        const main = document.querySelector("main");
        const render = () => { main.innerHTML = Array.from({length: 40}, (_, n) =>
          `<p>Inlägg nummer ${n}</p>`).join(""); };
        render(); addEventListener("scroll", () => requestAnimationFrame(render));</script>""",
    )
    _, settled, taken = stage.run(photographed(stage))
    assert not settled.virtualised
    assert (taken.made, taken.height) == ("tiles", 8000)


def test_the_scroller_leaves_nothing_in_the_page(stage: Stage) -> None:
    """The record's DOM is the page's own: no global, no style, no attribute of ours."""
    stage.site.page("/", "<div style='height:5000px;scroll-behavior:smooth'>lång</div>")

    async def look() -> tuple[list[object], list[object]]:
        async with open_page(stage.browser, DESKTOP) as page:
            await page.goto(f"{stage.site.url}/")
            before = await page.evaluate(PAGE_AND_GLOBALS)
            scroller = await Scroller.find(page)
            assert (await scroller.by(500)).moved
            await scroller.unpin()
            await scroller.restore()
            return before, await page.evaluate(PAGE_AND_GLOBALS)

    before, after = stage.run(look())
    assert before == after
