"""Importing the owner's own export of an account: looked through, read, kept but for private parts.

`read_export` understands it, `judged` holds it against the archive, `import_export` keeps it.
"""

from capture.imports.export import Understood, read_export
from capture.imports.keeping import Handed, Imported, import_export, judged
from capture.imports.telling import counts, report

__all__ = [
    "Handed",
    "Imported",
    "Understood",
    "counts",
    "import_export",
    "judged",
    "read_export",
    "report",
]
