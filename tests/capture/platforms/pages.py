"""Small pages of our own in the markup that each recipe expects: no platform's own text or code.

For each platform a profile (landmark, two posts, facts), its question of consent, a wall, and a
page that says that the account is gone; each of these in Swedish and in English.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True)
class Pages:
    """`facts` are what is read of the profile; `wall` and `gone` with the verdict they must get."""

    profile: str
    facts: dict[str, object]
    posts: tuple[str, str]
    """What tells each of the two posts from the other (the end of its id)."""
    consent: str
    wall: str
    wall_verdict: str = "login_wall"
    gone: str
    gone_verdict: str = "not_found"

    def told_in(self, language: str) -> "Pages":
        """The same in one language, apart from what the profile's people wrote."""
        return replace(
            self,
            profile=self.profile.replace(*_CLOSE[language]),
            consent=_in(language, self.consent),
            wall=_in(language, self.wall),
            gone=_in(language, self.gone),
        )


_CLOSE = {
    "sv": ('aria-label="Close"', 'aria-label="Stäng"'),
    "en": ('aria-label="Stäng"', 'aria-label="Close"'),
}
_WORDS = (
    ("Tillåt användning av cookies?", "Allow the use of cookies?"),
    ("Vi använder kakor.", "We use cookies."),
    ("Avvisa icke-nödvändiga cookies", "Refuse non-essential cookies"),
    ("Avvisa användningen av cookies", "Reject the use of cookies"),
    ("Avvisa valfria cookies", "Decline optional cookies"),
    ("Acceptera alla cookies", "Accept all cookies"),
    ("Tillåt alla cookies", "Allow all cookies"),
    ("Endast nödvändiga", "Only necessary"),
    ("Acceptera alla", "Accept all"),
    ("Tillåt alla", "Allow all"),
    ("Avvisa alla", "Reject all"),
    ("Acceptera", "Accept"),
    ("Neka", "Reject"),
    ("Sidan du letar efter finns inte här.", "The page you are looking for isn't here."),
    ("Profilen hittades inte", "Profile not found"),
    ("Gå till ditt nyhetsflöde", "Go to News Feed"),
    ("Innehållet är inte tillgängligt just nu", "This content isn't available right now"),
    ("Den här sidan är inte tillgänglig.", "Sorry, this page isn't available."),
    ("Sidan är inte tillgänglig.", "This page isn't available."),
    ("Sidan är inte tillgänglig", "Sorry, this page isn't available"),
    ("Sidan hittades inte", "Page not found"),
    ("Sidan finns inte", "Page not found"),
    ("Kontot är avstängt", "Account suspended"),
    ("Det gick inte att hitta kontot", "Couldn't find this account"),
    ("Dra reglaget", "Drag the slider"),
    ("Bekräfta att du inte är en robot", "Confirm you're not a robot"),
)
"""Of our own, in both languages; the longer first where one begins another."""


def _in(language: str, html: str) -> str:
    for sv, en in _WORDS:
        html = html.replace(en, sv) if language == "sv" else html.replace(sv, en)
    return html


def _consent(inner: str, button: str) -> str:
    refuse = "{ window.refused = true; document.querySelector('[data-banner]').remove(); }"
    return f"{inner}<script>document.querySelector('{button}').onclick = () => {refuse}</script>"


def _meta_consent(name: str) -> str:
    return _consent(
        f"""<div data-banner role="dialog" style="position:fixed;top:20%"><p>Tillåt användning av
        cookies? {name}</p><button>Tillåt alla cookies</button>
        <button id="no">Avvisa valfria cookies</button></div>""",
        "#no",
    )


def _own_consent() -> str:
    """A banner that whoever runs a server sets up: the recipe knows none."""
    return _consent(
        """<div data-banner class="cookie-banner" style="position:fixed;bottom:0">
        <p>Vi använder kakor.</p><button>Acceptera alla</button>
        <button id="no">Endast nödvändiga</button></div>""",
        "#no",
    )


PLATFORMS: dict[str, Pages] = {
    "mastodon": Pages(
        profile="""<div class="account-timeline__header"><div class="account__header">
          <div class="account__header__image"><img src="/c.png"></div>
          <div class="account__header__tabs"><span class="avatar"><img src="/a.png"></span></div>
          <div class="account__header__tabs__name"><h1><span>KI</span>
          <small>@ki@social.example</small></h1></div>
          <div class="account__header__content"><p>Forskning om hälsa.</p></div>
          <div class="account__header__fields"><a href="https://ki.example/">ki.example</a></div>
          <div class="account__header__extra__links"><a>12 inlägg</a> <a>3 följare</a></div></div>
          </div><div role="feed"><article data-id="1"><div class="status"><a
          class="status__relative-time" href="/@ki/1"><time datetime="2026-11-01T08:00:00Z">1 nov
          </time></a><div class="status__content"><div class="status__content__text">Hej</div></div>
          </div></article><article data-id="2"><div class="status"><a class="status__relative-time"
          href="/@ki/2"><time datetime="2026-11-02T08:00:00Z">2 nov</time></a></div></article>
          </div>""",
        facts={"name": "KI", "handle": "@ki@social.example", "bio": "Forskning om hälsa."},
        posts=("1", "2"),
        consent=_own_consent(),
        wall="/auth/sign_in",
        gone='<div class="error-column">The page you are looking for isn\'t here.</div>',
    ),
    "bluesky": Pages(
        profile="""<main data-testid="profileScreen"><div data-testid="userBannerImage">
          <img src="/c.png"></div><div data-testid="userAvatarImage"><img src="/a.png"></div>
          <h1 data-testid="profileHeaderDisplayName">KI</h1>
          <div data-testid="profileHeaderHandle">@ki.example</div>
          <div data-testid="profileHeaderDescription">Research on health.</div>
          <a data-testid="profileHeaderFollowersButton">3 followers</a>
          <div data-testid="feedItem-by-ki"><a href="/profile/ki/post/aa" aria-label="1 nov">1d</a>
          <div data-testid="postText">Hello</div></div><div data-testid="feedItem-by-ki">
          <a href="/profile/ki/post/bb" aria-label="2 nov">2d</a></div></main>""",
        facts={"name": "KI", "handle": "@ki.example", "bio": "Research on health."},
        posts=("aa", "bb"),
        consent=_own_consent(),
        wall="/login",
        gone='<div data-testid="error-screen">Profile not found</div>',
    ),
    "facebook": Pages(
        profile="""<div role="main"><h1>KI</h1><img data-imgperflogname="profileCoverPhoto"
          src="/c.png"><a href="/ki/followers/">3 tn följare</a>
          <div role="article"><a href="/ki/posts/pfbid01?__cft__=x">1 nov</a>
          <div data-ad-preview="message">Hej</div><div role="article">Kommentar</div></div>
          <div role="article"><a href="/ki/posts/pfbid02?__cft__=y">2 nov</a></div></div>
          <div role="dialog"><p>Logga in för att se mer</p><div role="button" aria-label="Stäng"
          onclick="this.parentElement.remove()">×</div></div>""",
        facts={"name": "KI", "counts": {"följare": 3000}},
        posts=("pfbid01", "pfbid02"),
        consent=_consent(
            """<div data-banner data-testid="cookie-policy-manage-dialog" role="dialog">
            <p>Tillåt användning av cookies?</p><button>Tillåt alla cookies</button>
            <button id="no" aria-label="Avvisa valfria cookies">Avvisa valfria cookies</button>
            </div>""",
            "#no",
        ),
        wall="/login.php",
        gone="""<div role="main"><a role="link">Gå till ditt nyhetsflöde</a>
          <p>Innehållet är inte tillgängligt just nu</p></div>""",
    ),
    "instagram": Pages(
        profile="""<meta property="og:title" content="KI (@ki) • Instagram-foton"><main><header>
          <img src="/a.png"><section><h2>ki</h2><ul><li>12 inlägg</li><li>3 följare</li></ul>
          <h1>Forskning om hälsa.</h1></section></header>
          <a href="/ki/p/C1/?igsh=z"><img alt="Hej"></a><a href="/ki/reel/C2/"><img alt="Då"></a>
          </main>""",
        facts={"name": "KI", "handle": "@ki", "counts": {"inlägg": 12, "följare": 3}},
        posts=("C1", "C2"),
        consent=_meta_consent("Instagram"),
        wall="/accounts/login/",
        gone="<main><h2>Sorry, this page isn't available.</h2></main>",
    ),
    "linkedin": Pages(
        profile="""<section class="top-card-layout"><img class="cover-img__image" src="/c.png">
          <img class="top-card-layout__entity-image" src="/a.png">
          <h1 class="top-card-layout__title">KI</h1>
          <h3 class="top-card-layout__first-subline">Solna 120 000 följare</h3></section>
          <p data-test-id="about-us__description">Forskning om hälsa.</p>
          <article data-activity-urn="urn:li:activity:1"><time>1d</time>
          <p data-test-id="main-feed-activity-card__commentary">Hej</p></article>
          <article data-activity-urn="urn:li:activity:2"><time>2d</time></article>""",
        facts={"name": "KI", "bio": "Forskning om hälsa.", "counts": {"följare": 120000}},
        posts=("activity:1", "activity:2"),
        consent=_consent(
            """<div data-banner class="artdeco-global-alert" role="alert"><p>Om cookies</p>
            <button action-type="ACCEPT">Acceptera</button>
            <button action-type="DENY">Neka</button></div>""",
            "[action-type=DENY]",
        ),
        wall="/authwall",
        gone='<section class="not-found"><h1>Page not found</h1></section>',
    ),
    "x": Pages(
        profile="""<div data-testid="primaryColumn"><div data-testid="UserName"><span>KI</span>
          <span>@ki</span></div><div data-testid="UserDescription">Research on health.</div>
          <a href="/ki/followers">3 followers</a><a href="/ki/photo"><img src="/a.png"></a>
          <article data-testid="tweet"><a href="/ki/status/11?s=20"><time
          datetime="2026-11-01T08:00:00Z">1 nov</time></a><div data-testid="tweetText">Hello</div>
          </article><article data-testid="tweet"><a href="/ki/status/12"><time
          datetime="2026-11-02T08:00:00Z">2 nov</time></a></article></div>""",
        facts={"name": "KI", "handle": "@ki", "counts": {"followers": 3}},
        posts=("11", "12"),
        consent=_consent(
            """<div data-banner data-testid="BottomBar"><p>Did someone say … cookies?</p>
            <button>Accept all cookies</button><button id="no">Refuse non-essential cookies</button>
            </div>""",
            "#no",
        ),
        wall="/i/flow/login",
        gone='<div data-testid="emptyState">Account suspended</div>',
        gone_verdict="removed",
    ),
    "youtube": Pages(
        profile="""<meta name="description" content="Forskning om hälsa."><div id="page-header">
          <h1>KI</h1><yt-content-metadata-view-model><span>@ki • </span><span role="text">3 tn
          prenumeranter</span></yt-content-metadata-view-model></div>
          <ytd-rich-item-renderer><a id="video-title-link" href="/watch?v=a1&pp=x"><span
          id="video-title">Film ett</span></a></ytd-rich-item-renderer>
          <ytd-rich-item-renderer><a id="video-title-link" href="/watch?v=a2">
          <span id="video-title">Film två</span></a></ytd-rich-item-renderer>""",
        facts={"name": "KI", "handle": "@ki", "bio": "Forskning om hälsa."},
        posts=("a1", "a2"),
        consent=_consent(
            """<ytd-consent-bump-v2-lightbox data-banner style="display:block"><p>Cookies</p>
            <button aria-label="Acceptera alla">Acceptera alla</button>
            <button id="no" aria-label="Avvisa användningen av cookies">Avvisa alla</button>
            </ytd-consent-bump-v2-lightbox>""",
            "#no",
        ),
        wall='<form id="captcha-form"><p>Bekräfta att du inte är en robot</p></form>',
        wall_verdict="bot_wall",
        gone='<div id="error-page">Sidan är inte tillgänglig.</div>',
    ),
    "tiktok": Pages(
        profile="""<div data-e2e="user-page"><span data-e2e="user-avatar"><img src="/a.png"></span>
          <h1 data-e2e="user-title">ki</h1><h2 data-e2e="user-subtitle">KI</h2>
          <strong data-e2e="followers-count">3 K</strong><h2 data-e2e="user-bio">Forskning.</h2>
          <div data-e2e="user-post-item"><a href="/@ki/video/71"><img alt="Hej"></a></div>
          <div data-e2e="user-post-item"><a href="/@ki/video/72"><img alt="Då"></a></div></div>""",
        facts={"name": "KI", "handle": "ki", "bio": "Forskning."},
        posts=("71", "72"),
        consent=_consent(
            """<tiktok-cookie-banner data-banner style="display:block"><p>Cookies</p>
            <button>Tillåt alla</button><button id="no">Avvisa valfria cookies</button>
            </tiktok-cookie-banner>""",
            "#no",
        ),
        wall='<div id="captcha-verify-container">Dra reglaget</div>',
        wall_verdict="bot_wall",
        gone="<p>Couldn't find this account</p>",
    ),
    "threads": Pages(
        profile="""<meta property="og:title" content="KI (@ki) • Threads"><div role="main">
          <div role="region"><h1>KI</h1><span>3 følgare</span></div>
          <div data-pressable-container="true"><a href="/@ki/post/t1"><time
          datetime="2026-11-01T08:00:00Z">1 nov</time></a><span dir="auto">Hej</span></div>
          <div data-pressable-container="true"><a href="/@ki/post/t2"><time
          datetime="2026-11-02T08:00:00Z">2 nov</time></a></div></div>""",
        facts={"name": "KI", "handle": "@ki"},
        posts=("t1", "t2"),
        consent=_meta_consent("Threads"),
        wall="/login",
        gone="<span>Sidan är inte tillgänglig</span>",
    ),
    "wordpress": Pages(
        profile="""<title>KI-bloggen</title><p class="site-title">KI-bloggen</p>
          <p class="site-description">Om forskning.</p><main><article class="post-1 post"
          id="post-1">
          <h2 class="entry-title"><a rel="bookmark" href="/2026/11/ett">Ett</a></h2><time
          datetime="2026-11-01T08:00:00Z">1 nov</time><div class="entry-content">Hej</div></article>
          <article class="post-2 post" id="post-2"><h2 class="entry-title"><a rel="bookmark"
          href="/2026/11/tva">Två</a></h2></article></main>""",
        facts={"name": "KI-bloggen", "bio": "Om forskning."},
        posts=("post-1", "post-2"),
        consent=_consent(
            """<div data-banner class="cmplz-cookiebanner" style="position:fixed"><p>Kakor</p>
            <button class="cmplz-accept">Acceptera</button><button class="cmplz-deny">Neka</button>
            </div>""",
            ".cmplz-deny",
        ),
        wall="/wp-login.php",
        gone='<script>document.body.className = "error404"</script><p>Sidan finns inte</p>',
    ),
}
