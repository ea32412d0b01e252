"""The world behind Torget: deterministic, whole, and told apart by its colour codes."""

from datetime import UTC, datetime, timedelta

import pytest

from examples.platform.drawing import colour_codes
from examples.platform.pages import ago, comments
from examples.platform.world import Behaviour, Profile, changed, grouped, world

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def profiles() -> dict[str, Profile]:
    return world(NOW)


def test_the_same_day_and_seed_give_the_same_world(profiles: dict[str, Profile]) -> None:
    again = world(NOW)
    assert again == profiles
    assert again["ki_medh"].truth() == profiles["ki_medh"].truth()


def test_another_seed_gives_another_world(profiles: dict[str, Profile]) -> None:
    assert world(NOW, "annan")["ki_mmi"].posts != profiles["ki_mmi"].posts


def test_every_account_of_the_example_register_is_there(profiles: dict[str, Profile]) -> None:
    assert {handle: len(profile.posts) for handle, profile in profiles.items()} == {
        "karolinskainstitutet": 24,
        "kibiblioteket": 24,
        "ki_forskning": 12,
        "ki_odontologi": 24,
        "ki_alumn": 24,
        "ki_karriar": 24,
        "ki_sommarforskarskola": 10,
        "ki_medh": 24,
        "ki_mmi": 12,
    }


def test_no_two_posts_share_id_or_colour_and_no_account_repeats_itself(
    profiles: dict[str, Profile],
) -> None:
    posts = [post for profile in profiles.values() for post in profile.posts]
    assert len({post.id for post in posts}) == len(posts)
    assert len({post.colour for post in posts}) == len(posts)
    for profile in profiles.values():
        assert len({post.text for post in profile.posts}) == len(profile.posts)


def test_a_colour_code_is_never_grey() -> None:
    codes = colour_codes(1000)
    channels = [bytes.fromhex(code[1:]) for code in codes]
    assert len(set(codes)) == 1000
    assert all(max(each) - min(each) >= 96 for each in channels)


def test_posts_fall_newest_first_and_nothing_is_later_than_now(
    profiles: dict[str, Profile],
) -> None:
    for profile in profiles.values():
        times = [post.at for post in profile.posts]
        assert times == sorted(times, reverse=True)
        said = [comment.at for post in profile.posts for comment in post.dialogue]
        assert max(times + said) < NOW


def test_an_answer_names_an_earlier_comment_of_the_same_post(profiles: dict[str, Profile]) -> None:
    answers = 0
    for post in profiles["karolinskainstitutet"].posts:
        seen: set[str] = set()
        for comment in post.dialogue:
            assert not comment.parent or comment.parent in seen
            answers += bool(comment.parent)
            seen.add(comment.id)
    assert answers > 0


def test_the_dormant_account_has_been_silent_for_over_half_a_year(
    profiles: dict[str, Profile],
) -> None:
    assert NOW - profiles["ki_sommarforskarskola"].posts[0].at > timedelta(days=183)


def test_only_the_account_that_winds_up_pins_a_post(profiles: dict[str, Profile]) -> None:
    pinned = {p.handle: p.posts[0].text for p in profiles.values() if p.posts[0].pinned}
    assert set(pinned) == {"ki_medh"}
    assert "stängs" in pinned["ki_medh"]


def test_each_behaviour_has_its_account(profiles: dict[str, Profile]) -> None:
    special = {p.handle: p.behaviour for p in profiles.values() if p.behaviour != Behaviour.OPEN}
    assert special == {
        "ki_alumn": Behaviour.LOGIN_WALL,
        "ki_karriar": Behaviour.REMOVED,
        "ki_mmi": Behaviour.LIMITED_ONCE,
    }


def test_a_change_of_an_unknown_field_tells_every_such_field(profiles: dict[str, Profile]) -> None:
    with pytest.raises(ValueError, match=r"followers, posts cannot be changed; what can: avatar"):
        changed(profiles["ki_mmi"], {"bio": "Ny", "posts": [], "followers": 3})


def test_a_new_avatar_changes_no_other_digest(profiles: dict[str, Profile]) -> None:
    before = profiles["ki_mmi"]
    after = changed(before, {"avatar_seed": 2})
    assert after.avatar() != before.avatar()
    assert after.cover() == before.cover()


@pytest.mark.parametrize(
    ("hours", "shown"),
    [(0, "1 tim"), (23, "23 tim"), (24, "1 d"), (24 * 14, "2 v"), (24 * 458, "22 aug. 2025")],
)
def test_times_are_told_as_swedish_pages_tell_them(hours: int, shown: str) -> None:
    assert ago(NOW - timedelta(hours=hours), NOW) == shown


def test_numbers_are_told_as_swedish_pages_tell_them() -> None:
    assert grouped(12480) == "12\u00a0480"
    assert [comments(n) for n in (0, 1, 7)] == ["0 kommentarer", "1 kommentar", "7 kommentarer"]
