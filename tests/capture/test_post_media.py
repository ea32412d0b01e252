"""A post's media as files of their own, from the traffic that a real browser had."""

import hashlib
import io
from dataclasses import replace
from pathlib import Path

from PIL import Image

from capture.browser import Page
from capture.dialogue import Seen, read_dialogue
from capture.post import MediaKind, posts_from_json, posts_to_json
from capture.post_media import keep_media
from capture.post_reading import read_post
from capture.recipe import load_recipes
from capture.recorder import Recorder
from storage.record import utc_now
from tests.capture.conftest import Stage
from tests.capture.recording import recorded

FILM = Path(__file__).parents[2] / "examples" / "platform" / "static" / "film.webm"
POST = """<article class=post data-post-id=p1><a href="/p1"><time datetime="2026-03-01T08:00:00Z">
i går</time></a><b class=who>KI</b><p class=text>Hej</p>{media}</article>
<article class=comment data-comment-id=c1><p class=text>Fin!</p>
<img class=picture src="/led/here.png" alt="svar"></article>"""
MEDIA = """<img class=picture src="/led/here.png" alt="En bild">
<img class=picture src="/gone.png" alt="Borta"> <img class=picture src="/broken.png" alt="Trasig">
<img class=picture src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="Inbäddad">
<video class=picture src="/film.webm" poster="/poster.jpg" muted></video>
<video class=picture poster="/poster.jpg"></video>
<script>new Promise(r => onload = r).then(() => document.title = 'done')</script>"""


def test_media_are_files_of_their_own_or_say_why_not(stage: Stage) -> None:
    """Pictures through redirects, a film whole, its poster; what is not held is told."""
    picture, poster, film = _png("#aa3366"), _png("#117755"), FILM.read_bytes()
    stage.site.page("/", POST.format(media=MEDIA))
    to = [b"Location: /here.png"]
    stage.site.body("/led/here.png", b"", status="302 Found", headers=to)
    stage.site.body("/here.png", picture, kind="image/png")
    stage.site.body("/poster.jpg", poster, kind="image/jpeg")  # a PNG, whatever it is called
    stage.site.body("/broken.png", picture[: len(picture) // 2], kind="image/png")
    stage.site.body("/film.webm", film, kind="video/webm")
    torget = load_recipes().recipe_for("torget").post_page
    assert torget is not None
    fields = replace(
        torget,
        post=replace(torget.post, media=".picture"),
        comments=replace(torget.comments, media=".picture"),
    )
    seen: list[Seen | None] = []

    async def act(page: Page, _: Recorder) -> None:
        seen.append(await read_dialogue(page, fields))

    _, path = recorded(stage, act)
    [said] = seen
    assert said is not None
    found = read_post(
        said, platform="torget", account="ki", owner="", url=stage.site.url, at=utc_now()
    )
    post = keep_media(found, path, stage.folder, {})

    image, video = MediaKind.IMAGE, MediaKind.VIDEO
    told = [(one.kind, one.alt, one.media_type, one.omitted) for one in post.media or ()]
    assert told == [
        (image, "En bild", "image/png", None),
        (image, "Borta", None, "the server answered 404, without the file"),
        (image, "Trasig", "image/png", "what came is no picture that can be decoded"),
        (image, "Inbäddad", None, "the page gives no file of it"),
        (video, None, "video/webm", None),
        (image, None, "image/png", None),
        (video, None, None, "the page gives no file of it"),
        (image, None, "image/png", None),
    ]
    [comment] = post.comments or ()
    [answer] = comment.media or ()
    held = [one for one in (*(post.media or ()), answer) if one.part]
    bodies = [(stage.folder / str(one.part)).read_bytes() for one in held]
    assert bodies == [picture, film, poster, poster, picture]
    for one, body in zip(held, bodies, strict=True):
        assert one.sha256 == hashlib.sha256(body).hexdigest()
        assert one.part == f"media/{one.sha256}.{'webm' if body == film else 'png'}"
    assert len(list((stage.folder / "media").iterdir())) == 3, "each file once, and nothing else"
    assert posts_from_json(posts_to_json((post,))) == (post,)
    asked = [each.path for each in stage.site.got]
    assert asked.count("/here.png") == asked.count("/poster.jpg") == 1, "no picture twice"
    assert all(one.omitted for one in keep_media(found, None, stage.folder, {}).media or ())


def _png(colour: str) -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(file, "png")
    with Image.open(file) as drawn:
        drawn.paste(colour, (0, 0, 20, 20))
        file = io.BytesIO()
        drawn.save(file, "png")
    return file.getvalue()
