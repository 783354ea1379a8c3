"""What can go wrong with records, the log and proofs."""

from uuid import UUID

from qinghuan.core.errors import Conflict, Invalid, NotFound, QinghuanError, Unavailable


class TraceError(QinghuanError):
    """Root of the room's errors."""


class NotCanonical(TraceError, Invalid):
    """A value cannot stand in a record: a float, a lone surrogate, too deep, too long."""

    code = "trace.not-canonical"
    zh = "记录内容不合规范：{reason}"

    def __init__(self, reason: str) -> None:
        """Keep what is wrong and where."""
        super().__init__(f"not canonical JSON: {reason}")
        self.reason = reason


class EntryRefused(TraceError, Invalid):
    """An entry's kind, subject, actor, time or edges are not what a record may hold."""

    code = "trace.entry-refused"
    zh = "存证内容被拒：{reason}"

    def __init__(self, reason: str) -> None:
        """Keep the broken rule."""
        super().__init__(f"entry refused: {reason}")
        self.reason = reason


class NoteMalformed(TraceError, Invalid):
    """The text is not a signed note."""

    code = "trace.note-malformed"
    zh = "签名文本格式不对：{reason}"

    def __init__(self, reason: str) -> None:
        """Keep the broken rule."""
        super().__init__(f"malformed note: {reason}")
        self.reason = reason


class KeyMalformed(TraceError, Invalid):
    """The text is not a note key."""

    code = "trace.key-malformed"
    zh = "密钥文本格式不对：{reason}"

    def __init__(self, reason: str) -> None:
        """Keep the broken rule; never the key."""
        super().__init__(f"malformed key: {reason}")
        self.reason = reason


class SignatureWrong(TraceError, Invalid):
    """A key we know is named, and its signature does not verify."""

    code = "trace.signature-wrong"
    zh = "密钥 {name} 的签名验证不通过"

    def __init__(self, name: str) -> None:
        """Keep the key's name."""
        super().__init__(f"signature of {name} does not verify")
        self.name = name


class SignatureMissing(TraceError, Invalid):
    """No key we know signed the note."""

    code = "trace.signature-missing"
    zh = "没有任何已知密钥签名"

    def __init__(self) -> None:
        """Say it plainly; which keys are known is the caller's to show."""
        super().__init__("no known key signed this note")


class ProofMalformed(TraceError, Invalid):
    """The bytes are not a proof file."""

    code = "trace.proof-malformed"
    zh = "证明文件格式不对：{reason}"

    def __init__(self, reason: str) -> None:
        """Keep the broken rule."""
        super().__init__(f"malformed proof: {reason}")
        self.reason = reason


class ProofWrong(TraceError, Invalid):
    """The hashes do not lead from the entry to the signed root."""

    code = "trace.proof-wrong"
    zh = "证明不成立：{reason}"

    def __init__(self, reason: str) -> None:
        """Keep the first step that fails."""
        super().__init__(f"proof does not hold: {reason}")
        self.reason = reason


class TilePathMalformed(TraceError, Invalid):
    """The path names no tile."""

    code = "trace.tile-path-malformed"
    zh = "瓦片路径不对：{path}"

    def __init__(self, path: str) -> None:
        """Keep the path."""
        super().__init__(f"malformed tile path: {path[:80]!r}")
        self.path = path


class TileUnknown(TraceError, NotFound):
    """The log is too short for this tile."""

    code = "trace.tile-unknown"
    zh = "日志中没有这块瓦片：{path}"

    def __init__(self, path: str) -> None:
        """Keep the path asked for."""
        super().__init__(f"no tile {path}")
        self.path = path


class RecordUnknown(TraceError, NotFound):
    """There is no record of this id."""

    code = "trace.record-unknown"
    zh = "没有编号为 {record_id} 的存证记录"

    def __init__(self, record_id: UUID) -> None:
        """Keep the id asked for."""
        super().__init__(f"no record {record_id}")
        self.record_id = record_id


class RecordPending(TraceError, Unavailable):
    """The record has no place in the log yet; a second later it has."""

    code = "trace.record-pending"
    zh = "记录 {record_id} 正在入链，请稍后再试"

    def __init__(self, record_id: UUID) -> None:
        """Keep the id, to ask again."""
        super().__init__(f"record {record_id} is not sequenced yet")
        self.record_id = record_id


class CheckpointUnknown(TraceError, NotFound):
    """The log has signed no checkpoint of this size."""

    code = "trace.checkpoint-unknown"
    zh = "没有大小为 {size} 的检查点"

    def __init__(self, size: int) -> None:
        """Keep the size asked for."""
        super().__init__(f"no checkpoint of size {size}")
        self.size = size


class LogDamaged(TraceError, Unavailable):
    """What is stored does not match what was signed; the sequencer refuses to sign on.

    Run `qinghuan verify` to see where; restore from a backup, never repair by hand.
    """

    code = "trace.log-damaged"
    zh = "存证日志与已签检查点不符，已停止签发：{reason}"

    def __init__(self, reason: str) -> None:
        """Keep the first mismatch."""
        super().__init__(f"log damaged: {reason}")
        self.reason = reason


class LogStopped(TraceError, Unavailable):
    """Records wait longer than allowed: privileged acts stop until the sequencer runs again."""

    code = "trace.log-stopped"
    zh = "存证日志已停止（最早一条等待 {waiting_s:.0f} 秒），特权操作暂停"

    def __init__(self, waiting_s: float, max_lag_s: float) -> None:
        """Keep how long the oldest record waits and how long it may. [s]."""
        super().__init__(f"oldest record waits {waiting_s:.1f} s, allowed {max_lag_s:.1f} s")
        self.waiting_s = waiting_s
        self.max_lag_s = max_lag_s


class LineageUnbalanced(TraceError, Conflict):
    """A total is not the weighted sum of what it was made from."""

    code = "trace.lineage-unbalanced"
    zh = "谱系加总不符，残差 {residual}"

    def __init__(self, residual: str) -> None:
        """Keep the residual as a decimal string."""
        super().__init__(f"lineage leaves a residual of {residual}")
        self.residual = residual
