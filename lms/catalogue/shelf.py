"""Where pictures, recordings and documents lie: one file a content, named by its hash, never changed."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Shelf:
    """The media folder of a site."""

    folder: Path

    def path(self, sha256: str) -> Path:
        """Where the file of this content lies, whether it is there or not."""
        return self.folder / sha256[:2] / sha256

    def put(self, file: Path, sha256: str) -> None:
        """Copy a file onto the shelf, in one step; nothing is done for one that is there."""
        target = self.path(sha256)
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(handle, "wb") as copy, file.open("rb") as original:
            shutil.copyfileobj(original, copy)
        Path(name).replace(target)
