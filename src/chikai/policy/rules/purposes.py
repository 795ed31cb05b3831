"""What the data is used for.

Law: APPI Art. 17(1), APPI Art. 18(1), APPI Art. 21(1), APPI Art. 32(1).
"""

from __future__ import annotations

import re
from itertools import combinations, zip_longest
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules import served
from chikai.policy.rules.reading import shadow
from chikai.policy.rules.rule import Seen, rule
from chikai.policy.rules.wording import SELF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.outline import Kind
    from chikai.policy.rules.reading import Reading

_SPECIFIC: Final = ("APPI Art. 17(1)", "PPC GL 3-1-1")
_TOLD: Final = ("APPI Art. 17(1)", "APPI Art. 21(1)", "APPI Art. 32(1)(ii)")
# A sentence that gives a purpose without a list of purposes.
_IN_PROSE: Final = re.compile(
    r"(?:のため|るため|目的)(?:に|で|として)?(?:のみ|だけ|、)?[^。]{0,30}(?:利用|使用|収集|取得)(?:し|いた|させ|する|され)"
    r"|(?:対応|案内|連絡|発送|配送|回答|送付|選考|届け|確認|実施)(?:等|など)?(?:の範囲|に必要な範囲)?(?:で|に(?:のみ|限り)?|として)[^。]{0,16}(?:利用|使用)(?:し|いた|させ|する)"
    r"|利用(?:する)?目的は[^。]{4,}(?:です|ます)"
)
_ELSEWHERE: Final[frozenset[Kind]] = frozenset(
    ("third_party", "entrust", "joint", "security", "change", "cookie", "purpose_change", "law")
)
_NO_PURPOSE: Final = re.compile(
    r"(?:利用)?目的(?:の範囲|を(?:明らか|明確|特定|明示|通知|公表|あらかじめ))|(?:事業|業務)の?(?:遂行|運営)[^。]{0,20}(?:範囲|ため)|防ぐ|防止|管理するため"
)


# Purposes without a word that says so, under a heading that does: ご宿泊の手配、ご精算、お忘れ物のご連絡.
_NOUNS: Final = re.compile(r"^[^。]{2,40}(?:[、・/][^。、・/]{2,40}){1,20}(?:等|など)?$")


# A label and what it stands for in one line: 【利用目的】お問い合わせへの回答.
_LABELLED: Final = re.compile(
    r"^[【\[〔■◆●]?(?:個人情報の)?(?:利用|使用)(?:の)?目的[】\]〕::][^。]{4,}"
)


def purposes(read: Reading) -> tuple[tuple[str, str, str], ...]:
    """The purposes that the text names: clause, own words and the words in one spelling."""
    found = [(p.clause, p.text or p.name) for p in read.outline.purposes]
    told = {at for at, _ in found}
    for node in read.outline.walk():
        if node.kind == "purposes" and not any(child.id in told for child in node.walk()):
            found += [(s.at, s.raw) for s in read.said(node.id) if _NOUNS.search(s.text)]
    if not found:
        found = [(s.at, s.raw) for s in read.saying(_LABELLED)]
    return tuple((at, words, shadow(words)) for at, words in found)


@rule("L-PUR-01", "error", "T", *_TOLD, often=0.08)
def names_no_purpose(read: Reading) -> Iterator[Seen]:
    """The policy names no purpose of use."""
    if read.document is not None:
        found = bool(read.document.purposes)
    else:
        concrete = [p for p in purposes(read) if not _NO_PURPOSE.search(p[2])]
        found = bool(concrete) or any(
            not _NO_PURPOSE.search(s.text) and not s.under & _ELSEWHERE and s not in read.asked
            for s in read.saying(_IN_PROSE)
        )
    if not found:
        yield Seen(
            read.first("purposes"),
            Text("利用目的がひとつもありません", "there is no purpose of use"),
            Text("利用目的を書いてください", "write the purposes of use"),
        )


_VAGUE: Final = re.compile(
    r"^(?:本|当|弊)?(?:社の?|サービス|サイト|店|事業)?(?:の|等の)?(?:サービス|内容|品質|機能|事業|業務|商品)?(?:活動|の|円滑な|適切な|適正な|、|・|及び|等)*"
    r"(?:(?:向上|改善|運営|運用|維持|発展|充実|遂行|円滑化|マーケティング活動|事業活動|マーケティング|各種サービス)(?:及び|・|、|や|と|並びに|等)*)+(?:のため|ため|の目的|に役立てるため|を図るため)?(?:です)?。?$"
    r"|^(?:より(?:良い|よい|一層の?|いっそうの?)|当(?:社|院|店|校|会)の|(?:お客様|患者(?:様|さん)?|利用者(?:様)?|会員(?:様)?|皆様)(?:への?)?)?(?:[一-龥ァ-ヴー]{1,6}の?)?(?:サービス|満足度|利便性|品質|経営|業務|運営|体験|医療|教育|保育|介護)(?:活動|事業|環境)?(?:の(?:質|品質|内容|水準|向上))?(?:の|を)?(?:更なる|一層の)?(?:向上|改善|充実|発展|円滑化|効率化|強化|改良)(?:等)?(?:に(?:役立て|つなげ|資す|生か|活か)[るす]|を図る|のため(?:に)?|の)?(?:ため|目的|こと)?。?$"
    r"|^(?:お客様|皆様|利用者|会員|ユーザー)?(?:への?|に)?より(?:良い|よい|快適な|便利な|質の高い)[^。、]{0,10}サービスの?(?:ご)?提供(?:の|を行う|する)?(?:ため|目的)?(?:に|で)?(?:利用|使用|活用)?(?:し|いたし)?(?:ます)?。?$"
    r"|^その(?:他|ほか)(?:の目的|いろいろ|諸般の事情)?。?$"
    rf"|^{SELF}の(?:各種|全般の|一切の|円滑な|正当な)?(?:事業|業務|活動|経営|営業|運営)(?:活動|全般|一般|等)?(?:のため|の目的|に(?:利用|使用|役立て)(?:する|る)ため)?(?:です)?。?$"
    rf"|^{SELF}の[^。、の]{{0,6}}(?:業務|事業|営業)を(?:行|遂行|実施|営|運営)(?:う|する|む)?(?:ため|目的)?。?$"
)
# All that is said of the use of data, where no purpose is named: その業務の遂行に必要な範囲で利用します.
_NO_MORE: Final = re.compile(
    r"(?:業務|事業|サービス|運営|営業)(?:の)?(?:遂行|運営|達成|提供|実施|目的)?(?:上|に)(?:必要|適切)な(?:範囲|限度)(?:内)?(?:で|に|において)?[^。]{0,8}(?:利用|使用)"
)


@rule("L-PUR-02", "warn", "T", *_SPECIFIC, often=0.3)
def names_a_vague_purpose(read: Reading) -> Iterator[Seen]:
    """A purpose says no more than improving, running or developing the business."""
    named = purposes(read)
    told = any(
        not _NO_PURPOSE.search(s.text) and not s.text.endswith("ません。")
        for s in read.saying(_IN_PROSE, "purposes")
    )
    prose = () if named or told else read.saying(_NO_MORE, "purposes")
    for at, words, plain in (*named, *((s.at, s.raw, "") for s in prose)):
        if not plain or _VAGUE.match(plain):
            yield Seen(
                at,
                Text(
                    "この利用目的では、何に使うかが具体的に分かりません",
                    "this purpose does not say concretely what the data is used for",
                ),
                Text(
                    "何をどう使って何をするかまで書いてください",
                    "say what is used, how, and for what",
                ),
                words,
            )


_CONTENT: Final = re.compile(r"[一-龥々]{2,}|[ァ-ヴー]{3,}")
_EMPTY: Final = re.compile(
    r"個人情報|本?サービス|当社|弊社|利用者|お客様|ユーザー|目的|内容|提供|対応|[利使活]用|場合|以下|規約等?|関(?:連|係|わ)?|付[帯随]|連絡|及び|又は|並びに|若しくは"
)
# Acts that serve many purposes: that two purposes share one says nothing.
_ACTS: Final = frozenset(
    "商品 注文 予約 発送 配送 送付 確認 回答 案内 通知 連絡 受付 管理 登録 実施 作成 手続 資料 資料作成 申込 契約 情報 業務".split()
)
_PARTS: Final = re.compile(r"[、,・]|及び|並びに|又は|若しくは|(?<=[一-龥])[とや](?=[一-龥])")


@rule("L-PUR-03", "warn", "S", often=0.3)
def repeats_a_purpose(read: Reading) -> Iterator[Seen]:
    """Two purposes overlap: the same is done with the same thing."""
    sets = [
        (at, words, frozenset(_CONTENT.findall(_EMPTY.sub(" ", one))), _done(one))
        for at, words, plain in purposes(read)[:60]
        if (one := _spoken(plain))
    ]
    yield from _said_again(read, {at for at, *_ in sets})
    for (at, first, a, does), (other, second, b, does_too) in combinations(sets, 2):
        shared, acts = a & b, does & does_too
        # The rows of a table are for other persons each.
        rows = at != other and all(_CELLS.search(read.shadows.get(row, "")) for row in (at, other))
        alike = at.rpartition(".")[0] == other.rpartition(".")[0] and not rows
        if alike and _bare(first) == _bare(second) != "":
            yield _overlapping(other, first, second)
            continue
        if not alike or not acts:
            # What is done with the data of other persons is another purpose, unless it is the same in three words.
            if (
                acts
                and not rows
                and len(shared) >= _ALIKE
                and len(shared) + 1 >= max(len(a), len(b))
            ):
                yield _overlapping(other, first, second)
            continue
        # A long word for what is done has its thing in it: 履修相談.
        things = a - does | {word for word in does - acts if len(word) >= _COMPOUND}
        those = b - does_too | {word for word in does_too - acts if len(word) >= _COMPOUND}
        telling = (
            acts - _ACTS and max(len(a), len(b)) > 1 and (things & those or not things or not those)
        )
        same = shared - acts or not things or not those
        if telling or (len(shared) >= 2 and same and len(shared) * 2 >= max(len(a), len(b))):
            yield _overlapping(other, first, second)


def _said_again(read: Reading, named: set[str]) -> Iterator[Seen]:
    """The members of a list of purposes that say word for word what another has said."""
    for above in dict.fromkeys(at.rpartition(".")[0] for at in sorted(named)):
        node, said = read.outline.by_id.get(above), set[str]()
        for child in node.children if node else ():
            words = "" if child.children or child.title else shadow(child.text)
            if words in said and child.id not in named:
                yield _overlapping(child.id, child.text, child.text)
            said |= {words} - {""}


# The row of a table with a cell before the purposes.
_CELLS: Final = re.compile(r"[^|\d]{2,}\|[^|]{4,}")
# So many words in common are no chance.
_ALIKE: Final = 3
_COMPOUND: Final = 4


def _overlapping(at: str, first: str, second: str) -> Seen:
    return Seen(
        at,
        Text(f"「{first[:24]}」と重なっています", "this purpose overlaps with another"),
        Text("ひとつにまとめるか、違いを書いてください", "merge them, or say how they differ"),
        second,
    )


def _bare(words: str) -> str:
    """What is left of a purpose without its kana: 会員の資格を確認するため is 会員資格の確認."""
    plain = re.sub(
        r"(?:の(?:質|品質|水準|内容))?の?(?:更なる|一層の)?(?=向上|改善|充実)", "", shadow(words)
    )
    left = re.sub(r"[^一-龥々ァ-ヴー]", "", plain)
    return left if len(left) >= _TELLING else ""


_TELLING: Final = 4


def _spoken(plain: str) -> str:
    """A purpose without what its brackets add, with one word for each of the commonest acts."""
    one = re.sub(r"\([^()]{0,80}\)", "", plain)
    for pattern, word in _ONE_ACT:
        one = re.sub(pattern, word, one)
    return one


_ONE_ACT: Final = (
    (r"問い合わせ", "問合"),
    (r"(?:お|ご)?(?:答え|返答|返事|返信)", "回答"),
    (r"(?:お|ご)?知らせ", "案内"),
    (r"お?届け|配送|配達|送付", "発送"),
    (r"関係(?=資料|書類)", ""),
    (r"ご?注文の(?:お?品|品物|商品)", "商品"),
)


def _done(plain: str) -> frozenset[str]:
    """What a purpose does: the last word of each of its parts that is not an object beside another."""
    parts = _PARTS.split(plain)
    told = [p for p, after in zip_longest(parts, parts[1:]) if not _beside(p, after or "")]
    last = (_CONTENT.findall(part)[-1:] for part in told)
    return frozenset(word for words in last for word in words if not _EMPTY.fullmatch(word))


def _beside(part: str, after: str) -> bool:
    """Whether a noun alone stands beside the object of what follows: ご相談・お問い合わせに関する分析."""
    return not _PARTICLE.search(part) and bool(_OBJECT.match(after))


_PARTICLE: Final = re.compile(r"[のをにへ]")
_OBJECT: Final = re.compile(r"[^のをに]{2,12}(?:に関する|についての|への|の)(?![^のをに]{0,2}$)")


_KINDS_OF_SERVICE: Final = (
    (
        re.compile(r"研修|講座|セミナー|スクール|講習|training"),
        re.compile(r"申込|受講|研修|講座|セミナー|講習|参加|修了"),
        Text("研修", "training"),
    ),
    (
        re.compile(r"通信?販売?|通販|ショップ|オンラインストア|ネットショップ|販売サイト"),
        re.compile(r"販売|配送|発送|商品|注文|購入|お届け|代金"),
        Text("販売", "sales"),
    ),
    (
        re.compile(r"採用|求人"),
        re.compile(r"採用|選考|応募|求人"),
        Text("採用", "recruiting"),
    ),
)


_UNSERVED: Final = "unserved"


@rule("L-PUR-04", "error", "S", *_TOLD, often=0.05)
def leaves_a_service_without_purpose(read: Reading) -> Iterator[Seen]:
    """A service in scope has no purpose of use, or none that fits its kind."""
    plain = "\n".join(p for _, _, p in purposes(read))
    document = read.document
    services = [(n, n, "") for n in read.outline.services]
    used: set[str] | None = None
    if document is not None:
        services = [(f"service:{s.id}", s.name.ja, s.kind) for s in document.services]
        used = {f"service:{use.service}" for p in document.purposes for use in p.uses}
        plain = plain or "\n".join(shadow(p.name.ja) for p in document.purposes)
    if document is None:
        left = (
            *served.unserved(read, plain),
            *served.trades(read, plain),
            *served.defined_apart(read, plain),
        )
        services += [(n, n, _UNSERVED) for n in left]
    told: list[str] = []
    for at, name, kind in services:
        own = shadow(f"{name} {kind}")
        fits = next((needs for words, needs, _ in _KINDS_OF_SERVICE if words.search(own)), None)
        if kind is _UNSERVED or (used is not None and at not in used):
            missing = True
        else:
            missing = bool(plain and fits and not fits.search(plain))
        # `集合研修「甲」` is the service that its name alone told of.
        if missing and not any(one in own for one in told):
            told.append(shadow(name))
            yield Seen(
                at if document else read.first("scope"),
                Text(
                    f"「{name}」のための利用目的がありません",
                    f"no purpose says what `{name}` uses information for",
                ),
                Text(
                    "このサービスで何のために情報を使うかを書いてください",
                    "say for which purpose it uses information",
                ),
                name,
            )


# News and information that may well be advertising, or may be no more than the service needs.
_TELLS: Final = re.compile(
    r"ご?案内|お?知らせ|(?:役立つ|役に立つ|有益|有用|耳寄り|(?:健康|暮らし|生活|地域|業界|製品|商品|サービス|講座|住まい)(?:に関する|の|についての))[^。、]{0,12}情報[^。、]{0,4}(?:ご?提供|配信|お?届け|送付|発信)|メールの?(?:送付|配信)|(?:商品|製品|サービス|イベント|セミナー|企画|講座)[^。]{0,16}ご紹介"
    r"|(?:イベント|セミナー|商品|製品|新着|お得な|お役立ち|有益な?)[^。、]{0,10}情報[^。、]{0,6}(?:お届け|配信|ご?送付)"
)
_ADVERTISES: Final = re.compile(
    r"広告|宣伝|キャンペーン|販売促進|販促|プロモーション|ダイレクトメール|\bdm\b|マーケティング|メールマガジン|メルマガ|営業(?!時間|日)"
    r"|セール(?!ス)|クーポン|特典|勧誘|(?:サービス|業務|取引|契約)(?:上|の(?:提供|履行|運営)(?:上|に))必要"
)
_SAYS_SO: Final = re.compile(r"広告|宣伝|販売促進|販促|プロモーション")
_OF_DUTY: Final = re.compile(
    r"(?:重要(?!なお客|顧客)な?|緊急の?|変更の?|更新の?|改定の?|障害|停電|災害|安否|事故|メンテナンス|不具合|リコール|予約(?:管理|日|の?確認)?|結果|合否|選考|面接|試験|期限|期日|満期|納期|納付|(?:予約|注文|取り?寄せ)(?:商品|品|の品)?の?入荷|到着|発送(?:状況)?|配送(?:状況)?"
    r"|出荷|支払い?|請求|料金|当選|登録|契約|総会|理事会|委員会|会議|点検|工事|休[診業館校]|忘れ物|検査|検診|健診|予防接種|ワクチン|車検|時期|日時|返却|受講|日程|注文の?内容)"
    r"[^。、及並や]{0,12}(?:お?知らせ|ご?案内|通知)|(?:準備|用意|時刻|順番|完了|進捗|状況)[^。、]{0,12}(?:知らせ|通知|ご?案内)|規約[^。]{0,12}(?:通知|知らせ)|手続[^。]{0,6}ご?案内"
)
# What is offered, named beside a notice that is due: 商品、サービス、規約変更などの案内.
_OFFERED: Final = re.compile(
    r"(?:商品|製品|サービス|イベント|催事|セミナー|企画|講座)(?:[、・やと]|及び|又は)"
)


_PHRASE: Final = re.compile(r"[、,]|及び|並びに|又は")
# A sentence that gives its purposes one after the other.
_AIMS: Final = re.compile(r"(?:こと|ため)[^。]{0,12}を?目的とし")
_AIM: Final = re.compile(r"(?<=ため)、|(?<=こと)、")


@rule("L-PUR-06", "warn", "T", *_SPECIFIC, often=0.3)
def leaves_advertising_open(read: Reading) -> Iterator[Seen]:
    """A purpose speaks of information or news and does not say whether it means advertising."""
    named = purposes(read)
    told = {at for at, _, _ in named}
    prose = (
        (s.at, s.raw, aim)
        for s in read.saying(_AIMS, "purposes")
        if s.at in told
        for aim in _AIM.split(s.text)
    )
    # What stands in one cell or one sentence is said together.
    clear = {at for at, _, plain in named if _SAYS_SO.search(plain)}
    for at, words, plain in (*named, *prose):
        if at in clear and "|" in read.shadows.get(at, ""):
            continue
        phrases = [p for p in _PHRASE.split(plain) if _TELLS.search(p)]
        due = all(_OF_DUTY.search(p) for p in phrases) and not _OFFERED.search(plain)
        if phrases and not due and not _ADVERTISES.search(plain):
            yield Seen(
                at,
                Text(
                    "「ご案内」「お知らせ」が広告を含むかどうか分かりません",
                    "it is open whether this includes advertising",
                ),
                Text(
                    "広告を含むか、サービスに必要な連絡だけかを書いてください",
                    "say whether it is advertising or only what the service needs",
                ),
                words,
            )


@rule("L-PUR-08", "warn", "R", "APPI Art. 17(1)", "APPI Art. 18(1)")
def names_a_purpose_that_nobody_uses(read: Reading) -> Iterator[Seen]:
    """A purpose was never used in the days that were counted, or a use names no purpose of the policy."""
    if read.document is None or read.registers.uses is None:
        return
    counts, days = dict(read.registers.uses), read.registers.use_days
    for purpose in read.document.purposes:
        if counts.pop(purpose.id, 0) == 0:
            yield Seen(
                f"purpose:{purpose.id}",
                Text(
                    f"この目的は、数えた{days}日のあいだ一度も使われていません（0回）",
                    f"nothing used the purpose `{purpose.id}` in the {days} days that were counted (0 times)",
                ),
                Text("使わない目的は削ってください", "strike a purpose that is not needed"),
                purpose.name.ja,
            )
    for id_, times in counts.items():
        yield Seen(
            "",
            Text(
                f"利用の記録にある目的 {id_}（{days}日で{times}回）がポリシーにありません",
                f"the record of uses names `{id_}` ({times} times in {days} days), and the policy has no such purpose",
            ),
            Text("ポリシーに加えるか、利用をやめてください", "add it, or end the use"),
            id_,
        )
