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
    "L108": Text(
        "Arkivet har tagit {has} av exportens {of} inlägg; {count} saknas. De står i "
        "data/import.json och med --json. Ta dem som finns kvar: insyn post capture --post ADRESS.",
        "The archive has captured {has} of the export's {of} posts and lacks {count}. They stand "
        "in data/import.json and with --json. Capture those that are still there: insyn post "
        "capture --post ADDRESS.",
    ),
    "L109": Text(
        "Exporten saknar {count} inlägg som arkivet har tagit från samma tid ({first} till "
        "{last}); {gone} av dem är kända som borttagna. De kan ha tagits bort innan exporten "
        "gjordes: de står i data/import.json och med --json.",
        "The export lacks {count} posts that the archive captured of the same time ({first} to "
        "{last}); {gone} of them are known to be deleted. They may have been removed before the "
        "export was made: they stand in data/import.json and with --json.",
    ),
    "L110": Text(
        "Exporten namnger inte inläggen som webbsidan gör. De har parats med arkivets efter tid "
        "och text där id saknas: {both} hittades, {unclear} gick inte att avgöra och {undone} i "
        "arkivet kunde inte jämföras. De står i data/import.json och med --json.",
        "The export does not name posts as the page does. They were paired with the archive's by "
        "time and text where no id is common: {both} were found, {unclear} could not be told "
        "apart, and {undone} in the archive could not be compared. They stand in data/import.json "
        "and with --json.",
    ),
    "L111": Text(
        "Inlägget har {announced} kommentarer enligt {leg}, men {shown} i arkivet. Ta det på nytt "
        "om skillnaden inte kommer av dolda, borttagna eller senare kommentarer.",
        "The post has {announced} comments according to {leg}, but {shown} in the archive. Capture "
        "it anew unless hidden, deleted or later comments explain it.",
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
