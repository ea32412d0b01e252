"""Looks at posts from a page to the archive: whose they are, how whole, what they lead to.

On pages of our own in the markup of the imitation platform, which can be what Torget never is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from accounts.findings import Finding
from accounts.model import Account, PlatformId
from capture.drift import drift_findings
from capture.feed_finding import find_posts, note_feed_gap
from capture.post import Direction, MediaKind, Post
from capture.post_batch import look_at_posts
from capture.post_look import Look, Looked, Request
from capture.post_record import recorded_post
from capture.recipe import BUILT_IN
from storage.archive import Archive
from storage.people import service
from storage.query import Query
from storage.record import Reason, sha256, today, utc_now
from storage.settings import Settings
from tests.capture.platforms.post_pages import POSTS
from tests.capture.site import Site, apart

ACTOR = service("post_capture")
FILM = Path(__file__).parents[2] / "examples" / "platform" / "static" / "film.webm"
_SCROLLED = """<main data-torget=profile><h1 class=name>KI</h1><p class=handle>@ki</p></main><i
id=end></i><script>let n = 0; const main = document.querySelector('main');
const one = (n) => { const other = n === 37, id = other ? 'x9' : n;
  return `<article class=post data-post-id=${id} style='height:400px'>
  <a href='/@${other ? 'annan' : 'ki'}/p/${id}'><time datetime='2026-03-01T08:00:00Z'>1 mars</time>
  </a>${other ? '<i class=shared>KI delade</i>' : ''}<p class=text>Nr ${id}</p></article>`; };
const bring = () => { for (let i = 0; i < 8 && n < 40; i++)
  main.insertAdjacentHTML('beforeend', one(n++)); };
bring();
new IntersectionObserver(seen => { if (seen[0].isIntersecting) setTimeout(bring, 100); })
  .observe(document.querySelector('#end'));</script>"""
"""A feed of forty, eight at a time; far down one that another wrote."""


def _page(comments: str = "", *, at: str = "/@ki/p/1", who: str = "KI", more: str = "") -> str:
    return f"""<main data-torget=post><article class=post data-post-id={at.rpartition("/")[2]}>
      <a href="{at}"><time datetime="2026-03-01T08:00:00Z">1 mars</time></a><b class=who>{who}</b>
      <p class=text>Ny kurs</p>{more}</article>{comments}</main>"""


def _dialogue(announced: int, **said: str) -> str:
    """So many are announced; these are there. A button that brings nothing ends it early."""
    told = "".join(
        f"""<article class=comment data-comment-id={name}><p class=author><b>Ann</b></p>
        <time datetime="2026-03-02T08:00:00Z">2 mars</time><p class=text>{text}</p></article>"""
        for name, text in said.items()
    )
    button = "<button class=more-comments>Visa fler</button>" if len(said) < announced else ""
    return f"<div class=dialogue><h2>{announced} kommentarer</h2>{told}{button}</div>"


@dataclass
class Scene:
    site: Site
    account: Account
    settings: Settings
    archive: Archive

    def look(self, path: str = "/@ki/p/1", again: str = "", post: str = "torget:1") -> Looked:
        look = Look(
            post=post,
            url=f"{self.site.url}{path}",
            again=again,
            always=False,
            planned_at=utc_now(),
        )
        [looked] = look_at_posts(
            [look], self.request, settings=self.settings, archive=self.archive, actor=ACTOR
        )
        return looked

    def recorded(self, looked: Looked) -> Post:
        assert looked.record is not None, looked
        return recorded_post(self.archive, looked.record)

    @property
    def request(self) -> Request:
        return Request(account=self.account, reason=Reason.POSTS, ordered_by="schedule", note="")

    @property
    def evidence(self) -> tuple[str, ...]:
        """Of the newest gap."""
        return self.archive.gap_report(max(self.archive.gaps(), key=lambda gap: gap.at)).evidence

    @property
    def drifts(self) -> list[Finding]:
        return drift_findings(self.archive, [self.account])


@pytest.fixture
def scene(settings: Settings, account_on: Callable[[str], Account]) -> Iterator[Scene]:
    quick = replace(settings, post_pace_seconds=0)
    with apart() as site, Archive.open(quick) as archive:
        account = replace(account_on("ki"), url=f"{site.url}/@ki")
        site.page("/@ki", _SCROLLED)
        yield Scene(site, account, quick, archive)


def test_anothers_post_is_refused_and_one_that_the_account_shares_is_kept(scene: Scene) -> None:
    """R10, R13: however far down the feed shows it; and nobody else is named in the journal."""
    for name in ("x9", "x8"):
        path = f"/@annan/p/{name}"
        scene.site.page(path, _page(at=path, who="Någon Annan"))
    refused = scene.look("/@annan/p/x8", post="torget:x8")
    assert (refused.outcome, refused.record) == ("partial", None)
    assert "not this account's post" in scene.evidence[0]
    assert scene.archive.count(Query()) == 0
    kept = scene.look("/@annan/p/x9", post="torget:x9")
    post = scene.recorded(kept)
    assert (kept.outcome, post.direction) == ("captured", Direction.OTHER)
    assert post.repost_of == f"{scene.site.url}/@annan/p/x9"
    assert scene.look("/@annan/p/x9", "later", post="torget:x9").outcome == "unchanged"
    journal = " ".join(str(dict(entry.detail)) for entry in scene.archive.journal())
    assert "Någon Annan" not in journal
    assert "Ny kurs" not in journal


def test_a_second_look_that_is_not_whole_adds_and_edits_but_removes_nothing(scene: Scene) -> None:
    """R12: what it did not come to is not gone; a whole look then tells what is."""
    scene.settings = replace(scene.settings, floor_comments=40)
    scene.site.page("/@ki/p/1", _page(_dialogue(3, a="Hej", b="Fint", c="Bra")))
    assert scene.look().outcome == "captured"
    scene.site.page("/@ki/p/1", _page(_dialogue(3, b="Fint", c="Bra")))
    assert scene.look(again="fewer").outcome == "unchanged"
    scene.site.page("/@ki/p/1", _page(_dialogue(5, b="Mycket fint", d="Tack")))
    some = scene.look(again="some")
    assert some.outcome == "changed"
    assert some.record is not None
    assert some.record.changed == ("comments_added", "comments_edited")
    scene.site.page("/@ki/p/1", _page(_dialogue(2, b="Mycket fint", e="Nytt")))
    whole = scene.look(again="whole")
    assert whole.record is not None
    assert whole.record.changed == ("comments_added", "comments_removed")


def test_too_few_comments_are_a_gap_and_no_record_until_there_are_enough(scene: Scene) -> None:
    """R9, INSYN_FLOOR_COMMENTS: announced is held against shown."""
    scene.settings = replace(scene.settings, floor_comments=80)
    said = {name: f"Svar {name}" for name in "abcdefgh"}
    scene.site.page("/@ki/p/1", _page(_dialogue(10, a="Svar a")))
    short = scene.look()
    assert (short.outcome, short.record) == ("partial", None)
    assert scene.evidence == ("1 of 10 comments shown (dead); at least 80 % are asked for",)
    assert scene.archive.count(Query()) == 0
    scene.site.page("/@ki/p/1", _page(_dialogue(10, **said)))
    assert len(scene.recorded(scene.look()).comments or ()) == 8


def test_a_page_that_its_recipe_no_longer_fits_is_a_finding_with_its_day(scene: Scene) -> None:
    """CAPTURE: drift of a post's page, its comments and the feed; a mended page ends its own."""
    scene.site.page("/@ki/p/1", _page(_dialogue(1, a="Hej")).replace("class=who", "class=vem"))
    assert scene.look().outcome == "captured"
    [author] = scene.drifts
    assert (author.code, author.place) == ("E104", "torget.toml")
    assert today().isoformat() in author.sv
    assert "post_page.post.author (.who) matches nothing" in author.en
    scene.site.page("/@ki/p/1", _page(_dialogue(2, a="Hej", b="Du").replace("<b>Ann</b>", "Ann")))
    assert scene.look(again="comments").outcome == "changed"
    [comments] = scene.drifts
    assert "post_page.comments.author (.author b)" in comments.en
    scene.site.page("/@ki", _SCROLLED.replace("class=post", "class=inlagg"))
    feed = find_posts(scene.account, settings=scene.settings, archive=scene.archive)
    assert note_feed_gap(scene.request, feed, scene.archive, ACTOR)
    assert {one.en.partition(": ")[2].partition(" ")[0] for one in scene.drifts} == {
        "posts.each",
        "post_page.comments.author",
    }
    scene.site.page("/@ki/p/1", _page(_dialogue(3, a="Hej", b="Du", c="Där")))
    assert scene.look(again="mended").outcome == "changed"
    [feed_too] = scene.drifts  # no walk has read the feed since
    assert "posts.each" in feed_too.en


def test_a_film_that_loads_only_when_it_is_played_is_a_file_of_its_record(
    scene: Scene, tmp_path: Path
) -> None:
    """C14: nothing is played, and the page says of it what it said."""
    recipe = (BUILT_IN / "torget.toml").read_text("utf-8")
    told = recipe.replace('media = "img.picture"', 'media = "img.picture, video"')
    (tmp_path / "torget.toml").write_text(told, "utf-8")
    scene.settings = replace(scene.settings, recipes=tmp_path)
    film = FILM.read_bytes()
    scene.site.body("/film.webm", film, kind="video/webm")
    written = '<video id=film preload=none src="/film.webm" controls muted></video>'
    scene.site.page("/@ki/p/1", _page(more=written))
    looked = scene.look()
    [medium] = scene.recorded(looked).media or ()
    assert (medium.kind, medium.omitted, medium.sha256) == (MediaKind.VIDEO, None, sha256(film))
    assert looked.record is not None
    assert scene.archive.read_part(looked.record, medium.part or "") == film
    assert scene.archive.manifest(looked.record).description.completeness["media_held"] == 1
    tree = scene.archive.read_part(looked.record, "dom/page.mhtml").decode()
    assert 'preload=3D"none"' in tree
    played = [one for one in scene.site.asked("/film.webm") if "range" not in one.headers]
    assert played, "its whole file was asked for"


def test_whom_a_comment_answers_is_in_its_record_as_the_interface_says(scene: Scene) -> None:
    """R11: from the page's own traffic to the record."""
    told = POSTS["mastodon"]
    scene.account = replace(scene.account, platform=PlatformId("mastodon"))
    scene.site.page(told.path, told.html)
    scene.site.body("/interface", told.interface.encode(), kind="application/json")
    post = scene.recorded(scene.look(told.path, post="mastodon:1"))
    assert [(one.id, one.parent) for one in post.comments or ()] == [
        (one.id, one.parent) for one in told.comments
    ]
