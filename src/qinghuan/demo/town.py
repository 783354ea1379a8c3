"""The demo city's offices and posts: every role once at least, no invented person's name.

Passwords and second factors are published on the demo's sign-in page and nowhere else in use.
"""

import base64
import hashlib
from dataclasses import dataclass

from qinghuan.people.model import OfficeKind, Role
from qinghuan.web.house import DemoAccount

CITY = "9901"
PASSWORD = "qinghuan-demo"  # noqa: S105  published on the demo's sign-in page
PHONE = "0600-0000001"
"""No area of the country has the code 0600, and no line's number begins with 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOffice:
    """An office of the demo city."""

    key: str
    name: str
    name_en: str
    kind: OfficeKind
    area_code: str = CITY


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPost:
    """A post somebody holds, with the account that goes with it."""

    login_name: str
    label: str
    roles: tuple[Role, ...]
    detail: str
    """What to try with it."""
    office: str = ""
    area_code: str = CITY

    @property
    def totp_secret(self) -> str:
        """Secret of the second factor, from the login name so that it never changes. Base32."""
        digest = hashlib.sha1(f"qinghuan demo/{self.login_name}".encode(), usedforsecurity=False)
        return base64.b32encode(digest.digest()).decode()


OFFICES = (
    DemoOffice(
        key="centre", name="青环指挥中心", name_en="Directing Centre", kind=OfficeKind.CENTRE
    ),
    DemoOffice(
        key="ecology",
        name="市生态环境局",
        name_en="Ecology and Environment Bureau",
        kind=OfficeKind.DEPARTMENT,
    ),
    DemoOffice(
        key="water", name="市水务局", name_en="Water Affairs Bureau", kind=OfficeKind.DEPARTMENT
    ),
    DemoOffice(
        key="urban",
        name="市城市管理局",
        name_en="Urban Management Bureau",
        kind=OfficeKind.DEPARTMENT,
    ),
    DemoOffice(
        key="congress",
        name="市人大常委会办公室",
        name_en="Office of the People's Congress Standing Committee",
        kind=OfficeKind.CONGRESS,
    ),
    DemoOffice(
        key="carbon", name="市双碳办公室", name_en="Carbon Office", kind=OfficeKind.DEPARTMENT
    ),
    DemoOffice(
        key="gangqian",
        name="港前街道办事处",
        name_en="Gangqian Subdistrict Office",
        kind=OfficeKind.TOWNSHIP,
        area_code="990101001",
    ),
    DemoOffice(
        key="lanxi",
        name="岚溪镇人民政府",
        name_en="Lanxi Town Government",
        kind=OfficeKind.TOWNSHIP,
        area_code="990121100",
    ),
    DemoOffice(
        key="works",
        name="澜湾污水处理厂（演示企业）",
        name_en="Lanwan Sewage Works (demo)",
        kind=OfficeKind.ENTERPRISE,
        area_code="990101002",
    ),
)

SYSTEM_ADMIN = DemoPost(
    login_name="system",
    label="系统管理员 01",
    roles=(Role.SYSTEM_ADMIN,),
    detail="区域、单位、人员、站点；只能申请授权，不能批准",
    area_code="99",
)

POSTS = (
    DemoPost(
        login_name="duty07",
        label="值守员 07",
        roles=(Role.DUTY_OFFICER,),
        office="centre",
        detail="看驾驶舱、站点与线索",
    ),
    DemoPost(
        login_name="acceptor03",
        label="受理员 03",
        roles=(Role.ACCEPTOR,),
        office="centre",
        detail="立案、不予受理、派员核查、结案",
    ),
    DemoPost(
        login_name="dispatcher02",
        label="派遣员 02",
        roles=(Role.DISPATCHER,),
        office="centre",
        detail="把案卷派给主办和会办单位",
    ),
    DemoPost(
        login_name="director01",
        label="指挥长 01",
        roles=(Role.DIRECTOR,),
        office="centre",
        detail="督办，裁定承办单位",
    ),
    DemoPost(
        login_name="checker05",
        label="核查员 05",
        roles=(Role.CHECKER,),
        office="centre",
        detail="现场核查，不能核查本单位办理的案卷",
    ),
    DemoPost(
        login_name="ecology-head",
        label="生态环境局负责人",
        roles=(Role.OFFICE_HEAD,),
        office="ecology",
        detail="签收、指定责任人、确认办结",
    ),
    DemoPost(
        login_name="ecology04",
        label="处置员 04",
        roles=(Role.HANDLER,),
        office="ecology",
        detail="办理、上传处置后照片、报告办结",
    ),
    DemoPost(
        login_name="water-head",
        label="水务局负责人",
        roles=(Role.OFFICE_HEAD,),
        office="water",
        detail="河道与排口案卷的主办单位",
    ),
    DemoPost(
        login_name="water09",
        label="处置员 09",
        roles=(Role.HANDLER,),
        office="water",
        detail="排口与断面的现场处置",
    ),
    DemoPost(
        login_name="urban-head",
        label="城市管理局负责人",
        roles=(Role.OFFICE_HEAD,),
        office="urban",
        detail="市容环境案卷的主办单位",
    ),
    DemoPost(
        login_name="urban21",
        label="处置员 21",
        roles=(Role.HANDLER,),
        office="urban",
        detail="市容环境的现场处置",
    ),
    DemoPost(
        login_name="gangqian-head",
        label="港前街道负责人",
        roles=(Role.OFFICE_HEAD,),
        office="gangqian",
        area_code="990101001",
        detail="街道的承办与会办",
    ),
    DemoPost(
        login_name="grid11",
        label="网格员 11",
        roles=(Role.GRID_WORKER,),
        office="gangqian",
        area_code="990101001",
        detail="立案前的现场核实",
    ),
    DemoPost(
        login_name="grid32",
        label="网格员 32",
        roles=(Role.GRID_WORKER,),
        office="lanxi",
        area_code="990121100",
        detail="县域的现场核实",
    ),
    DemoPost(
        login_name="deputy16",
        label="人大代表 16",
        roles=(Role.DEPUTY,),
        detail="随手拍、看进展、评价；没有处置命令",
    ),
    DemoPost(
        login_name="congress02",
        label="人大工作人员 02",
        roles=(Role.CONGRESS_STAFF,),
        office="congress",
        detail="重点督办、视察、评议",
    ),
    DemoPost(
        login_name="carbon01",
        label="双碳分析员 01",
        roles=(Role.CARBON_ANALYST,),
        office="carbon",
        detail="排放清单与预算",
    ),
    DemoPost(
        login_name="works01",
        label="企业填报员 01",
        roles=(Role.ENTERPRISE_REPORTER,),
        office="works",
        area_code="990101002",
        detail="本企业的数据",
    ),
    DemoPost(
        login_name="citizen28",
        label="市民 28",
        roles=(Role.CITIZEN,),
        detail="随手拍",
    ),
    SYSTEM_ADMIN,
    DemoPost(
        login_name="security",
        label="安全管理员 01",
        roles=(Role.SECURITY_ADMIN,),
        detail="批准或收回授权；不能申请",
        area_code="99",
    ),
    DemoPost(
        login_name="audit",
        label="审计管理员 01",
        roles=(Role.AUDIT_ADMIN,),
        detail="只读审计记录",
        area_code="99",
    ),
)


def sign_in_accounts() -> tuple[DemoAccount, ...]:
    """The accounts as the demo's sign-in page lists them."""
    return tuple(
        DemoAccount(
            login_name=post.login_name,
            password=PASSWORD,
            label=post.label,
            detail=post.detail,
            totp_secret=post.totp_secret,
        )
        for post in POSTS
    )
