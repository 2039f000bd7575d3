"""Everything a reader of Chinese sees, with where it stands; and the words, marks and spaces that would tell a reader
of Taipei or of Shanghai that a text was not written for them.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tools.messages import catalogue

from peakend.documents.source import source_of
from peakend.terms import Lang

SOURCE: Final = Path(__file__).parents[1] / "src"
CHINESE: Final[tuple[Lang, ...]] = ("zh-Hant", "zh-Hans")
_LANG: Final[dict[str, Lang]] = {"zh_Hant": "zh-Hant", "zh_Hans": "zh-Hans"}


class Said(NamedTuple):
    """A text of the product, its language, and where it stands."""

    where: str
    lang: Lang
    text: str


def everything() -> list[Said]:
    """The interface, the vocabulary, the errors, the sentences of the library, the sample services and instruments."""
    return [*interface(), *_documents(), *_services(), *_sentences()]


def interface() -> Iterator[Said]:
    """The translation files."""
    for locale, lang in _LANG.items():
        for entry in catalogue(locale):
            for text in [entry.msgstr, *entry.msgstr_plural.values()]:
                yield Said(f"{locale}: {entry.msgid}", lang, text)


WORDS: Final = ("peakend/terms.toml", "peakend/errors.toml", "peakend_web/base/errors.toml")
"""The vocabulary, and the catalogues of errors of the library and of the application."""


def _documents(languages: tuple[Lang, ...] = CHINESE) -> Iterator[Said]:
    for path in (SOURCE / name for name in WORDS):
        yield from _within(path.name, tomllib.loads(path.read_text(encoding="utf-8")), languages=languages)


def _services(languages: tuple[Lang, ...] = CHINESE) -> Iterator[Said]:
    data = (
        path for room in ("templates", "instruments") for path in sorted((SOURCE / "peakend" / room).glob("*.yaml"))
    )
    for path in (*sorted((SOURCE / "peakend").rglob("*.service.yaml")), *data):
        yield from _within(path.name, source_of(path.read_bytes()).root.as_data(), languages=languages)


def _within(
    where: str, node: object, lang: Lang | None = None, languages: tuple[Lang, ...] = CHINESE
) -> Iterator[Said]:
    """Every text under a key that is one of these languages."""
    if isinstance(node, dict):
        for key, inner in node.items():
            yield from _within(f"{where} {key}", inner, next((one for one in languages if one == key), lang), languages)
    elif isinstance(node, list):
        for inner in node:
            yield from _within(where, inner, lang, languages)
    elif lang and isinstance(node, str):
        yield Said(where, lang, node)


def _sentences(languages: tuple[Lang, ...] = CHINESE) -> Iterator[Said]:
    """Texts in code, written as {"en": …, "zh-Hant": …, "zh-Hans": …}; what is filled in stands as {}."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    lang = next((one for one in languages if isinstance(key, ast.Constant) and key.value == one), None)
                    if lang:
                        yield from (Said(f"{path.name}:{value.lineno}", lang, text) for text in _texts(value))


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    elif isinstance(node, ast.Constant):
        yield str(node.value)
    else:
        for inner in ast.iter_child_nodes(node):
            if isinstance(inner, ast.expr):
                yield from _texts(inner)


def _pairs(table: str) -> dict[str, str]:
    """Pairs from a table of words: the wrong one, then the right one."""
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))


FORBIDDEN: Final = {
    # What a Taipei reader would stumble over, and what they would write.
    "zh-Hant": _pairs(r"""
        質量(?!表) 品質   (?<!行動)數據(?!機) 資料
        網絡 網路   默認 預設   缺省 預設   信息 資訊   登錄 登入   視頻 影片   用戶 使用者
        客戶 顧客   文件夾 資料夾   鼠標 滑鼠   打印 列印   軟件 軟體   硬件 硬體   服務器 伺服器   屏幕 螢幕
        鏈接 連結   二維碼 QR_Code   短信 簡訊   郵箱 電子郵件   賬號 帳號   賬戶 帳戶   網點 據點
        (?<!接)觸點 接觸點   反饋 回饋   界面 介面   導入 匯入   導出 匯出   搜索 搜尋   激活 啟用   粘貼 貼上
        圖標 圖示   門店 店家   渠道 通路   標識 識別碼   字節 位元組   字符 字元   變量 變數   數組 陣列
        自定義 自訂   批量 批次   公交 公車   出租車 計程車   酒店 飯店   置信 信賴   方差 變異數   均值 平均數
        概率 機率   單元格 儲存格   工單 案件   模板 範本   示例 範例   端口 連接埠   攝像 攝影機   智能 智慧
        移動端 行動裝置   筆記本電腦 筆電   緩存 快取   打分 評分   每周 每週   上周 上週   本周 本週   下周 下週
        兩周 兩週   一周 一週   實時 即時   支持 支援   航站樓 航廈   登機牌 登機證   維度 構面   差距 落差
        投訴 客訴   (?<!演)算法 演算法   回歸 迴歸   加載 載入   觸屏 觸控   程序 程式   服務員 服務人員   小票 收據
        字段 欄位   注冊 註冊   數碼 數位   水平 水準   高清 高畫質   人工智能 人工智慧   客服熱線 客服專線
        (?<!也稱)峰終定律 峰終理論   移情 關懷   標杆 標竿   利益相關者 利害關係人   改進項目 改善專案   傳感 感測
        點擊量 點閱數   貶低者 批評者   顧客畫像 人物誌   漂移 變化   暴露量 服務量   特色功能 特性   構念 衡量項目
        西屋 西方電氣   期望水準 理想水準   量尺 量表   件案件 個案件   數列 序列   填答太少 回答太少
        設計情緒 目標情緒   充足度 適足度   之調整 更正   走法 路徑   受訪者 填答者   回答者 填答者   管理人員 管理員
        撤回 收回   居首 排第一   區隔 分群   QR\s*碼 QR_Code   識別鍵 識別碼   對應表 對應檔   同一把尺 同一個量表
        目前版本 現行版
    """),
    # What a Shanghai reader would stumble over, and what they would write.
    "zh-Hans": _pairs("""
        品质 质量   资料 数据   网路 网络   预设 默认   滑鼠 鼠标   萤幕 屏幕   荧幕 屏幕   软体 软件   硬体 硬件
        程式 程序   (?<!宾客)档案 文件   登入 登录   登出 退出登录
        汇入 导入   汇出 导出   存取(?!款) 访问   伺服器 服务器
        连结 链接   介面 界面   视讯 视频   影片 视频   讯息 消息   资讯 信息   简讯 短信   位元组 字节   字元 字符
        变数 变量   回圈 循环   巨集 宏   储存 保存   列印 打印   选单 菜单   范本 模板   范例 示例   连接埠 端口
        快取 缓存   帐号 账号   帐户 账户   信赖区间 置信区间   机率 概率   变异数 方差   接触点 触点   据点 服务点
        通路 渠道   回馈 反馈   使用者 用户   装置 设备   智慧型 智能   计程车 出租车   捷运 地铁   公车 公交车
        饭店 酒店   洗手乳 洗手液   品项 商品   笔电 笔记本电脑   即时 实时   数位 数字   支援 支持   专案 项目
        客诉 投诉   落差 差距   构面 维度   峰终理论 峰终定律   水准 水平   透过 通过   身分 身份   相片 照片
        登机证 登机牌   航厦 航站楼   视窗 窗口   搜寻 搜索   自订 自定义   活页簿 工作簿   金钥 密钥   工作阶段 会话
        逾时 超时   志工 志愿者   顾问团 焦点小组   利害关系人 利益相关者   演算法 算法   感测 感应   台风 风格
        试算表 电子表格   填答 作答   (?<!银行)网点 服务点
        留言 意见   依序 按顺序   多常 多久一次   不拘 任意   数列 序列
        皆 都   足供 够   居首 排第一   记忆评价 回忆评价   重要度 重要性   期望水平 理想水平   漂移 变化
        答卷人 受访者   功能点 特性   充足度 适足度   单因素 单因子   走法 路径   回答者 受访者   填写者 受访者
        管理人员 管理员   细分列 分群列   验证器应用 身份验证器   标识键 标识码   吊销 停用   同一把尺 同一量表
        处理期限 截止时间
    """),
}

HABITS: Final = {
    # What a reader whose second language is English would look up, and what is written.
    r"\bmend(s|ed|ing)?\b": "fix, correct",
    r"\bwanting\b": "missing, shortfall",
    r"\bset aside\b": "excluded",
    r"\bset against\b": "compared with",
    r"\balike\b": "the same, equally",
    r"\bpass(es|ed)? (it|this touchpoint) by\b": "did not use it",
    r"\bjudge?ment (as a|of the) whole\b": "overall rating",
    r"\bstands? (twice|there twice|beside (it|them))\b": "appears twice, is shown beside",
    r"\banew\b": "again",
    r"\bbr(ing|ought) (in|to facts)\b": "import, convert",
    r"\btold rightly\b": "right",
    r"\bcannot be told\b": "is not clear",
    r"\bin again\b": "import it again",
    r"\btop box(es)?\b": "top scores",
    r"\bis out\b": "is published, was removed",
    r"\b(can|way) be told\b": "can be seen, can be judged",
    r"\bis told\b": "is reported",
    r"\b(one row|answers|rows) a (period|touchpoint|unit)\b": "per period",
    r"\bwould go\b": "will be removed",
    r"\bone( \w+)? a (line|day)\b": "one per line, one per day",
    r"\bwhoever\b": "anyone who, those who",
    r"\bmore is asked of\b": "too busy",
    r"\d %": "95%, without a space",
}
"""English that is plain words for a quaint ear and a riddle for others."""


def english() -> Iterator[Said]:
    """What a reader of English sees: the phrases of the interface, the vocabulary, the errors, the sample services, the
    sentences.
    """
    for entry in catalogue("zh_Hant"):
        for text in filter(None, (entry.msgid, entry.msgid_plural)):
            yield Said(f"django.po: {entry.msgid}", "en", text)
    yield from _documents(("en",))
    yield from _services(("en",))
    yield from _sentences(("en",))


def habits(text: str) -> dict[str, str]:
    """The quaint words of an English text, with what is written instead."""
    return {pattern: right for pattern, right in HABITS.items() if re.search(pattern, text, re.IGNORECASE)}


HAN: Final = "[\u3400-\u9fff]"
HALF_WIDTH: Final = re.compile(rf"{HAN}[,;?!]|[,;?!]{HAN}|{HAN}\.(?:\s|$)|{HAN}:(?:\s|$)|{HAN}\(|\){HAN}")
NO_SPACE: Final = re.compile(rf"{HAN}[A-Za-z0-9]|[A-Za-z0-9%]{HAN}|\d %")
OTHER_QUOTES: Final = {"zh-Hant": re.compile("[“”‘’]"), "zh-Hans": re.compile("[「」『』]")}


def foreign_words(text: str, lang: Lang) -> dict[str, str]:
    """The words of a text that belong to the other shore, with what is written here instead."""
    return {word: right for word, right in FORBIDDEN[lang].items() if re.search(word, text)}


def wrong_marks(text: str, lang: Lang) -> list[str]:
    """Half-width punctuation at a Han character, the other script's quotation marks, and no space between Han and
    Latin.
    """
    return [found.group() for pattern in (HALF_WIDTH, NO_SPACE, OTHER_QUOTES[lang]) for found in pattern.finditer(text)]
