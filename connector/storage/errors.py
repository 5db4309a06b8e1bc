"""What the storage refuses.

StorageError
├── Conflict   the row was changed by somebody else meanwhile
├── Duplicate  there is such a row already
└── NotFound   there is no such row in this shop
"""


class StorageError(Exception):
    """The base of all refusals of the storage; `code` is stable."""

    code = "storage_error"


class Conflict(StorageError):
    """The row was changed by somebody else since it was read."""

    code = "conflict"


class Duplicate(StorageError):
    """There is such a row already."""

    code = "duplicate"


class NotFound(StorageError):
    """There is no such row in this shop."""

    code = "not_found"
