"""`qinghuan demo --check`: one frame's way to a closed and proved case, as its people would go.

Everything runs as in the demo, on free ports and in a folder of its own: the stations send over
TCP, the outfall's COD passes its limit, the case that opens is dispatched, signed, handled,
checked and closed in the pages by five accounts, and the stand-alone verifier reads its proofs.
"""

import io
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import uvicorn
from PIL import Image, ImageDraw

from qinghuan.core.clock import SystemClock
from qinghuan.core.geo import Place
from qinghuan.demo.hours.stations import OUTFALL_SYSTEM, STATIONS
from qinghuan.demo.opening import HOST, City, opened_city
from qinghuan.demo.town import OFFICES, sign_in_accounts
from qinghuan.demo.visiting import Form, Page, VisitFailed, Visitor

CASE_WITHIN_S = 120.0
"""What the demo promises its visitor. [s]"""

QUIET_WITHIN_S = 60.0
"""The rest of the demo's last day, after which the outfall has been back for hours. [s]"""

SEALED_WITHIN_S = 15.0
"""A record's checkpoint comes within a second; a busy machine gets more. [s]"""

OUTFALL = next(station for station in STATIONS if station.st == OUTFALL_SYSTEM)
MATTER = "化学需氧量超标"
LEAD = next(office.name for office in OFFICES if office.key == "ecology")
HANDLER, CHECKER = "处置员 04", "核查员 05"
CLOSED = "已结案"


def check_city() -> int:
    """Run the check and say each step in a line.

    Returns:
        0 if the case was closed and its proofs hold; 1 otherwise.
    """
    started_s = monotonic()
    try:
        with _folder() as folder, opened_city(folder) as city, _served(city) as address:
            _say(started_s, f"打开 opened: {address}, HJ 212 {HOST}:{city.gateway_port}")
            Walk(city, address, folder, started_s).go()
    except VisitFailed as failure:
        _say(started_s, f"未通过 FAILED: {failure}")
        return 1
    _say(started_s, "通过 passed")
    return 0


class Walk:
    """The way of one case through five accounts."""

    def __init__(self, city: City, address: str, folder: Path, started_s: float) -> None:
        """Open a browser for each of the five.

        Args:
            city: Open.
            address: Of its pages.
            folder: For the proofs and the verifier.
            started_s: Monotonic time of the start. [s]
        """
        self._city = city
        self._folder = folder
        self._started_s = started_s
        accounts = {account.login_name: account for account in sign_in_accounts()}
        self._visitors = {
            name: Visitor(address, accounts[name], SystemClock())
            for name in ("dispatcher02", "ecology-head", "ecology04", "acceptor03", "checker05")
        }

    def go(self) -> None:
        """Go the whole way.

        Raises:
            VisitFailed: A step was not possible; the message says which and why.
        """
        try:
            case = self._find_case()
            self._dispatch_and_sign(case)
            self._handle(case)
            self._check_and_close(case)
            self._verify(case)
        finally:
            for visitor in self._visitors.values():
                visitor.close()

    def _find_case(self) -> str:
        """Wait for the outfall's case; its address."""
        dispatcher = self._enter("dispatcher02")
        title = f"{OUTFALL.name} {MATTER}"
        while True:
            for href, text in dispatcher.page(f"/cases?q={OUTFALL.name}").links_to("/cases/"):
                if title in text:
                    self._say(f"立案 case opened from a frame: {title}")
                    return href
            if monotonic() - self._started_s > CASE_WITHIN_S:
                counts = self._city.performance.replay.counts()
                raise VisitFailed(f"no case “{title}” within {CASE_WITHIN_S:.0f} s; sent {counts}")
            sleep(0.5)

    def _dispatch_and_sign(self, case: str) -> None:
        """The dispatcher names the leading office, its head the person."""
        dispatcher = self._visitors["dispatcher02"]
        form = dispatcher.page(case).form(f"{case}/commands/dispatch")
        dispatcher.submit(form, {"lead": form.value_of("lead", LEAD), "note": "请现场核实并处置"})
        self._say(f"派遣 dispatched to {LEAD}")
        head = self._enter("ecology-head")
        form = head.page(case).form(f"{case}/commands/sign")
        head.submit(form, {"handler": form.value_of("handler", HANDLER)})
        self._say(f"签收 signed, named {HANDLER}")

    def _handle(self, case: str) -> None:
        """The handler shows what was done, his head confirms it."""
        handler = self._enter("ecology04")
        self._give_picture(handler, case, "after")
        form = handler.page(case).form(f"{case}/commands/report_done")
        handler.submit(form, {"text": "已更换曝气设备故障部件，出水恢复正常（演示）"})
        self._say("处置 handled, with a picture from the spot")
        head = self._visitors["ecology-head"]
        head.submit(head.page(case).form(f"{case}/commands/confirm_done"), {})
        self._say("反馈 confirmed by the office's head")

    def _check_and_close(self, case: str) -> None:
        """Somebody of another office looks, the acceptor closes."""
        acceptor = self._enter("acceptor03")
        form = acceptor.page(case).form(f"{case}/commands/send_check")
        acceptor.submit(form, {"checker": form.value_of("checker", CHECKER)})
        checker = self._enter("checker05")
        self._give_picture(checker, case, "check")
        form = checker.page(case).form(f"{case}/commands/check_result")
        checker.submit(form, {"passed": "yes", "note": "现场已复核（演示）"})
        self._say(f"核查 checked by {CHECKER} of another office")
        page = acceptor.submit(self._closing_form(acceptor, case), {"condition_met": "yes"})
        if CLOSED not in page.text:
            raise VisitFailed(f"the case is not closed: {page.reason()}")
        self._say("结案 closed, the measured value back under its limit")

    def _closing_form(self, acceptor: Visitor, case: str) -> Form:
        """The form that closes the case, once the last day has gone by and the value is back."""
        end_s = monotonic() + QUIET_WITHIN_S
        while True:
            try:
                return acceptor.page(case).form(f"{case}/commands/close")
            except VisitFailed:
                if monotonic() > end_s:
                    raise
            sleep(0.5)

    def _verify(self, case: str) -> None:
        """Every step's proof, by the verifier that imports nothing of ours."""
        acceptor = self._visitors["acceptor03"]
        verifier, key = self._folder / "qh_verify.py", self._folder / "vkey"
        verifier.write_bytes(acceptor.file("/log/qh_verify.py"))
        key.write_bytes(acceptor.file("/log/vkey"))
        records = list(dict.fromkeys(_records_on(acceptor.page(case))))
        if not records:
            raise VisitFailed(f"{case} shows no records")
        for number, record in enumerate(records):
            proof = self._folder / f"{number}.tlog-proof"
            proof.write_bytes(self._proof(acceptor, record))
            judged = subprocess.run(  # noqa: S603  our own verifier, in a process of its own
                [sys.executable, "-I", verifier, "proof", proof, "--vkey", key],
                check=False,
                capture_output=True,
                text=True,
            )
            if judged.returncode != 0:
                raise VisitFailed(f"{record}: {judged.stdout}{judged.stderr}".strip())
        self._say(f"验证 verified {len(records)} proofs of the case with the stand-alone verifier")

    def _proof(self, visitor: Visitor, record: str) -> bytes:
        """A record's proof, once the record is sealed."""
        end_s = monotonic() + SEALED_WITHIN_S
        while True:
            try:
                return visitor.file(f"{record}/proof")
            except VisitFailed:
                if monotonic() > end_s:
                    raise
            sleep(0.3)

    def _give_picture(self, visitor: Visitor, case: str, purpose: str) -> None:
        """Add a drawn picture, taken where the outfall is."""
        form = visitor.page(case).form(f"{case}/evidence")
        place = OUTFALL.place
        typed = {
            "purpose": purpose,
            "longitude_deg": f"{place.longitude_deg:.5f}",
            "latitude_deg": f"{place.latitude_deg:.5f}",
        }
        visitor.submit(form, typed, (f"{purpose}.jpg", drawn_picture(purpose, place), "image/jpeg"))

    def _enter(self, name: str) -> Visitor:
        """Let one of the five sign in."""
        visitor = self._visitors[name]
        visitor.sign_in()
        self._say(f"登录 signed in: {visitor.label}")
        return visitor

    def _say(self, what: str) -> None:
        _say(self._started_s, what)


def drawn_picture(purpose: str, place: Place) -> bytes:
    """A drawing that stands for a photograph, and says so in it. JPEG."""
    picture = Image.new("RGB", (640, 480), "#dfe7e4")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 300, 640, 480), fill="#9fb8bd")
    pen.rectangle((220, 200, 420, 320), fill="#b9b9b2", outline="#59655f", width=4)
    pen.ellipse((285, 235, 355, 305), fill="#39453f")
    pen.text((20, 20), "DEMO PICTURE, DRAWN", fill="#222222")
    pen.text((20, 44), f"{purpose} {place.latitude_deg:.5f} {place.longitude_deg:.5f}", fill="#222")
    with io.BytesIO() as file:
        picture.save(file, "JPEG", quality=85)
        return file.getvalue()


def _records_on(page: Page) -> Iterator[str]:
    """Addresses of records that a page's shields lead to, without what is asked of them."""
    for href, _ in page.links_to("/log/records/"):
        yield "/".join(href.split("?")[0].split("/")[:4])


@contextmanager
def _folder() -> Iterator[Path]:
    """A data folder for the check alone; the database's user must be able to enter it."""
    folder = Path(tempfile.mkdtemp(prefix="qinghuan-check-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _served(city: City) -> Iterator[str]:
    """Serve the pages on a free port; the address."""
    config = uvicorn.Config(city.app, host=HOST, port=0, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="pages", daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise VisitFailed("the pages could not be served")
        sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://{HOST}:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=15)


def _say(started_s: float, what: str) -> None:
    print(f"{monotonic() - started_s:6.1f} s  {what}", flush=True)  # noqa: T201  said at the command line
