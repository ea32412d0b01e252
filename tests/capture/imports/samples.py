"""Sample exports of each platform, made to its documented layout, with our own words in them."""

import io
import json
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

PICTURE = b"\xff\xd8\xff\xe0 a picture"
SECRET = "Bara mellan oss"
"""Stands in all that is private."""
Files = Mapping[str, bytes]


def zipped(path: Path, files: Files) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def tarred(path: Path, files: Files) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def mangled(text: str) -> str:
    """A text as Facebook writes it: its UTF-8 bytes as latin-1 characters."""
    return text.encode().decode("latin-1")


_SOCIAL = "https://social.example/users/ki"
_PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


def _note(number: int, html: str, **more: object) -> dict[str, object]:
    address = f"{_SOCIAL}/statuses/{number}"
    return {
        "id": f"{address}/activity",
        "type": "Create",
        "published": "2026-11-20T09:00:00Z",
        "to": [_PUBLIC],
        "cc": [],
        "object": {
            "id": address,
            "type": "Note",
            "published": "2026-11-20T09:00:00Z",
            "url": f"https://social.example/@ki/{number}",
            "content": html,
            "summary": None,
            "inReplyTo": None,
            **more,
        },
    }


def mastodon() -> dict[str, bytes]:
    picture = {
        "type": "Document",
        "mediaType": "image/jpeg",
        "url": "/media_attachments/files/1/original/a.jpg",
        "name": "Ett mikroskop",
    }
    hidden = {**picture, "url": "/media_attachments/files/2/original/b.jpg"}
    items = [
        _note(101, "<p>Ny studie om sömn</p><p>Läs mer: <a href='https://ki.example/s'>här</a></p>",
              attachment=[picture]),
        _note(102, "<p>Svar på frågan</p>", inReplyTo="https://annan.example/users/x/statuses/7",
              summary="Blod i bild", updated="2026-11-21T09:00:00Z"),
        {**_note(103, f"<p>{SECRET}</p>", attachment=[hidden, picture]),
         "to": ["https://annan.example/users/x"]},
        {"id": f"{_SOCIAL}/statuses/104/activity", "type": "Announce", "to": [_PUBLIC],
         "published": "2026-11-22T09:00:00Z", "object": "https://annan.example/users/x/statuses/9"},
    ]  # fmt: skip
    return {
        "actor.json": as_json({"type": "Person", "preferredUsername": "ki", "name": "KI"}),
        "outbox.json": as_json({"totalItems": 4, "orderedItems": items}),
        "likes.json": as_json({"orderedItems": []}),
        "media_attachments/files/1/original/a.jpg": PICTURE,
        "media_attachments/files/2/original/b.jpg": SECRET.encode(),
    }


def facebook() -> dict[str, bytes]:
    posts = [
        {"timestamp": 1763629200, "title": mangled("KI uppdaterade sin status."),
         "data": [{"post": mangled("Öppet hus på lördag 🎉")}, {"update_timestamp": 1763632800}],
         "attachments": [{"data": [
             {"media": {"uri": "posts/media/a.jpg", "description": mangled("Människor på gården")}},
             {"external_context": {"url": "https://ki.example/hus"}}]}]},
        {"timestamp": 1763715600, "data": [{"post": "Hel text: åäö €"}]},
        "not a post",
    ]  # fmt: skip
    profile = {"profile_v2": {"name": {"full_name": "Karolinska Institutet"}, "username": "ki"}}
    root = "facebook-ki/"
    return {
        root + "your_facebook_activity/posts/your_posts_1.json": json.dumps(posts).encode(),
        root + "personal_information/profile_information/profile_information.json": as_json(
            profile
        ),
        root + "your_facebook_activity/comments_and_reactions/comments.json": b"{}",
        root + "your_facebook_activity/events/something_new.json": b"[]",
        root + "posts/media/a.jpg": PICTURE,
    }


def instagram() -> dict[str, bytes]:
    posts = [
        {"media": [{"uri": "media/posts/202611/b.jpg", "creation_timestamp": 1763629200,
                    "title": mangled("Labbet på kvällen"),
                    "media_metadata": {"alt_text": mangled("Rör på hög")}}]},
        {"title": mangled("Två bilder från år 1"), "creation_timestamp": 1763715600,
         "media": [{"uri": "media/posts/202611/c.jpg"}, {"uri": "media/posts/202611/d.mp4"}]},
    ]  # fmt: skip
    user = {"profile_user": [{"string_map_data": {"Username": {"value": "ki"}}}]}
    return {
        "your_instagram_activity/media/posts_1.json": json.dumps(posts).encode(),
        "personal_information/personal_information/personal_information.json": as_json(user),
        "media/posts/202611/b.jpg": PICTURE,
        "media/posts/202611/c.jpg": PICTURE,
    }


def x() -> dict[str, bytes]:
    tweets = [
        {"tweet": {"id_str": "1990000000000000001", "created_at": "Thu Nov 20 09:00:00 +0000 2026",
                   "full_text": "Forskning &amp; utbildning https://t.co/a", "favorite_count": "12",
                   "retweet_count": "3",
                   "entities": {"urls": [{"url": "https://t.co/a",
                                          "expanded_url": "https://ki.example/f"}]},
                   "extended_entities": {"media": [
                       {"type": "photo", "media_url_https": "https://pbs.example/media/G1.jpg"}]}}},
        {"tweet": {"id_str": "1990000000000000002", "created_at": "Fri Nov 21 09:00:00 +0000 2026",
                   "full_text": "Tack för frågan!",
                   "in_reply_to_status_id_str": "1980000000000000000"}},
    ]  # fmt: skip
    owner = [{"account": {"username": "ki", "accountDisplayName": "Karolinska Institutet"}}]
    return {
        "data/tweets.js": b"window.YTD.tweets.part0 = " + as_json(tweets[:1]),
        "data/tweets-part1.js": b"window.YTD.tweets.part1 = " + as_json(tweets[1:]),
        "data/account.js": b"window.YTD.account.part0 = " + as_json(owner),
        "data/direct-messages.js": b"window.YTD.direct_messages.part0 = [ ]",
        "data/tweets_media/1990000000000000001-G1.jpg": PICTURE,
        "Your archive.html": b"<html></html>",
    }


def linkedin() -> dict[str, bytes]:
    shares = (
        "Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\r\n"
        "2026-11-20 09:00:00,https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A7001,"
        '"Första raden""\n""Andra raden åäö",https://ki.example/l,,MEMBER_NETWORK\r\n'
        "in går,https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A7002,Fel tid,,,\r\n"
    )
    report = (
        '"Innehåll, de senaste 365 dagarna"\r\n'
        "Post title,Post link,Post type,Created date,Likes,Comments,Reposts\r\n"
        "Ny rektor,https://www.linkedin.com/feed/update/urn:li:activity:7003,Organic,"
        "11/21/2026,40,5,2\r\n"
    )
    return {
        "Shares.csv": b"\xef\xbb\xbf" + shares.encode(),
        "ki_content.csv": report.encode("utf-16"),
        "Connections.csv": b"First Name,Last Name\r\n",
    }


def youtube() -> dict[str, bytes]:
    root = "Takeout/YouTube och YouTube Music/"
    videos = (
        "Video ID,Approximate Duration (ms),Channel ID,Video Title (Original),Privacy,Video State,"
        "Video Create Timestamp,Video Publish Timestamp\n"
        "abcdefghijk,61000,UCki,Föreläsning om sömn,Public,Processed,"
        "2026-11-20T08:00:00+00:00,2026-11-20T09:00:00+00:00\n"
        "hemligfilm1,61000,UCki,Utkast,Private,Processed,2026-11-20T08:00:00+00:00,\n"
    )
    comments = (
        "Channel ID,Comment Create Timestamp,Price,Comment ID,Parent Comment ID,Video ID,"
        "Comment Text\n"
        'UCki,2026-11-21T09:00:00+00:00,0,Ugx1,,abcdefghijk,"{""text"":""Tack för ""},'
        '{""text"":""frågan!""}"\n'
        'UCki,2026-11-21T10:00:00+00:00,0,Ugx2,,annansfilm1,"{""text"":""Fint""}"\n'
    )
    return {
        root + "video metadata/videos.csv": videos.encode(),
        root + "comments/comments.csv": comments.encode(),
        root + "channels/channel.csv": b"Channel ID,Channel Title (Original)\nUCki,KI\n",
        root + "videos/sleep.mp4": b"film",
    }


ALL = {
    "mastodon": mastodon,
    "facebook": facebook,
    "instagram": instagram,
    "x": x,
    "linkedin": linkedin,
    "youtube": youtube,
}

_TAKEOUT = "Takeout/YouTube och YouTube Music/"
PRIVATE: Mapping[str, Mapping[str, str]] = {
    "mastodon": {
        "likes.json": "history",
        "bookmarks.json": "history",
        "blocked_accounts.csv": "blocks",
        "following_accounts.csv": "contacts",
    },
    "facebook": {
        "facebook-ki/your_facebook_activity/messages/inbox/bodilbesokare_1/message_1.json":
            "messages",
        "facebook-ki/your_facebook_activity/messages/inbox/bodilbesokare_1/photos/1.jpg":
            "messages",
        "facebook-ki/connections/friends/your_friends.json": "contacts",
        "facebook-ki/logged_information/search/your_search_history.json": "history",
        "facebook-ki/your_facebook_activity/comments_and_reactions/likes_and_reactions_1.json":
            "history",
        "facebook-ki/ads_information/advertisers.json": "ads",
        "facebook-ki/location/primary_location.json": "places",
        "facebook-ki/security_and_login_information/where_you_are_logged_in.json": "security",
        "facebook-ki/preferences/feed.json": "settings",
    },
    "instagram": {
        "your_instagram_activity/messages/inbox/bodilbesokare_1/message_1.json": "messages",
        "connections/followers_and_following/followers_1.json": "contacts",
        "connections/contacts/synced_contacts.json": "contacts",
        "your_instagram_activity/likes/liked_posts.json": "history",
        "your_instagram_activity/saved/saved_posts.json": "history",
        "logged_information/recent_searches/word_or_phrase_searches.json": "history",
        "ads_information/ads_and_topics/ads_viewed.json": "ads",
        "personal_information/information_about_you/profile_based_in.json": "places",
        "security_and_login_information/login_and_profile_creation/login_activity.json":
            "security",
        "preferences/your_topics/your_topics.json": "ads",
    },
    "x": {
        "data/direct-messages.js": "messages",
        "data/direct-messages-group-part1.js": "messages",
        "data/direct_messages_media/1-2-a.jpg": "messages",
        "data/follower.js": "contacts",
        "data/following.js": "contacts",
        "data/contact.js": "contacts",
        "data/block.js": "blocks",
        "data/like.js": "history",
        "data/saved-search.js": "history",
        "data/ad-impressions.js": "ads",
        "data/ip-audit.js": "security",
        "data/phone-number.js": "settings",
    },
    "linkedin": {
        "Connections.csv": "contacts",
        "messages.csv": "messages",
        "guide_messages.csv": "messages",
        "Invitations.csv": "contacts",
        "SearchQueries.csv": "history",
        "Ad_Targeting.csv": "ads",
        "Logins.csv": "security",
        "PhoneNumbers.csv": "settings",
        "Jobs/Saved Answers.csv": "settings",
    },
    "youtube": {
        _TAKEOUT + "history/watch-history.html": "history",
        _TAKEOUT + "historik/s\u00f6khistorik.json": "history",
        _TAKEOUT + "subscriptions/subscriptions.csv": "contacts",
        "Takeout/Mail/All mail.mbox": "other_products",
        "Takeout/Kontakter/contacts.vcf": "other_products",
    },
}  # fmt: skip
"""What each platform's export holds that is private, by the folders and names that it has there."""


def with_private(kind: str) -> dict[str, bytes]:
    """A sample with all its platform's private members, each with the secret in it."""
    return {**ALL[kind](), **dict.fromkeys(PRIVATE[kind], SECRET.encode())}
