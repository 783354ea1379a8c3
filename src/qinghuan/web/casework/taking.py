"""How a form of casework is taken: read whole, all of it text but one file."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from qinghuan.web.casework.forms import Typed


async def read_form(request: Request) -> tuple[Typed, UploadFile | None]:
    """Read a command's form whole; everything after it is synchronous."""
    form = await request.form()
    texts: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    upload = None
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            upload = value if value.size else upload
        else:
            texts[name] = value[:4000]
            lists[name] = (*lists.get(name, ()), value[:4000])
    return Typed(texts=texts, lists=lists), upload


Form = Annotated[tuple[Typed, UploadFile | None], Depends(read_form)]
