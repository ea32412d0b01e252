"""The dialogue under a post is unfolded to its end, or to the number that is asked for."""

from dataclasses import replace

import pytest

from capture.browser import DESKTOP, open_page
from capture.dialogue import Dialogue, Opened
from capture.recipe import load_recipes
from capture.recipe_model import Press
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


@pytest.mark.parametrize(
    ("most", "shown", "folded", "why"),
    [(100, 12, 0, "end"), (5, 8, 1, "comments"), (0, 0, 1, "comments")],
)
def test_no_more_is_unfolded_than_is_asked_for(
    stage: Stage, most: int, shown: int, folded: int, why: str
) -> None:
    """INSYN_MOST_COMMENTS: a stated cap, and what is left folded is counted."""
    stage.site.page("/", _PAGE)
    fields = load_recipes().recipe_for("torget").post_page
    assert fields is not None
    short = replace(fields, buttons=(Press(select="button.more-comments", match=""),))

    async def unfold() -> tuple[Opened, int]:
        async with open_page(stage.browser, DESKTOP) as page:
            underway = Underway(page)
            await page.goto(f"{stage.site.url}/")
            dialogue = await Dialogue.on(page, short)
            opened = await dialogue.unfold(underway, most=most, seconds=60)
            return opened, await page.locator(".comment").count()

    opened, count = stage.run(unfold())
    assert (count, opened.folded, opened.stopped_by) == (shown, folded, why)
