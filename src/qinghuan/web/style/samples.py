"""One sample of every component's noun, fixed in time, labelled as demo data."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from qinghuan.web.listing import Choice, Filter, Listing
from qinghuan.web.states import State
from qinghuan.web.views import (
    ActView,
    ClockView,
    EvidenceView,
    FeedEntry,
    FieldView,
    FlagView,
    KeyFigure,
    LawView,
    LineageStep,
    Notice,
    Num,
    ProgressView,
    ProofView,
    StageView,
    TimelineEntry,
)

AT = datetime(2026, 11, 19, 6, 32, 7, tzinfo=UTC)
PROOF = ProofView(digest="a91c04c07fe27b21cc0e5d0be3a8719d07", href="/style#proof")
SEALING = ProofView(digest="", is_sealed=False)

FIGURES = (
    KeyFigure(
        label="空气质量指数 AQI",
        num=Num(value=68, at=AT, source="演示站", href="/style#num"),
        note="5 站均值",
        aqi_level=2,
        aqi_word="良",
    ),
    KeyFigure(
        label="超期", num=Num(value=3, unit="件", at=AT), note="最长 1 日 2 时", state=State.BAD
    ),
    KeyFigure(label="在办案卷", num=Num(value=1214, unit="件", at=AT), note="临期 11 · 挂账 5"),
    KeyFigure(
        label="站点数据传输率", num=Num(value=Decimal("98.7"), unit="%", at=AT), note="76 / 77 在线"
    ),
    KeyFigure(label="按期结案率", num=Num(value=None, unit="%"), note="本月无应结案卷"),
)

RUNNING = ClockView(
    duty="处置时限",
    who="处置员 12",
    until_at=AT + timedelta(hours=21),
    used_ratio=0.56,
    left_s=6 * 3600 + 59 * 60,
    note="限 2 工作日",
)
PAUSED = ClockView(
    duty="处置时限",
    who="派遣员 05 批准",
    until_at=AT + timedelta(days=1),
    used_ratio=0.2,
    left_s=7_200,
    is_paused=True,
    note="等待企业补件",
)
NEAR = ClockView(
    duty="签收时限", who="区水务局", until_at=AT, used_ratio=0.9, left_s=2_400, is_working=False
)
OVER = ClockView(
    duty="处置时限",
    who="区住建局",
    until_at=AT,
    used_ratio=1.4,
    left_s=-(3 * 3600 + 600),
    is_working=False,
    is_breached=True,
)
MET = ClockView(duty="处置时限", who="区城管局", until_at=AT, used_ratio=0.7, left_s=0, is_met=True)

LAW = LawView(signals=148, opened=61, attached=52, refused=9, waiting=26, checked_at=AT)
LAW_BROKEN = LawView(
    signals=148, opened=61, attached=51, refused=9, waiting=26, checked_at=AT, ownerless=1
)

ACTIONS = (
    ActView(label="补充证据", href="/style#act", note="照片、报告、视频", is_primary=True),
    ActView(label="申请延期", href="/style#act", note="可再申请 2 次"),
    ActView(label="报处置完成", refusal="会办单位未答复，截止 16:00"),
)

TIMELINE = (
    TimelineEntry(
        at=AT,
        icon="pause",
        text="暂停：等待补件",
        detail="申请与批准不是同一人",
        state=State.HOLD,
        proof=SEALING,
    ),
    TimelineEntry(
        at=AT - timedelta(hours=5),
        icon="alert",
        text="生成线索：连续 3 小时高于 60 mg/L",
        detail="66.2 · 72.4 · 78.6",
        state=State.BAD,
        proof=PROOF,
    ),
)

FEED = (
    FeedEntry(at=AT, icon="case", text="立案 暴露垃圾", detail="限时 4 工作时", state=State.RUN),
    FeedEntry(at=AT, icon="station", text="演示排口 03 连续 3 次缺数", state=State.WARN),
    FeedEntry(at=AT, icon="proof", text="结案 垃圾满溢", detail="核查员 02 通过", state=State.OK),
)

LINEAGE = (
    LineageStep(icon="case", text="案卷 78.6 mg/L", detail="限值 60", proof=PROOF),
    LineageStep(icon="rule", text="规则 连续 3 小时均值", detail="规则集 2026-03 版", proof=PROOF),
    LineageStep(icon="frame", text="报文 HJ 212 CN 2061", detail="校验 1E00 一致", proof=PROOF),
)
RAW = (
    "##0216QN=20261118100003412;ST=32;CN=2061;PW=******;MN=88880000DE07;CP=&&w01018-Avg=78.6&&1E00"
)
RAW_MARK = "w01018-Avg=78.6"

EVIDENCE = EvidenceView(
    title="排口，处置前",
    src="/static/_/sample.svg",
    label="处置前",
    state=State.BAD,
    at=AT,
    distance_m=12,
    who="处置员 12",
    digest="7d2e04c07fe2",
    is_demo=True,
)

STAGES = (
    StageView(label="收集", state=State.OK),
    StageView(label="建立", state=State.OK),
    StageView(label="派遣", state=State.OK),
    StageView(label="处理", state=State.RUN, is_current=True, detail="第 2 日"),
    StageView(label="反馈"),
    StageView(label="核查"),
    StageView(label="评价"),
)
PROGRESS = ProgressView(
    label="已用 83%，预测年末 95%，预算在 91%",
    done_pct=83,
    forecast_pct=95,
    limit_pct=91,
    state=State.WARN,
)
FLAGS = (
    FlagView(code="N", word="正常"),
    FlagView(code="改", word="改值"),
    FlagView(code="D", word="故障"),
    FlagView(code="C", word="校准"),
    FlagView(code="F", word="停运"),
)
NOTICES = (
    Notice(title="已派遣 3 家", detail="主办 区生态环境分局", href="/style", href_label="查看"),
    Notice(title="没有成功", detail="连不上服务器，内容未提交", state=State.BAD),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the sample table."""

    name: str
    cod: Num
    flag: FlagView


LISTING: Listing[Row] = Listing(
    path="/style",
    items=(
        Row(name="演示排口 07", cod=Num(value=Decimal("56.9"), at=AT), flag=FLAGS[0]),
        Row(name="演示排口 03", cod=Num(value=None), flag=FLAGS[2]),
    ),
    total=128,
    page=2,
    filters=(
        Filter(
            name="stage",
            label="阶段",
            choices=(
                Choice(value="open", label="在办", count=214),
                Choice(value="near", label="临期"),
            ),
            chosen="open",
        ),
        Filter(name="q", label="关键词"),
    ),
)


def fields_of(theme: str) -> tuple[FieldView, ...]:
    """Form fields with names of their own, so that ids stay unique on the page."""
    return (
        FieldView(
            name=f"note-{theme}",
            label="处置说明",
            value="已关",
            fault="至少 6 个字：做了什么、谁做的",
            is_required=True,
        ),
        FieldView(
            name=f"kind-{theme}",
            label="类别",
            choices=(("a", "河道污染"), ("b", "工地扬尘")),
            hint="拿不准可先选最接近的",
        ),
    )
