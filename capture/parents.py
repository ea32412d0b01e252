"""What each of a dialogue answers, as the platform's own interface tells the page.

Where a page shows comments and the answers to them in one row, no more than their order is to be
seen; what its script was given says the rest. Read from the recorded traffic; asks no site.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator

from capture.post import Post
from capture.recipe_model import Answers


def with_parents(post: Post, warc: Path, answers: Answers) -> Post:
    """The post and its comments, each with what it answers where the interface says it."""
    told = dict(_told(warc, answers))
    comments = tuple(
        replace(one, parent=told.get(one.id, one.parent)) for one in post.comments or ()
    )
    return replace(
        post,
        parent=told.get(post.id, post.parent),
        comments=None if post.comments is None else comments,
    )


def _told(warc: Path, answers: Answers) -> Iterator[tuple[str, str]]:
    """Ids, and of each the id of what it answers."""
    for document in _documents(warc):
        for one in _objects(document):
            own, above = (_at(one, path) for path in (answers.id, answers.parent))
            if own and above:
                yield answers.cut(own), answers.cut(above)


def _documents(warc: Path) -> Iterator[Any]:
    """What servers answered as JSON; what cannot be read as such is passed by."""
    with warc.open("rb") as stream:
        for record in ArchiveIterator(stream):
            head = record.http_headers
            if record.rec_type != "response" or not head:
                continue
            if "json" in (head.get_header("content-type") or "").lower():
                try:
                    yield json.loads(record.content_stream().read())
                except ValueError:
                    continue


def _objects(document: Any) -> Iterator[dict[str, Any]]:
    """Every object in it, however deep."""
    waiting = [document]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def _at(one: Any, path: str) -> str:
    """What stands at a path of keys with dots between; empty where there is no text or number."""
    for key in path.split("."):
        one = one.get(key) if isinstance(one, dict) else None
    return str(one) if isinstance(one, str | int) and not isinstance(one, bool) else ""
