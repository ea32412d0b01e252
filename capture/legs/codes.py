"""Every code that the comparison of legs can give, with its text in Swedish and English.

All are warnings. Ids of posts and accounts, names of legs and numbers only. Decides nothing.
"""

from collections.abc import Mapping

from accounts.codes import Text
from accounts.findings import Finding, Severity

TEXTS: Mapping[str, Text] = {
    "L101": Text(
        "Inlägget finns i {has}, men saknas i {lacks}. Ta reda på varför.",
        "The post is in {has}, but not in {lacks}. Find out why.",
    ),
    "L102": Text(
        "Inlägget finns i {has}, men saknas i {lacks}, som inte lästes till slutet.",
        "The post is in {has}, but not in {lacks}, which was not read to its end.",
    ),
    "L103": Text(
        "Inlägget finns i {has}, men är borttaget enligt {gone}.",
        "The post is in {has}, but is deleted according to {gone}.",
    ),
    "L104": Text(
        "Inlägget finns i {has}, men har ingen adress på kontots egen webbplats och kan inte "
        "besökas.",
        "The post is in {has}, but has no address on the account's own site and cannot be visited.",
    ),
    "L105": Text(
        "Inlägget finns i {has}, men dess sida finns inte längre. Det kan inte tas.",
        "The post is in {has}, but its page is no longer there. It cannot be captured.",
    ),
    "L106": Text(
        "Inlägget finns i {has} och är från samma dag som ett gallrat inlägg. Det besöks inte: "
        "det som gallrats återskapas inte.",
        "The post is in {has} and of the same day as a post that was disposed of. It is not "
        "visited: what was disposed of is not made anew.",
    ),
    "L107": Text(
        "Flödet är inte genomgånget till slutet sedan {day}: genomgången avbryts av en gräns "
        "({limit}) och fortsätter längre ned nästa gång. Höj gränsen om det tar för många dagar.",
        "The feed has not been walked to its end since {day}: a limit ({limit}) cuts the walk off, "
        "and the next goes on below. Raise the limit if it takes too many days.",
    ),
}


def finding(code: str, place: str, **facts: object) -> Finding:
    """A finding about a post or an account, with its texts filled in."""
    text = TEXTS[code]
    return Finding(
        code=code,
        severity=Severity.WARNING,
        place=place,
        sv=text.sv.format(**facts),
        en=text.en.format(**facts),
    )
