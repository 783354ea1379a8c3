"""What the cartographer decided by hand: coast, ranges, valleys, islands, towns and names.

Kilometres east and north of the frame's south-west corner. Everything else is grown from here.
Every name is invented; where one also exists on a real map, that is chance.
"""

from dataclasses import dataclass

FRAME_KM = (144.0, 90.0)
"""Width and height of the drawn frame."""

CENTRE_DEG = (-123.0, 0.5)
"""Middle of the frame, east and north: open Pacific. Clipperton, the nearest land, is 1,870 km off.

On the equator a degree is a degree and the map is square; 123° W is the middle of UTM zone 10;
and GCJ-02, which shifts maps inside 72-138° E only, cannot apply.
"""

COAST_KM = (
    (-30.0, 6.0), (-6.0, 9.0), (8.0, 12.5), (18.0, 11.0), (28.0, 14.5), (37.0, 19.0),
    (45.0, 17.5), (51.0, 13.5), (57.5, 11.0), (63.0, 12.8), (65.5, 17.0), (64.6, 22.0),
    (66.0, 27.0), (69.5, 31.5), (74.0, 34.0), (79.0, 32.5), (84.5, 34.0), (88.0, 38.5),
    (93.5, 41.0), (99.0, 39.5), (104.5, 43.0), (108.0, 49.5), (114.5, 53.0), (122.0, 52.0),
    (130.0, 57.5), (139.0, 60.0), (150.0, 66.0), (176.0, 70.0),
)  # fmt: skip
"""The mainland's shore from west to east; land lies to the left (north)."""


Stop = str | tuple[str, float, float]
"""Where a road stops: a town's code, or (whose ground, east, north)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ridge:
    """A range of hills along a line."""

    line_km: tuple[tuple[float, float], ...]
    height_m: float
    width_km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Islet:
    """An island: an ellipse to be roughened."""

    x_km: float
    y_km: float
    long_km: float
    short_km: float
    turn_deg: float
    height_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A township (or subdistrict) with the place its offices stand."""

    code: str
    zh: str
    en: str
    x_km: float
    y_km: float
    reach: float = 1.0
    """How far it governs compared with its neighbours."""


RIDGES = (
    Ridge(line_km=((36, 84), (46, 78), (56, 75), (64, 70)), height_m=880, width_km=6.5),
    Ridge(line_km=((64, 70), (72, 72), (82, 78), (92, 84), (100, 92)), height_m=760, width_km=6.0),
    Ridge(line_km=((34, 66), (40, 58), (47, 52), (53, 46)), height_m=640, width_km=4.6),
    Ridge(line_km=((80, 66), (86, 60), (92, 54), (95, 49)), height_m=560, width_km=4.2),
    Ridge(line_km=((8, 90), (12, 74), (20, 62), (24, 50), (22, 38)), height_m=700, width_km=6.5),
    Ridge(line_km=((112, 92), (116, 80), (124, 74), (134, 78)), height_m=620, width_km=6.5),
    Ridge(line_km=((50, 21), (55, 17), (60, 14.5)), height_m=190, width_km=2.2),
    Ridge(line_km=((110, 58), (118, 61), (128, 64)), height_m=300, width_km=4.0),
    Ridge(line_km=((-4, 30), (6, 26), (14, 20)), height_m=330, width_km=4.5),
)
"""Ranges, highest point of each and half-width at which it has fallen to a third."""

VALLEYS_KM = (
    ((44, 69), (50, 64), (57, 59), (63, 54), (67, 48), (70, 42), (73.5, 36)),
    ((84, 70), (78, 63), (73, 56), (68.5, 48)),
    ((30, 54), (36, 44), (41, 34), (44, 26), (41, 18)),
    ((102, 80), (101, 68), (102, 56), (104, 46)),
)
"""Lines along which the ground is kept low, so that the main rivers know where to go."""

ESTUARY_KM = ((67.0, 22.0, 4.2), (70.0, 29.0, 2.6), (71.6, 34.5, 1.5), (70.6, 40.5, 0.6))
"""The drowned mouth of the river: east, north, half-width."""

ISLETS = (
    Islet(x_km=80.5, y_km=20.5, long_km=6.6, short_km=3.6, turn_deg=28, height_m=320),
    Islet(x_km=89.6, y_km=27.6, long_km=3.2, short_km=1.8, turn_deg=50, height_m=170),
    Islet(x_km=71.6, y_km=13.6, long_km=2.3, short_km=1.5, turn_deg=-20, height_m=120),
    Islet(x_km=94.0, y_km=18.6, long_km=2.1, short_km=1.3, turn_deg=10, height_m=130),
    Islet(x_km=96.5, y_km=31.4, long_km=1.6, short_km=1.1, turn_deg=75, height_m=90),
    Islet(x_km=85.6, y_km=12.2, long_km=1.5, short_km=1.0, turn_deg=0, height_m=80),
    Islet(x_km=118.0, y_km=41.0, long_km=4.4, short_km=2.6, turn_deg=35, height_m=220),
    Islet(x_km=126.5, y_km=45.0, long_km=2.0, short_km=1.3, turn_deg=0, height_m=110),
    Islet(x_km=30.0, y_km=5.6, long_km=3.4, short_km=2.0, turn_deg=15, height_m=170),
)

CITY = ("9901", "青环示范市", "Qinghuan Demonstration City")
PROVINCE = ("99", "演示省", "Demonstration Province")
DISTRICTS = (
    ("990101", "滨海区", "Binhai District"),
    ("990121", "青岭县", "Qingling County"),
)

TOWNS = (
    Town(
        code="990101001", zh="港前街道", en="Gangqian Subdistrict", x_km=66.9, y_km=37.0, reach=0.7
    ),
    Town(
        code="990101002", zh="澜湾街道", en="Lanwan Subdistrict", x_km=76.6, y_km=41.3, reach=0.75
    ),
    Town(code="990101003", zh="灯塔街道", en="Dengta Subdistrict", x_km=61.4, y_km=22.4, reach=0.8),
    Town(
        code="990101004", zh="新汀街道", en="Xinting Subdistrict", x_km=65.6, y_km=43.6, reach=0.75
    ),
    Town(code="990101100", zh="芦汀镇", en="Luting Town", x_km=86.4, y_km=42.2, reach=0.95),
    Town(code="990101101", zh="盐沙镇", en="Yansha Town", x_km=50.6, y_km=25.6, reach=1.0),
    Town(code="990101102", zh="禾浦镇", en="Hepu Town", x_km=56.6, y_km=33.6, reach=1.0),
    Town(code="990101103", zh="鹭汀镇", en="Lu Islands Town", x_km=80.2, y_km=21.0, reach=1.0),
    Town(code="990121100", zh="岚溪镇", en="Lanxi Town", x_km=65.6, y_km=55.6, reach=1.0),
    Town(code="990121101", zh="云岫镇", en="Yunxiu Town", x_km=50.6, y_km=64.2, reach=1.1),
    Town(code="990121102", zh="茗坞镇", en="Mingwu Town", x_km=77.2, y_km=60.0, reach=1.0),
    Town(code="990121103", zh="松垭镇", en="Songya Town", x_km=60.4, y_km=66.0, reach=0.95),
    Town(code="990121104", zh="石磴镇", en="Shideng Town", x_km=55.0, y_km=48.4, reach=1.0),
    Town(code="990121200", zh="竹隐乡", en="Zhuyin Township", x_km=84.0, y_km=69.0, reach=1.0),
    Town(code="990121201", zh="雁霏乡", en="Yanfei Township", x_km=91.4, y_km=49.6, reach=0.9),
)

NEIGHBOURS = (
    Town(code="n1", zh="西浦市", en="Xipu City", x_km=34.0, y_km=33.0, reach=1.15),
    Town(code="n1", zh="西浦市", en="Xipu City", x_km=27.0, y_km=58.0, reach=1.2),
    Town(code="n1", zh="西浦市", en="Xipu City", x_km=6.0, y_km=44.0, reach=1.4),
    Town(code="n2", zh="北崮市", en="Beigu City", x_km=40.0, y_km=86.5, reach=1.3),
    Town(code="n2", zh="北崮市", en="Beigu City", x_km=70.0, y_km=85.5, reach=1.35),
    Town(code="n3", zh="东溟市", en="Dongming City", x_km=103.5, y_km=60.0, reach=1.2),
    Town(code="n3", zh="东溟市", en="Dongming City", x_km=100.0, y_km=76.0, reach=1.2),
    Town(code="n3", zh="东溟市", en="Dongming City", x_km=130.0, y_km=68.0, reach=1.4),
)
"""Ground of other cities around ours: drawn dashed, governed by nobody here."""

ISLAND_SEEDS = (
    ("990101103", 80.2, 21.0), ("990101103", 90.6, 28.0), ("990101103", 71.2, 13.0),
    ("990101103", 93.8, 19.4), ("990101103", 95.2, 31.6), ("990101103", 85.4, 13.4),
    ("n3", 119.4, 40.6), ("n3", 127.0, 46.0), ("n1", 30.6, 7.0),
)  # fmt: skip
"""A point on each island and who governs it."""

VILLAGE_NAMES = (
    "青禾", "石桥", "柳湾", "渔火", "望潮", "鹭洲", "榕荫", "沙溪", "竹坞", "云脚", "茶园", "松涧",
    "梅坡", "荷塘", "稻丰", "桑榆", "枫林", "桐花", "岚口", "溪源", "石磨", "雁滩", "白鹭", "蟹渚",
    "盐田", "海棠", "翠微", "芳洲", "晴川", "月牙", "半山", "龙眼", "橘园", "枣坡", "银杏", "杉木",
    "水碓", "瓦窑", "磨坊", "渡头", "古井", "新桥", "灯下", "潮音", "帆影", "贝壳", "珊瑚", "碧屿",
    "听涛", "沉香", "豆蔻", "芦花", "菱角", "莲蓬", "麦浪", "油茶", "花溪", "鸣泉", "飞瀑", "望岳",
    "朝阳", "晚霞", "星垂", "银滩", "金穗", "紫藤", "丹桂", "红树", "绿洲", "蓝湾", "黛山", "墨池",
    "锦鲤", "鸬鹚", "鹧鸪", "画眉", "杜鹃", "燕来", "鹤鸣", "鹿角", "牧云", "耕雨", "采薇", "听松",
    "观澜", "枕流", "漱石", "抱朴", "怀瑾", "知春", "临风", "沐阳", "清和", "安澜", "长汀", "平川",
    "广福", "永宁", "太和", "同德",
)  # fmt: skip
"""Villages and communities, taken in turn."""

RIVER_NAMES = (
    (60.0, 57.0, "青环江", "Qinghuan River"),
    (77.0, 60.5, "芷溪", "Zhi Creek"),
    (41.5, 33.0, "西浦河", "Xipu River"),
    (101.5, 60.0, "东溟河", "Dongming River"),
)
"""A point near a river, and what it is called."""

SEA_NAMES = (
    (70.2, 30.6, "澜湾", "Lan Bay", "bay"),
    (52.0, 9.0, "盐沙湾", "Yansha Bay", "bay"),
    (103.0, 30.0, "青澜海", "Qinglan Sea", "sea"),
    (80.8, 22.0, "鹭汀岛", "Luting Island", "island"),
    (90.6, 28.2, "星屿", "Xing Isle", "island"),
    (94.0, 19.0, "灯礁", "Lantern Rock", "island"),
)

PEAK_NAMES = (
    (62.0, 71.5, "岚顶", "Lan Peak"),
    (92.0, 84.0, "东青尖", "East Qing Peak"),
    (52.5, 46.0, "石磴山", "Mount Shideng"),
    (94.0, 50.0, "望潮山", "Mount Wangchao"),
    (58.5, 15.5, "灯塔山", "Lighthouse Hill"),
)
"""A point near a summit; the highest cell within three kilometres takes the name."""

_COAST_ROAD: tuple[Stop, ...] = (
    ("n1", 42.0, 26.0), "990101101", "990101003", "990101001", "990101004", "990101002",
    "990101100", "990121201", ("n3", 104.0, 56.0),
)  # fmt: skip
_COAST_EXPRESSWAY: tuple[Stop, ...] = (
    ("n1", 34.0, 30.0), "990101102", "990101004", "990101100", ("n3", 112.0, 62.0),
)  # fmt: skip

ROADS: tuple[tuple[str, str, tuple[Stop, ...]], ...] = (
    ("expressway", "青澜高速", _COAST_EXPRESSWAY),
    ("expressway", "青岭高速", ("990101004", "990121100", "990121103", ("n2", 60.0, 88.0))),
    ("main", "滨海大道", _COAST_ROAD),
    ("main", "岚溪路", ("990101004", "990121100", "990121102", "990121200")),
    ("county", "云岫线", ("990121100", "990121103", "990121101", ("n1", 36.0, 62.0))),
    ("county", "石磴线", ("990101102", "990121104", "990121101")),
    ("county", "茗坞线", ("990121201", "990121102")),
    ("county", "禾浦线", ("990101101", "990101102", "990101001")),
    ("rail", "青环铁路", (("n1", 33.0, 33.0), "990101102", "990101001")),
)
"""Class, name and the stops of each road."""

RESERVOIR = ("云岫水库", "Yunxiu Reservoir", 49.2, 66.4, 9.0)
"""Name, a point near its dam on a river, and the dam's height [m]."""

ISOBATHS_M = (10, 20, 40)
"""Depths drawn as lines."""
