"""What a page asks late, in its place, or out of reach: real visits to pages of our own."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PIL import Image

from accounts.model import Account
from capture.browser import DESKTOP, open_page
from capture.cover import cover
from capture.post_visit import PostVisit, post_visitor
from capture.recipe import load_recipes
from capture.recipe_model import Recipe
from capture.recipe_trial import try_recipe
from capture.refusal import Refusal
from capture.visit import Visit, visit
from capture.walls import OK, Judgement
from examples.platform.server import Platform
from tests.capture.conftest import Stage
from tests.capture.recording import PNG
from tests.capture.site import Asked, Wire

RECIPES = load_recipes()
GENERIC = RECIPES.recipe_for("generic")
POSTS = "".join(
    f"<article><time datetime=2026-11-0{n}>{n} nov</time><p>Inlägg {n} om sömn.</p>"
    "<div style='height:500px'></div></article>"
    for n in range(1, 6)
)
PROFILE = f"<title>KI</title><main><h1>KI</h1>{POSTS}</main>"
POST = """<main data-torget=post><article class=post data-post-id=7><a href=/@ki/7>
<time datetime=2026-11-01T08:00:00Z>1 nov</time></a><p class=text>Hej</p></article></main>"""
BANNER = """<div role=dialog id=ask style="position:fixed;inset:30% 10% auto;background:#ff00fe">
  <p>Vi använder kakor.</p><button onclick="window.refused = 1; this.parentElement.remove()">
  Avvisa alla</button><button>Godkänn alla</button></div>"""
INSERT = f"document.body.insertAdjacentHTML('beforeend', `{BANNER}`)"


def visited(stage: Stage, recipe: Recipe = GENERIC, path: str = "/") -> Visit | Refusal:
    settings = replace(stage.settings, capture_seconds=60)
    return stage.run(visit(f"{stage.site.url}{path}", recipe, settings, stage.folder))


def pictures(stage: Stage) -> list[str]:
    return sorted(p.name for p in (stage.folder / "pictures").glob("*-before-consent*"))


def shown(stage: Stage) -> dict[str, bool]:
    """Every picture, and whether the banner's colour is in it."""
    found = {}
    for path in sorted((stage.folder / "pictures").glob("*.png")):
        with Image.open(path) as opened:
            colours = opened.convert("RGB").getcolors(1 << 24) or []
        found[path.name] = (0xFF, 0, 0xFE) in {colour for _, colour in colours}
    return found


@pytest.mark.parametrize(
    "when",
    [
        f"setTimeout(() => {INSERT}, 1500)",
        f"addEventListener('scroll', () => {{ {INSERT} }}, {{once: true}})",
    ],
    ids=["by time", "by scrolling"],
)
def test_a_banner_that_comes_late_is_photographed_refused_and_in_no_picture(
    stage: Stage, when: str
) -> None:
    """CAPTURE: the banner is photographed as seen, and the pictures are of the page."""
    stage.site.page("/", f"{PROFILE}<script>{when}</script>")
    made = visited(stage)
    assert isinstance(made, Visit), made
    assert (made.consent.found, made.consent.pressed, made.consent.gone) == (
        True,
        "Avvisa alla",
        True,
    )
    assert pictures(stage) == ["desktop-before-consent.png", "mobile-before-consent.png"]
    assert "kakor" not in (stage.folder / "text" / "visible.txt").read_text("utf-8")
    assert [name for name, banner in shown(stage).items() if banner] == pictures(stage)


def test_two_banners_are_refused_and_each_has_its_picture(stage: Stage) -> None:
    second = INSERT.replace("Avvisa alla", "Neka alla")
    stage.site.page("/", f"{PROFILE}{BANNER}<script>setTimeout(() => {second}, 1500)</script>")
    made = visited(stage)
    assert isinstance(made, Visit), made
    assert made.consent.pressed == "Avvisa alla; Neka alla"
    assert pictures(stage)[:2] == ["desktop-before-consent-2.png", "desktop-before-consent.png"]
    assert [name for name, banner in shown(stage).items() if banner] == pictures(stage)


def test_a_banner_that_comes_again_and_again_is_a_wall(stage: Stage) -> None:
    stage.site.page("/", f"{PROFILE}<script>onscroll = () => window.ask || ({INSERT})</script>")
    made = visited(stage)
    assert isinstance(made, Refusal)
    assert made.judgement.verdict == "consent_wall"
    assert made.judgement.evidence == ("asked anew 3 times",)


def test_an_invitation_that_comes_at_every_scrolling_stands_in_the_pictures(stage: Stage) -> None:
    """It is no wall: many platforms lay one over what they show to everybody."""
    offer = """<div id=offer style="position:fixed;bottom:0">Gå med!<button
      onclick="window.closed = 1; this.parentElement.remove()">×</button></div>"""
    more = f"window.offer || document.body.insertAdjacentHTML('beforeend', `{offer}`)"
    stage.site.page("/", f"{PROFILE}{offer}<script>onscroll = () => {more}</script>")
    made = visited(stage, replace(GENERIC, offer="#offer button"))
    assert isinstance(made, Visit), made
    assert not made.consent.found
    assert "Gå med!" in (stage.folder / "text" / "visible.txt").read_text("utf-8")


ASKING = """<title>Innan du fortsätter</title><h1>Innan du fortsätter</h1>
<p>Vi använder cookies.</p><form method=post action=/choice>
<button name=c value=no>Avvisa alla</button>
<button name=c value=yes>Godkänn alla</button></form>"""


def asks_first(stage: Stage, *, heeds: bool = True, profile: str = PROFILE) -> list[str]:
    """A profile that is shown to those who answered a page of its own; gives the answers."""
    answers: list[str] = []

    @stage.site.route("/")
    async def _(asked: Asked, wire: Wire) -> None:
        if heeds and "answered" in asked.headers.get("cookie", ""):
            await wire.answer(f"<!doctype html><meta charset=utf-8>{profile}".encode())
        else:
            await wire.answer(status="302 Found", headers=[b"Location: /consent?continue=%2F"])

    @stage.site.route("/choice")
    async def _(asked: Asked, wire: Wire) -> None:
        answers.append(asked.body.decode())
        await wire.answer(
            status="303 See Other", headers=[b"Location: /", b"Set-Cookie: answered=1; Path=/"]
        )

    stage.site.page("/consent", ASKING)
    return answers


@pytest.mark.parametrize("platform", ["generic", "late"])
def test_a_page_before_the_page_is_refused_and_leads_on(stage: Stage, platform: str) -> None:
    """CAPTURE: consent is handled first; the profile may be made by script when it is reached."""
    late = "<main></main><script>setTimeout(() => document.querySelector('main').innerHTML = "
    late += f"`<h1 class=who>KI</h1>{POSTS}`, 800)</script>"
    recipe = GENERIC if platform == "generic" else replace(GENERIC, landmark="h1.who")
    answers = asks_first(stage, profile=PROFILE if platform == "generic" else late)
    made = visited(stage, recipe)
    assert isinstance(made, Visit), made
    assert made.final_url == f"{stage.site.url}/"
    assert (made.consent.pressed, made.consent.gone) == ("Avvisa alla", True)
    assert made.completeness["posts_painted"] == 5
    assert answers == ["c=no", "c=no"], "the desktop's and the phone's"
    assert pictures(stage) == ["desktop-before-consent.png", "mobile-before-consent.png"]


def test_a_page_before_the_page_that_leads_nowhere_is_a_wall(stage: Stage) -> None:
    answers = asks_first(stage, heeds=False)
    made = visited(stage)
    assert isinstance(made, Refusal)
    assert made.judgement.verdict == "consent_wall"
    assert made.judgement.evidence == ("redirected to /consent",)
    assert answers == ["c=no"]
    assert made.picture


def test_a_recipes_trial_comes_in_as_a_capture_does(stage: Stage) -> None:
    asks_first(stage)
    trial = stage.run(try_recipe(f"{stage.site.url}/", GENERIC, stage.settings))
    assert trial.judgement == OK
    assert trial.final_url == f"{stage.site.url}/"
    assert trial.consent is not None
    assert trial.consent.pressed == "Avvisa alla"
    assert trial.extracted is not None
    assert len(trial.extracted.posts) == 5


@pytest.mark.parametrize("name", ["generic", "torget"])
def test_a_recipes_trial_tells_of_what_lies_over_the_page(stage: Stage, name: str) -> None:
    """A profile and a post: both would be gaps."""
    over = "<div id=lid style='position:fixed;inset:0;background:#ddd'>Ladda ner vår app</div>"
    stage.site.page("/", (PROFILE if name == "generic" else POST) + over)
    trial = stage.run(try_recipe(f"{stage.site.url}/", RECIPES.recipe_for(name), stage.settings))
    assert trial.judgement.verdict == "partial"
    assert "<div#lid>" in trial.judgement.evidence[0]
    assert trial.matches


def test_what_is_asked_in_the_pages_place_is_refused_before_its_landmark_is_missed(
    stage: Stage,
) -> None:
    """Some platforms show nothing at the same address until they are answered."""
    asking = ASKING.replace("<form method=post action=/choice>", "<form onsubmit='go(event)'>")
    script = f"<script>function go(e) {{ e.preventDefault(); document.body.innerHTML = `{PROFILE}`"
    stage.site.page("/", f"{asking}{script} }}</script>")
    made = visited(stage, replace(GENERIC, landmark="main h1"))
    assert isinstance(made, Visit), made
    assert made.consent.pressed == "Avvisa alla"


def test_a_feed_that_ends_in_a_demand_to_sign_in_is_a_capture_that_says_so(stage: Stage) -> None:
    """CAPTURE: a wall is one of the reasons for which a capture ends."""
    more = PROFILE.replace("</main>", "<p>Logga in för att se fler inlägg</p></main>")
    stage.site.page("/", more)
    made = visited(stage)
    assert isinstance(made, Visit), made
    assert (made.completeness["stopped_by"], made.completeness["posts_painted"]) == ("wall", 5)


def test_a_picture_that_the_site_has_not_is_broken_there_and_not_missing_here(stage: Stage) -> None:
    """Such a page can be captured; a picture that did not come for another reason still lacks."""
    there, led = "<img src=/none.png>" * 3, "<img src=/moved.png><img src=/gone.png>"
    stage.site.page("/", PROFILE.replace("<h1>", f"{there}{led}<img src=/fault.png><h1>"))
    stage.site.body("/moved.png", b"", status="302 Found", headers=[b"Location: /none.png"])
    stage.site.body("/gone.png", b"", status="410 Gone")
    stage.site.body("/fault.png", b"", status="503 Busy")
    made = visited(stage)
    assert isinstance(made, Visit), made
    for view in ("", "mobile_"):
        names = ("images_loaded", "images_broken", "images_missing")
        assert [made.completeness[view + name] for name in names] == [0, 3, 1]


CLOSED = """<prov-ruta id=overlay></prov-ruta><script>
document.querySelector('prov-ruta').attachShadow({mode: 'closed'}).innerHTML =
  `<div style="position:fixed;inset:0;background:white">WORDS <button>Godkänn</button></div>`
</script>"""
VEIL = "<div class=veil style='position:fixed;inset:0;background:#0008'></div>"
COVERS = {
    "a closed shadow tree": (CLOSED.replace("id=overlay", "id=cookie-consent"), "consent_wall"),
    "a closed shadow tree without a name": (CLOSED, "partial"),
    "a veil": (f"{VEIL}<p style='position:fixed;top:40%'>Snart öppnar butiken</p>", "partial"),
    "an absolute veil": (VEIL.replace("fixed", "absolute"), "partial"),
    "a modal dialogue": ("<dialog id=d>Hej!</dialog><script>d.showModal()</script>", "partial"),
    "a sign-in form": (VEIL.replace("</div>", "<input type=password></div>"), "login_wall"),
    "most of it": (VEIL.replace("inset:0", "inset:0 0 40%"), "partial"),
}  # fmt: skip
IN_SIGHT = {
    "a bar": "<div style='position:fixed;inset:80% 0 0;background:#fff'>Följ oss</div>",
    "less than half of it": VEIL.replace("inset:0", "inset:0 0 60%"),
    "a ground behind": "<div style='position:fixed;inset:0;z-index:-1;background:#eef'></div>",
    "a film that lets through": VEIL.replace("style='", "style='pointer-events:none;"),
    "a hidden veil": VEIL.replace("style='", "style='visibility:hidden;"),
}


@pytest.mark.parametrize("how", COVERS)
def test_what_covers_the_page_is_a_gap_that_says_what(stage: Stage, how: str) -> None:
    html, verdict = COVERS[how]
    stage.site.page("/", PROFILE + html)
    made = visited(stage)
    assert isinstance(made, Refusal), made
    assert made.judgement.verdict == verdict
    assert "of the window belongs to <" in made.judgement.evidence[0]
    assert made.picture


@pytest.mark.parametrize("how", IN_SIGHT)
def test_a_page_most_of_which_is_in_sight_is_covered_by_nothing(stage: Stage, how: str) -> None:
    assert covered(stage, PROFILE + IN_SIGHT[how]) is None


FIXED = "<div id=app style='position:fixed;inset:0;overflow:auto;background:#fff'>{}</div>"
STACKED = "".join(
    f"<div style='position:absolute;top:{n * 700}px;height:700px;width:100%'>Inlägg {n}</div>"
    for n in range(4)
)


@pytest.mark.parametrize(
    "html",
    [
        FIXED.format(PROFILE),
        f"<header>Sidhuvud</header>{FIXED.format(PROFILE)}",
        FIXED.format("<h1>KI</h1><p>Profil.</p>" * 40),
        f"<div style='position:relative'>{STACKED}</div>",
        f"""<prov-sida></prov-sida><script>document.querySelector('prov-sida')
          .attachShadow({{mode: 'closed'}}).innerHTML = `{PROFILE}`</script>""",
    ],
    ids=["fixed", "fixed over a header", "fixed without roles", "stacked", "closed shadow tree"],
)
def test_a_page_that_lives_in_a_box_of_its_own_is_not_its_own_cover(
    stage: Stage, html: str
) -> None:
    assert covered(stage, html) is None


def covered(stage: Stage, html: str) -> Judgement | None:
    stage.site.page("/", html)

    async def look() -> Judgement | None:
        async with open_page(stage.browser, DESKTOP) as page:
            await page.goto(f"{stage.site.url}/")
            return await cover(page, GENERIC)

    return stage.run(look())


@pytest.mark.parametrize("name", ["consent-late", "consent-scroll"])
def test_the_benchs_late_banners_are_refused(stage: Stage, platform: Platform, name: str) -> None:
    settings = replace(stage.settings, capture_seconds=60)
    made = stage.run(visit(f"{platform.url}/bench/{name}", GENERIC, settings, stage.folder))
    assert isinstance(made, Visit), made
    assert made.consent.refused
    for view in ("", "mobile_"):
        assert made.completeness[f"{view}posts_painted"] == 6
    assert not any(entry.path == "/bench/-/track.gif" for entry in platform.log)


def test_a_post_that_is_asked_for_behind_a_page_of_its_own_is_seen(
    stage: Stage, account_on: Callable[[str], Account]
) -> None:
    """Once for all posts of a visitor, as a profile's."""
    torget = RECIPES.recipe_for("torget")
    recipe = replace(torget, redirects=replace(torget.redirects, consent=("/consent",)))
    answers = asks_first(stage, profile=POST)

    for made in posts_visited(stage, account_on("ki"), recipe, "ab"):
        assert isinstance(made, PostVisit), made
        assert (made.consent.pressed, made.post.id) == ("Avvisa alla", "7")
    assert answers == ["c=no"]


def posts_visited(
    stage: Stage, account: Account, recipe: Recipe, folders: str
) -> list[PostVisit | Refusal]:
    async def look() -> list[PostVisit | Refusal]:
        async with post_visitor(account, recipe, stage.settings) as visitor:
            return [
                await visitor.visit(f"{stage.site.url}/", stage.folder / name) for name in folders
            ]

    return stage.run(look())


def test_a_posts_page_is_freed_of_a_late_banner_as_a_profile_is(
    stage: Stage, account_on: Callable[[str], Account]
) -> None:
    """CAPTURE: photographed where it stood, refused, in no picture; told of each post apart."""
    torget = RECIPES.recipe_for("torget")
    comments = "".join(
        f"<li class=comment data-comment-id={n}><p class=text>Svar {n}</p></li>" for n in range(3)
    )
    page = POST.replace("</article>", f"<ul>{comments}</ul></article>")
    stage.site.page("/", f"{page}<script>setTimeout(() => {{ {INSERT} }}, 1500)</script>")
    for made, name in zip(posts_visited(stage, account_on("ki"), torget, "ab"), "ab", strict=True):
        assert isinstance(made, PostVisit), made
        assert (made.consent.pressed, made.consent.gone) == ("Avvisa alla", True)
        folder = stage.folder / name
        stage.folder, kept = folder, stage.folder
        assert pictures(stage) == ["desktop-before-consent.png"]
        assert [picture for picture, banner in shown(stage).items() if banner] == pictures(stage)
        stage.folder = kept
        assert "kakor" not in (folder / "text" / "visible.txt").read_text("utf-8")


def test_what_lies_over_a_post_is_a_gap_that_names_it(
    stage: Stage, account_on: Callable[[str], Account]
) -> None:
    """R9: a cover of a post; a post that lies over other things itself is none."""
    torget, account = RECIPES.recipe_for("torget"), account_on("ki")
    over = "<div id=lid style='position:fixed;inset:0;background:#ddd'>Ladda ner vår app</div>"
    stage.site.page("/", POST + over)
    [made] = posts_visited(stage, account, torget, "a")
    assert isinstance(made, Refusal)
    assert made.judgement.verdict == "partial"
    assert "<div#lid>" in made.judgement.evidence[0]

    assert torget.post_page is not None
    fields = replace(
        torget.post_page,
        landmark="[data-torget=post]",
        post=replace(torget.post_page.post, each=".post"),
    )
    inner = POST.replace("main", "section").replace("article", "div")
    dialogue = f"<div style='position:fixed;inset:0;background:#fff'>{inner}</div>"
    stage.site.page("/", f"<p>{'Annat på sidan. ' * 99}</p>{dialogue}")
    [made] = posts_visited(stage, account, replace(torget, post_page=fields), "b")
    assert isinstance(made, PostVisit), made


def test_a_posts_pictures_that_the_site_has_not_are_told_apart(
    stage: Stage, account_on: Callable[[str], Account]
) -> None:
    stage.site.body("/there.png", PNG, kind="image/png")
    stage.site.body("/gone.png", b"", status="404 Not Found", kind="text/plain")
    images = "<img src=/there.png width=9><img src=/gone.png width=9>"
    stage.site.page("/", POST.replace("</p>", f"</p>{images}"))
    [made] = posts_visited(stage, account_on("ki"), RECIPES.recipe_for("torget"), "a")
    assert isinstance(made, PostVisit), made
    told = [made.completeness[f"images_{name}"] for name in ("loaded", "broken", "missing")]
    assert told == [1, 1, 0]
