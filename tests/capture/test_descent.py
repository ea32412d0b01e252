"""The end of a feed is believed only when nothing more comes, and what brings more is pressed."""

import asyncio
import re
from dataclasses import replace

import pytest

from capture.more_words import MORE
from capture.recipe import load_recipes
from capture.sight import Bounds
from tests.capture.conftest import Stage
from tests.capture.photographing import RECIPE, Taken, photographed

TORGET = load_recipes().recipe_for("torget")
FEED = """<style>article{height:500px}</style><main></main>END<script>
const main = document.querySelector("main"); let n = 0;
const add = () => { for (let i = 0; i < 4; i++, n++)
  main.insertAdjacentHTML("beforeend", `<article id=p${n}>${n}</article>`); };
add(); SCRIPT</script>"""
"""Four posts, and four more each time."""
OBSERVER = """let busy = false;
new IntersectionObserver(async ([seen], watcher) => {
  if (!seen.isIntersecting || n >= 16 || busy) return;
  busy = true; AWAIT; add(); busy = false; watcher.unobserve(end); watcher.observe(end);
}).observe(end);"""


def feed(stage: Stage, end: str, script: str) -> None:
    stage.site.page("/", FEED.replace("END", end).replace("SCRIPT", script))


def posts(taken: Taken) -> list[str]:
    sight, _, pictures = taken
    assert pictures.inspection.posts_painted == len(sight.harvest.ids)
    return list(sight.harvest.ids)


ALL = [f"p{n}" for n in range(16)]


def test_the_next_batch_is_waited_for_before_the_end_is_believed(stage: Stage) -> None:
    """CAPTURE: scrolling must not end while the page still fetches what comes next."""

    async def batch(asked: object, wire: object) -> None:
        await asyncio.sleep(0.8)
        await wire.answer(b"[]", kind="application/json")  # type: ignore[attr-defined]

    stage.site.routes["/batch"] = batch
    feed(stage, "<div id=end></div>", OBSERVER.replace("AWAIT", 'await fetch("/batch")'))
    taken = stage.run(photographed(stage))
    assert taken[1].stopped_by == "end"
    assert posts(taken) == ALL


@pytest.mark.parametrize("ms", [100, 500, 1000])
def test_a_feed_that_hesitates_has_not_ended(stage: Stage, ms: int) -> None:
    """Nothing is asked for and nothing changes for a second, and then more comes."""
    pause = f"await new Promise(done => setTimeout(done, {ms}))"
    feed(stage, "<div id=end></div>", OBSERVER.replace("AWAIT", pause))
    taken = stage.run(photographed(stage))
    assert taken[1].stopped_by == "end"
    assert posts(taken) == ALL


def test_what_watches_for_the_end_sees_it_come_again(stage: Stage) -> None:
    """Some feeds ask for more only when their end comes into sight, and not while it is there."""
    stage.site.page(
        "/",
        FEED.replace("END", "<div id=end style='height:20px'></div>").replace(
            "SCRIPT",
            """let ready = true;
            new IntersectionObserver(([seen]) => {
              if (!seen.isIntersecting || n >= 16 || !ready) return;
              ready = false; add(); setTimeout(() => { ready = true; }, 400);
            }).observe(end);""",
        ),
    )
    assert posts(stage.run(photographed(stage))) == ALL


def test_a_page_that_cannot_be_scrolled_has_its_end_at_once(stage: Stage) -> None:
    """Scrolling is the page's own business on some: there is room, and nothing moves."""
    feed(stage, "", "Element.prototype.scrollTo = () => {};")
    taken = stage.run(photographed(stage))
    assert (taken[1].stopped_by, taken[1].steps["scroll_steps"]) == ("end", 1)
    assert posts(taken) == ALL[:4]


def test_where_no_feed_is_nothing_is_watched_or_pressed(stage: Stage) -> None:
    """A post's own page: its dialogue is unfolded before, by the recipe."""
    feed(stage, BUTTON, PRESSED)
    bounds = Bounds(height=100_000, posts=1000, seconds=60, watch_s=0)
    _, settled, _ = stage.run(photographed(stage, bounds=bounds))
    assert (settled.stopped_by, settled.steps["more_pressed"]) == ("end", 0)


def test_an_end_that_there_is_no_time_to_watch_is_not_believed(stage: Stage) -> None:
    feed(stage, "", "")
    short = Bounds(height=100_000, posts=1000, seconds=4.5, watch_s=2)
    _, settled, _ = stage.run(photographed(stage, bounds=short))
    assert settled.stopped_by == "time"


BUTTON = "<button type=button id=more>Visa fler inlägg</button>"
PRESSED = "more.onclick = () => { setTimeout(() => { add(); more.hidden = n >= 16; }, 300); };"


def test_a_button_that_brings_more_is_pressed_until_it_brings_none(stage: Stage) -> None:
    feed(stage, BUTTON, PRESSED)
    taken = stage.run(photographed(stage))
    assert posts(taken) == ALL
    assert (taken[1].stopped_by, taken[1].steps["more_pressed"]) == ("end", 3)


def test_a_button_in_a_shadow_tree_is_pressed_too(stage: Stage) -> None:
    feed(
        stage,
        "<x-more></x-more>",
        """const root = document.querySelector("x-more").attachShadow({mode: "open"});
        root.innerHTML = `<button type=button id=more>Load more</button>`;
        const more = root.querySelector("button");"""
        + PRESSED,
    )
    assert posts(stage.run(photographed(stage))) == ALL


def test_a_button_that_brings_nothing_is_left_and_told(stage: Stage) -> None:
    feed(stage, BUTTON, "more.onclick = () => {};")
    taken = stage.run(photographed(stage))
    assert posts(taken) == ALL[:4]
    assert (taken[1].stopped_by, taken[1].steps["more_pressed"]) == ("button", 2)


@pytest.mark.parametrize(
    "button",
    [
        "<a href='/annan' id=more>Visa fler inlägg</a>",
        "<form action='/annan'><button id=more>Visa fler inlägg</button></form>",
        "<nav><button type=button id=more>Visa fler inlägg</button></nav>",
        "<article id=sist><button type=button id=more>Visa mer</button></article>",
        "<button type=button id=more>Visa fler kommentarer</button>",
        "<button type=button id=more hidden>Visa fler inlägg</button>",
    ],
)
def test_nothing_is_pressed_that_leads_away_or_brings_something_else(
    stage: Stage, button: str
) -> None:
    feed(stage, button, "more.onclick = () => { document.title = 'tryckt'; };")
    _, settled, _ = stage.run(photographed(stage))
    assert (settled.steps["more_pressed"], settled.stopped_by) == (0, "end")
    assert not stage.site.asked("/annan")


def test_with_a_recipe_only_what_it_names_is_pressed(stage: Stage) -> None:
    """A recipe knows its page: what it does not name stays, and is told."""
    feed(stage, BUTTON, PRESSED)
    each = "article"
    silent = replace(TORGET, posts=replace(RECIPE.posts, each=each))
    taken = stage.run(photographed(stage, recipe=silent))
    assert (taken[1].stopped_by, taken[1].steps["more_pressed"]) == ("button", 0)
    named = replace(TORGET, posts=replace(RECIPE.posts, each=each, more="#more"))
    taken = stage.run(photographed(stage, recipe=named))
    assert (taken[1].stopped_by, taken[1].steps["more_pressed"]) == ("end", 3)
    assert posts(taken) == ALL


@pytest.mark.parametrize(
    ("said", "more"),
    [
        ("Visa fler inlägg", True),
        ("  visa fler ", True),
        ("Ladda fler", True),
        ("Läs in fler poster …", True),
        ("Äldre inlägg", True),
        ("Load more", True),
        ("Show more posts", True),
        ("Older posts", True),
        ("View more", True),
        ("Visa fler kommentarer", False),
        ("Visa fler svar", False),
        ("Läs mer", False),
        ("Se mer", False),
        ("See more", False),
        ("Load more comments", False),
        ("Visa fler inlägg från andra", False),
        ("More", False),
    ],
)
def test_a_button_brings_more_by_its_whole_text(said: str, more: bool) -> None:
    assert bool(re.fullmatch(MORE, said, re.IGNORECASE)) is more
