"""Every code that the reading of an export can give, with its text in Swedish and English.

I0xx are faults and stop the import, I1xx are warnings. Nothing of an export's content is told,
only names of its files and numbers. Decides nothing.
"""

from collections.abc import Mapping

from accounts.codes import Text
from accounts.findings import Finding, Severity

TEXTS: Mapping[str, Text] = {
    "I001": Text(
        "Filen kan inte läsas: {why}. Kontrollera sökväg och rättigheter.",
        "The file cannot be read: {why}. Check its path and its permissions.",
    ),
    "I002": Text(
        "Filen är varken en hel ZIP-fil eller en hel tar.gz-fil: {why}. Hämta exporten på nytt.",
        "The file is neither a whole ZIP file nor a whole tar.gz file: {why}. Fetch the export "
        "anew.",
    ),
    "I003": Text(
        "Exporten blir {size} byte uppackad; högst {most} tas emot.",
        "Unpacked the export has {size} bytes; at most {most} are taken.",
    ),
    "I004": Text(
        "Filen växer {ratio} gånger när den packas upp; högst {most} gånger godtas.",
        "The file grows {ratio} times when it is unpacked; at most {most} times is accepted.",
    ),
    "I005": Text(
        "Exporten har {count} filer; högst {most} tas emot.",
        "The export has {count} files; at most {most} are taken.",
    ),
    "I006": Text(
        "Namnet leder ut ur exporten eller är tvetydigt. Exporten är inte som plattformen "
        "lämnade den: hämta den på nytt.",
        "The name leads out of the export or is ambiguous. The export is not as the platform made "
        "it: fetch it anew.",
    ),
    "I007": Text(
        "Detta är en länk eller enhet, inte en fil. Hämta exporten på nytt.",
        "This is a link or a device, not a file. Fetch the export anew.",
    ),
    "I008": Text(
        "Två filer har samma namn, eller namn som bara skiljer i stora och små bokstäver.",
        "Two files have the same name, or names that differ only in case.",
    ),
    "I009": Text(
        "Filen är krypterad. Hämta en export utan lösenord.",
        "The file is encrypted. Fetch an export without a password.",
    ),
    "I010": Text(
        "Innehållet är skadat eller avhugget: {why}. Hämta exporten på nytt.",
        "The content is damaged or cut off: {why}. Fetch the export anew.",
    ),
    "I011": Text(
        "Exporten känns inte igen. Den kan komma från: {known}. Begär den i det maskinläsbara "
        "formatet (JSON eller CSV).",
        "The export is not recognised. It may come from: {known}. Ask for it in the "
        "machine-readable form (JSON or CSV).",
    ),
    "I012": Text(
        "Filen går inte att tolka som {form}: {why}. Hämta exporten på nytt.",
        "The file cannot be parsed as {form}: {why}. Fetch the export anew.",
    ),
    "I013": Text(
        "Teckenkodningen går inte att tolka. Filen ska vara UTF-8.",
        "The character encoding cannot be understood. The file must be UTF-8.",
    ),
    "I014": Text(
        "Exporten kommer från {found}, men kontot finns på {wanted}. Ange rätt konto.",
        "The export is from {found}, but the account is on {wanted}. Name the right account.",
    ),
    "I015": Text(
        "Exporten gäller ”{found}”, men kontot heter ”{wanted}”. Ange rätt konto.",
        "The export is of “{found}”, but the account is “{wanted}”. Name the right account.",
    ),
    "I016": Text(
        "Datafilen är {size} byte; högst {most} tolkas. Begär exporten i flera delar.",
        "The data file has {size} bytes; at most {most} are parsed. Ask for the export in several "
        "parts.",
    ),
    "I017": Text(
        "Exporten har inga inlägg som kan läsas. Begär en export där inläggen är med.",
        "The export has no posts that can be read. Ask for an export with the posts in it.",
    ),
    "I018": Text(
        "Inlägget {post} har gallrats, och det som gallrats återskapas inte. Begär en export för "
        "tiden efter det.",
        "The post {post} was disposed of, and what was disposed of is not made anew. Ask for an "
        "export of the time after it.",
    ),
    "I019": Text(
        "Två filer säger olika om inlägget {post}. Hämta exporten på nytt.",
        "Two files say different things of the post {post}. Fetch the export anew.",
    ),
    "I020": Text(
        "Filen ska innehålla {wanted}, men gör det inte. Hämta exporten på nytt.",
        "The file should hold {wanted}, but does not. Fetch the export anew.",
    ),
    "I101": Text(
        "{count} poster kunde inte förstås. De finns kvar i den fil som bevaras.",
        "{count} entries could not be understood. They remain in the file that is kept.",
    ),
    "I102": Text(
        "Filen är okänd och har inte lästs, men bevaras. Se efter om den har privata uppgifter; "
        "ta i så fall bort den och läs in exporten på nytt.",
        "The file is unknown and was not read, but is kept. Look whether it holds what is private; "
        "if so, take it out and import the export anew.",
    ),
    "I103": Text(
        "Exporten säger {announced} inlägg, men har {found}.",
        "The export announces {announced} posts, but has {found}.",
    ),
    "I104": Text(
        "{count} mediefiler som inläggen nämner finns inte i exporten.",
        "{count} media files that the posts name are not in the export.",
    ),
    "I105": Text(
        "Arkivet går inte att nå. Det är inte prövat om något av inläggen har gallrats eller vilka "
        "som saknas i arkivet; det prövas när exporten läses in.",
        "The archive cannot be reached. Whether any of the posts was disposed of, and which the "
        "archive lacks, was not examined; it is when the export is imported.",
    ),
    "I106": Text(
        "Filer med {sv} bevaras inte ({count}). Storlek och kontrollsumma står i data/import.json. "
        "Är de allmänna handlingar ska de tas om hand för sig innan exporten kastas.",
        "Files with {en} are not kept ({count}). data/import.json has their sizes and digests. "
        "Where they are public records, see to them by themselves before the export is thrown "
        "away.",
    ),
    "I107": Text(
        "Poster som inte riktades till allmänheten ({count}) har tagits bort ur den fil som "
        "bevaras.",
        "Entries that were not addressed to the public ({count}) were taken out of the file that "
        "is kept.",
    ),
}


def finding(code: str, place: str, **facts: object) -> Finding:
    """A finding with its texts filled in."""
    text = TEXTS[code]
    severity = Severity.WARNING if code.startswith("I1") else Severity.FAULT
    return Finding(
        code=code,
        severity=severity,
        place=place,
        sv=text.sv.format(**facts),
        en=text.en.format(**facts),
    )
