"""Recipes as data: read whole or refused with every fault told."""

import hashlib
from pathlib import Path

import pytest

from capture.errors import RecipeFaults
from capture.recipe import BUILT_IN, load_recipes

TORGET = (BUILT_IN / "torget.toml").read_text(encoding="utf-8")


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


def test_a_recipe_of_ones_own_goes_before_the_built_in(tmp_path: Path) -> None:
    own = TORGET.replace('name = "h1.name"', 'name = "h2.namn"')
    (tmp_path / "torget.toml").write_text(own, encoding="utf-8")
    recipes = load_recipes(tmp_path)
    assert recipes.recipe_for("torget").profile.name == "h2.namn"
    assert recipes.used_for("torget").sha256 == hashlib.sha256(own.encode()).hexdigest()
    assert recipes.recipe_for("generic").platform == "generic"


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("platform = ", encoding="utf-8")
    faulty = TORGET.replace('reject = "', 'accept = "').replace("2026-11-23", '"i går"')
    faulty = faulty.replace("reject = ", "accept = ")
    (tmp_path / "b.toml").write_text(faulty, encoding="utf-8")
    (tmp_path / "c.toml").write_bytes(b'platform = "\xff"')
    with pytest.raises(RecipeFaults) as caught:
        load_recipes(tmp_path)
    told = [fault.split(": ")[:2] for fault in caught.value.faults]
    assert [name for name, _ in told] == ["a.toml", "b.toml", "b.toml", "b.toml", "c.toml"]
    assert {place for name, place in told if name == "b.toml"} == {
        "checked_on",
        "consent.reject",
        "consent.accept",
    }
    for fault in caught.value.faults:
        assert fault in str(caught.value)


@pytest.mark.parametrize(
    ("line", "place"),
    [('platform = "torget"', "platform"), ('each = "article.post[data-post-id]"', "posts.each")],
)
def test_a_recipe_without_platform_or_posts_is_refused(
    tmp_path: Path, line: str, place: str
) -> None:
    (tmp_path / "torget.toml").write_text(TORGET.replace(line, ""), encoding="utf-8")
    with pytest.raises(RecipeFaults, match=f"torget.toml: {place}: Field required"):
        load_recipes(tmp_path)


def test_two_recipes_of_one_folder_for_one_platform_are_refused(tmp_path: Path) -> None:
    """Which of the two was meant cannot be known."""
    for name in ("torget.toml", "torget2.toml"):
        (tmp_path / name).write_text(TORGET, encoding="utf-8")
    with pytest.raises(RecipeFaults, match=r"torget2\.toml: platform: torget\.toml .* “torget”"):
        load_recipes(tmp_path)
