"""Writes the traffic as WARC/1.1, one exchange after the other.

Each record is a gzip member of its own, flushed when it ends, in a file named `*.part` until it is
closed cleanly. Blocking: the recorder calls it from a thread of its own.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from capture.answers import Answers
from capture.exchange import Exchange, Headers, canonical, reason_phrase, stored_headers
from capture.members import HttpHead, Members, RecordWriter, payload_digest
from capture.scrub import scrub_warc
from capture.secrets import SecretReplacer

IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

_PACKED = ("image/", "video/", "audio/", "font/", "application/zip", "application/gzip")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seen:
    url: str
    date: str
    digest: str


class WarcFile:
    """A WARC that is being written; `records` and the file never hold a torn record."""

    def __init__(self, path: Path, replacer: SecretReplacer, software: dict[str, str]) -> None:
        self.path = path
        self.part = path.with_name(f"{path.name}.part")
        self.records = 0
        self._replacer = replacer
        self._known_at_first: int | None = None
        self._payloads: dict[str, _Seen] = {}
        self._urls: dict[str, _Seen] = {}
        self._answers = Answers()
        self._out: BinaryIO = self.part.open("wb")
        self._begin_members()
        self._guarded(self._writer.create_warcinfo_record(path.name, software))

    @property
    def size(self) -> int:
        """Bytes written."""
        return self._out.tell() if not self._out.closed else self.path.stat().st_size

    def has(self, url: str) -> bool:
        """Whether a whole response for the address is already written."""
        return canonical(url) in self._urls

    def write(self, exchange: Exchange) -> None:
        """Write response (or revisit) and request, secrets replaced.

        Raises:
            OSError: the disk is full or gone; the file still ends at the record before.
        """
        clean = self._scrubbed(exchange)
        self._put(clean)
        self._answers.note(clean)

    def write_beside(self, exchange: Exchange) -> bool:
        """Write what another view of the page was answered; false where a player would give it to
        this view in the place of its own answer.

        Raises:
            OSError: the disk is full or gone; the file still ends at the record before.
        """
        clean = self._scrubbed(exchange)
        if self._answers.would_give_way_to(clean):
            return False
        self._put(clean)
        return True

    def _put(self, clean: Exchange) -> None:
        response = self._response(clean)
        request = self._request(clean)
        self._members.level = 1 if clean.media_type.startswith(_PACKED) else 6
        request.rec_headers.add_header(
            "WARC-Concurrent-To", response.rec_headers.get_header("WARC-Record-ID")
        )
        self._guarded(response)
        self._members.level = 6
        self._guarded(request)
        self._remember(clean, response)

    def add_resource(self, uri: str, media_type: str, body: bytes) -> None:
        """Write a `resource` record, such as a picture under `urn:view:…`."""
        self._note_known()
        uri = self._replacer.scrub(uri, "address")
        if not media_type.startswith(_PACKED):
            body = self._replacer.scrub(body, "resource")
        self._members.level = 1 if media_type.startswith(_PACKED) else 6
        self._guarded(
            self._writer.create_warc_record(
                uri,
                "resource",
                payload=BytesIO(body),
                length=len(body),
                warc_content_type=media_type,
                warc_headers_dict={"WARC-Date": _date(datetime.now(UTC))},
            )
        )

    def close(self) -> None:
        """Scrub what was learnt late, put it on the disk and give the file its name."""
        self.abandon()
        if self._known_at_first not in (None, self._replacer.known):
            scrub_warc(self.part, self._replacer)
        with self.part.open("rb") as done:
            os.fsync(done.fileno())
        self.part.replace(self.path)

    def reopen(self) -> None:
        """Go on where it was closed.

        Raises:
            OSError: the file is gone, or may not be written.
        """
        self.path.replace(self.part)
        self._out = self.part.open("r+b")
        self._out.seek(0, os.SEEK_END)
        self._begin_members()

    def _begin_members(self) -> None:
        self._members = Members(self._out)
        self._writer = RecordWriter(self._members, gzip=False, warc_version="WARC/1.1")

    def _note_known(self) -> None:
        """A file into which every record came with all secrets known need not be read again."""
        if self._known_at_first is None:
            self._known_at_first = self._replacer.known

    def abandon(self) -> None:
        """Close and leave the `.part`, whole to its last record."""
        if not self._out.closed:
            self._out.close()

    def _guarded(self, record: Any) -> None:
        start = self._out.tell()
        try:
            self._writer.write_record(record)
        except OSError:
            self._members.abandon()
            self._out.seek(start)
            self._out.truncate()
            raise
        self.records += 1

    def _scrubbed(self, exchange: Exchange) -> Exchange:
        replacer = self._replacer
        replacer.learn_headers([*exchange.request_headers, *exchange.response_headers])
        replacer.learn_fields(exchange.url)
        if exchange.post is not None:
            replacer.learn_fields(exchange.post.decode("utf-8", "replace"))
        self._note_known()
        body = replacer.scrub(exchange.body, "response body")
        post = None if exchange.post is None else replacer.scrub(exchange.post, "request body")
        return Exchange(
            method=exchange.method,
            url=replacer.scrub(canonical(exchange.url), "address"),
            request_headers=replacer.headers(exchange.request_headers, "request header"),
            post=post,
            status=exchange.status,
            reason=exchange.reason,
            response_headers=replacer.headers(exchange.response_headers, "response header"),
            body=body,
            date=exchange.date,
            address=exchange.address,
            protocols=exchange.protocols,
            truncated=exchange.truncated,
            fetched_by=exchange.fetched_by,
        )

    def _response(self, exchange: Exchange) -> Any:
        digest = payload_digest(exchange.body)
        seen, profile = self._earlier(exchange, digest)
        length = len(exchange.body)
        status = f"{exchange.status} {reason_phrase(exchange.status, exchange.reason)}"
        head = HttpHead(
            status, stored_headers(exchange.response_headers, length), protocol="HTTP/1.1"
        )
        fields = self._fields(exchange)
        if seen is None:
            record = self._writer.create_warc_record(
                exchange.url,
                "response",
                payload=BytesIO(exchange.body),
                length=length,
                http_headers=head,
                warc_headers_dict={**fields, "WARC-Payload-Digest": digest},
            )
        else:
            record = self._writer.create_revisit_record(
                exchange.url,
                seen.digest,
                seen.url,
                seen.date,
                http_headers=head,
                warc_headers_dict=fields,
            )
            record.rec_headers.replace_header("WARC-Profile", profile)
        for protocol in exchange.protocols:
            record.rec_headers.add_header("WARC-Protocol", protocol)
        return record

    def _earlier(self, exchange: Exchange, digest: str) -> tuple[_Seen | None, str]:
        """The record that this one only repeats, if there is one."""
        if exchange.status == 304:
            return self._urls.get(exchange.url), NOT_MODIFIED
        if exchange.body and exchange.truncated is None and exchange.method == "GET":
            return self._payloads.get(digest), IDENTICAL
        return None, ""

    def _request(self, exchange: Exchange) -> Any:
        headers = _request_headers(exchange)
        head = HttpHead(
            f"{exchange.method} {exchange.target} HTTP/1.1", headers, is_http_request=True
        )
        body = exchange.post or b""
        fields = self._fields(exchange)
        fields.pop("WARC-Truncated", None)
        return self._writer.create_warc_record(
            exchange.url,
            "request",
            payload=BytesIO(body),
            length=len(body),
            http_headers=head,
            warc_headers_dict=fields,
        )

    @staticmethod
    def _fields(exchange: Exchange) -> dict[str, str]:
        fields = {"WARC-Date": _date(exchange.date)}
        if exchange.address:
            fields["WARC-IP-Address"] = exchange.address
        if exchange.truncated:
            fields["WARC-Truncated"] = exchange.truncated
        if exchange.fetched_by:
            fields["Insyn-Fetched-By"] = exchange.fetched_by
        return fields

    def _remember(self, exchange: Exchange, response: Any) -> None:
        if exchange.truncated or exchange.status == 304 or exchange.method != "GET":
            return
        headers = response.rec_headers
        seen = _Seen(
            url=exchange.url,
            date=headers.get_header("WARC-Date"),
            digest=headers.get_header("WARC-Payload-Digest"),
        )
        if response.rec_type == "response":
            self._payloads.setdefault(seen.digest, seen)
        if exchange.status == 200:
            self._urls[exchange.url] = seen


def _request_headers(exchange: Exchange) -> Headers:
    """A multipart type without its body crashes `wacz create`, so it is set aside."""
    headers = [(n, v) for n, v in exchange.request_headers if n.lower() != "content-length"]
    if exchange.post is None:
        headers = [
            (f"x-orig-{n}" if v.lower().startswith("multipart/") else n, v) for n, v in headers
        ]
    else:
        headers.append(("Content-Length", str(len(exchange.post))))
    if not any(name.lower() == "host" for name, _ in headers):
        headers.insert(0, ("Host", exchange.url.split("/")[2]))
    return headers


def _date(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
