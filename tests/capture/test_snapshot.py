"""A page saved as MHTML holds no secret, wherever its lines are folded."""

from email import message_from_string, policy
from email.message import EmailMessage
from typing import cast

import pytest

from capture.browser import DESKTOP, open_page
from capture.extract import mhtml
from capture.secrets import SecretReplacer
from capture.snapshot import clean_text
from tests.capture.conftest import Stage
from tests.capture.recording import PNG

SECRET = "csrf/9d2e+41b7=="
NAME = "dom/page.mhtml"


def parts(saved: str) -> list[tuple[str, bytes]]:
    """Type and decoded content of each part, as the standard library reads them."""
    message = cast("EmailMessage", message_from_string(saved, policy=policy.default))
    assert message.is_multipart()
    return [
        (part.get_content_type(), cast("bytes", part.get_payload(decode=True)))
        for part in message.iter_parts()
    ]


def test_a_secret_is_found_in_a_saved_page_wherever_a_line_is_folded(stage: Stage) -> None:
    """C10: in the page, its styles and its drawings; what holds none is the same to the byte."""
    said = "".join(f"<p>{'y' * n}{SECRET}</p>\n" for n in range(80))
    stage.site.page("/", f"{said}<link rel=stylesheet href=/c.css><img src=/s.svg><img src=/i.png>")
    stage.site.body("/c.css", f"p::after {{ content: '{SECRET}' }}".encode(), kind="text/css")
    drawn = f"<svg xmlns='http://www.w3.org/2000/svg'><desc>{SECRET}</desc></svg>".encode()
    stage.site.body("/s.svg", drawn, kind="image/svg+xml")
    stage.site.body("/i.png", PNG, kind="image/png")

    async def saved() -> str:
        async with open_page(stage.browser, DESKTOP) as page:
            await page.goto(stage.site.url)
            return await mhtml(await page.context.new_cdp_session(page))

    text = stage.run(saved())
    assert clean_text(NAME, text, stage.replacer) == text
    stage.replacer.learn(SECRET, "token")
    clean = clean_text(NAME, text, stage.replacer)
    marker = stage.replacer.marker(SECRET)
    before, after = parts(text), parts(clean)
    assert [kind for kind, _ in after] == [kind for kind, _ in before]
    assert {kind for kind, _ in after} == {"text/html", "text/css", "image/svg+xml", "image/png"}
    for (_, old), (_, new) in zip(before, after, strict=True):
        assert new == old.replace(SECRET.encode(), marker.encode())
    assert (after[0][1].count(marker.encode()), PNG in dict(after).values()) == (80, True)
    lines = clean.split("\r\n")
    assert max(map(len, lines)) < 100
    assert not any("\r" in line or "\n" in line for line in lines), "Chromium reads no other end"
    told = {(each.where, each.name): each.count for each in stage.replacer.replaced}
    assert told == {(NAME, "token"): 82}


@pytest.mark.parametrize("ends", ["", "\r\n"])
def test_what_is_no_whole_mhtml_is_cleaned_as_it_stands(ends: str) -> None:
    replacer = SecretReplacer(b"k")
    replacer.learn(SECRET)
    head = 'Content-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
    broken = f"Content-Transfer-Encoding: base64\r\n\r\nx{SECRET}{ends}"
    for text in (SECRET, head + broken, head + f"\r\n\r\n{SECRET}{ends}"):
        assert SECRET not in clean_text(NAME, text, replacer)
        assert replacer.marker(SECRET) in clean_text(NAME, text, replacer)
