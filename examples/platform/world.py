"""Torget's world: the accounts and posts of an imitation social platform, with ground truth.

Everything is made from a seed, so that a test knows what a page must show. People are invented.
"""

import hashlib
import io
import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta

from PIL import Image, ImageDraw

TEXTS = (
    "Ny studie: sömn efter förlossning påverkar återhämtningen mer än man trott.",
    "I morgon disputerar en av våra doktorander. Välkommen till Aula Medica klockan 9!",
    "Nu öppnar anmälan till höstens populärvetenskapliga föreläsningar.",
    "Vår forskningsinfrastruktur får 48 miljoner kronor till nya mikroskop.",
    "Biblioteket har öppet hela helgen inför tentorna. Ta med kaffe och lugn!",
    "Hur mår svenska tonåringar egentligen? Ny rapport om skärmtid och stress.",
    "Tack till alla som kom till öppet hus på campus Flemingsberg!",
    "Kliniska prövningar kräver tålamod – och patienter som vill bidra. Så går det till.",
    "Anslag till forskning om Alzheimers sjukdom och tidig upptäckt.",
    "Frågor om antagningen? Våra studievägledare svarar här varje tisdag.",
)

OWN_TEXTS = {
    "ki_medh": "Det här kontot avvecklas den 31 december. Följ @karolinskainstitutet i stället.",
    "kibiblioteket": "Öppettider i julhelgen: stängt 24–26 december, sedan som vanligt.",
}


@dataclass(frozen=True, kw_only=True)
class Post:
    """One post; `colour` is the code that its picture shows, unique in the account."""

    id: str
    text: str
    at: datetime
    colour: str
    reactions: int
    comments: int

    def picture(self) -> bytes:
        """A PNG of 960 × 540 pixels, its colour code in a swatch of 24 × 24."""
        shade = random.Random(self.id)
        base = tuple(shade.randint(60, 190) for _ in range(3))
        image = Image.new("RGB", (960, 540), base)
        draw = ImageDraw.Draw(image)
        for _ in range(14):
            x, y, r = shade.randint(0, 960), shade.randint(0, 540), shade.randint(20, 160)
            tone = tuple(min(255, c + shade.randint(-40, 60)) for c in base)
            draw.ellipse((x - r, y - r, x + r, y + r), fill=tone)
        draw.rectangle((0, 0, 23, 23), fill=self.colour)
        return _png(image)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One account with all that its page shows."""

    handle: str
    name: str
    bio: str
    link: str
    followers: int
    following: int
    posts: tuple[Post, ...] = field(repr=False)
    avatar_seed: int = 1

    def avatar(self) -> bytes:
        """A PNG of 256 × 256 pixels."""
        return _emblem(f"{self.handle}-{self.avatar_seed}", 256, 256)

    def cover(self) -> bytes:
        """A PNG of 1280 × 320 pixels."""
        return _emblem(f"cover-{self.handle}", 1280, 320)

    def truth(self) -> dict[str, object]:
        """What a true capture shows, as JSON values."""
        return {
            "handle": self.handle,
            "name": self.name,
            "bio": self.bio,
            "links": [self.link],
            "counts": {
                "posts": len(self.posts),
                "followers": self.followers,
                "following": self.following,
            },
            "avatar_sha256": hashlib.sha256(self.avatar()).hexdigest(),
            "cover_sha256": hashlib.sha256(self.cover()).hexdigest(),
            "posts": [
                {
                    "id": post.id,
                    "text": post.text,
                    "at": post.at.isoformat(),
                    "colour": post.colour,
                    "reactions": post.reactions,
                    "comments": post.comments,
                }
                for post in self.posts
            ],
        }


_ACCOUNTS = (
    ("karolinskainstitutet", "Karolinska Institutet", 40, 0, 128_450,
     ("Ett av världens ledande medicinska universitet. Vi delar forskning, utbildning och liv på "
     "campus 🔬 Frågor besvaras vardagar 9–16.")),
    ("kibiblioteket", "KI-biblioteket", 24, 0, 12_480,
     "Universitetsbiblioteket vid Karolinska Institutet. Böcker, databaser och hjälp att söka 📚"),
    ("ki_forskning", "KI Forskning", 24, 0, 8_312,
     "Forskningsstöd, anslag och infrastruktur vid Karolinska Institutet."),
    ("ki_odontologi", "Odontologi vid KI", 24, 0, 2_104,
     "Institutionen för odontologi: utbildning, forskning och vård för friskare tänder 🦷"),
    ("ki_alumn", "KI Alumn", 24, 0, 5_900, "För dig som har studerat vid Karolinska Institutet."),
    ("ki_karriar", "KI Karriär", 24, 0, 1_020, "Jobb och karriär för studenter vid KI."),
    ("ki_sommarforskarskola", "Sommarforskarskolan", 24, 240, 640,
     "Forskarskola för gymnasieelever, varje sommar på campus Solna ☀️"),
    ("ki_medh", "Medicinens historia vid KI", 24, 0, 990,
     "Föremål och berättelser ur medicinens historia. Kontot avvecklas."),
    ("ki_mmi", "Mikrobiologi vid KI", 24, 0, 1_777,
     "Bakterier, virus och immunförsvar – forskning från institutionen."),
)  # fmt: skip


def world(now: datetime) -> dict[str, Profile]:
    """Every account by its handle, as the world stands at `now`."""
    return {row[0]: _profile(row, now) for row in _ACCOUNTS}


def changed(profile: Profile, **changes: object) -> Profile:
    """The profile after its owner changed it."""
    return replace(profile, **changes)


def _profile(row: tuple[str, str, int, int, int, str], now: datetime) -> Profile:
    handle, name, count, silent_days, followers, bio = row
    dice = random.Random(handle)
    morning = datetime.combine(now.date(), time(9, 30), UTC) - timedelta(days=silent_days)
    posts = [
        Post(
            id=f"{dice.getrandbits(40):010x}",
            text=OWN_TEXTS.get(handle, TEXTS[0])
            if n == 0
            else TEXTS[(n + len(handle)) % len(TEXTS)],
            at=morning - timedelta(days=n * 3 + 1, minutes=dice.randint(0, 400)),
            colour=f"#{(n * 37 + 11) % 256:02x}{(n * 91 + 60) % 256:02x}{(n * 13 + 140) % 256:02x}",
            reactions=dice.randint(2, 900),
            comments=dice.randint(0, 40),
        )
        for n in range(count)
    ]
    return Profile(
        handle=handle,
        name=name,
        bio=bio,
        link=f"https://ki.example/{handle}",
        followers=followers,
        following=dice.randint(40, 400),
        posts=tuple(posts),
    )


def _emblem(seed: str, width: int, height: int) -> bytes:
    dice = random.Random(seed)
    dark = tuple(dice.randint(30, 110) for _ in range(3))
    image = Image.new("RGB", (width, height), dark)
    draw = ImageDraw.Draw(image)
    for _ in range(9):
        light = tuple(min(255, c + dice.randint(20, 120)) for c in dark)
        x, y, r = dice.randint(0, width), dice.randint(0, height), dice.randint(20, height // 2)
        draw.ellipse((x - r, y - r, x + r, y + r), outline=light, width=max(4, height // 40))
    return _png(image)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
