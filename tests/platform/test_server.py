"""Torget as a server: its walls, its secrets, its log, and how it starts and ends."""

import gzip
import hashlib
import re
import socket
import time

import httpx
import pytest

from examples.platform.server import Platform

OPEN = ["karolinskainstitutet", "kibiblioteket", "ki_sommarforskarskola", "ki_medh"]


@pytest.mark.parametrize(
    ("handle", "status", "said"),
    [
        ("kibiblioteket", 200, "KI-biblioteket"),
        ("ki_karriar", 410, "Kontot har tagits bort"),
        ("finns_inte", 404, "Sidan finns inte"),
        ("_503", 503, "vilar"),
        ("_403", 403, "Åtkomst nekad"),
        ("_bot", 403, "människa"),
        ("_privat", 200, "privat"),
        ("_alltid429", 429, "Försök igen"),
        ("_trasig", 200, "Något gick fel"),
    ],
)
def test_each_handle_answers_with_its_status(
    visitor: httpx.Client, handle: str, status: int, said: str
) -> None:
    answer = visitor.get(f"/@{handle}")
    assert answer.status_code == status
    assert said in answer.text


def test_the_blank_page_has_no_text(visitor: httpx.Client) -> None:
    assert re.sub(r"<[^>]*>", "", visitor.get("/@_blank").text).strip() == ""


def test_the_challenge_is_told_by_its_header(visitor: httpx.Client) -> None:
    assert visitor.get("/@_bot").headers["cf-mitigated"] == "challenge"


def test_the_broken_page_lacks_the_landmark(visitor: httpx.Client) -> None:
    assert '<main data-torget="profile"' not in visitor.get("/@_trasig").text


def test_a_walled_account_leads_to_a_password_field(visitor: httpx.Client) -> None:
    wall = visitor.get("/@ki_alumn")
    assert (wall.status_code, wall.headers["location"]) == (302, "/login?next=/%40ki_alumn")
    assert 'type="password"' in visitor.get(wall.headers["location"]).text


def test_who_signs_in_passes_the_wall(platform: Platform, visitor: httpx.Client) -> None:
    form = {"email": "a@ki.example", "password": "hemligt"}
    passed = visitor.post("/login?next=/%40ki_alumn", data=form)
    assert (passed.status_code, passed.headers["location"]) == (303, "/@ki_alumn")
    assert visitor.cookies["torget_login"] in platform.secrets
    assert visitor.get("/@ki_alumn").status_code == 200


def test_signing_in_never_leads_to_another_site(visitor: httpx.Client) -> None:
    form = {"email": "a@ki.example", "password": "hemligt"}
    assert visitor.post("/login?next=//evil.example", data=form).headers["location"] == "/"


def test_a_limit_holds_once_for_each_server() -> None:
    for _ in range(2):
        with Platform() as platform:
            first, second = (
                httpx.get(f"{platform.url}/@ki_mmi", trust_env=False) for _ in range(2)
            )
        assert (first.status_code, first.headers["retry-after"]) == (429, "2")
        assert second.status_code == 200


def test_the_eternal_limit_never_ends(visitor: httpx.Client) -> None:
    answers = [visitor.get("/@_alltid429") for _ in range(3)]
    assert [(a.status_code, a.headers["retry-after"]) for a in answers] == [(429, "30")] * 3


def test_pictures_have_the_digests_of_the_ground_truth(
    platform: Platform, visitor: httpx.Client
) -> None:
    truth = platform.truth("ki_medh")
    wanted = {
        "/picture/ki_medh/avatar.png": truth["avatar_sha256"],
        "/picture/ki_medh/cover.png": truth["cover_sha256"],
        **{post["image"]: post["image_sha256"] for post in truth["posts"]},
    }
    assert {
        path: hashlib.sha256(visitor.get(path).content).hexdigest() for path in wanted
    } == wanted


def test_one_picture_of_a_feed_has_moved(platform: Platform, visitor: httpx.Client) -> None:
    image = platform.truth("ki_medh")["posts"][0]["image"]
    moved = image.replace("/picture/", "/media/")
    assert moved in visitor.get("/@ki_medh").text
    answer = visitor.get(moved)
    assert (answer.status_code, answer.headers["location"]) == (302, image)


@pytest.mark.parametrize("handle", OPEN)
def test_a_profile_holds_every_post_of_the_ground_truth(
    platform: Platform, visitor: httpx.Client, handle: str
) -> None:
    page = visitor.get(f"/@{handle}").text
    posts = platform.profiles[handle].posts
    shown = re.findall(r'<article class="card post" data-post-id="(\w+)"', page)
    assert shown == [post.id for post in posts]
    assert page.count('loading="lazy"') == page.count("data-src=") == len(posts) / 2


def test_a_post_has_a_page_with_all_that_was_announced(
    platform: Platform, visitor: httpx.Client
) -> None:
    post = max(platform.truth("kibiblioteket")["posts"], key=lambda each: each["comments"])
    page = visitor.get(post["link"]).text
    assert re.findall(r'data-comment-id="(\w+)"', page) == [c["id"] for c in post["dialogue"]]
    assert f"{post['comments']} kommentarer" in page
    assert visitor.get("/@kibiblioteket/p/0000000000").status_code == 404


def test_counters_want_the_token_that_the_page_was_given(
    platform: Platform, visitor: httpx.Client
) -> None:
    visitor.get("/@ki_medh")
    assert visitor.get("/api/session").status_code == 403
    session = visitor.get("/api/session", headers={"X-CSRF-Token": visitor.cookies["torget_csrf"]})
    token = session.headers["x-torget-token"]
    counts = "/api/profile/ki_medh"
    assert visitor.get(counts).status_code == 401
    for wrong in ("gissat", visitor.cookies["torget_sid"]):
        refused = visitor.get(counts, headers={"Authorization": f"Bearer {wrong}"})
        assert refused.status_code == 401
    granted = visitor.get(counts, headers={"Authorization": f"Bearer {token}"})
    assert granted.json() == platform.truth("ki_medh")["counts"]


def test_every_secret_is_listed_and_none_stands_in_a_body(
    platform: Platform, visitor: httpx.Client
) -> None:
    bodies = [visitor.get("/@ki_medh").content]
    session = visitor.get("/api/session", headers={"X-CSRF-Token": visitor.cookies["torget_csrf"]})
    bodies += [session.content, visitor.get("/@ki_medh").content, visitor.get("/login").content]
    given = {*visitor.cookies.values(), session.headers["x-torget-token"]}
    assert platform.secrets == given
    assert len(given) == 3
    assert not any(secret.encode() in body for secret in given for body in bodies)


def test_styles_and_scripts_are_packed_and_one_script_is_missing(visitor: httpx.Client) -> None:
    page = visitor.get("/@ki_medh").text
    got = {name: visitor.get(f"/static/{name}") for name in ("torget.css", "torget.js")}
    assert {answer.headers["content-encoding"] for answer in got.values()} == {"gzip"}
    got["matning.js"] = visitor.get("/static/matning.js")
    assert [answer.status_code for answer in got.values()] == [200, 200, 404]
    assert all(f'"/static/{name}"' in page for name in got)


def test_a_seen_page_is_reported_and_answered_with_nothing(visitor: httpx.Client) -> None:
    answer = visitor.post("/api/view", json={"handle": "ki_medh"})
    assert (answer.status_code, answer.content) == (204, b"")


def test_the_log_has_every_request_as_it_was_answered(
    platform: Platform, visitor: httpx.Client
) -> None:
    visitor.get("/@finns_inte?a=1")
    with visitor.stream("GET", "/static/torget.css") as answer:
        sent = len(b"".join(answer.iter_raw()))
    visitor.get("/__health")
    visitor.post("/api/view")
    logged = [(e.method, e.path, e.query, e.status) for e in platform.log]
    assert logged == [
        ("GET", "/@finns_inte", "a=1", 404),
        ("GET", "/static/torget.css", "", 200),
        ("POST", "/api/view", "", 204),
    ]
    assert platform.log[1].size == sent


def test_truth_and_change_are_the_same_over_http(platform: Platform, visitor: httpx.Client) -> None:
    before = visitor.get("/__truth/ki_forskning").json()
    assert before == platform.truth("ki_forskning")
    change = {"bio": "Nytt: öppna data på ett ställe.", "avatar_seed": 7, "links": []}
    assert visitor.post("/__change/ki_forskning", json=change).json() == {"ok": True}
    after = platform.truth("ki_forskning")
    assert {key for key in after if after[key] != before[key]} == {
        "bio",
        "links",
        "avatar_sha256",
        "texts",
    }
    assert change["bio"] in visitor.get("/@ki_forskning").text


@pytest.mark.parametrize("body", [b'{"followers": 1}', b"[]", b"{"])
def test_a_change_that_cannot_be_made_is_refused(visitor: httpx.Client, body: bytes) -> None:
    answer = visitor.post("/__change/ki_forskning", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_the_log_over_http_is_the_servers_log(platform: Platform, visitor: httpx.Client) -> None:
    visitor.get("/@ki_medh")
    (entry,) = visitor.get("/__log").json()
    assert entry == {
        "method": "GET",
        "path": "/@ki_medh",
        "query": "",
        "status": 200,
        "size": platform.log[0].size,
        "at": platform.log[0].at,
    }


def test_the_server_ends_at_once_though_a_slow_page_is_waited_for() -> None:
    with Platform() as platform:
        port = int(platform.url.rpartition(":")[2])
        waiting = socket.create_connection(("127.0.0.1", port))
        waiting.sendall(b"GET /@_langsam HTTP/1.1\r\nHost: torget\r\n\r\n")
        waiting.settimeout(0.4)
        with pytest.raises(TimeoutError):
            waiting.recv(1)
        began = time.monotonic()
    waiting.close()
    assert time.monotonic() - began < 4
    assert not platform._thread.is_alive()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_taken_port_is_told(platform: Platform) -> None:
    port = int(platform.url.rpartition(":")[2])
    with pytest.raises(OSError, match="in use"), Platform(port=port):
        pass


def test_two_servers_share_nothing(platform: Platform, visitor: httpx.Client) -> None:
    with Platform() as other:
        visitor.get("/@ki_medh")
        platform.change("ki_medh", name="Ett annat namn")
        assert other.log == []
        assert other.secrets == frozenset()
        assert other.truth("ki_medh")["name"] == "Medicin, Huddinge (MedH)"


def test_packed_pages_unpack_to_the_same(visitor: httpx.Client) -> None:
    plain = visitor.get("/login", headers={"Accept-Encoding": "identity"})
    with visitor.stream("GET", "/login", headers={"Accept-Encoding": "gzip"}) as answer:
        assert gzip.decompress(b"".join(answer.iter_raw())) == plain.content
