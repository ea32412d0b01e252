"""What the note to the author of something removed says. Pairs of Swedish and English."""

from collections.abc import Mapping

Pair = tuple[str, str]

NOTE: Mapping[str, Pair] = {
    "note.title": ("Ditt inlägg har tagits bort", "Your post was removed"),
    "note.intro": (
        "Vi har tagit bort något som du skrev på vår sida i sociala medier.",
        "We have removed something that you wrote on our page in social media.",
    ),
    "note.what": ("Inlägg eller kommentar", "Post or comment"),
    "note.page": ("Konto", "Account"),
    "note.category": ("Vad det gäller", "What it is about"),
    "note.basis": ("Grund", "Ground"),
    "note.reason": ("Motivering", "Reason"),
    "note.captured": ("Avbildat före borttagningen", "Captured before its removal"),
    "note.noted": ("Borttagningen antecknad", "Removal noted"),
    "note.record": ("Handling", "Record"),
    "note.kept": (
        """Det du skrev är en allmän handling. Den bevaras hos {authority} och gallras bara enligt
myndighetens dokumenthanteringsplan.""",
        """What you wrote is a public record. {authority} keeps it, and disposes of it only by its
document management plan.""",
    ),
    "note.ask": (
        """Anser du att borttagningen är fel, eller vill du ta del av handlingen? Kontakta
registrator hos {authority} och ange handlingens nummer.""",
        """Do you think that the removal is wrong, or do you want a copy of the record? Write to
the registrar of {authority} and give the number of the record.""",
    ),
    "moderate.written": ("Skrivet till den som skrev: {file}", "The note to the author: {file}"),
}
