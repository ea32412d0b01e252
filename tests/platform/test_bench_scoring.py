"""The capture bench's scores: each falls when a picture or an archive lacks something."""

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil
import pytest
from PIL import Image, ImageDraw
from rich.console import Console
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from examples.bench_capture_report import Row, print_tables, write_page
from examples.bench_capture_score import (
    NOTHING,
    Painted,
    Recall,
    recall,
    score_picture,
    secrets_in,
)
from examples.bench_capture_tools import result_of
from examples.bench_capture_watch import watch
from examples.platform.access_log import Logged
from examples.platform.bench.truth import HEADER_COLOUR, PAGES, BenchPost

FEED = PAGES["poll"]
WHOLE = Painted(posts=20, twice=0, pictures=10, headers=1, wrong_rows=None)


def _drawn(posts: Sequence[BenchPost], path: Path, *, ratio: int = 1, headers: int = 1) -> Path:
    """A picture as a true one is, of these posts one below the other, in two tiles."""
    tall = 60 * headers + sum(post.height + 12 for post in posts)
    image = Image.new("RGB", (80 * ratio, tall * ratio), "#f0f4f2")
    draw = ImageDraw.Draw(image)
    y = 0
    for _ in range(headers):
        draw.rectangle((4 * ratio, y, 12 * ratio - 1, (y + 56) * ratio - 1), fill=HEADER_COLOUR)
        y += 60 * ratio
    for post in posts:
        low = y + post.height * ratio - 1
        draw.rectangle((16 * ratio, y, 28 * ratio - 1, low), fill=post.colour)
        if post.picture:
            bar = (40 * ratio, y, 56 * ratio - 1, y + 180 * ratio - 1)
            draw.rectangle(bar, fill=post.picture)
        y += (post.height + 12) * ratio
    image.save(path)
    return path


@pytest.mark.parametrize("ratio", [1, 2])
def test_a_true_picture_has_every_post_once(tmp_path: Path, ratio: int) -> None:
    whole = _drawn(FEED.posts, tmp_path / "picture.png", ratio=ratio)
    assert score_picture(FEED, [whole], ratio) == WHOLE


def test_a_picture_in_tiles_scores_as_one(tmp_path: Path) -> None:
    with Image.open(_drawn(FEED.posts, tmp_path / "picture.png")) as image:
        tiles = []
        for top in range(0, image.height, 701):
            tiles.append(tmp_path / f"{top:06}.png")
            image.crop((0, top, 80, min(top + 701, image.height))).save(tiles[-1])
    assert score_picture(FEED, tiles, 1) == WHOLE
    assert score_picture(FEED, tiles[:-1], 1).posts < 20


def test_a_missing_post_scores_less(tmp_path: Path) -> None:
    lacking = _drawn([*FEED.posts[:4], *FEED.posts[5:]], tmp_path / "picture.png")
    assert score_picture(FEED, [lacking], 1).posts == 19


def test_a_post_cut_short_is_not_painted(tmp_path: Path) -> None:
    picture = _drawn(FEED.posts, tmp_path / "picture.png")
    with Image.open(picture) as image:
        image.crop((0, 0, 80, image.height - 30)).save(picture)
    assert score_picture(FEED, [picture], 1).posts == 19


def test_a_post_painted_twice_is_told(tmp_path: Path) -> None:
    picture = _drawn([*FEED.posts, FEED.posts[3]], tmp_path / "picture.png")
    painted = score_picture(FEED, [picture], 1)
    assert (painted.posts, painted.twice) == (20, 1)


def test_a_repeated_header_is_counted(tmp_path: Path) -> None:
    picture = _drawn(FEED.posts, tmp_path / "picture.png", headers=3)
    assert score_picture(FEED, [picture], 1).headers == 3


def test_an_empty_picture_scores_nothing(tmp_path: Path) -> None:
    white = tmp_path / "picture.png"
    Image.new("RGB", (1280, 5000), "white").save(white)
    assert score_picture(FEED, [white], 1) == NOTHING


@pytest.mark.parametrize(
    ("change", "wrong"),
    [("none", 0), ("white end", 1000), ("short", 700), ("repeats", 300), ("one row down", 500)],
)
def test_rows_that_are_not_in_their_place_are_counted(
    tmp_path: Path, change: str, wrong: int
) -> None:
    """The page of 150,000 px, drawn as narrow as its columns."""
    page = PAGES["tall"]
    image = Image.new("RGB", (30, 150_000))
    draw = ImageDraw.Draw(image)
    for n, post in enumerate(page.posts):
        draw.rectangle((0, n * 300, 29, n * 300 + 299), fill=post.colour)
    if change == "white end":
        draw.rectangle((0, 149_000, 29, 150_000), fill="white")
    elif change == "short":
        image = image.crop((0, 0, 30, 149_300))
    elif change == "repeats":
        image.paste(image.crop((0, 0, 30, 300)), (0, 90_000))
    elif change == "one row down":
        image.paste(image.crop((0, 0, 30, 149_999)), (0, 1))
    image.save(tmp_path / "picture.png", compress_level=1)
    found = score_picture(page, [tmp_path / "picture.png"], 1).wrong_rows
    assert found == (499 if change == "one row down" else wrong)


def _logged(
    path: str, size: int = 5, *, status: int = 200, query: str = "", method: str = "GET"
) -> Logged:
    return Logged(method=method, path=path, query=query, status=status, size=size, at=0)


Answer = tuple[str, str, str, bytes]
"""Method, target, status line and body."""


def _package(path: Path, answers: Sequence[Answer], extra: Mapping[str, str] | None = None) -> Path:
    """A WACZ of these answers, each with its request, as the recorder writes them."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for method, target, status, body in answers:
        head = StatusAndHeaders(status, [("Content-Type", "text/plain")], "HTTP/1.1")
        url = f"http://127.0.0.1:1{target}"
        answer = writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body),
            http_headers=head,
            warc_headers_dict=dict(extra or {}),
        )
        asked = StatusAndHeaders(f"{method} {target} HTTP/1.1", [], is_http_request=True)
        request = writer.create_warc_record(url, "request", http_headers=asked)
        writer.write_request_response_pair(request, answer)
        answer.raw_stream.close()
    with zipfile.ZipFile(path, "w") as members:
        members.writestr("archive/data.warc.gz", out.getvalue())
    return path


@pytest.mark.parametrize(
    ("logged", "found"),
    [
        (_logged("/a"), True),
        (_logged("/a", query="x=1"), False),
        (_logged("/a", status=404), False),
        (_logged("/a", size=6), False),
        (_logged("/a", method="POST"), False),
        (_logged("/b"), False),
        (_logged("/empty", size=5), False),
        (_logged("/empty", size=0), True),
        (_logged("/gone", status=206), False),
    ],
)
def test_a_request_is_found_with_its_method_its_status_and_its_whole_body(
    tmp_path: Path, logged: Logged, found: bool
) -> None:
    answers = [("GET", "/a", "200 OK", b"hello"), ("GET", "/empty", "200 OK", b"")]
    said = recall([logged], _package(tmp_path / "c.wacz", answers))
    assert (said.found, said.asked) == (found, 1)
    assert bool(said.missing) is not found


def test_a_request_that_was_answered_three_times_is_found_as_often_as_it_is_recorded(
    tmp_path: Path,
) -> None:
    """One record does not stand for the phone's request too, nor a GET for what was posted."""
    answers = [("POST", "/seg", "200 OK", b"first"), ("GET", "/seg", "200 OK", b"third")]
    log = [_logged("/seg", method="POST"), _logged("/seg", method="POST"), _logged("/seg")]
    said = recall(log, _package(tmp_path / "c.wacz", answers))
    assert said == Recall(found=2, asked=3, missing=("POST /seg (200)",))


def test_the_fuller_record_is_not_used_up_by_the_smaller_answer(tmp_path: Path) -> None:
    answers = [("GET", "/a", "200 OK", b"1"), ("GET", "/a", "200 OK", b"hello")]
    package = _package(tmp_path / "c.wacz", answers)
    assert recall([_logged("/a", size=1), _logged("/a")], package).missing == ()


@pytest.mark.parametrize(("fetched", "found"), [("Network.loadNetworkResource", 4), ("", 1)])
def test_a_film_that_was_fetched_whole_stands_for_its_parts(
    tmp_path: Path, fetched: str, found: int
) -> None:
    film = [("GET", "/film", "200 OK", b"film")]
    package = _package(tmp_path / "c.wacz", film, {"Insyn-Fetched-By": fetched})
    parts = [_logged("/film", size=2, status=206)] * 2
    said = recall([*parts, _logged("/film", size=4), _logged("/film", size=4)], package)
    assert (said.found, said.asked) == (found, 4)


def test_what_says_that_it_was_cut_off_counts_and_what_is_left_out_on_purpose_does_not(
    tmp_path: Path,
) -> None:
    stream = [("GET", "/s", "200 OK", b"..")]
    package = _package(tmp_path / "c.wacz", stream, {"WARC-Truncated": "time"})
    said = recall([_logged("/s", size=99), _logged("/h", method="HEAD")], package)
    assert said == Recall(found=1, asked=1, missing=())


def test_a_secret_is_found_however_deep_it_is_packed() -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as members:
        members.writestr("archive/data.warc.gz", gzip.compress(b"Cookie: sid=hemligt-17"))
        members.writestr("text/visible.txt", "nothing")
    assert secrets_in([inner.getvalue(), b"hemligt-17"], {"hemligt-17", "other"}) == 2
    assert secrets_in([inner.getvalue()], {"other"}) == 0


def test_a_picture_without_a_word_is_a_capture_and_a_failure_is_none(tmp_path: Path) -> None:
    assert result_of(tmp_path, 0) is None
    (tmp_path / "picture.png").write_bytes(b"x")
    assert result_of(tmp_path, 1) is None
    assert result_of(tmp_path, 0).verdict == "ok"
    told = {"verdict": "bot_wall", "record": "", "said": ["status 403"]}
    (tmp_path / "result.json").write_text(json.dumps(told))
    assert result_of(tmp_path, 0).verdict == "bot_wall"


def test_a_program_past_its_limit_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time; from pathlib import Path;"
        "p = subprocess.Popen(['sleep', '600'], start_new_session=True);"
        f"Path({str(tmp_path / 'pid')!r}).write_text(str(p.pid)); time.sleep(600)"
    )
    run = watch([sys.executable, "-c", code], os.environ, tmp_path / "said.txt", 2.0)
    assert run.ended == "not finished in 2 s"
    assert run.peak_mb > 1
    started = int((tmp_path / "pid").read_text())
    for _ in range(100):
        if not psutil.pid_exists(started) or psutil.Process(started).status() == "zombie":
            break
        time.sleep(0.05)
    else:
        pytest.fail("what the program started still runs")


def test_what_a_failing_program_said_last_is_told(tmp_path: Path) -> None:
    line = [sys.executable, "-c", "raise SystemExit('no such page')"]
    run = watch(line, os.environ, tmp_path / "said.txt", 60)
    assert (run.code, run.ended) == (1, "failed: no such page")


def _row(name: str, tool: str, painted: Painted, **more: object) -> Row:
    page = PAGES[name]
    said = {"verdict": "ok", "right": page.verdict == "ok", "recall": None, "ended": ""} | more
    return Row(
        page=page, tool=tool, ratio=1, painted=painted, secrets=0, seconds=1, peak_mb=2, **said
    )


def test_the_tables_tell_what_each_tool_came_to(tmp_path: Path) -> None:
    lost = Recall(found=3, asked=4, missing=("/bench/-/worker.js (200)",))
    rows = [
        _row("poll", "insyn", WHOLE, recall=lost),
        _row("wall-rate", "insyn", NOTHING, verdict="rate_limited", right=True),
        _row("poll", "playwright", NOTHING, verdict="none", right=False, ended="not finished"),
        _row("wall-rate", "playwright", NOTHING),
    ]
    write_page(tmp_path / "page.md", rows)
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert "| Posts painted | 20/20 | 0/20 |" in page
    assert "| Verdicts right | 2/2 | 0/2 |" in page
    assert "| Walls kept as captures | 0/1 | 1/1 |" in page
    assert "| Recall | 3/4 | no archive |" in page
    assert "- poll, insyn: not in the WARC: /bench/-/worker.js (200)" in page
    assert "- poll, playwright: not finished" in page
    console = Console(record=True, width=160, file=io.StringIO())
    print_tables(console, rows)
    assert "ok (wrong: rate_limited)" in console.export_text()


def test_an_interrupted_bench_ends_what_it_started() -> None:
    line = [sys.executable, "-m", "examples.bench_capture", "--tool", "playwright"]
    bench = psutil.Popen(line, stdout=subprocess.PIPE, text=True)  # takes minutes
    started: list[psutil.Process] = []
    for _ in range(600):
        started = bench.children(recursive=True)
        if len(started) > 2:
            break
        time.sleep(0.1)
    bench.send_signal(signal.SIGINT)
    told, _ = bench.communicate(timeout=60)
    assert bench.returncode == 130
    assert "Interrupted" in told
    assert len(started) > 2
    _, alive = psutil.wait_procs(started, timeout=20)
    assert [process for process in alive if process.status() != "zombie"] == []
