"""Which members of an export are nobody's public records: told by their documented paths.

Follower lists may not be kept at all (RULES R13); messages, searches, logins and the like belong to
no post. Sources: X's README.txt, Mastodon's BackupService, LinkedIn's, Meta's and Google's help on
what their archives hold, and the folders that their JSON and CSV forms have. Opens nothing.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from accounts.codes import Text


class Private(StrEnum):
    """What a member is that is left out."""

    MESSAGES = "messages"
    CONTACTS = "contacts"
    BLOCKS = "blocks"
    HISTORY = "history"
    ADS = "ads"
    PLACES = "places"
    SECURITY = "security"
    SETTINGS = "settings"
    NOT_PUBLIC = "not_public"
    """Media of posts that were not addressed to the public."""
    OTHER_PRODUCTS = "other_products"
    """What Takeout holds besides YouTube."""


NAMED: Mapping[Private, Text] = {
    Private.MESSAGES: Text("privata meddelanden", "private messages"),
    Private.CONTACTS: Text("följare, vänner eller kontakter", "followers, friends or contacts"),
    Private.BLOCKS: Text(
        "blockeringslistor (som insyn file tar emot)",
        "block lists (which insyn file takes)",
    ),
    Private.HISTORY: Text("sökningar, gillanden eller sparat", "searches, likes or what was saved"),
    Private.ADS: Text("annonsdata", "data for advertisements"),
    Private.PLACES: Text("platsdata", "data on places"),
    Private.SECURITY: Text("inloggningar eller enheter", "logins or devices"),
    Private.SETTINGS: Text("inställningar eller kontaktuppgifter", "settings or contact details"),
    Private.NOT_PUBLIC: Text(
        "media till inlägg som inte riktades till allmänheten",
        "media of posts that were not addressed to the public",
    ),
    Private.OTHER_PRODUCTS: Text(
        "data från andra tjänster än YouTube", "data of products other than YouTube"
    ),
}

_Paths = Mapping[Private, tuple[str, ...]]
"""`folder/`: whatever lies below a folder of that name; else how a path ends, with `*`."""

_META: _Paths = {
    Private.MESSAGES: ("messages/", "messages.json", "dating/"),
    Private.CONTACTS: (
        "connections/", "followers_and_following/", "following_and_followers/", "contacts/",
        "friends/", "friends_and_followers/", "friends_and_followers.json", "about_you/",
        "other_personal_information/", "connections.json", "contacts.json",
    ),
    Private.HISTORY: (
        "logged_information/", "search/", "search_history/", "searches/", "recent_searches/",
        "likes/", "likes_and_reactions/", "likes_and_reactions*.json", "saved/",
        "saved_items_and_collections/", "story_interactions/", "story_sticker_interactions/",
        "your_interactions_on_facebook/", "other_activity/", "activity_messages/", "likes.json",
        "saved.json", "searches.json", "seen_content.json", "stories_activities.json",
    ),
    Private.ADS: (
        "ads_information/", "ads_and_businesses/", "ads_and_topics/", "ads_and_content/",
        "your_topics/", "apps_and_websites/", "apps_and_websites_off_of_facebook/",
        "apps_and_websites_off_of_instagram/", "other_logged_information/",
    ),
    Private.PLACES: ("location/", "your_places/", "information_about_you/"),
    Private.SECURITY: (
        "security_and_login_information/", "login_and_account_creation/",
        "login_and_profile_creation/", "device_information/", "devices.json",
        "account_history.json",
    ),
    Private.SETTINGS: (
        "preferences/", "settings/", "settings.json", "privacy_checkup/", "notifications/",
        "facebook_payments/", "facebook_marketplace/", "autofill_information/", "autofill.json",
        "checkout.json",
    ),
}  # fmt: skip
_PATHS: Mapping[str, _Paths] = {
    "facebook": _META,
    "instagram": _META,
    "mastodon": {
        Private.CONTACTS: ("followers.csv", "following_accounts.csv", "lists.csv"),
        Private.BLOCKS: ("blocked_accounts.csv", "muted_accounts.csv", "blocked_domains.csv"),
        Private.HISTORY: ("likes.json", "bookmarks.json", "bookmarks.csv"),
    },
    "x": {
        Private.MESSAGES: (
            "data/direct-message*.js", "direct_messages_media/", "direct_messages_group_media/",
            "data/grok-chat*.js", "grok_chat_media/",
        ),
        Private.CONTACTS: (
            "data/follower*.js", "data/following*.js", "data/contact*.js", "data/lists-*.js",
            "data/periscope-followers.js",
        ),
        Private.BLOCKS: ("data/block*.js", "data/mute*.js", "data/smartblock.js",
                         "data/fleet-mute.js"),
        Private.HISTORY: (
            "data/like*.js", "data/saved-search.js", "data/user-link-clicks.js",
            "data/protected-history.js", "data/community-note-rating.js", "data/bookmark*.js",
        ),
        Private.ADS: ("data/ad-*.js", "data/ads-*.js", "data/personalization.js"),
        Private.SECURITY: (
            "data/account-creation-ip.js", "data/ip-audit.js", "data/device-token.js",
            "data/ni-devices.js", "data/key-registry.js", "data/connected-application.js",
            "data/sso.js",
        ),
        Private.SETTINGS: (
            "data/phone-number.js", "data/email-address-change.js", "data/ageinfo.js",
            "data/account-timezone.js",
        ),
    },
    "linkedin": {
        Private.MESSAGES: ("messages*.csv", "*_messages.csv"),
        Private.CONTACTS: (
            "Connections*.csv", "Invitations*.csv", "ImportedContacts.csv",
            "Imported Contacts.csv", "Company Follows.csv", "Member_Follows.csv",
            "Endorsement_*.csv", "Recommendations_*.csv",
        ),
        Private.HISTORY: (
            "SearchQueries.csv", "Saved_Items.csv", "Saved Jobs.csv", "SavedJobAlerts.csv",
            "Reactions*.csv", "Votes*.csv", "Learning.csv",
        ),
        Private.ADS: ("Ad_Targeting*.csv", "Ads Clicked*.csv", "LAN Ads*.csv", "Inferences*.csv"),
        Private.SECURITY: (
            "Logins*.csv", "Security Challenges.csv", "Account Status History.csv",
        ),
        Private.SETTINGS: (
            "Email Addresses.csv", "PhoneNumbers.csv", "Whatsapp Phone Numbers.csv",
            "Receipts*.csv", "Registration.csv", "Private_identity_asset.csv", "Verifications/",
            "Jobs/", "Job *.csv",
        ),
    },
    "youtube": {
        Private.CONTACTS: ("subscriptions/", "prenumerationer/"),
        Private.HISTORY: (
            "history/", "historik/", "watch-history.*", "search-history.*", "visningshistorik.*",
            "sökhistorik.*",
        ),
    },
}  # fmt: skip
_PUBLIC = frozenset({"posts", "media", "reels", "stories", "videos", "tweets_media"})
"""Below a folder of posts no folder is private, whatever an album is called."""
_TAKEOUT, _MESSAGES = "takeout", "messages"


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """A member that is not kept: its name, size in bytes and digest, and nothing of its content."""

    name: str
    what: Private
    size: int
    sha256: str


def private_members(
    platform: str, names: Iterable[str], posts: Iterable[str]
) -> dict[str, Private]:
    """Which of the names are private; `posts` are the files that posts are read from, never so."""
    posts, known = frozenset(posts), _Known.of(_PATHS[platform])
    products = {product for name in posts if (product := _product(name))}
    found = {}
    for name in names:
        what = known.what(name)
        if products and (product := _product(name)) and product not in products:
            what = Private.OTHER_PRODUCTS
        if what and name not in posts:
            found[name] = what
    return found


def shown_name(name: str) -> str:
    """A member's name as it is told; what lies below messages is named after who wrote them."""
    path = PurePosixPath(name)
    for number, step in enumerate(path.parts[:-1], start=1):
        if step.lower() == _MESSAGES:
            return "/".join((*path.parts[:number], f"…{path.suffix}"))
    return name


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """A platform's paths made ready: what is below each folder, and the ends of other names."""

    folders: Mapping[str, Private]
    ends: re.Pattern[str]

    @classmethod
    def of(cls, paths: _Paths) -> "_Known":
        each = [(what, one.lower()) for what, some in paths.items() for one in some]
        ends = {what: [one for one in some if one[-1] != "/"] for what, some in paths.items()}
        groups = (
            f"(?P<{what}>{'|'.join(map(_pattern, some))})" for what, some in ends.items() if some
        )
        return cls(
            folders={one[:-1]: what for what, one in each if one[-1] == "/"},
            ends=re.compile(f"/(?:{'|'.join(groups)})$", re.IGNORECASE),
        )

    def what(self, name: str) -> Private | None:
        """By the innermost folder that is private, else by how the name ends."""
        within = name.lower().split("/")[:-1]
        public = next((n for n, step in enumerate(within) if step in _PUBLIC), len(within))
        for step in reversed(within[:public]):
            if step in self.folders:
                return self.folders[step]
        end = self.ends.search(f"/{name}")
        return Private(str(end.lastgroup)) if end else None


def _pattern(path: str) -> str:
    return re.escape(path).replace(r"\*", "[^/]*")


def _product(name: str) -> str:
    """The product's folder in Takeout, in whatever language; empty outside of one."""
    steps = name.split("/")
    at = next((n for n, step in enumerate(steps) if step.lower() == _TAKEOUT), None)
    return steps[at + 1] if at is not None and len(steps) > at + 2 else ""
