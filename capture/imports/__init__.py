"""Importing the owner's own export of an account: looked through, read, kept whole.

`read_export` understands it, `import_export` makes a record of it.
"""

from capture.imports.export import Understood, read_export
from capture.imports.keeping import Handed, Imported, counts, import_export, judged, report

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
