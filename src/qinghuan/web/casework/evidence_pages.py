"""Evidence of a case: files as they came, known by their hash."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.responses import Response

from qinghuan.casework.model import Evidence, Purpose
from qinghuan.casework.problem import commands as c
from qinghuan.casework.service.commanding import Order, add_evidence
from qinghuan.casework.service.viewing import case_view
from qinghuan.core.clock import BEIJING
from qinghuan.core.geo import Place
from qinghuan.web.casework.drawing import acting_on, draw_case, said_of
from qinghuan.web.casework.errors import FieldMissing
from qinghuan.web.casework.forms import Typed
from qinghuan.web.casework.parts import CaseworkParts
from qinghuan.web.casework.readers import Reader
from qinghuan.web.casework.taking import Form
from qinghuan.web.casework.uploads import look_at
from qinghuan.web.errors import PageUnknown
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.language import translate
from qinghuan.web.pages import go

router = APIRouter(include_in_schema=False)

FILE, PURPOSE, WHERE, WHEN = N_("文件"), N_("用途"), N_("经度和纬度"), N_("拍摄时间")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A file as its giver describes it."""

    upload: UploadFile
    purpose: Purpose
    place: Place | None
    taken_at: datetime


@router.post("/cases/{case_id}/evidence")
def give_evidence(caller: Reader, parts: CaseworkParts, case_id: UUID, form: Form) -> Response:
    """Add a file: sealed as it came, known by its hash."""
    typed, upload = form
    language = caller.preferences.language
    try:
        offered = _read(typed, upload, caller.at)
    except FieldMissing as error:
        fault = ("add_evidence", error.name, said_of(error, language))
        return draw_case(caller, parts, case_id, fault=fault, typed=typed)
    found = look_at(offered.upload.file.read())
    offered.upload.file.seek(0)
    actor = acting_on(caller, case_id)
    case = case_view(caller.session, case_id, actor, caller.at, parts.desk).case
    blob = parts.blobs.keep(
        caller.session,
        offered.upload.file,
        media_type=found.media_type,
        mark=case.mark,
        area_code=case.area_code,
        at=caller.at,
    )
    evidence = Evidence(
        evidence_id="",
        kind=found.kind,
        purpose=offered.purpose,
        sha256=blob.sha256,
        taken_at=offered.taken_at,
        place=offered.place,
    )
    order = Order(
        case_id=case_id,
        command=c.AddEvidence(evidence=evidence),
        actor=actor,
        expected_version=case.version,
    )
    outcome = add_evidence(caller.session, order, blob.blob_id, caller.at, parts.desk)
    if outcome.refusal is not None:
        said = translate(outcome.refusal.zh, language)
        return draw_case(caller, parts, case_id, fault=("add_evidence", "", said), typed=typed)
    return go(f"/cases/{case_id}", {"done": "add_evidence"})


@router.get("/cases/{case_id}/evidence/{evidence_id}")
def evidence_file(
    caller: Reader, parts: CaseworkParts, case_id: UUID, evidence_id: UUID
) -> Response:
    """A file of a case, as it came."""
    actor = acting_on(caller, case_id)
    view = case_view(caller.session, case_id, actor, caller.at, parts.desk)
    blob_id = view.blobs.get(str(evidence_id))
    if blob_id is None:
        raise PageUnknown
    blob = parts.blobs.find(caller.session, blob_id)
    content = parts.blobs.read(caller.session, blob_id)
    headers = {
        "content-disposition": f'inline; filename="{blob.sha256[:12]}"',
        "content-security-policy": "sandbox; default-src 'none'",
        "cache-control": "private, max-age=3600",
    }
    return Response(content, media_type=blob.media_type, headers=headers)


def _read(typed: Typed, upload: UploadFile | None, at: datetime) -> Offered:
    """What the form says of the file."""
    if upload is None:
        raise FieldMissing("file", FILE)
    try:
        purpose = Purpose(typed.chosen("purpose", PURPOSE))
    except ValueError:
        raise FieldMissing("purpose", PURPOSE) from None
    return Offered(
        upload=upload, purpose=purpose, place=_place(typed), taken_at=_taken_at(typed, at)
    )


def _place(typed: Typed) -> Place | None:
    """Where a file was taken; both figures or neither."""
    longitude, latitude = typed.text("longitude_deg"), typed.text("latitude_deg")
    if not longitude and not latitude:
        return None
    try:
        place = Place(longitude_deg=float(longitude), latitude_deg=float(latitude))
    except ValueError:
        raise FieldMissing("longitude_deg", WHERE) from None
    if not (-180 <= place.longitude_deg <= 180 and -90 <= place.latitude_deg <= 90):
        raise FieldMissing("longitude_deg", WHERE)
    return place


def _taken_at(typed: Typed, at: datetime) -> datetime:
    """When a file was made, Beijing time; now if not said."""
    written = typed.text("taken_at")
    if not written:
        return at
    try:
        return datetime.fromisoformat(written).replace(tzinfo=BEIJING)
    except ValueError:
        raise FieldMissing("taken_at", WHEN) from None
