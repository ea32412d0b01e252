"""Recipes as data: read whole or refused with every fault told."""

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from capture.errors import RecipeFaults
from capture.recipe import BUILT_IN, check_recipe, load_recipes
from capture.recipe_codes import TEXTS

TORGET = (BUILT_IN / "torget.toml").read_text(encoding="utf-8")
TODAY = date(2026, 11, 29)
Written = Callable[[str], str]


def put(old: str, new: str) -> Written:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


BAD: dict[str, Written] = {
    "E002": put('platform = "torget"', "platform = "),
    "E003": put("[signs]", '[signs]\nprivat = ".x"'),
    "E004": put('bio = ["p.bio"]', 'bio = "p.bio"'),
    "E005": put('each = "article.post[data-post-id]"', ""),
    "E008": put('platform = "torget"', 'platform = "Torget!"'),
    "E012": put("on = 2026-11-23", 'on = "i går"'),
    "E020": put('time = "time[datetime]"', 'time = "time[datetime"'),
    "E021": put('text = "p.text"', 'text = "p.text, "'),
    "E022": put('text = "p.text"', "text = \"p:has-text('x')\""),
    "E023": put('bio = ["p.bio"]', 'bio = [{ select = "p.bio", match = "(" }]'),
    "E024": put('bio = ["p.bio"]', 'bio = [{ json = "name" }]'),
    "E025": put('bio = ["p.bio"]', 'bio = [{ select = "p.bio", json = "*.name" }]'),
    "E026": put('login = ["/login"]', 'login = ["login here"]'),
    "E027": put('banner = ".consent"', ""),
    "E028": put(
        "[post_page.comments]",
        '[post_page.answers]\nid = "id"\nparent = "reply..to"\n\n[post_page.comments]',
    ),
    "E101": put("live = true", "live = false"),
    "E102": put("on = 2026-11-23", "on = 2025-11-01"),
    "E103": put("on = 2026-11-23", "on = 2027-01-01"),
}
"""A file with one fault for each code that a single file can give."""


def test_a_platform_has_its_recipe_and_its_files_digest() -> None:
    """R8: the manifest holds the digest of the recipe that was used."""
    recipes = load_recipes()
    used = recipes.used_for("torget")
    assert recipes.recipe_for("torget").platform == used.platform == "torget"
    assert used.sha256 == hashlib.sha256(TORGET.encode()).hexdigest()
    assert used.checked_on == recipes.recipe_for("torget").checked_on


def test_a_platform_without_a_recipe_gets_the_generic_one() -> None:
    recipes = load_recipes()
    assert recipes.recipe_for("okänd").platform == "generic"
    assert recipes.used_for("okänd").platform == "generic"


@pytest.mark.parametrize(
    ("host", "platform"),
    [
        ("www.facebook.com", "facebook"),
        ("m.facebook.com", "facebook"),
        ("notfacebook.com", "generic"),
        ("se.linkedin.com", "linkedin"),
        ("ki.se", "generic"),
    ],
)
def test_a_host_tells_its_platform(host: str, platform: str) -> None:
    assert load_recipes().platform_of(host) == platform


def test_a_recipe_of_ones_own_goes_before_the_built_in(tmp_path: Path) -> None:
    own = TORGET.replace('name = ["h1.name"]', 'name = ["h2.namn"]')
    (tmp_path / "torget.toml").write_text(own, encoding="utf-8")
    recipes = load_recipes(tmp_path)
    assert [place.select for place in recipes.recipe_for("torget").profile.name] == ["h2.namn"]
    assert recipes.used_for("torget").sha256 == hashlib.sha256(own.encode()).hexdigest()
    assert recipes.recipe_for("generic").platform == "generic"


@pytest.mark.parametrize("code", BAD)
def test_each_fault_has_its_code(code: str, tmp_path: Path) -> None:
    path = tmp_path / "torget.toml"
    path.write_text(BAD[code](TORGET), encoding="utf-8")
    [found] = check_recipe(path, TODAY)
    assert found.code == code
    assert found.place.startswith("torget.toml")
    assert found.sv != found.en
    assert "{" not in found.sv + found.en


def test_every_code_is_given_by_some_file(tmp_path: Path) -> None:
    """E001: unreadable. E030: two for one platform. E031: a post's page asked for without one.

    E104 is of captures, no file: see test_drift.py.
    """
    assert [one.code for one in check_recipe(tmp_path / "none.toml", TODAY)] == ["E001"]
    assert set(TEXTS) == {*BAD, "E001", "E030", "E031", "E104"}


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("platform = ", encoding="utf-8")
    faulty = TORGET.replace("reject =", "accept =").replace("2026-11-23", '"i går"')
    (tmp_path / "b.toml").write_text(faulty, encoding="utf-8")
    (tmp_path / "c.toml").write_bytes(b'platform = "\xff"')
    with pytest.raises(RecipeFaults) as caught:
        load_recipes(tmp_path)
    told = [(one.code, one.place) for one in caught.value.findings]
    assert [code for code, _ in told] == ["E002", "E012", "E003", "E001"]
    assert told[1:3] == [("E012", "b.toml.tried.on"), ("E003", "b.toml.consent.accept")]
    for fault in caught.value.faults:
        assert fault in str(caught.value)


def test_two_recipes_of_one_folder_for_one_platform_are_refused(tmp_path: Path) -> None:
    """Which of the two was meant cannot be known."""
    for name in ("torget.toml", "torget2.toml"):
        (tmp_path / name).write_text(TORGET, encoding="utf-8")
    with pytest.raises(RecipeFaults, match=r"E030 torget2\.toml\.platform: .* torget\.toml"):
        load_recipes(tmp_path)


def test_no_built_in_recipe_has_a_fault_and_what_was_not_tried_live_says_so() -> None:
    for path in sorted(BUILT_IN.glob("*.toml")):
        own = path.name in {"torget.toml", "generic.toml"}
        found = [one.code for one in check_recipe(path, TODAY)]
        assert found == ([] if own else ["E101"]), path.name
