"""What can go wrong while a command is filled in."""

from typing import ClassVar

from qinghuan.core.errors import Invalid
from qinghuan.web.errors import WebError


class FieldMissing(WebError, Invalid):
    """A field of a command's form was not filled in, or not from its list."""

    code: ClassVar[str] = "web.command-field-missing"
    zh: ClassVar[str] = "请填写“{label}”"

    def __init__(self, name: str, label: str) -> None:
        """Keep the field's name and its label."""
        super().__init__(f"field {name} is missing")
        self.name = name
        self.label = label


class CommandUnknown(WebError, Invalid):
    """No form of this name exists."""

    code: ClassVar[str] = "web.command-unknown"
    zh: ClassVar[str] = "没有“{name}”这个操作"

    def __init__(self, name: str) -> None:
        """Keep the name."""
        super().__init__(f"no command {name}")
        self.name = name


class EvidenceUnreadable(WebError, Invalid):
    """A file is no picture and no document that can be kept as evidence."""

    code: ClassVar[str] = "web.evidence-unreadable"
    zh: ClassVar[str] = "文件不是可读取的照片（JPEG、PNG、WebP）或 PDF，未保存"
