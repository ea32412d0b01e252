"""Facts as data: numbers as Swedish and English pages show them, digests of the bytes shown."""

import hashlib
import io

import pytest
from PIL import Image

from capture.browser import DESKTOP, open_page
from capture.extract import (
    Extracted,
    accessibility_tree,
    changes,
    extract,
    frames_text,
    mhtml,
    visible_text,
)
from capture.numbers import counts
from capture.recipe import load_recipes
from tests.capture.conftest import Stage

TORGET = load_recipes().recipe_for("torget")
GENERIC = load_recipes().recipe_for("generic")


def png(colour: str) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(data, "PNG")
    return data.getvalue()


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        ("12 480 följare", {"följare": 12480}),
        ("12\u00a0480 följare", {"följare": 12480}),
        ("12\u202f480 följare", {"följare": 12480}),
        ("12.480 följare", {"följare": 12480}),
        ("12,480 followers", {"followers": 12480}),
        ("1 234 567 följare", {"följare": 1234567}),
        ("1,234,567 followers", {"followers": 1234567}),
        ("0 inlägg", {"inlägg": 0}),
        ("7\nFöljare", {"följare": 7}),
        ("3,4 tn följare", {"följare": 3400}),
        ("3,4\u00a0tn", {"number": 3400}),
        ("12 tusen följare", {"följare": 12000}),
        ("1,2 mn följare", {"följare": 1200000}),
        ("1,2 mn.", {"number": 1200000}),
        ("1,2 miljoner följare", {"följare": 1200000}),
        ("2 miljoner följare", {"följare": 2000000}),
        ("1,5 md visningar", {"visningar": 1500000000}),
        ("3.4K followers", {"followers": 3400}),
        ("1.2M followers", {"followers": 1200000}),
        ("1.2 million followers", {"followers": 1200000}),
        ("12 medlemmar", {"medlemmar": 12}),
        ("4 böcker", {"böcker": 4}),
        ("4,5 i betyg", {"i betyg": 4.5}),
        ("Följare: 12 480", {"följare": 12480}),
        ("Followers 3.4K", {"followers": 3400}),
        ("Följ oss", {}),
        ("", {}),
    ],
)
def test_a_number_is_read_as_the_page_means_it(shown: str, read: dict[str, float]) -> None:
    assert counts([shown]) == read


def test_each_count_has_its_word() -> None:
    assert counts(["84 inlägg", "12 480 följare", "312 följer"]) == {
        "inlägg": 84,
        "följare": 12480,
        "följer": 312,
    }


PROFILE = """<title>KI på Torget</title><main data-torget="profile">
<img class=cover src="/cover.png"><img class=avatar src="{avatar}">
<h1 class=name>KI  Biblioteket <span>Verifierat</span></h1><p class=handle>@kibiblioteket</p>
<p class=bio>Universitets­bibliotek<br>i Solna</p>
<p class=links><a href="/om">Om oss</a><a href="https://kib.ki.se/">kib.ki.se</a></p>
<ul class=counts><li><b>2</b> inlägg</li><li><b>12&nbsp;480</b> följare</li></ul>
<article class=post data-post-id=p2><a href="/p/2"><time datetime="2026-11-02T09:00:00Z">1 v</time>
</a><p class=text>Nya öppettider.<br>Välkomna!</p></article>
<article class=post data-post-id=p1><p class=text>Hej</p></article></main>"""


def read(stage: Stage, recipe_name: str = "torget") -> Extracted:
    async def look() -> Extracted:
        async with open_page(stage.browser, DESKTOP) as page:
            await page.goto(f"{stage.site.url}/", wait_until="load")
            recipe = TORGET if recipe_name == "torget" else GENERIC
            return await extract(page, recipe)

    return stage.run(look())


def test_a_profile_is_read_by_its_recipe(stage: Stage) -> None:
    """R11: facts and posts are data, addresses whole, the newest post's time kept (R6)."""
    stage.site.body("/avatar.png", png("red"), kind="image/png")
    stage.site.body("/cover.png", png("blue"), kind="image/png")
    stage.site.page("/", PROFILE.format(avatar="/avatar.png"))
    found = read(stage)
    assert found.facts == {
        "name": "KI Biblioteket",
        "handle": "@kibiblioteket",
        "bio": "Universitets\u00adbibliotek i Solna",
        "links": [f"{stage.site.url}/om", "https://kib.ki.se/"],
        "counts": {"inlägg": 2, "följare": 12480},
        "counts_shown": ["2 inlägg", "12\u00a0480 följare"],
        "avatar_url": f"{stage.site.url}/avatar.png",
        "avatar_sha256": hashlib.sha256(png("red")).hexdigest(),
        "cover_url": f"{stage.site.url}/cover.png",
        "cover_sha256": hashlib.sha256(png("blue")).hexdigest(),
        "newest_post_at": "2026-11-02T09:00:00Z",
    }
    assert found.posts[0] == {
        "id": "p2",
        "link": f"{stage.site.url}/p/2",
        "at": "2026-11-02T09:00:00Z",
        "at_shown": "1 v",
        "text": "Nya öppettider.\nVälkomna!",
        "shared": False,
        "pinned": False,
    }
    assert found.posts[1]["at"] == found.posts[1]["link"] == ""
    assert found.drift == ()


def test_a_picture_from_another_site_has_its_digest_without_a_second_request(
    stage: Stage,
) -> None:
    """Platforms serve pictures from hosts whose answers a page may show but not read (CORS)."""
    stage.site.body("/avatar.png", png("red"), kind="image/png")
    stage.site.body("/cover.png", png("blue"), kind="image/png")
    stage.site.page("/", PROFILE.format(avatar=f"{stage.site.other}/avatar.png"))
    assert read(stage).facts["avatar_sha256"] == hashlib.sha256(png("red")).hexdigest()
    assert len(stage.site.asked("/avatar.png")) == 1


def test_a_picture_whose_bytes_cannot_be_had_is_unknown_and_no_change(stage: Stage) -> None:
    """R5: a picture host that is down has not changed the account's picture."""
    stage.site.body("/cover.png", png("blue"), kind="image/png")
    stage.site.page("/", PROFILE.format(avatar="/gone.png"))
    facts = read(stage).facts
    assert facts["avatar_sha256"] is None
    assert changes({"avatar_sha256": "a" * 64}, facts) == [
        name for name in changes({}, facts) if name != "avatar_sha256"
    ]


def test_a_recipe_that_matches_nothing_is_drift_and_no_change(stage: Stage) -> None:
    """A name that cannot be read is a finding about the recipe, not a profile without a name."""
    stage.site.page("/", '<main data-torget="profile"><h2>KI</h2><ul class=counts><li>3 inlägg')
    found = read(stage)
    assert found.facts["name"] is None
    assert [each.field for each in found.drift] == ["profile.name", "profile.handle", "posts.each"]
    assert found.drift[0].selector == "h1.name"
    assert "name" not in changes({"name": "KI"}, found.facts)


def test_an_account_without_posts_is_no_drift(stage: Stage) -> None:
    html = PROFILE.format(avatar="/a.png").partition("<article")[0].replace(">2<", ">0<")
    stage.site.page("/", html)
    assert read(stage).drift == ()


def test_an_emptied_bio_is_a_change() -> None:
    """R5"""
    now = {"name": "KI", "bio": "", "links": [], "avatar_sha256": "b", "cover_sha256": ""}
    before = {"name": "KI", "bio": "Hej", "links": [], "avatar_sha256": "a", "cover_sha256": None}
    assert changes(before, now) == ["bio", "avatar_sha256"]


@pytest.mark.parametrize(
    ("head", "body", "name"),
    [
        ('<meta property="og:title" content="KI (@ki)">', "<h1>KI Solna</h1>", "KI Solna"),
        ('<meta property="og:title" content="KI (@ki)">', "<p>x</p>", "KI (@ki)"),
        (
            '<script type="application/ld+json">{"@graph":[{"name":"Karolinska"}]}</script>',
            "<p>x</p>",
            "Karolinska",
        ),
        ("<title>KI – start</title>", "<p>x</p>", "KI – start"),
        ('<script type="application/ld+json">{trasig</script><title>T</title>', "x", "T"),
    ],
)
def test_a_page_without_a_recipe_gives_the_name_it_has(
    stage: Stage, head: str, body: str, name: str
) -> None:
    stage.site.page("/", f"<head>{head}</head><body>{body}</body>")
    found = read(stage, "generic")
    assert found.facts["name"] == name
    assert found.drift == ()


def test_the_text_of_frames_is_told_with_their_address(stage: Stage) -> None:
    """R7: what is embedded is shown, and what is shown is found again."""
    stage.site.page("/", "<h1>Utanför</h1><iframe src='/inne'></iframe><iframe></iframe>")
    stage.site.page("/inne", "<p>Inuti</p>")

    async def look() -> tuple[str, str]:
        async with open_page(stage.browser, DESKTOP) as page:
            await page.goto(f"{stage.site.url}/")
            return await visible_text(page), await frames_text(page)

    assert stage.run(look()) == ("Utanför", f"[{stage.site.url}/inne]\nInuti")


def test_text_tree_and_mhtml_hold_what_is_shown(stage: Stage) -> None:
    """R7, R11"""
    stage.site.page("/", "<h1>Räksmörgås</h1><p hidden>dold</p><button>Följ</button>")

    async def look() -> tuple[str, str, str]:
        async with open_page(stage.browser, DESKTOP) as page:
            await page.goto(f"{stage.site.url}/")
            session = await page.context.new_cdp_session(page)
            return await visible_text(page), await accessibility_tree(page), await mhtml(session)

    text, tree, saved = stage.run(look())
    assert text.split() == ["Räksmörgås", "Följ"]
    assert '- heading "Räksmörgås"' in tree
    assert '- button "Följ"' in tree
    assert "dold" not in tree
    assert "multipart/related" in saved
    assert f"Content-Location: {stage.site.url}/" in saved
