"""Pictures of whole pages, scored by the colours that the pages are made of. A real browser."""

import asyncio
import io
import time
from pathlib import Path

import pytest
from PIL import Image

from capture.browser import DESKTOP, MOBILE, open_page
from capture.errors import PictureBroken
from capture.picture import Photographer, PictureSet
from capture.picture_check import Band, Doubt, Inspection, Inspector, Shown, decode
from capture.scroller import Area, Scroller, Text
from capture.sight import Bounds, Sight
from capture.visit import Visit, visit
from storage.record import Viewport
from tests.capture.conftest import Stage
from tests.capture.photographing import (
    FEW,
    RECIPE,
    VIRTUAL,
    colour,
    column,
    css,
    photographed,
    rows_of,
    whole,
)


def test_every_row_of_a_page_past_the_compositors_limit_is_right(stage: Stage) -> None:
    """C30: 160,060 px, where one shot is white from 86,600 px on: each row as it belongs."""
    stage.site.page(
        "/",
        "<style>body{margin:0}i{display:block;height:2000px}</style>"
        + "".join(f"<i style='background:{css(n)}'></i>" for n in range(80))
        + "<p style='height:60px;margin:0'>slut</p>",
    )

    async def shots() -> PictureSet:
        async with open_page(stage.browser, DESKTOP) as page:
            sight = Sight.of(page, DESKTOP, RECIPE)
            await page.goto(f"{stage.site.url}/")
            photographer = Photographer(sight, await Scroller.find(page), stage.folder)
            return await photographer.photograph(FEW, virtualised=False)

    taken = stage.run(shots())
    assert (taken.made, taken.stopped_by, taken.height) == ("tiles", "end", 160_060)
    assert len(taken.tiles) == 41
    assert column(taken, 640)[:160_000] == [colour(n) for n in range(80) for _ in range(2000)]
    assert taken.seams
    assert all(seam.equal == 1 for seam in taken.seams)


def test_tiles_are_the_single_shot_to_the_pixel(stage: Stage) -> None:
    """C30: 40,060 px in words and colours; each row, about every seam too, is the single shot's.

    The shot in two halves, whose seam is a tile's middle: in one piece it takes 1.5 GB.
    """
    lines = "".join(
        f"<p style='background:{css(n)}'>Rad {n} om öppna forskningsdata</p>" for n in range(667)
    )
    style = "<style>p{height:60px;margin:0}p:last-child{height:100px}body{margin:0}</style>"
    stage.site.page("/", style + lines)

    async def shots() -> tuple[PictureSet, list[bytes]]:
        _, _, taken = await photographed(stage)
        async with open_page(stage.browser, DESKTOP) as page:
            await page.goto(f"{stage.site.url}/")
            halves: list[bytes] = []
            for top, height in ((0, 22_000), (22_000, 18_060)):
                clip = {"x": 0, "y": top, "width": 1280, "height": height}
                halves.append(await page.screenshot(full_page=True, clip=clip))  # type: ignore[arg-type]
            return taken, halves

    taken, halves = stage.run(shots())
    assert (len(taken.tiles), taken.height) == (11, 40_060)
    one = b"".join(Image.open(io.BytesIO(half)).convert("RGB").tobytes() for half in halves)
    assert whole(taken).tobytes() == one


@pytest.mark.parametrize("view", [DESKTOP, MOBILE], ids=["desktop", "mobile"])
def test_a_feed_that_drops_its_posts_is_painted_whole(stage: Stage, view: Viewport) -> None:
    """C31: 60 posts of which few are ever on the page: all painted, once, read, in their order."""
    stage.site.page("/", VIRTUAL)
    sight, settled, taken = stage.run(photographed(stage, view))
    assert settled.virtualised
    assert (taken.made, taken.stopped_by) == ("mosaic", "end")
    rows = rows_of(taken, round(5 * view.ratio))
    assert [rows[colour(n)] for n in range(60)] == [round(150 * view.ratio)] * 60
    assert all(seam.held for seam in taken.seams)
    assert len(sight.harvest.ids) == taken.inspection.posts_painted == 60
    assert [post["text"] for post in sight.harvest.posts] == [f"Inlägg {n}" for n in range(60)]
    said = sight.harvest.text().splitlines()
    assert said[0] == "Huvudet"
    assert [line for line in said if line.startswith("Inlägg")] == [
        f"Inlägg {n}" for n in range(60)
    ]


@pytest.mark.parametrize("made", ["tiles", "mosaic"])
def test_what_is_pinned_is_painted_once_and_let_be_afterwards(stage: Stage, made: str) -> None:
    """C32: a fixed head and a sticky one once each, a cookie banner that stays no more than once;
    nothing but what lies under the banner is lost, in a mosaic not that either; the page as before.
    """
    frame = "<iframe srcdoc='<body style=margin:0;background:rgb(0,0,250)>'></iframe>"
    posts = "".join(
        f"<article id=p{n} style='background:{css(n)}'>{n}</article>" for n in range(40)
    )
    stage.site.page(
        "/",
        """<style>body{margin:0;padding-top:50px} article{height:150px}
        .fixed{position:fixed;top:0;left:0;right:0;height:50px;background:rgb(250,0,0)}
        .sticky{position:sticky;top:50px;height:30px;background:rgb(0,250,0)}
        .cookies{position:fixed;bottom:0;left:0;width:700px;height:120px;background:rgb(250,250,0)}
        iframe{border:0;width:1280px;height:300px}</style><div class=fixed style="opacity:1"></div>
        <div class=sticky></div><div class=cookies role=dialog>Vi använder kakor</div>"""
        + posts
        + (frame if made == "mosaic" else ""),
    )
    _, _, taken = stage.run(photographed(stage, still=True))
    assert taken.made == made, "a frame below the window is painted only in sight"
    beside, under = rows_of(taken, 900), rows_of(taken, 640)
    assert (beside[250, 0, 0], beside[0, 250, 0]) == (50, 30)
    assert beside[0, 0, 250] == 300 * (made == "mosaic")
    assert [beside[colour(n)] for n in range(40)] == [150] * 40
    assert under[250, 250, 0] == (120 if made == "tiles" else 0)
    painted = [under[colour(n)] for n in range(40)]
    assert sum(painted) == 40 * 150 - under[250, 250, 0]


def test_a_page_that_is_not_made_for_phones_is_painted_in_its_full_width(stage: Stage) -> None:
    """Without a viewport of its own a page is laid out 980 px wide and shown smaller."""
    lines = "".join(f"<p style='background:{css(n)}'>{n}</p>" for n in range(30))
    stage.site.page("/", f"<style>body{{margin:0}} p{{height:98px;margin:0}}</style>{lines}")
    _, _, taken = stage.run(photographed(stage, MOBILE, still=True))
    assert (taken.made, taken.stopped_by, whole(taken).width) == ("mosaic", "end", 780)
    rows = rows_of(taken, 770)
    assert all(abs(rows[colour(n)] - 78) <= 1 for n in range(30))


def test_a_lazy_picture_that_never_comes_is_counted_and_waited_for_no_longer_than_a_bound(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C29: `complete` is never true; the others are loaded, and the numbers say so."""
    monkeypatch.setattr("capture.waiting._PATIENCE_S", 2.0)
    red = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'></svg>"

    async def never(_: object, wire: object) -> None:
        await asyncio.sleep(60)
        await wire.answer(b"")  # type: ignore[attr-defined]

    stage.site.routes["/never"] = never
    stage.site.body("/comes", red, kind="image/svg+xml")
    names = ("comes", "comes?2", "never")
    lazy = "".join(f"<img loading=lazy src=/{n} style='margin:900px 0'>" for n in names)
    stage.site.body("/comes?2", red, kind="image/svg+xml")
    stage.site.page(
        "/", f"<style>img{{display:block;width:9px;height:9px}}</style><h1>Bilder</h1>{lazy}"
    )
    began = time.monotonic()
    visited = stage.run(visit(f"{stage.site.url}/", RECIPE, stage.settings, stage.folder / "visit"))
    assert time.monotonic() - began < 60
    assert isinstance(visited, Visit)
    told = visited.completeness
    assert (told["images_loaded"], told["images_missing"]) == (2, 1)
    assert (told["mobile_images_loaded"], told["mobile_images_missing"]) == (2, 1)


@pytest.mark.parametrize(
    ("bounds", "stopped"),
    [
        (Bounds(height=3000, posts=1000, seconds=60, watch_s=2), "height"),
        (Bounds(height=100_000, posts=12, seconds=60, watch_s=2), "posts"),
    ],
)
def test_a_bound_that_ends_a_picture_is_told(stage: Stage, bounds: Bounds, stopped: str) -> None:
    """CAPTURE: why it ended (end reached, count, height, time) is said, not left to be guessed."""
    stage.site.page("/", VIRTUAL)
    _, _, taken = stage.run(photographed(stage, bounds=bounds))
    assert taken.stopped_by == stopped
    assert taken.height < 9000


def test_a_page_that_never_rests_is_filed_with_where_it_differs(stage: Stage) -> None:
    """CAPTURE: never equal → `settled=false` and where it differed; no loop without end."""
    stage.site.page(
        "/",
        """<style>b{position:absolute;left:100px;top:200px}</style><b></b><script>let n = 0;
        const tick = () => { document.querySelector("b").textContent = n++;
          requestAnimationFrame(tick); }; tick();</script>""",
    )
    bounds = Bounds(height=3000, posts=1000, seconds=12, watch_s=2)
    _, settled, taken = stage.run(photographed(stage, bounds=bounds))
    assert not settled.settled
    left, top, right, bottom = settled.steps["window_differs"]  # type: ignore[misc]
    assert (left >= 99, right < 200, top >= 199, bottom < 240) == (True,) * 4
    assert len(taken.tiles) == 1


def png(folder: Path, name: str, image: Image.Image) -> Path:
    image.save(folder / name)
    return folder / name


def test_an_empty_a_cut_and_a_wrongly_sized_picture_are_told(tmp_path: Path) -> None:
    """C30: a zero-length or wrong-size PNG is an error, never a picture."""
    good = png(tmp_path, "good.png", Image.effect_noise((40, 30), 50).convert("RGB"))
    assert decode(good, 40, 30).size == (40, 30)
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "cut.png").write_bytes(good.read_bytes()[:-400])
    for name in ("empty.png", "cut.png"):
        with pytest.raises(PictureBroken, match=f"{name} cannot be decoded"):
            decode(tmp_path / name)
    with pytest.raises(PictureBroken, match=r"40 × 30 pixels where 40 × 31"):
        decode(good, 40, 31)


def written(rows: int, at: int = 0) -> Image.Image:
    """A picture whose every row differs from every other, but for single-coloured ones."""
    image = Image.new("RGB", (64, rows))
    for y in range(rows):
        n = y + at
        image.putpixel((n % 60, y), (n % 251, n // 251 % 251, 200))
    return image


def test_a_white_band_where_texts_must_stand_is_doubted(tmp_path: Path) -> None:
    """CAPTURE: past its limit the compositor paints white, without an error."""
    texts = [Text(x=0, y=n * 100, width=60, height=90, text=f"{n}", clear=True) for n in range(60)]
    whole_one = png(tmp_path, "a.png", written(6000))
    found = inspect([whole_one], 6000, texts)
    assert (found.texts_looked_for, found.texts_painted, found.doubts) == (60, 60, ())
    white = written(6000)
    white.paste((255, 255, 255), (0, 3000, 64, 6000))
    found = inspect([png(tmp_path, "b.png", white)], 6000, texts)
    assert (found.texts_painted, found.blank) == (30, Band(top=3000, height=3000))
    assert found.doubts == (Doubt.UNPAINTED,)


def inspect(tiles: list[Path], height: int, texts: list[Text]) -> Inspection:
    shown = Shown(texts=texts, posts=(), grounds=(), ratio=1, repeat_px=1024)
    inspector = Inspector(64, shown)
    for tile in tiles:
        inspector.add(tile, height)
    return inspector.inspection()


def test_posts_below_where_a_picture_was_cut_off_make_it_no_doubtful_one(tmp_path: Path) -> None:
    """The time was over: the picture shows what it shows, and why it ended is told."""
    posts = tuple(Area(x=0, y=n * 100, width=60, height=90) for n in range(60))
    inspector = Inspector(64, Shown(texts=(), posts=posts, grounds=(), ratio=1, repeat_px=1024))
    inspector.add(png(tmp_path, "a.png", written(2000)), 2000)
    found = inspector.inspection()
    assert (found.posts, found.posts_painted, found.doubts) == (20, 20, ())


def test_a_picture_that_begins_again_is_doubted(tmp_path: Path) -> None:
    """CAPTURE: with GL the picture repeats from its top at 8,192 px; a pattern does not count."""
    first, second = (png(tmp_path, f"{n}.png", written(4000)) for n in "ab")
    assert inspect([first, second], 4000, []).repeated.height >= 3990
    assert inspect([first, second], 4000, []).doubts == (Doubt.REPEATED,)
    other = png(tmp_path, "c.png", written(4000, at=4000))
    assert inspect([first, other], 4000, []).doubts == ()
    stripes = Image.new("RGB", (64, 4000))
    for y in range(4000):
        stripes.putpixel((y % 7, y), (255, 255, 255))
    assert inspect([png(tmp_path, "d.png", stripes)], 4000, []).doubts == ()
