"""The log for machines: proofs, the checkpoint, tiles, the key, the verifier.

Checkpoint, key and hash tiles tell nothing of the records' contents and are open to all, so
that anybody can watch that the log only grows. Entry bundles are the records themselves.

Source:
    C2SP tlog-tiles, "Parameters" (paths, content types, caching).
"""

from importlib.resources import files
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from qinghuan.people.model import Role, TokenScope
from qinghuan.trace.errors import CheckpointUnknown
from qinghuan.trace.service import proving, reading
from qinghuan.web.access import PUBLIC, SIGNED_IN, Caller, access
from qinghuan.web.errors import PageUnknown

router = APIRouter(include_in_schema=False)

Anyone = Annotated[Caller, access(PUBLIC)]
Holder = Annotated[Caller, access(SIGNED_IN, scopes=(TokenScope.PROOFS_READ,))]
Monitor = Annotated[
    Caller,
    access(Role.AUDIT_ADMIN, Role.SECURITY_ADMIN, scopes=(TokenScope.PROOFS_READ,)),
]

FOREVER = "public, max-age=31536000, immutable"
PRIVATE = "private, max-age=31536000, immutable"
VERIFIER = "qh_verify.py"


@router.get("/log/records/{record_id}/proof")
def proof(caller: Holder, record_id: UUID) -> Response:
    """A record's proof file, under the newest checkpoint."""
    content = proving.proof_of(caller.session, record_id)
    return Response(
        content,
        media_type="text/plain; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{record_id}.tlog-proof"'},
    )


@router.get("/log/checkpoint")
def checkpoint(caller: Anyone) -> Response:
    """The newest checkpoint; never from a cache."""
    latest = reading.latest_checkpoint(caller.session)
    if latest is None:
        raise CheckpointUnknown(0)
    return PlainTextResponse(latest.note, headers={"cache-control": "no-cache"})


@router.get("/log/vkey")
def vkey(caller: Anyone) -> Response:
    """The log's public key; compare it with the one published elsewhere."""
    if not caller.house.log_vkey:
        raise PageUnknown("this server was not told the log's key")
    return PlainTextResponse(f"{caller.house.log_vkey}\n", headers={"cache-control": "no-cache"})


@router.get(f"/log/{VERIFIER}")
def verifier(caller: Anyone) -> Response:  # noqa: ARG001  the rule is its use
    """The verifier in one file, to be read before it is trusted."""
    source = files("qinghuan.trace.verifier").joinpath(VERIFIER).read_bytes()
    return Response(
        source,
        media_type="text/x-python; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{VERIFIER}"'},
    )


@router.get("/log/tile/entries/{path:path}")
def entries(caller: Monitor, path: str) -> Response:
    """A bundle of entries: the records' own bytes."""
    return _tile(caller, f"entries/{path}", PRIVATE)


@router.get("/log/tile/{path:path}")
def tile(caller: Anyone, path: str) -> Response:
    """A tile of hashes."""
    return _tile(caller, path, FOREVER)


def _tile(caller: Caller, path: str, kept: str) -> Response:
    return Response(
        proving.tile_at(caller.session, f"tile/{path}"),
        media_type="application/octet-stream",
        headers={"cache-control": kept},
    )
