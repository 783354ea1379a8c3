"""Check what a Qinghuan log says, without Qinghuan.

One file; needs Python 3.11 and the package `cryptography`, and no network. Copy it from a
source you trust, get the log's public key (vkey) by a way the log's operator does not
control, and run one of

    python qh_verify.py proof FILE --vkey KEY            an entry is in the log
    python qh_verify.py note FILE --vkey KEY             a checkpoint or note is signed
    python qh_verify.py consistency OLD NEW PROOF --vkey KEY   the log only grew
    python qh_verify.py log DIR --vkey KEY               a whole exported log, replayed

KEY is the key's text (name+hash+base64) or a file that holds it; several may be given.
Prints one line a finding; exit code 0 when all is well, 1 when not, 2 for wrong usage.
Formats: RFC 6962, RFC 9162, C2SP signed-note, tlog-checkpoint, tlog-tiles, tlog-proof.
"""

import argparse
import base64
import binascii
import json
import re
import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WIDTH = 256
"""Hashes in a full tile, entries in a full bundle."""

MODES = ("note file", "proof file", "consistency old new proof", "log directory")


class Bad(Exception):
    """A reason not to believe."""


class Key(NamedTuple):
    """A public key under a name."""

    name: str
    key_id: bytes
    public: Ed25519PublicKey


class Checkpoint(NamedTuple):
    """A signed size and root."""

    origin: str
    size: int
    root: bytes


def leaf_hash(data: bytes) -> bytes:
    """Hash of a leaf."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def root_from_path(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """Root that an inclusion path leads to (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        raise Bad(f"index {index} is not below the tree's size {size}")
    fn, sn, found = index, size - 1, leaf
    for step in path:
        if sn == 0:
            raise Bad("the path is too long")
        if fn % 2 == 1 or fn == sn:
            found = node_hash(step, found)
            while fn % 2 == 0 and fn != 0:
                fn, sn = fn // 2, sn // 2
        else:
            found = node_hash(found, step)
        fn, sn = fn // 2, sn // 2
    if sn != 0:
        raise Bad("the path is too short")
    return found


def check_consistency(old: Checkpoint, new: Checkpoint, path: Sequence[bytes]) -> None:
    """Check that the new tree begins with the old one (RFC 9162, 2.1.4.2)."""
    if not 0 < old.size <= new.size:
        raise Bad(f"nothing proves growth from size {old.size} to {new.size}")
    if old.size == new.size:
        if path or old.root != new.root:
            raise Bad("two trees of one size differ: the log was forked")
        return
    steps = [old.root, *path] if old.size & (old.size - 1) == 0 else path
    if not path:
        raise Bad("the proof is too short")
    fn, sn = old.size - 1, new.size - 1
    while fn % 2 == 1:
        fn, sn = fn // 2, sn // 2
    old_found, new_found = _both_roots(fn, sn, steps)
    if old_found != old.root or new_found != new.root:
        raise Bad("the new log does not begin with the old one: it was rewritten")


def _both_roots(fn: int, sn: int, steps: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Old and new root that the steps of a consistency proof lead to."""
    old_found = new_found = steps[0]
    for step in steps[1:]:
        if sn == 0:
            raise Bad("the proof is too long")
        if fn % 2 == 1 or fn == sn:
            old_found, new_found = node_hash(step, old_found), node_hash(step, new_found)
            while fn % 2 == 0 and fn != 0:
                fn, sn = fn // 2, sn // 2
        else:
            new_found = node_hash(new_found, step)
        fn, sn = fn // 2, sn // 2
    if sn != 0:
        raise Bad("the proof is too short")
    return old_found, new_found


def from_base64(text: str) -> bytes:
    """Standard Base64 in its one spelling."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise Bad(f"not Base64: {text[:20]!r}") from None
    if base64.b64encode(data).decode() != text:
        raise Bad(f"not Base64 in its one spelling: {text[:20]!r}")
    return data


def from_decimal(text: str) -> int:
    """A decimal number below 2^63 in its one spelling."""
    if re.fullmatch(r"0|[1-9][0-9]{0,18}", text, re.ASCII) is None or int(text) >= 2**63:
        raise Bad(f"not a number: {text[:24]!r}")
    return int(text)


def to_hashes(lines: Sequence[str]) -> list[bytes]:
    """Hashes, one a line."""
    if len(lines) > 63:
        raise Bad("more hashes than any tree has levels")
    hashes = [from_base64(line) for line in lines]
    if any(len(item) != 32 for item in hashes):
        raise Bad("a hash is not 32 bytes")
    return hashes


def read_key(text: str) -> Key:
    """Read a vkey."""
    name, key_id, coded = [*text.strip().split("+", 2), "", ""][:3]
    data = from_base64(coded)
    if data[:1] != b"\x01" or len(data) != 33:
        raise Bad("the key is no Ed25519 vkey")
    if not _is_name(name) or sha256(f"{name}\n".encode() + data).hexdigest()[:8] != key_id:
        raise Bad("the key's hash does not fit it")
    return Key(name, bytes.fromhex(key_id), Ed25519PublicKey.from_public_bytes(data[1:]))


def _is_name(name: str) -> bool:
    """Whether a text may name a key."""
    return bool(name) and "+" not in name and not any(mark.isspace() for mark in name)


def open_note(note: str, keys: Sequence[Key]) -> tuple[str, set[str]]:
    """Verify a note; return its text and the names of the known keys that signed it."""
    if any(mark < " " and mark != "\n" for mark in note):
        raise Bad("a note has no control characters")
    text, blank, lines = note.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise Bad("no signed note")
    known = {(key.name, key.key_id): key for key in keys}
    text, signers = f"{text}\n", set[str]()
    for line in lines[:-1].split("\n"):
        name, key_id, signature = _signature(line)
        if (key := known.get((name, key_id))) is not None:
            try:
                key.public.verify(signature, text.encode())
            except InvalidSignature:
                raise Bad(f"the signature of {name} does not verify") from None
            signers.add(name)
    if not signers:
        raise Bad("none of the given keys signed it")
    return text, signers


def _signature(line: str) -> tuple[str, bytes, bytes]:
    """Take a signature line apart: name, key id, signature."""
    dash, name, coded = [*line.split(" "), "", ""][:3]
    if dash != "\u2014" or line.count(" ") != 2 or not _is_name(name):
        raise Bad("a line after the note's text is no signature")
    data = from_base64(coded)
    if len(data) < 5:
        raise Bad("a signature is too short")
    return name, data[:4], data[4:]


def open_checkpoint(note: str, keys: Sequence[Key]) -> Checkpoint:
    """Verify a checkpoint and read it."""
    text, signers = open_note(note, keys)
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise Bad("a checkpoint has an origin, a size and a root")
    if lines[0] not in signers:
        raise Bad(f"a checkpoint of another log: {lines[0]}")
    return Checkpoint(lines[0], from_decimal(lines[1]), to_hashes(lines[2:3])[0])


def check_proof(text: str, keys: Sequence[Key], entry: bytes | None) -> tuple[bytes, str]:
    """Verify a proof file; return the entry and a line that says where it stands."""
    head, blank, note = text.partition("\n\n")
    lines = head.split("\n")
    if not blank or lines.pop(0) != "c2sp.org/tlog-proof@v1":
        raise Bad("no proof file")
    if lines and lines[0].startswith("extra "):
        extra = from_base64(lines.pop(0).removeprefix("extra "))
        entry = extra if entry is None else entry
    if not lines or not lines[0].startswith("index "):
        raise Bad("a proof file has an index line")
    index = from_decimal(lines.pop(0).removeprefix("index "))
    path = to_hashes(lines)
    if entry is None:
        raise Bad("the file does not hold the entry; give it with --entry")
    checkpoint = open_checkpoint(note, keys)
    if root_from_path(index, checkpoint.size, leaf_hash(entry), path) != checkpoint.root:
        raise Bad("the entry is not what the log signed")
    return entry, f"entry {index} of {checkpoint.size} in {checkpoint.origin}"


class Tree:
    """A log growing leaf by leaf: its right edge, and what its tiles must hold."""

    def __init__(self) -> None:
        """Start empty."""
        self.size = 0
        self.peaks: list[bytes] = []
        self.levels: dict[int, list[bytes]] = {}

    def append(self, leaf: bytes) -> None:
        """Add a leaf."""
        found, height, rest = leaf, 0, self.size
        self.levels.setdefault(0, []).append(found)
        while rest % 2 == 1:
            found, height, rest = node_hash(self.peaks.pop(), found), height + 1, rest // 2
            if height % 8 == 0:
                self.levels.setdefault(height // 8, []).append(found)
        self.peaks.append(found)
        self.size += 1

    def root(self) -> bytes:
        """Root over the leaves so far."""
        if not self.peaks:
            return sha256().digest()
        found = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            found = node_hash(peak, found)
        return found


def read_tile(directory: Path, level: str, index: int, width: int) -> bytes:
    """Read a tile or bundle; a full one serves where a partial one was asked for."""
    groups, rest = [f"{index % 1000:03d}"], index // 1000
    while rest:
        groups.insert(0, f"x{rest % 1000:03d}")
        rest //= 1000
    path = directory.joinpath("tile", level, *groups)
    partial = path.with_name(f"{path.name}.p") / str(width)
    return _bytes(partial if width < WIDTH and partial.exists() else path)


def entries_of(directory: Path, size: int) -> Iterator[bytes]:
    """Every entry of an exported log, in order."""
    for start in range(0, size, WIDTH):
        width = min(WIDTH, size - start)
        data = read_tile(directory, "entries", start // WIDTH, width)
        at = 0
        for offset in range(width):
            length = int.from_bytes(data[at : at + 2], "big")
            entry = data[at + 2 : at + 2 + length]
            if len(data) < at + 2 or len(entry) != length:
                raise Bad(f"the bundle ends before entry {start + offset}")
            at += 2 + length
            yield entry


def loose_edges(entry: bytes, seen: set[bytes]) -> list[str]:
    """Ids of records an entry claims to be made from, but whose leaf is not before it."""
    try:
        used = json.loads(entry)["used"]
        return [str(edge["id"]) for edge in used if bytes.fromhex(edge["hash"]) not in seen]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ["(no readable record)"]


def check_log(
    directory: Path, keys: Sequence[Key], kept: Sequence[Checkpoint]
) -> tuple[list[str], list[str]]:
    """Replay an exported log; return what holds and what is wrong."""
    checkpoint = open_checkpoint(_text(directory / "checkpoint"), keys)
    tree, seen, wrong = Tree(), set[bytes](), list[str]()
    expected = {item.size: item.root for item in kept}
    for entry in entries_of(directory, checkpoint.size):
        leaf = leaf_hash(entry)
        wrong += [f"entry {tree.size} binds no earlier {x}" for x in loose_edges(entry, seen)]
        seen.add(leaf)
        tree.append(leaf)
        if tree.size in expected and expected[tree.size] != tree.root():
            wrong.append(f"forked: another root than remembered at size {tree.size}")
    if tree.root() != checkpoint.root:
        wrong.append("the entries lead to another root than was signed")
    if max(expected, default=0) > checkpoint.size:
        wrong.append(f"rolled back: remembered size {max(expected)}, now {checkpoint.size}")
    return [f"log of {tree.size} entries replayed"], wrong + _wrong_tiles(directory, tree)


def _wrong_tiles(directory: Path, tree: Tree) -> list[str]:
    """Tiles that do not hold the hashes of the tree."""
    wrong = []
    for level, hashes in tree.levels.items():
        for start in range(0, len(hashes), WIDTH):
            content = b"".join(hashes[start : start + WIDTH])
            found = read_tile(directory, str(level), start // WIDTH, len(content) // 32)
            if found[: len(content)] != content:
                wrong.append(f"tile {start // WIDTH} of level {level} holds other hashes")
    return wrong


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one check; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        keys = [read_key(_text(Path(key)) if Path(key).is_file() else key) for key in options.vkey]
        lines, wrong = _run(options, keys)
    except (Bad, UnicodeDecodeError) as error:
        lines, wrong = [], [str(error)]
    for line in [f"BAD: {item}" for item in wrong] or [f"ok: {item}" for item in lines]:
        _say(line)
    return 1 if wrong else 0


def _run(options: argparse.Namespace, keys: Sequence[Key]) -> tuple[list[str], list[str]]:
    """Run the chosen check; return what holds and what is wrong."""
    if options.mode == "note":
        text, signers = open_note(_text(options.file), keys)
        return [f"signed by {', '.join(sorted(signers))}", *text.splitlines()], []
    if options.mode == "proof":
        apart = _bytes(options.entry) if options.entry else None
        entry, place = check_proof(_text(options.file), keys, apart)
        return [place, f"entry {entry.decode(errors='backslashreplace')}"], []
    if options.mode == "consistency":
        old, new = (open_checkpoint(_text(path), keys) for path in (options.old, options.new))
        if old.origin != new.origin:
            raise Bad("checkpoints of two logs")
        text = _text(options.proof)
        check_consistency(old, new, to_hashes(text.removesuffix("\n").split("\n") if text else []))
        return [f"{new.origin} grew from {old.size} to {new.size}"], []
    kept = [open_checkpoint(_text(path), keys) for path in options.remembered]
    return check_log(options.directory, keys, kept)


def _parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    parser = argparse.ArgumentParser(description="Check a Qinghuan log without Qinghuan.")
    modes = parser.add_subparsers(dest="mode", required=True)
    for mode, *names in map(str.split, MODES):
        sub = modes.add_parser(mode)
        for name in names:
            sub.add_argument(name, type=Path)
        sub.add_argument("--vkey", action="append", required=True, help="key, or a file with it")
    modes.choices["proof"].add_argument("--entry", type=Path, help="the entry, if kept apart")
    modes.choices["log"].add_argument(
        "--remembered", type=Path, action="append", default=[], help="a checkpoint kept earlier"
    )
    return parser


def _bytes(path: Path) -> bytes:
    """Read a file."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Bad(f"cannot read {path}: {error.strerror}") from None


def _text(path: Path) -> str:
    """Read a UTF-8 file."""
    return _bytes(path).decode()


def _say(line: str) -> None:
    """Print a line, with whatever could move the cursor or turn the text escaped."""
    shown = "".join(mark if mark.isprintable() else repr(mark)[1:-1] for mark in line)
    sys.stdout.buffer.write(f"{shown}\n".encode(errors="backslashreplace"))


if __name__ == "__main__":
    sys.exit(main())
