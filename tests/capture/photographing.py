"""Pages settled and photographed as a visit does it, and their pictures read by colours."""

from collections import Counter

from PIL import Image

from capture.browser import DESKTOP, open_page
from capture.picture import Photographer, PictureSet
from capture.picture_check import decode
from capture.recipe import load_recipes
from capture.recipe_model import Recipe
from capture.settle import Settled, settle
from capture.sight import Bounds, Sight
from storage.record import Viewport
from tests.capture.conftest import Stage

FEW = Bounds(height=170_000, posts=1000, seconds=60, watch_s=2)
RECIPE = load_recipes().recipe_for("generic")
Taken = tuple[Sight, Settled, PictureSet]


def colour(number: int) -> tuple[int, int, int]:
    return 20 + number % 8 * 25, 20 + number // 8 % 8 * 25, 60 + number // 64 * 25


def css(number: int) -> str:
    return "rgb({},{},{})".format(*colour(number))


async def photographed(
    stage: Stage,
    view: Viewport = DESKTOP,
    *,
    bounds: Bounds = FEW,
    recipe: Recipe = RECIPE,
    still: bool = False,
) -> Taken:
    """Settle and photograph `/`; a `still` page must be found as it was."""
    async with open_page(stage.browser, view) as page:
        sight = Sight.of(page, view, recipe)
        await page.goto(f"{stage.site.url}/", wait_until="domcontentloaded")
        html = await page.evaluate("() => document.documentElement.outerHTML")
        settled, scroller = await settle(sight, bounds)
        photographer = Photographer(sight, scroller, stage.folder)
        taken = await photographer.photograph(bounds, virtualised=settled.virtualised)
        left = await page.evaluate("() => [document.documentElement.outerHTML, scrollY]")
        assert left[1] == 0
        assert not still or left[0] == html, "the page is put back as it was"
        return sight, settled, taken


def whole(taken: PictureSet) -> Image.Image:
    """The tiles under each other."""
    tiles = [decode(path) for path in taken.tiles]
    image = Image.new("RGB", (tiles[0].width, sum(tile.height for tile in tiles)))
    top = 0
    for tile in tiles:
        image.paste(tile, (0, top))
        top += tile.height
    return image


def column(taken: PictureSet, x: int) -> list[tuple[int, ...]]:
    image = whole(taken)
    data = image.crop((x, 0, x + 1, image.height)).tobytes()
    return [tuple(data[n : n + 3]) for n in range(0, len(data), 3)]


def rows_of(taken: PictureSet, x: int) -> Counter[tuple[int, ...]]:
    return Counter(column(taken, x))


VIRTUAL = """<meta name=viewport content="width=device-width">
<style>body{margin:0} article{position:absolute;left:0;right:0;height:150px}
header{height:100px;background:rgb(250,250,250)} #list{position:relative;height:9000px}</style>
<header>Huvudet</header><div id=list></div><script>
const css = n => `rgb(${20 + n % 8 * 25},${20 + (n >> 3) % 8 * 25},${60 + (n >> 6) * 25})`;
const render = () => {
  const top = -list.getBoundingClientRect().top;
  list.replaceChildren(...Array.from({length: 60}, (_, n) => n)
    .filter(n => n * 150 + 150 > top - 100 && n * 150 < top + innerHeight + 100)
    .map(n => Object.assign(document.createElement("article"), {id: `p${n}`,
      innerHTML: `<p style="margin:10px 40px">Inlägg ${n}</p>`,
      style: `top:${n * 150}px;background:${css(n)}`})));
};
addEventListener("scroll", render, {passive: true}); render();</script>"""
