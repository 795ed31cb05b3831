"""The invented people and companies of the example, each a pure function of a number.

Nothing here is real: addresses end in `.example`, telephone numbers begin with 090-00 or 03-0 and postal codes with
000 (no number in Japan is assigned there), companies carry a word such as 見本 or 空想, network addresses are the
ones kept for documentation. A person is a number; the people of one size are 1..size, and higher numbers are people
who have no account. So every table can name any person without a list of people being held in memory.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple, TypeVar

T = TypeVar("T")
Draw = Callable[[int], int]

SMALLEST: Final = 60  # the cast below must have room, and a few strangers around it
COMPANY_SIZE: Final = 20
TEAM_SIZE: Final = 4

HEROINE: Final = 12  # 山田 花子: in all four services under one verified address
NAMESAKES: Final = (14, 27)  # two different 佐藤 健
TWO_ADDRESSES: Final = (20, 21)  # one 鈴木 由美, at work and at home
DELETED: Final = 16
HEAVY: Final = 28
CLAIMED: Final = 30  # her verified address is also given for CLAIMANT
CLAIMANT: Final = 24
SHARED: Final = (33, 34, 35)  # three people behind one info@ mailbox
HALF_WIDTH: Final = 36

_MASK: Final = (1 << 64) - 1
_START: Final = datetime(2024, 1, 1, tzinfo=UTC)
_SPAN: Final = 500 * 86_400  # the example lives from 2024-01-01 to 2025-05-14

FAMILIES: Final = (
    ("佐藤", "サトウ", "sato"), ("鈴木", "スズキ", "suzuki"), ("田中", "タナカ", "tanaka"),
    ("伊藤", "イトウ", "ito"), ("渡邊", "ワタナベ", "watanabe"), ("中村", "ナカムラ", "nakamura"),
    ("小林", "コバヤシ", "kobayashi"), ("加藤", "カトウ", "kato"), ("𠮷田", "ヨシダ", "yoshida"),
    ("髙橋", "タカハシ", "takahashi"), ("山﨑", "ヤマザキ", "yamazaki"), ("佐々木", "ササキ", "sasaki"),
    ("松本", "マツモト", "matsumoto"), ("井上", "イノウエ", "inoue"), ("木村", "キムラ", "kimura"),
    ("林", "ハヤシ", "hayashi"), ("清水", "シミズ", "shimizu"), ("池田", "イケダ", "ikeda"),
    ("阿部", "アベ", "abe"), ("橋本", "ハシモト", "hashimoto"), ("長谷川", "ハセガワ", "hasegawa"),
    ("小川", "オガワ", "ogawa"), ("西田", "ニシダ", "nishida"), ("勅使河原", "テシガワラ", "teshigawara"),
    ("五十嵐", "イガラシ", "igarashi"), ("岡田", "オカダ", "okada"), ("藤井", "フジイ", "fujii"),
    ("大野", "オオノ", "ono"), ("一", "ニノマエ", "ninomae"), ("宮﨑", "ミヤザキ", "miyazaki"),
    ("ブラウン", "ブラウン", "brown"),
)  # fmt: skip
# 健 and 花子 are left out, so that the cast alone bears 佐藤 健 and 山田 花子.
GIVENS: Final = (
    ("誠", "マコト", "makoto"), ("恵", "メグミ", "megumi"), ("直樹", "ナオキ", "naoki"),
    ("由美", "ユミ", "yumi"), ("翔太", "ショウタ", "shota"), ("さくら", "サクラ", "sakura"),
    ("大輔", "ダイスケ", "daisuke"), ("美咲", "ミサキ", "misaki"), ("修", "オサム", "osamu"),
    ("真理", "マリ", "mari"), ("健太郎", "ケンタロウ", "kentaro"), ("裕子", "ユウコ", "yuko"),
    ("拓也", "タクヤ", "takuya"), ("智子", "トモコ", "tomoko"), ("蓮", "レン", "ren"),
    ("葵", "アオイ", "aoi"), ("陽菜", "ヒナ", "hina"), ("悠真", "ユウマ", "yuma"),
    ("エミリ", "エミリ", "emiri"), ("隆", "タカシ", "takashi"), ("久美子", "クミコ", "kumiko"),
    ("亮", "リョウ", "ryo"), ("百合", "ユリ", "yuri"), ("賢二", "ケンジ", "kenji"),
    ("早紀", "サキ", "saki"), ("徹", "トオル", "toru"), ("円", "マドカ", "madoka"),
)  # fmt: skip
COMPANY_HEADS: Final = (
    ("月影", "ツキカゲ", "tsukikage"), ("星鳴", "ホシナリ", "hoshinari"), ("風待", "カザマチ", "kazamachi"),
    ("霧笛", "ムテキ", "muteki"), ("虹橋", "ニジハシ", "nijihashi"), ("銀嶺", "ギンレイ", "ginrei"),
    ("雪洞", "ボンボリ", "bonbori"), ("波音", "ナミオト", "namioto"), ("朝凪", "アサナギ", "asanagi"),
    ("夕映", "ユウバエ", "yubae"), ("木霊", "コダマ", "kodama"),
)  # fmt: skip
COMPANY_TAILS: Final = (
    ("見本製作所", "ミホンセイサクショ", "mihon"), ("空想電機", "クウソウデンキ", "kuso-denki"),
    ("架空システム", "カクウシステム", "kaku-systems"), ("試作重工", "シサクジュウコウ", "shisaku"),
    ("模型自動車", "モケイジドウシャ", "mokei"), ("絵空事研究所", "エソラゴトケンキュウショ", "esora-labs"),
    ("仮設計画", "カセツケイカク", "kasetsu"),
)  # fmt: skip
USER_AGENTS: Final = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Example/126.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Example/17.5",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Example/17.5",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Example/127.0",
)


class Company(NamedTuple):
    """An invented company."""

    name: str
    kana: str
    domain: str


class Person(NamedTuple):
    """An invented person as the services would know them when they make no mistake."""

    family: str
    given: str
    kana: str
    email: str
    private_email: str
    phone: str | None
    company: Company | None

    @property
    def name(self) -> str:
        """The full name with the space that Japanese forms ask for."""
        return f"{self.family} {self.given}"

    @property
    def plain(self) -> str:
        """The full name as it is written in running text, without a space."""
        return self.family + self.given


class _Role(NamedTuple):
    family: str
    given: str
    kana: str
    local: str


# The cast: people whom the facts of `awkward` are about.
_CAST: Final = {
    9: _Role("山﨑", "直樹", "ヤマザキ ナオキ", "naoki.yamazaki"),
    10: _Role("𠮷田", "誠", "ヨシダ マコト", "makoto.yoshida"),
    11: _Role("髙橋", "恵", "タカハシ メグミ", "megumi.takahashi"),
    HEROINE: _Role("山田", "花子", "ヤマダ ハナコ", "hanako.yamada"),
    14: _Role("佐藤", "健", "サトウ タケシ", "takeshi.sato"),
    16: _Role("木村", "さくら", "キムラ サクラ", "sakura.kimura"),
    20: _Role("鈴木", "由美", "スズキ ユミ", "yumi.suzuki"),
    21: _Role("鈴木", "由美", "スズキ ユミ", "yumi.suzuki"),
    CLAIMANT: _Role("西田", "修", "ニシダ オサム", "osamu.nishida"),
    27: _Role("佐藤", "健", "サトウ ケン", "ken.sato"),
    HEAVY: _Role("勅使河原", "亮", "テシガワラ リョウ", "ryo.teshigawara"),
    CLAIMED: _Role("小川", "真理", "オガワ マリ", "mari.ogawa"),
    33: _Role("藤井", "徹", "フジイ トオル", "info"),
    34: _Role("阿部", "早紀", "アベ サキ", "info"),
    35: _Role("岡田", "円", "オカダ マドカ", "info"),
    HALF_WIDTH: _Role("桜井", "裕子", "ｻｸﾗｲ ﾕｳｺ", "yuko.sakurai"),
}
# Who of the cast writes the telephone number in another way than 090-0012-3412.
PHONE_STYLES: Final = {9: 3, 10: 2, 11: 4, 14: 1, 16: 5, CLAIMANT: 6}
LAST_OF_CAST: Final = 40
PRIVATE_DOMAIN: Final = "jitaku-mail.example"


@dataclass(frozen=True, slots=True)
class World:
    """The people of one size and one seed."""

    people: int
    seed: int

    def __post_init__(self) -> None:
        """Refuse a size in which the cast has no room."""
        if self.people < SMALLEST:
            message = f"the example needs at least {SMALLEST} people, not {self.people}"
            raise ValueError(message)

    def draw(self, topic: str) -> Draw:
        """Give a function from a row's number to 64 well mixed bits, the same on every machine."""
        base = self.seed * 0x9E3779B97F4A7C15 + zlib.crc32(topic.encode()) * 0xD1B54A32D192ED03

        def mixed(number: int) -> int:
            # The finaliser of splitmix64: a generator with a state would tie each row to those before it.
            bits = (base + number * 0x9E3779B97F4A7C15) & _MASK
            bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
            bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & _MASK
            return bits ^ (bits >> 31)

        return mixed

    def person(self, number: int) -> Person:
        """Give the person of a number; above `people` it is somebody without an account."""
        bits = self.draw("person")(number)
        employer = company((number - 1) // COMPANY_SIZE)
        role = _CAST.get(number)
        if role is not None:
            return _cast_person(number, role, employer)
        family = pick(FAMILIES, bits)
        given = pick(GIVENS, bits >> 8)
        kana = f"{family[1]} {given[1]}"
        local = f"{given[2]}.{family[2]}{number}"
        free = (bits >> 16) % 6 == 0  # a freelancer has no employer and writes from home
        private = f"{local}@{PRIVATE_DOMAIN}"
        work = f"{local}@{employer.domain}"
        if is_behind_a_shared_mailbox(number):
            free, work = False, f"info@{employer.domain}"
        return Person(
            family=family[0],
            given=given[0],
            kana=half_width(kana) if number % 13 == 0 else kana,
            email=private if free else work,
            private_email=private,
            phone=None if (bits >> 24) % 4 == 0 else phone(bits >> 28),
            company=None if free else employer,
        )


def _cast_person(number: int, role: _Role, employer: Company) -> Person:
    private = f"{role.local}@{PRIVATE_DOMAIN}"
    at_home = number == TWO_ADDRESSES[1]
    # Account 21 belongs to the woman of account 20, so it has her telephone and employer.
    owner = TWO_ADDRESSES[0] if at_home else number
    return Person(
        family=role.family,
        given=role.given,
        kana=role.kana,
        email=private if at_home else f"{role.local}@{employer.domain}",
        private_email=private,
        phone=spell("0012", f"34{owner:02d}", PHONE_STYLES.get(owner, 0)),
        company=company((owner - 1) // COMPANY_SIZE),
    )


def is_behind_a_shared_mailbox(number: int) -> bool:
    """Whether this person writes from the info@ address of the employer."""
    # Exactly one of each three is even: the newsletter, which holds even numbers, keeps its unique addresses.
    return number in SHARED or (number > LAST_OF_CAST and number % 500 in {141, 142, 143})


def is_deleted(number: int) -> bool:
    """Whether this account was closed by its person (its comments stay)."""
    return number == DELETED or (number > LAST_OF_CAST and number % 97 == 0)


def company(number: int) -> Company:
    """Give the company of a number, counted from 0."""
    head = COMPANY_HEADS[number % len(COMPANY_HEADS)]
    tail = COMPANY_TAILS[number % len(COMPANY_TAILS)]
    # 11 and 7 have no common factor, so the first 77 companies differ; later ones are branches.
    branch = number // (len(COMPANY_HEADS) * len(COMPANY_TAILS))
    return Company(
        name=f"株式会社{head[0]}{tail[0]}" + (f"第{branch}支社" if branch else ""),
        kana=f"{head[1]}{tail[1]}",
        domain=f"{head[2]}-{tail[2]}{branch or ''}.example",
    )


def phone(bits: int) -> str:
    """Give an invented telephone number in one of the spellings that people really type."""
    return spell(f"00{bits % 100:02d}", f"{(bits >> 8) % 10_000:04d}", bits >> 24)


def spell(first: str, last: str, style: int) -> str:
    """Write the two last groups of a telephone number in one of eight styles."""
    mobile = f"090-{first}-{last}"
    spellings = (
        mobile,
        f"090{first}{last}",
        f"+81 90-{first}-{last}",
        mobile.translate(_WIDE),
        f"(090) {first} {last}",
        f"03-{first}-{last}",
        f"03({first}){last} 内線{last[:2]}",
        mobile,
    )
    return pick(spellings, style)


def postal_code(bits: int) -> str:
    """Give an invented postal code, in two spellings."""
    digits = f"{bits % 10_000:04d}"
    return f"〒000-{digits}" if bits & 1 else f"000{digits}"


def address(bits: int) -> str:
    """Give an invented postal address."""
    ward = pick(("架空区", "見本市", "空想町"), bits)
    street = f"{bits // 7 % 9 + 1}-{bits // 11 % 30 + 1}-{bits // 13 % 20 + 1}"
    prefecture = pick(("東京都", "大阪府", "北海道", "沖縄県"), bits >> 4)
    return f"{prefecture}{ward}見本町{street}"


def moment(bits: int) -> datetime:
    """Give an instant of the example's time, in UTC and whole seconds."""
    return _START + timedelta(seconds=bits % _SPAN)


def later(since: datetime, bits: int) -> datetime:
    """Give an instant within the sixty days after another."""
    return since + timedelta(seconds=bits % (60 * 86_400))


def japan_moment(bits: int) -> datetime:
    """Give an instant as Japan's clocks show it, without a zone, as old programs store it."""
    return (moment(bits) + timedelta(hours=9)).replace(tzinfo=None)


def day(bits: int) -> date:
    """Give a day of the example's time."""
    return moment(bits).date()


def ip(bits: int) -> str:
    """Give an address from the ranges kept for documentation (RFC 5737, RFC 3849)."""
    if bits % 5 == 0:
        return f"2001:db8:{bits >> 8 & 0xFFFF:x}::{bits >> 24 & 0xFFFF:x}"
    return f"{pick(('192.0.2', '198.51.100', '203.0.113'), bits >> 4)}.{(bits >> 8) % 254 + 1}"


def text_key(prefix: str, number: int) -> str:
    """Give the text key of a number: unlike its neighbours', never twice, the same under every seed."""
    # An odd multiplier makes this a permutation of the 60-bit numbers, so two numbers never meet.
    scrambled = number * 0x9E3779B97F4A7C1 & ((1 << 60) - 1)
    alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
    return prefix + "".join(alphabet[scrambled >> shift & 31] for shift in range(0, 60, 5))


def pick(choices: tuple[T, ...], bits: int) -> T:
    """Take one of several by some bits."""
    return choices[bits % len(choices)]


def _widths() -> dict[int, str]:
    table = {}
    for code in range(0xFF66, 0xFF9E):
        half = chr(code)
        table[ord(unicodedata.normalize("NFKC", half))] = half
        for mark in "ﾞﾟ":
            full = unicodedata.normalize("NFKC", half + mark)
            if len(full) == 1:
                table[ord(full)] = half + mark
    return table


_HALF: Final = _widths()
_WIDE: Final = str.maketrans("0123456789-", "０１２３４５６７８９－")


def half_width(kana: str) -> str:
    """Write katakana in half width, voiced marks as characters of their own."""
    return kana.translate(_HALF)
