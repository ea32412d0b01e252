"""What is told of an import: the report that its record holds, and its numbers.

Counts, ids, digests and names of files; nothing of what the export says. Reads nothing.
"""

from dataclasses import asdict

from pydantic import JsonValue

from capture.imports.crossing import told
from capture.imports.export import Understood
from capture.imports.reading import NOT_IN_EXPORT
from capture.imports.remainder import Kept
from storage.record import sha256


def report(read: Understood, kept: Kept | None) -> dict[str, JsonValue]:
    """What was understood, what was not, and what is not kept, as data.

    `kept` is the file that is kept, where one was laid out.
    """
    return {
        "platform": read.platform,
        "handle": read.handle,
        **counts(read),
        "given": {"sha256": read.given.sha256, "bytes": read.given.size} if read.given else None,
        "kept": {"sha256": kept.sha256, "bytes": kept.size} if kept else None,
        "left_out": [
            {"name": one.name, "what": one.what.value, "bytes": one.size, "sha256": one.sha256}
            for one in read.left_out
        ],
        "rewritten": [
            {"name": name, "entries_left_out": one.entries, "sha256": sha256(one.data)}
            for name, one in read.rewritten.items()
        ],
        "compared": told(read.crossed) if read.crossed else None,
        "files": [asdict(one) for one in read.files],
        "unknown": list(read.unknown),
        "findings": [
            {"code": f.code, "severity": f.severity.value, "place": f.place, "sv": f.sv, "en": f.en}
            for f in read.findings
        ],
    }


def counts(read: Understood) -> dict[str, JsonValue]:
    """The completeness of an import in numbers."""
    media = [one for post in read.posts for one in post.media or ()]
    return {
        "posts_found": len(read.posts),
        "comments_found": sum(len(post.comments or ()) for post in read.posts),
        "entries_left_out": sum(one.left_out for one in read.files),
        "entries_not_understood": sum(one.not_understood for one in read.files),
        "files_read": len(read.files),
        "files_unknown": len(read.unknown),
        "files_left_out": len(read.left_out),
        "media_files": read.media,
        "media_missing": sum(one.omitted == NOT_IN_EXPORT for one in media),
    }
