"""A page that is built in open shadow trees is read like any other. A real browser."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from capture.browser import DESKTOP, Page, open_page
from capture.extract import extract, read_posts, visible_text
from capture.recipe import load_recipes
from capture.scroller import Scroller
from capture.waiting import wait_for_text
from capture.walls import OK, judge, observe
from tests.capture.conftest import Stage

T = TypeVar("T")
GENERIC = load_recipes().recipe_for("generic")
APP = """<body><script>
customElements.define("x-app", class extends HTMLElement { connectedCallback() {
  this.attachShadow({mode: "open"}).innerHTML = `<style>.gone{display:none}</style>
    <main><h1>Biblioteket</h1><p class=gone>dold</p><p style="visibility:hidden">osynlig</p>
    <x-post n=1><em>Välkomna</em> alla</x-post><x-post n=2>Hej</x-post></main>`; } });
customElements.define("x-post", class extends HTMLElement { connectedCallback() {
  this.attachShadow({mode: "open"}).innerHTML = `<article><h2><a href="/p/${
    this.getAttribute("n")}">Rubrik</a></h2><p>Inlägg: <slot></slot></p></article>`; } });
document.body.append(document.createElement("x-app"));</script></body>"""


def looked(stage: Stage, look: Callable[[Page], Awaitable[T]]) -> T:
    async def visit() -> T:
        async with open_page(stage.browser, DESKTOP) as page:
            await page.goto(f"{stage.site.url}/")
            return await look(page)

    stage.site.page("/", APP)
    return stage.run(visit())


def test_text_in_shadow_trees_is_read_in_the_order_of_the_page(stage: Stage) -> None:
    """What is slotted stands where it is shown; what is hidden is not told."""
    assert looked(stage, visible_text).splitlines() == [
        "Biblioteket",
        "Rubrik",
        "Inlägg: Välkomna alla",
        "Rubrik",
        "Inlägg: Hej",
    ]


def test_the_self_check_and_the_mosaic_see_texts_in_shadow_trees(stage: Stage) -> None:
    async def texts(page: Page) -> list[str]:
        return [one.text for one in await (await Scroller.find(page)).texts()]

    told = looked(stage, texts)
    assert sorted(told) == sorted(
        ["Biblioteket", "Rubrik", "Inlägg:", "Välkomna", "alla", "Rubrik", "Inlägg:", "Hej"]
    )


def test_text_that_comes_in_a_shadow_tree_is_waited_for(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And for no longer than until it is there."""
    monkeypatch.setattr("capture.waiting._LANDMARK_MS", 60_000)
    host = "document.body.append(document.createElement('x-app'))"

    stage.site.page("/later", APP.replace(host, f"setTimeout(() => {host}, 700)"))

    async def waited(page: Page) -> str:
        await page.goto(f"{stage.site.url}/later")
        async with asyncio.timeout(20):
            await wait_for_text(page)
        return await visible_text(page)

    assert looked(stage, waited).startswith("Biblioteket")


def test_a_page_in_a_shadow_tree_is_not_blank(stage: Stage) -> None:
    async def judged(page: Page) -> object:
        seen = await observe(page, GENERIC, page.url, 200, {})
        return judge(seen, GENERIC)

    assert looked(stage, judged) == OK


def test_posts_and_facts_in_shadow_trees_are_read(stage: Stage) -> None:
    async def read(page: Page) -> tuple[object, list[object], list[object]]:
        found = await extract(page, GENERIC)
        posts = await read_posts(page, GENERIC)
        return found.facts["name"], [p["link"] for p in posts], [p["text"] for p in posts]

    name, links, texts = looked(stage, read)
    assert name == "Biblioteket"
    assert links == [f"{stage.site.url}/p/1", f"{stage.site.url}/p/2"]
    assert texts[0] == "Rubrik\nInlägg: Välkomna alla"
