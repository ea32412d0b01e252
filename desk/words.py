"""What the desk says, in Swedish and English: headings, the names of choices, whole lines.

Names of choices are `kind.value`; a test holds them to the values there are. Knows nothing else.
"""

from collections.abc import Mapping
from typing import NamedTuple

from desk.disposal_words import DISPOSAL
from desk.import_words import IMPORTS
from desk.note_words import NOTE
from desk.people_words import PEOPLE
from desk.post_words import POSTS
from desk.recipe_words import RECIPES
from desk.retention_words import RETENTION
from desk.secrecy_words import SECRECY


class Words(NamedTuple):
    """One text in each language."""

    sv: str
    en: str


def word(language: str, key: str, /, **facts: object) -> str:
    """A text in a language (`sv` or `en`), its places filled in with `facts`.

    A value of some kind that has no word, such as a record type to come, is shown as it is.
    """
    _, dot, value = key.partition(".")
    if dot and key not in WORDS:
        return value
    known = WORDS[key]
    text = known.sv if language == "sv" else known.en
    return text.format(**facts) if facts else text


HEADINGS: Mapping[str, Words] = {
    "account": Words("Konto", "Account"),
    "act": Words("Händelse", "Act"),
    "actor": Words("Vem", "Actor"),
    "airflow": Words("Airflow", "Airflow"),
    "address": Words("Adress", "Address"),
    "after": Words("Efter", "After"),
    "approved_on": Words("Godkänt", "Approved"),
    "basis": Words("Rättsligt stöd", "Legal basis"),
    "before": Words("Före", "Before"),
    "browser": Words("Webbläsare", "Browser"),
    "bucket": Words("Bucket", "Bucket"),
    "captured_at": Words("Tagen", "Captured"),
    "changed": Words("Ändrat", "Changed"),
    "changes_since": Words("Ändrat sedan {record}", "Changed since {record}"),
    "closed_by": Words("Uppfylld av", "Closed by"),
    "closed_on": Words("Avslutat", "Closed"),
    "code": Words("Kod", "Code"),
    "completeness": Words("Fullständighet", "Completeness"),
    "consent": Words("Samtycke", "Consent"),
    "decided_by": Words("Beslutad av", "Decided by"),
    "decided_on": Words("Beslutad", "Decided"),
    "differs": Words("Skillnad", "Differs"),
    "director_approved_on": Words("Direktörens godkännande", "Director's approval"),
    "effect": Words("Gallringsfrist", "Retention"),
    "excerpt": Words("Ur texten", "From the text"),
    "evidence": Words("Underlag", "Evidence"),
    "fact": Words("Uppgift", "Fact"),
    "facts": Words("Uppgifter", "Facts"),
    "finding": Words("Vad och vad göra", "What, and what to do"),
    "gap": Words("Lucka", "Gap"),
    "gaps": Words("Luckor", "Gaps"),
    "grave": Words("Läge", "State"),
    "ground": Words("Grund", "Ground"),
    "half_year": Words("Halvår", "Half-year"),
    "handle": Words("Användarnamn", "Handle"),
    "held": Words("stopp", "held"),
    "hold": Words("Stopp", "Hold"),
    "holds": Words("Gallringsstopp", "Holds"),
    "id": Words("Id", "Id"),
    "in_force_from": Words("Gäller från", "In force from"),
    "last_published_on": Words("Senast publicerat", "Last published"),
    "locale": Words("Språk och tidszon", "Locale and time zone"),
    "login": Words("Inloggning", "Login"),
    "login_owner": Words("Inloggningens ägare", "Owner of the login"),
    "made_on": Words("Gjord", "Made"),
    "manager": Words("Godkännande chef", "Approving manager"),
    "media_type": Words("Typ", "Type"),
    "mended": Words("Åtgärd", "Mended"),
    "met_by": Words("Fylld av", "Met by"),
    "missed": Words("Missade", "Missed"),
    "name": Words("Namn", "Name"),
    "next": Words("nästa {day}", "next {day}"),
    "note": Words("Anteckning", "Note"),
    "number": Words("Nr", "No"),
    "object": Words("Objekt", "Object"),
    "objects": Words("Objekt i lagret", "Objects in the store"),
    "opened_on": Words("Öppnat", "Opened"),
    "order": Words("Beställning", "Order"),
    "ordered_at": Words("Beställt", "Ordered"),
    "ordered_by": Words("Beställt av", "Ordered by"),
    "parts": Words("Delar", "Parts"),
    "pid": Words("Process", "Process"),
    "place": Words("Plats", "Place"),
    "placed_at": Words("Satt", "Placed"),
    "placed_by": Words("Satt av", "Placed by"),
    "platform": Words("Plattform", "Platform"),
    "provenance": Words("Hur bilden togs", "How it was captured"),
    "purpose": Words("Syfte", "Purpose"),
    "reach": Words("Räckvidd", "Reach"),
    "retry_after": Words("Vänta till nästa försök", "Wait before the next try"),
    "reason": Words("Orsak", "Reason"),
    "recipe": Words("Recept", "Recipe"),
    "record": Words("Handling", "Record"),
    "record_type": Words("Handlingstyp", "Record type"),
    "records": Words("Handlingar", "Records"),
    "registration_number": Words("Diarienummer", "Registration number"),
    "responsible": Words("Ansvariga", "Responsible"),
    "review_by": Words("Omprövas", "Review by"),
    "rule": Words("Regel", "Rule"),
    "secrets_replaced": Words("Utbytta hemligheter", "Secrets replaced"),
    "settle": Words("Väntan", "Settling"),
    "shortened": Words("Förkortar", "Shortens"),
    "signed_in": Words("Inloggning i Airflow", "Login to Airflow"),
    "since": Words("Sedan", "Since"),
    "shows": Words("Visar", "Shows"),
    "size": Words("Storlek", "Size"),
    "software": Words("Program", "Software"),
    "standing": Words("Läge", "Standing"),
    "state": Words("Läge", "State"),
    "status": Words("Status", "Status"),
    "store": Words("Lager", "Store"),
    "subject": Words("Om", "Subject"),
    "term": Words("Bevarande eller gallring", "Preservation or disposal"),
    "time": Words("Tid", "Time"),
    "title": Words("Namn", "Title"),
    "unit": Words("Enhet", "Unit"),
    "user_agent": Words("User-Agent", "User agent"),
    "value": Words("Värde", "Value"),
    "verdict": Words("Utfall", "Verdict"),
    "viewports": Words("Fönster", "Viewports"),
    "web_archive": Words("Webbarkiv", "Web archive"),
    "why": Words("Skäl", "Why"),
    "wind_up_declared_on": Words("Avveckling beslutad", "Wind-up declared"),
    "year": Words("År", "Year"),
    "written_at": Words("Skrivet", "Written"),
}

NAMES: Mapping[str, Words] = {
    "shows.posts": Words("{part} av {whole} inlägg", "{part} of {whole} posts"),
    "shows.comments": Words("{part} av {whole} kommentarer", "{part} of {whole} comments"),
    "stopped.height": Words("slut vid högsta höjd", "ended at the greatest height"),
    "stopped.posts": Words("slut vid största antal inlägg", "ended at the most posts"),
    "stopped.time": Words("slut när tiden var ute", "ended when time was up"),
    "stopped.wall": Words("slut vid krav på inloggning", "ended at a demand to sign in"),
    "account.planned": Words("planerat", "planned"),
    "account.active": Words("i bruk", "in use"),
    "account.winding_up": Words("avvecklas", "winding up"),
    "account.closed": Words("avslutat", "closed"),
    "reach.university_wide": Words("hela lärosätet", "the whole university"),
    "reach.central_administration": Words("centrala förvaltningen", "central administration"),
    "reach.unit": Words("enheten", "the unit"),
    "reason.half_year": Words("halvårsbild", "half-year"),
    "reason.before_change": Words("före ändring", "before a change"),
    "reason.before_removal": Words("före borttagning", "before a removal"),
    "reason.wind_up": Words("avveckling", "wind-up"),
    "reason.on_request": Words("på begäran", "on request"),
    "reason.posts": Words("inlägg", "posts"),
    "reason.filed": Words("inlämnad fil", "filed"),
    "reason.disposal": Words("gallring", "disposal"),
    "reason.transfer": Words("överföring", "transfer"),
    "record.active": Words("bevarad", "kept"),
    "record.disposing": Words("gallring påbörjad", "disposal begun"),
    "record.destroying": Words("gallras", "being disposed of"),
    "record.disposed": Words("gallrad", "disposed of"),
    "record.transferred": Words("överförd till e-arkiv", "transferred"),
    "type.profile_capture": Words("ögonblicksbild av profilsida", "profile capture"),
    "type.final_capture": Words("slututtag vid avveckling", "final capture"),
    "type.retention_evidence": Words("gallringsprotokoll eller kvitto", "certificate or receipt"),
    "ground.research_value": Words("forskningsvärde", "research value"),
    "ground.public_insight": Words("allmänhetens insyn", "public insight"),
    "ground.disclosure_request": Words("begäran om utlämnande", "disclosure request"),
    "ground.open_case": Words("pågående ärende", "open case"),
    "ground.appeal": Words("överklagande", "appeal"),
    "ground.secrecy_review": Words("sekretessprövning", "secrecy review"),
    "ground.incident": Words("incident", "incident"),
    "act.ordered": Words("beställd", "ordered"),
    "act.deposited": Words("inlagd", "deposited"),
    "act.recovered": Words("återfunnen", "recovered"),
    "act.gap_noted": Words("lucka antecknad", "gap noted"),
    "act.hold_placed": Words("gallringsstopp satt", "hold placed"),
    "act.hold_too_late": Words("gallringsstopp kom för sent", "hold came too late"),
    "act.hold_lifted": Words("gallringsstopp hävt", "hold lifted"),
    "act.hold_mended": Words("lås rättat", "lock mended"),
    "act.withdrawal_begun": Words("gallring påbörjad", "withdrawal begun"),
    "act.destruction_begun": Words("förstöring påbörjad", "destruction begun"),
    "act.withdrawal_blocked": Words("gallring stoppad", "withdrawal blocked"),
    "act.withdrawn": Words("gallrad", "withdrawn"),
    "act.orphans_swept": Words("rester städade", "orphans swept"),
    "act.plan_adopted": Words("plan antagen", "plan adopted"),
    "act.declared": Words("händelse angiven", "event declared"),
    "act.classified": Words("ny handlingstyp", "reclassified"),
    "act.registered": Words("diarienummer antecknat", "registered"),
    "act.numbered": Words("gemensamt diarienummer", "collective number"),
    "act.proposal_drawn": Words("gallringsförslag upprättat", "proposal drawn up"),
    "act.proposal_listed": Words("gallringsförslag: lista", "proposal: list"),
    "act.proposal_frozen": Words("gallringsförslag fastställt", "proposal frozen"),
    "act.proposal_approved": Words("gallringsförslag godkänt", "proposal approved"),
    "act.proposal_ended": Words("gallringsförslag avslutat", "proposal ended"),
    "act.item_struck": Words("handling struken ur förslag", "record struck"),
    "act.item_skipped": Words("handling inte gallrad", "record not disposed of"),
    "act.item_failed": Words("gallring misslyckad", "disposal failed"),
    "act.disposal_started": Words("gallring inledd", "disposal started"),
    "act.disposal_paused": Words("gallring avbruten", "disposal paused"),
    "act.disposal_resumed": Words("gallring återupptagen", "disposal resumed"),
    "act.disposal_verified": Words("gallring kontrollerad", "disposal verified"),
    "act.certified": Words("gallringsprotokoll upprättat", "certificate written"),
    "act.removed_again": Words("återställd handling borttagen", "restored record removed"),
    "duty.not_required": Words("ingen skyldighet", "not required"),
    "duty.upcoming": Words("kommande", "upcoming"),
    "duty.due": Words("ska göras", "due"),
    "duty.warned": Words("varning: halvåret tar snart slut", "warned: the half-year ends soon"),
    "duty.done": Words("klar", "done"),
    "duty.overdue": Words(
        "försenad: förra halvåret missades", "overdue: last half-year was missed"
    ),
    "duty.final_capture_due": Words("slututtag ska göras", "final capture due"),
    "duty.final_capture_missed": Words("slututtag missat", "final capture missed"),
    "verdict.ok": Words("godkänd", "ok"),
    "verdict.login_wall": Words("inloggningsvägg", "login wall"),
    "verdict.consent_wall": Words("samtyckesvägg", "consent wall"),
    "verdict.bot_wall": Words("robotvägg", "bot wall"),
    "verdict.rate_limited": Words("begränsad av plattformen", "rate limited"),
    "verdict.not_found": Words("finns inte", "not found"),
    "verdict.removed": Words("borttaget", "removed"),
    "verdict.private": Words("privat", "private"),
    "verdict.blank": Words("tom sida", "blank page"),
    "verdict.partial": Words("ofullständig", "partial"),
    "verdict.unreachable": Words("gick inte att nå", "unreachable"),
    "severity.fault": Words("fel", "fault"),
    "severity.warning": Words("varning", "warning"),
    "severity.ok": Words("bra", "ok"),
}

LINES: Mapping[str, Words] = {
    "accounts.count": Words(
        "Konton hos {authority}: {count}.", "Accounts of {authority}: {count}."
    ),
    "capture.gap": Words(
        "Ingen handling: luckan är antecknad och skyldigheten kvarstår. Se insyn gap list och "
        "docs/walls.md.",
        "No record: the gap is noted and the duty stays open. See insyn gap list and "
        "docs/walls.md.",
    ),
    "capture.known": Words(
        "godkänd tidigare: beställningen har redan sin handling",
        "accepted earlier: the order has its record already",
    ),
    "capturing": Words("Fotograferar {account}", "Capturing {account}"),
    "classify.done": Words(
        "Handlingen {record} har fått handlingstypen {type} (förut {before}).",
        "Record {record} is now of type {type} (before: {before}).",
    ),
    "declare.done": Words(
        "Angivet för {record}: {event}, {day}.", "Declared for {record}: {event}, {day}."
    ),
    "declare.retracted": Words(
        "Återtaget för {record}: {event}.", "Taken back for {record}: {event}."
    ),
    "doctor.faults": Words(
        "Fel att åtgärda: {faults}. Koderna förklaras i docs/findings.md.",
        "Faults to mend: {faults}. Codes: docs/findings.md.",
    ),
    "doctor.ok": Words("Allt som behövs finns och fungerar.", "All that is needed works."),
    "dormant": Words("vilande sedan {since}", "dormant since {since}"),
    "due.count": Words(
        "Kan gallras eller ska omprövas {day}: {count}. Varför: insyn explain HANDLING",
        "May be disposed of or are to be reviewed on {day}: {count}. Why: insyn explain RECORD",
    ),
    "due.none": Words("Inget kan gallras eller ska omprövas {day}.", "Nothing is due on {day}."),
    "due.verdict_due": Words("kan gallras", "may be disposed of"),
    "due.verdict_review": Words("ska omprövas", "to be reviewed"),
    "duties.due": Words("Ska fotograferas nu: {count}.", "To be captured now: {count}."),
    "duties.paused": Words(
        "{account} är pausat: plattformen godtar inte inloggningen längre. Logga in på nytt: "
        "insyn login {account}",
        "{account} is paused: the platform no longer accepts its login. Sign in anew: "
        "insyn login {account}",
    ),
    "found.count": Words(
        "Visade handlingar: {shown} av {count}. Visa en: insyn show {example}",
        "Records shown: {shown} of {count}. Show one: insyn show {example}",
    ),
    "found.none": Words("Ingen handling hittades.", "No record was found."),
    "gaps.none": Words("Inga luckor.", "No gaps."),
    "got": Words("{file} ({size}), kontrollsumman stämmer.", "{file} ({size}), digest checked."),
    "hold.lifted": Words("Gallringsstoppet {hold} är hävt.", "Hold {hold} is lifted."),
    "hold.placed": Words(
        "Gallringsstoppet {hold} är satt. Handlingar: {count}.",
        "Hold {hold} is placed. Records: {count}.",
    ),
    "hold.too_late": Words(
        "För sent för {record}: gallringen gick inte att hejda efter {begun} ({status}; "
        "gallringsförslag {warrant}; gallrad {gone}).",
        "Too late for {record}: its disposal could not be stopped after {begun} ({status}; "
        "proposal {warrant}; gone {gone}).",
    ),
    "holds.none": Words("Inga gallringsstopp.", "No holds."),
    "login.ask": Words(
        "Logga in i fönstret ({url}). När sidan visas: kom tillbaka hit och tryck Enter.",
        "Sign in in the window ({url}). When the page is shown: come back here and press Enter.",
    ),
    "login.forgotten": Words(
        "Inloggningen för {account} är borttagen: kontot fotograferas som allmänheten ser det.",
        "The login of {account} is removed: the account is captured as the public sees it.",
    ),
    "login.kept": Words(
        "Inloggningen för {account} är prövad och sparad krypterad ({owner}, {day}).",
        "The login of {account} was tried and is kept encrypted ({owner}, {day}).",
    ),
    "logins.none": Words(
        "Inga inloggningar: alla konton fotograferas som allmänheten ser dem.",
        "No logins: every account is captured as the public sees it.",
    ),
    "login.paused": Words("gäller inte längre: logga in igen", "no longer accepted: sign in anew"),
    "login.none": Words(
        "{account} har ingen inloggning: kontot fotograferas som allmänheten ser det.",
        "{account} has no login: the account is captured as the public sees it.",
    ),
    "journal.more": Words(
        "Det kan finnas fler: insyn journal --after {seq}",
        "There may be more: insyn journal --after {seq}",
    ),
    "lifted": Words("hävt {at} av {by}: {why}", "lifted {at} by {by}: {why}"),
    "look": Words("Se handlingen: insyn show {record}", "See the record: insyn show {record}"),
    "look.picture": Words(
        "Se bilden: insyn get {record} {picture} -o bild.png",
        "See the picture: insyn get {record} {picture} -o picture.png",
    ),
    "plan.adopted": Words(
        "Planen är antagen som version {number} och gäller från {day}.",
        "The plan is adopted as version {number} and in force from {day}.",
    ),
    "plan.faults": Words(
        "Fel i {plan}: {count}. Planen kan inte antas.",
        "Faults in {plan}: {count}. The plan cannot be adopted.",
    ),
    "plan.inactive": Words("vilande: tillämpningsbeslut saknas", "inactive: no local decision"),
    "plan.none": Words("ingen plan", "no plan"),
    "plan.none_adopted": Words("Ingen plan är antagen.", "No plan has been adopted."),
    "plan.ok": Words("Inga fel i {plan}.", "No faults in {plan}."),
    "plan.same": Words("Planerna är lika.", "The plans are the same."),
    "plan.shortened": Words(
        "Gallringsfristen förkortas för: {types}.", "Retention is shortened for: {types}."
    ),
    "plan.version": Words("version {number}", "version {number}"),
    "rebuilding": Words("Bygger om katalogen", "Rebuilding the catalogue"),
    "rebuilt": Words(
        "Katalogen är ombyggd. Journalposter: {entries}.",
        "The catalogue is made anew. Journal entries: {entries}.",
    ),
    "rebuilt.recovered": Words(
        "Återfunna handlingar, vars inläggning avbröts: {records}",
        "Recovered records, whose deposit had been cut off: {records}",
    ),
    "rebuilt.removed": Words(
        "Gallrade handlingar som lagret hade fått tillbaka och som tagits bort igen: {records}",
        "Disposed records that the store had got back, removed again: {records}",
    ),
    "reconciled": Words(
        "Handlingar med rättade lås: {count}.", "Records with locks mended: {count}."
    ),
    "disposed": Words(
        "Handlingen finns inte kvar här, bara dess gravsten: insyn show.",
        "The record is no longer here, only its tombstone: insyn show.",
    ),
    "register.done": Words(
        "Diarienummer för {subject}: {number}.", "Registration number of {subject}: {number}."
    ),
    "register.ok": Words("Inga fel i {register}.", "No faults in {register}."),
    "stands": Words("gäller", "stands"),
    "store.made": Words("Bucket {bucket} finns, med lås.", "Bucket {bucket} is there, with locks."),
    "store.not_running": Words("Lagret är inte igång.", "The store is not running."),
    "store.other": Words(
        "Lagret är {url}, bucket {bucket}: det startas och stoppas inte härifrån.",
        "The store is {url}, bucket {bucket}: it is not started or stopped from here.",
    ),
    "store.runs": Words("igång", "running"),
    "store.started": Words(
        "Lagret är igång på {url} (process {pid}).", "The store runs at {url} (process {pid})."
    ),
    "store.stopped": Words("Lagret är stoppat.", "The store is stopped."),
    "down": Words("Stoppat: {names}.", "Stopped: {names}."),
    "down.nothing": Words("Inget var igång.", "Nothing was running."),
    "up": Words("Allt är igång. Stoppa med insyn down.", "All is running. Stop it: insyn down."),
    "sweep.done": Words("Borttagna rester: {count}.", "Orphans removed: {count}."),
    "sweep.would": Words(
        "Rester som skulle tas bort: {count}.", "Orphans that would be removed: {count}."
    ),
    "work.count": Words("Att ta ställning till: {count}.", "To be seen to: {count}."),
    "work.none": Words("Inget att ta ställning till.", "Nothing to be seen to."),
    "verified.faults": Words(
        "Fel: {faults}. Granskade delar av arkivet: {count}. Koderna förklaras i docs/findings.md.",
        "Faults: {faults}. Parts of the archive verified: {count}. Codes: docs/findings.md.",
    ),
    "verified.ok": Words(
        "Inga fel. Granskade delar av arkivet: {count}.",
        "No faults. Parts of the archive verified: {count}.",
    ),
    "verified.stamped": Words(
        "Protokollets tidsstämpel från {at}: {key}.",
        "The certificate's time stamp, got {at}: {key}.",
    ),
    "verified.unstamped": Words(
        "Protokollet har ingen tidsstämpel.", "The certificate has no time stamp."
    ),
    "verifying": Words("Granskar", "Verifying"),
}

PARTS = (
    HEADINGS,
    NAMES,
    LINES,
    DISPOSAL,
    IMPORTS,
    NOTE,
    PEOPLE,
    POSTS,
    RECIPES,
    RETENTION,
    SECRECY,
)
"""No key stands in two of them."""

WORDS: Mapping[str, Words] = {key: Words(*pair) for part in PARTS for key, pair in part.items()}
