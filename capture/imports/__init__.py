"""Importing the owner's own export of an account: looked through, read, kept whole.

`read_export` understands it, `import_export` makes a record of it.
"""

from capture.imports.export import Understood, read_export
from capture.imports.keeping import Imported, import_export

__all__ = ["Imported", "Understood", "import_export", "read_export"]
