"""What is read of a profile's page beside its pictures: texts, tree, name and facts, posts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import JsonValue

from capture.browser import Page
from capture.completeness import Look
from capture.dom_snapshot import dom_snapshot, snapshot_text
from capture.extract import (
    Extracted,
    accessibility_tree,
    extract,
    frames_text,
    mhtml,
    visible_text,
)
from capture.recipe import Recipe
from capture.secrets import SecretReplacer

_TREE_PART = "dom/snapshot.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """What a page said, its secrets still in it."""

    extracted: Extracted
    visible: str
    tree: str
    mhtml: str
    snapshot: Mapping[str, Any]
    title: str
    user_agent: str

    def clean(self, replacer: SecretReplacer) -> Extracted:
        """Name, facts and posts, secrets replaced."""
        facts = json.loads(replacer.scrub(_json(dict(self.extracted.facts)), "facts"))
        posts = json.loads(
            replacer.scrub(_json([dict(post) for post in self.extracted.posts]), "posts")
        )
        return replace(self.extracted, facts=facts, posts=tuple(posts))

    def parts(self, replacer: SecretReplacer) -> dict[str, str]:
        """The parts that tell of it, by their names."""
        clean = self.clean(replacer)
        return {
            "text/visible.txt": self.visible,
            "text/accessibility.txt": self.tree,
            "dom/page.mhtml": self.mhtml,
            _TREE_PART: snapshot_text(self.snapshot, replacer, _TREE_PART),
            "data/profile.json": _json(dict(clean.facts)),
            "data/posts.json": _json({"posts": [dict(post) for post in clean.posts]}),
        }


async def read(page: Page, recipe: Recipe, look: Look) -> Read:
    """Read a page that was photographed.

    A mosaic's text was read on the way: the page no longer has all of it.
    """
    session = await page.context.new_cdp_session(page)
    visible = look.harvest.text() or await visible_text(page)
    framed = await frames_text(page)
    return Read(
        visible=f"{visible}\n\n{framed}" if framed else visible,
        tree=await accessibility_tree(page),
        mhtml=await mhtml(session),
        snapshot=await dom_snapshot(session),
        title=await page.title(),
        user_agent=str(await page.evaluate("() => navigator.userAgent")),
        extracted=await extract(page, recipe, look.harvest.posts),
    )


def _json(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
