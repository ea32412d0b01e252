"""Whose a post is: its author's handle tells, then an address; what tells nothing refuses none."""

import pytest

from capture.post_whose import Whose

OWNER = "/@?([^/]+)/p/"


@pytest.mark.parametrize(
    ("account", "handle", "url", "own"),
    [
        ("ki", "@KI", "https://torget.example/@annan/p/1", True),
        ("ki", "@annan", "https://torget.example/@ki/p/1", False),
        ("ki_notiser", None, "https://torget.example/@ki_kurser/p/1", False),
        ("@ki_notiser", None, "https://torget.example/@KI_notiser/p/1", True),
        ("ki", "@ki@torget.example", "https://torget.example/p/1", True),
        ("ki", "@ki@elsewhere.example", "https://torget.example/p/1", False),
        ("ki@torget.example", "@ki", "https://social.torget.example/p/1", True),
        ("ki", "Karolinska Institutet\n@ki · 2 d", "https://torget.example/", True),
        ("ki", "Karolinska Institutet", "https://torget.example/", None),
        ("ki", None, "https://torget.example/100064/p/1", None),
        ("ki", None, "https://torget.example/did:plc:abc/p/1", None),
        ("ki", None, "https://torget.example/watch?v=1", None),
    ],
)
def test_a_post_is_the_accounts_by_its_author_then_by_its_address(
    account: str, handle: str | None, url: str, own: bool | None
) -> None:
    """R10, R13: what another account wrote is not filed as outgoing."""
    whose = Whose(account=account, owner=OWNER, url=url)
    assert whose.own({"handle": handle, "by": None}, None, url) is own
