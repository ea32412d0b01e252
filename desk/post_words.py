"""What the desk says of posts. Pairs of Swedish and English."""

from collections.abc import Mapping

Pair = tuple[str, str]

POSTS: Mapping[str, Pair] = {
    "post": ("Inlägg", "Post"),
    "first_at": ("Först tagen", "First captured"),
    "seen_at": ("Senast sett", "Last seen"),
    "gone_at": ("Borta sedan", "Gone since"),
    "looked": ("Besök", "Look"),
    "post.captured": ("nytt", "new"),
    "post.changed": ("ändrat", "changed"),
    "post.unchanged": ("oförändrat", "unchanged"),
    "post.gone": ("borta", "gone"),
    "post.gone_for_good": ("borta, bekräftat", "gone for good"),
    "post.known": ("fanns redan", "already there"),
    "act.posts_seen": ("inlägg sedda, oförändrade", "posts seen, unchanged"),
    "act.post_gone": ("inlägg borta", "post gone"),
    "act.feed_cut": ("flödet inte genomgånget till slutet", "feed not walked to its end"),
    "act.feed_whole": ("flödet genomgånget, inget saknas", "feed walked, nothing lacking"),
    "posts.finding": ("Letar inlägg hos {account}", "Looking for posts of {account}"),
    "posts.looking": ("Tar bilder av inlägg", "Capturing posts"),
    "posts.nothing": ("Inget inlägg att se på.", "No post to look at."),
    "posts.none": ("Inga inlägg är tagna.", "No posts are captured."),
    "posts.left": (
        "{count} inlägg är kvar till en annan gång: webbplatsen vill inte mer just nu. Kör igen.",
        "{count} posts are left for another time: the site wants no more just now. Run it again.",
    ),
    "posts.wall": (
        "Kontots sida kunde inte ses: {verdict}. Luckan är {gap}.",
        "The account's page was not to be seen: {verdict}. The gap is {gap}.",
    ),
    "posts.feed": ("Flöden", "Feeds"),
    "posts.changed": ("Ändrat", "Changed"),
    "posts.comments": ("Kommentarer", "Comments"),
    "posts.of": ("{shown} av {announced}", "{shown} of {announced}"),
    "posts.done": ("Inlägg: {count}. {told}.", "Posts: {count}. {told}."),
    "leg": ("Väg", "Way"),
    "posts.found": ("Inlägg", "Posts"),
    "posts.handed": ("Nya för arkivet", "New to the archive"),
    "posts.end": ("Slut", "End"),
    "posts.compared": (
        "{leg}: {found} inlägg; i arkivet: {captured}. Skillnader i allt: {differences}.",
        "{leg}: {found} posts; in the archive: {captured}. Differences in all: {differences}.",
    ),
    "posts.not_whole": (
        "{leg} lästes inte till slutet: {why}.",
        "{leg} was not read to its end: {why}.",
    ),
    "history.version": ("Version {number}, {when}, {record}", "Version {number}, {when}, {record}"),
    "history.hidden": ("dold", "hidden"),
    "history.image": ("bild", "image"),
    "history.video": ("film", "video"),
    "history.audio": ("ljud", "audio"),
    "history.other": ("fil", "file"),
    "history.link": ("länk", "link"),
    "history.same": (
        "Samma ord, samma bilder och samma samtal.",
        "The same words, media and dialogue.",
    ),
    "history.disposed": ("Handlingen finns inte kvar här.", "The record is no longer here."),
    "history.picture": (
        "Bilderna bredvid varandra: {path} ({count} ändrade ytor är inramade).",
        "The pictures side by side: {path} ({count} changed regions are framed).",
    ),
    "history.one": ("Det finns bara en version.", "There is only one version."),
}
