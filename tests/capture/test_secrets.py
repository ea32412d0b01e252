"""Secrets are replaced by markers, however they are written."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.secrets import SHORTEST, SecretReplacer

SECRET = 'ab/cd+ef=="gh& 12'


@pytest.fixture
def replacer() -> SecretReplacer:
    return SecretReplacer(b"key")


@pytest.mark.parametrize(
    "written",
    [
        SECRET,
        quote(SECRET),
        quote(SECRET, safe=""),
        json.dumps(SECRET)[1:-1],
        SECRET.replace("&", "&amp;").replace('"', "&quot;"),
    ],
)
def test_a_secret_is_replaced_in_every_spelling(replacer: SecretReplacer, written: str) -> None:
    replacer.learn(SECRET, "sid")
    assert replacer.scrub(f"a {written} b", "x") == f"a {replacer.marker(SECRET)} b"
    assert replacer.scrub(f"a {written} b".encode(), "x").count(b"[replaced:") == 1


def test_the_same_secret_has_the_same_marker_and_another_key_another(
    replacer: SecretReplacer,
) -> None:
    assert replacer.marker("one-secret") == SecretReplacer(b"key").marker("one-secret")
    assert replacer.marker("one-secret") != SecretReplacer(b"other").marker("one-secret")
    assert replacer.marker("one-secret") != replacer.marker("two-secret")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "1",
        "true",
        "sv-SE",
        "1234567",
        "endast-nodvandiga",
        "1280x900",
        "1700000000123",
        "2026-11-23T10:00:00Z",
        "https%3A%2F%2Fki.se%2F",
    ],
)
def test_short_and_plain_values_are_left_in_texts(replacer: SecretReplacer, value: str) -> None:
    replacer.learn_cookies([{"name": "c", "value": value}])
    assert replacer.known == 0
    assert replacer.headers([("Cookie", f"c={value}x")], "h")[0][1].startswith("c=[replaced:")


def test_the_choice_of_consent_is_no_secret(replacer: SecretReplacer) -> None:
    replacer.learn_cookies([{"name": "CookieConsent", "value": "reject-all-but-needed"}])
    assert replacer.known == 0


def test_each_cookie_of_a_header_is_replaced_and_names_stay(replacer: SecretReplacer) -> None:
    sent = [("Cookie", "a=first-secret; b=second-secret"), ("Accept", "text/html")]
    (name, value), accept = replacer.headers(sent, "request header")
    first, second = replacer.marker("first-secret"), replacer.marker("second-secret")
    assert (name, value) == ("Cookie", f"a={first}; b={second}")
    assert accept == ("Accept", "text/html")
    assert [(r.name, r.count) for r in replacer.replaced] == [("a", 1), ("b", 1)]


def test_a_password_sent_by_basic_authorization_is_learnt(replacer: SecretReplacer) -> None:
    replacer.learn_headers([("Authorization", "Basic YW5uYTpoZW1saWd0LWzDtnNlbg==")])
    assert "hemligt" not in replacer.scrub("anna:hemligt-lösen", "x")


def test_a_secret_within_another_leaves_no_rest(replacer: SecretReplacer) -> None:
    replacer.learn("12345678")
    replacer.learn("12345678-and-more")
    assert replacer.scrub("12345678-and-more", "x") == replacer.marker("12345678-and-more")


def test_no_secret_stands_in_the_repr(replacer: SecretReplacer) -> None:
    replacer.learn("a-very-secret-one")
    assert "very-secret" not in repr(replacer)


@given(
    secret=st.text(st.characters(codec="utf-8", exclude_characters="["), min_size=SHORTEST),
    before=st.text(max_size=20),
)
def test_a_learnt_secret_never_stands_in_a_scrubbed_text(secret: str, before: str) -> None:
    replacer = SecretReplacer(b"key")
    replacer.learn(secret)
    if replacer.known:
        clean = replacer.scrub(before + secret + before, "x")
        assert secret not in clean.replace(replacer.marker(secret), "\0")
        assert replacer.scrub(clean, "x") == clean
