"""`insyn recipe`: looked at, checked, tried on a page."""

from pathlib import Path

import pytest

from examples.platform.server import Platform
from tests.desk.conftest import Insyn


def test_the_recipes_are_listed_with_how_they_were_tried(insyn: Insyn) -> None:
    told = insyn("recipe", "list", "--json").json
    assert {one["platform"] for one in told} >= {"torget", "generic", "mastodon", "facebook", "x"}
    assert {one["platform"] for one in told if one["tried"]["live"]} == {"torget"}
    assert "not live" in insyn("recipe", "list").out


def test_every_fault_of_every_file_is_told_at_once(insyn: Insyn, tmp_path: Path) -> None:
    assert insyn("recipe", "validate").code == 0
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text('platform = "A!"\nlandmark = "p["\n', "utf-8")
    ran = insyn("recipe", "validate", str(tmp_path / "a.toml"), str(tmp_path / "b.toml"))
    assert ran.code == 1
    for place in ("a.toml.platform", "b.toml.platform", "a.toml.landmark", "b.toml.posts.each"):
        assert place in ran.out
    assert "E008" in ran.out
    assert "E020" in ran.out


def test_a_recipe_is_tried_on_a_page(insyn: Insyn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSYN_ALLOW_PRIVATE", "yes")
    with Platform() as platform:
        url = f"{platform.url}/@ki_forskning"
        told = insyn("recipe", "check", url, "--platform", "torget", "--json")
        assert told.code == 0, told.err
        found = {one["field"]: one["count"] for one in told.json["matches"]}
        assert (found["landmark"], found["posts.each"], found["posts.time"]) == (1, 12, 12)
        assert (found["profile.name"], found["signs.private"]) == (1, 0)
        assert told.json["consent"]["pressed"] == "Endast nödvändiga"
        assert told.json["extracted"]["facts"]["name"] == "Forskning vid KI"
        wall = insyn("recipe", "check", f"{platform.url}/@ki_alumn")
    assert wall.code == 1
    assert "login wall" in wall.out
    assert "generic" in wall.out


def test_a_post_is_tried_as_a_post(insyn: Insyn, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its own landmark; its dialogue is unfolded, and what was read is shown."""
    monkeypatch.setenv("INSYN_ALLOW_PRIVATE", "yes")
    with Platform() as platform:
        feed = insyn(
            "recipe", "check", f"{platform.url}/@ki_forskning", "--platform", "torget", "--json"
        )
        address = feed.json["extracted"]["posts"][0]["link"]
        words = ("recipe", "check", address, "--platform", "torget")
        told, shown = insyn(*words, "--json"), insyn(*words)
    assert (told.code, shown.code) == (0, 0), shown.out
    post = told.json["post"]["post"]
    assert post["id"] == feed.json["extracted"]["posts"][0]["id"]
    assert told.json["post"]["unfolded"]["stopped_by"] == "end"
    assert len(post["comments"]) == post["comments_announced"]
    assert post["id"] in shown.out
    assert told.json["extracted"] is None


def test_a_recipe_with_faults_stops_the_trial_and_tells_them(
    insyn: Insyn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "mine.toml").write_text('platform = "mitt"\n', "utf-8")
    monkeypatch.setenv("INSYN_RECIPES", str(tmp_path))
    ran = insyn("recipe", "check", "https://ki.example/")
    assert ran.code == 3
    assert "mine.toml.landmark" in ran.err
    assert "E005" in ran.err
