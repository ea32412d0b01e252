"""The dialogue under a post is unfolded to its end, or to the number that is asked for."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from capture.browser import DESKTOP, open_page
from capture.dialogue import Dialogue, Opened, Seen
from capture.numbers import announced_in
from capture.recipe import load_recipes
from capture.recipe_model import PostPage, Press
from capture.waiting import Underway
from tests.capture.conftest import Stage

_PAGE = """<article class=post data-post-id=p></article><main></main>
<button class=more-comments>Visa fler</button><script>
let left = 12;
document.querySelector('button').onclick = (e) => {
  for (let n = 0; n < 4 && left; n++, left--) document.querySelector('main')
    .insertAdjacentHTML('beforeend', `<article class=comment data-comment-id=${left}></article>`);
  if (!left) e.target.remove();
}; document.title = 'done'</script>"""


def _torget() -> PostPage:
    fields = load_recipes().recipe_for("torget").post_page
    assert fields is not None
    return fields


def _unfolded(
    stage: Stage, fields: PostPage, *, most: int = 1000, seconds: float = 60
) -> tuple[Opened, Seen]:
    async def unfold() -> tuple[Opened, Seen]:
        async with open_page(stage.browser, DESKTOP) as page:
            underway = Underway(page)
            await page.goto(f"{stage.site.url}/")
            dialogue = await Dialogue.on(page, fields)
            opened = await dialogue.unfold(underway, most=most, seconds=seconds)
            assert dialogue.seen is not None
            return opened, dialogue.seen

    return stage.run(unfold())


@pytest.mark.parametrize(
    ("most", "shown", "folded", "why"),
    [(100, 12, 0, "end"), (5, 8, 1, "comments"), (0, 0, 1, "comments")],
)
def test_no_more_is_unfolded_than_is_asked_for(
    stage: Stage, most: int, shown: int, folded: int, why: str
) -> None:
    """INSYN_MOST_COMMENTS: a stated cap, and what is left folded is counted."""
    stage.site.page("/", _PAGE)
    short = replace(_torget(), buttons=(Press(select="button.more-comments", match=""),))
    opened, seen = _unfolded(stage, short, most=most)
    assert (len(seen.comments), opened.folded, opened.stopped_by) == (shown, folded, why)


_ONE = """const one = n => `<article class=comment data-comment-id=${n} style='height:300px'>
<p class=text>Svar ${n}</p></article>`;"""
_SCROLLED = """<article class=post data-post-id=p><p class=text>Hej</p></article>
<div class=dialogue><h2>ANNOUNCED kommentarer</h2></div><main></main><i id=end></i><script>ONE
let n = 0; const main = document.querySelector('main');
const add = html => main.insertAdjacentHTML('beforeend', html);
const bring = () => { for (let i = 0; i < 4 && n < 10; i++) add(one(n++));
  if (n === 8) { n = 80;
    add('<button class=more-comments onclick="n = 8; bring(); this.remove()">Visa fler</button>');
  } };
bring();
new IntersectionObserver(seen => { if (seen[0].isIntersecting) setTimeout(bring, 150); })
  .observe(document.querySelector('#end'));
</script>"""


@pytest.mark.parametrize(("announced", "why"), [(10, "end"), (14, "short")])
def test_comments_and_buttons_that_come_by_scrolling_are_brought_and_what_lacks_is_said(
    stage: Stage, announced: int, why: str
) -> None:
    """Announced is held against shown: an end before it is `short`, never whole."""
    stage.site.page("/", _SCROLLED.replace("ANNOUNCED", str(announced)).replace("ONE", _ONE))
    opened, seen = _unfolded(stage, _torget())
    assert (seen.announced, opened.stopped_by, opened.folded) == (announced, why, 0)
    assert [one["id"] for one in seen.comments] == [str(n) for n in range(10)]


_VIRTUAL = """<article class=post data-post-id=p><p class=text>Hej</p></article>
<div class=dialogue><h2>60 kommentarer</h2></div>
<main style="position:relative;height:18000px"></main>
<script>ONE
const main = document.querySelector('main');
const draw = () => { const first = Math.max(0, Math.floor(scrollY / 300) - 1);
  main.innerHTML = ''; for (let n = first; n < Math.min(60, first + 6); n++) {
    main.insertAdjacentHTML('beforeend', one(n));
    Object.assign(main.lastChild.style, {position: 'absolute', top: n * 300 + 'px'}); } };
addEventListener('scroll', draw); draw();
</script>"""


def test_a_dialogue_that_drops_what_is_off_screen_is_read_on_the_way(stage: Stage) -> None:
    stage.site.page("/", _VIRTUAL.replace("ONE", _ONE))
    opened, seen = _unfolded(stage, _torget())
    assert [one["text"] for one in seen.comments] == [f"Svar {n}" for n in range(60)]
    assert opened.stopped_by == "end"


_CUT = """<article class=post data-post-id=p><p class=text>Början<button class=more-text
onclick="this.outerHTML = ' och slutet'">… mer</button></p></article><div class=dialogue>
<h2>2 kommentarer</h2></div><article class=comment data-comment-id=1><p class=text>En<button
class=more-text onclick="this.previousSibling.data = this.previousSibling.data === 'En' ? 'En hel' :
'En'">…</button></p></article><button class=more-comments>Visa fler</button>"""


def test_a_cut_text_is_unfolded_once_whatever_the_cap(stage: Stage) -> None:
    """The post's own words are never left cut for the comments' sake; a switch is not put back."""
    stage.site.page("/", _CUT)
    opened, seen = _unfolded(stage, _torget(), most=1)
    assert (seen.post["text"], seen.post["cut"]) == ("Början och slutet", False)
    assert (seen.comments[0]["text"], seen.comments[0]["cut"]) == ("En hel…", False)
    assert opened.stopped_by == "comments"


def test_a_button_that_brings_nothing_is_dead_and_a_link_away_is_never_pressed(
    stage: Stage,
) -> None:
    stage.site.page(
        "/",
        _CUT.replace(
            "</button></p></article><button",
            "</button></p></article>"
            "<a href=/away><button class=more-comments>Mer</button></a><button",
        ),
    )
    opened, _ = _unfolded(stage, _torget())
    assert (opened.stopped_by, opened.folded) == ("dead", 1)
    assert not stage.site.asked("/away")


def test_comments_without_an_id_are_told_apart_by_who_said_what_and_when(stage: Stage) -> None:
    """A digest: the same at every look; what the same person says twice is two comments."""
    one = "<article class=comment><p class=author><b>{0}</b></p><p class=text>{1}</p></article>"
    said = "".join(one.format(*each) for each in [("Ann", "Hej"), ("Bo", "Hej"), ("Ann", "Hej")])
    stage.site.page("/", f"<article class=post data-post-id=p></article>{said}")
    fields = replace(_torget(), comments=replace(_torget().comments, id="", each=".comment"))
    first, second = (_unfolded(stage, fields)[1].comments for _ in range(2))
    assert len({each["id"] for each in first}) == 3
    assert first == second


@pytest.mark.parametrize(
    ("texts", "number"),
    [
        (["37 kommentarer"], 37),
        (["1,2 tn kommentarer"], 1200),
        (["Svara", "12", "12 Replies. Reply"], 12),
        (["12 likes, 3 comments - ki on November 12, 2025"], 3),
        (["Ett svar på ”Hej”"], 1),
        (["3 thoughts on “Hello”"], 3),
        (["Inga kommentarer än"], 0),
        (["3.4K"], 3400),
        (["Svara", "Dela"], None),
        ([], None),
    ],
)
def test_the_number_that_a_page_announces(texts: Sequence[str], number: int | None) -> None:
    assert announced_in(texts) == number
