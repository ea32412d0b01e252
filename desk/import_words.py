"""What the desk says of imported exports. Pairs of Swedish and English."""

from collections.abc import Mapping

Pair = tuple[str, str]

IMPORTS: Mapping[str, Pair] = {
    "file": ("Fil", "File"),
    "import.understood": ("Förstådda", "Understood"),
    "import.left_out": ("Inga inlägg", "No posts"),
    "import.not_understood": ("Inte förstådda", "Not understood"),
    "import.posts_found": ("Inlägg", "Posts"),
    "import.comments_found": ("Kommentarer", "Comments"),
    "import.entries_left_out": ("Poster som inte är publika inlägg", "Entries that are no posts"),
    "import.entries_not_understood": ("Poster som inte förstods", "Entries not understood"),
    "import.files_read": ("Lästa filer", "Files read"),
    "import.files_unknown": ("Okända filer", "Unknown files"),
    "import.files_left_out": ("Privata filer som inte bevaras", "Private files, not kept"),
    "import.media_files": ("Mediefiler", "Media files"),
    "import.media_missing": ("Mediefiler som saknas", "Media files missing"),
    "import.both": ("Inlägg som arkivet också har tagit", "Posts that the archive captured too"),
    "import.archive_lacks": ("Inlägg som saknas i arkivet", "Posts that the archive lacks"),
    "import.export_lacks": (
        "Inlägg i arkivet från samma tid som saknas i exporten",
        "Posts in the archive of the same time that the export lacks",
    ),
    "import.ambiguous": (
        "Inlägg som inte gick att avgöra",
        "Posts that could not be told apart",
    ),
    "import.not_compared": (
        "Inlägg i arkivet som inte kunde jämföras",
        "Posts in the archive that could not be compared",
    ),
    "import.done": (
        "Exporten bevaras som handling {record}. Visa: insyn show {short}",
        "The export is kept as record {record}. Show it: insyn show {short}",
    ),
    "import.known": (
        "Exporten är redan importerad som handling {record}. Visa: insyn show {short}",
        "The export was imported already as record {record}. Show it: insyn show {short}",
    ),
    "import.dry": (
        "Provläsning: ingenting har sparats.",
        "Dry run: nothing was kept.",
    ),
}
