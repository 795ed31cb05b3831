"""Consent that is taken for given, and how a policy says that it changes.

Law: APPI Art. 17(2), APPI Art. 18(1), APPI Art. 20(2), APPI Art. 21(3), APPI Art. 27(1), APPI Art. 28(1).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules.rights import WITHOUT_ACCOUNT
from chikai.policy.rules.rule import Seen, rule
from chikai.policy.rules.wording import GIVE, NOT, OTHERS, WITHOUT_CONSENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.rules.reading import Reading, Sentence

# What is used, and what is agreed to by it.
_USE: Final = r"(?:利用|使(?:う|い|っ|わ)|使用|閲覧|アクセス|登録|送信|申込|継続|ダウンロード|インストール|購入|視聴|起動|ご覧|来[院店館園場社]|受診|提出|応募|参加|入会|宿泊|通院|通所|注文|取引|契約|見学|遊び|入場|乗車|予約)"
_SERVICE_USE: Final = r"(?:利用|使(?:う|い|っ|わ)|使用|閲覧|ダウンロード|インストール|視聴)"
_CONTENT: Final = r"(?:ポリシー|方針|規約|規程|内容|取扱い?|条件|事項|本書|文書)"
_AGREED: Final = r"(?:もの(?:と(?:して)?(?:みな|し|す|解|さ|考え|いた|扱|取扱|判断)|です|である)|(?:もの)?とみな|(?:した|いただいた|た)?こと[にと](?:なり|な[るっ])|とさせ)"
_BY_USE: Final = re.compile(
    rf"{_USE}[^。]{{0,80}}(?:同意|承諾|承認|了承|合意)(?:し|され|いただ|した|を?いただ|をし|を得た)[^。]{{0,10}}{_AGREED}"
    rf"|{_SERVICE_USE}(?:する|いただく|される)?(?:こと)?(?:で|により|によって)、?[^。]{{0,40}}(?:同意|承諾)(?:します|する|いたします)(?:。|$)"
    r"|(?:ユーザー|利用者|お客様|会員|閲覧者)は[^。]{0,20}これに同意(?:します|する|いただ)"
    rf"|{_USE}(?:する|いただ(?:く|いた)|された|した)?(?:場合|際|こと|時|とき)(?:に|には|をもって|で|により)?[^。]{{0,60}}同意(?:した|し|いただ|とみな)[^。]{{0,6}}(?:もの|みな)"
    rf"|{_SERVICE_USE}[^。]{{0,60}}{_CONTENT}[^。]{{0,24}}(?<!保護者の)(?<!保護者)(?:同意|承諾|了承)(?:の上|した上|し、|して(?:いただ|ください|もら)|いただ(?:く|ける|いた|き)|する(?:もの|必要|こと)|が必要|を(?:いただ|お願い|要し))"
    rf"|{_CONTENT}[^。]{{0,24}}(?<!保護者の)(?<!保護者)同意(?:の|した|いただいた)?上(?:で)?[^。]{{0,24}}{_SERVICE_USE}(?:ください|いただ|願|を?お願い|してください|する(?:もの|こと))"
)
# 本サイトの利用をもって同意とさせていただきます.
_USE_IS_CONSENT: Final = re.compile(
    rf"{_USE}(?:する|した|いただ[いく]た?|される)?(?:こと)?(?:をもって|をもちまして|により|によって|で)、?[^。]{{0,24}}(?:同意|承諾|了承|合意)(?:いただいた)?(?:と(?:させ|いた|みな|し[てま]|な)|に代え)"
)
# Any other act that is taken for consent: 入園をもって…ご同意いただいたもの, お預けになった時点で…ご承諾になったもの.
_BY_ACT: Final = re.compile(
    r"(?:をもって|をもちまして|により|ことで|(?:た|る|の)(?:時点|とき|場合|際)[でにはも]?|(?:た|の)(?:後|あと)[はに]?|たら|(?:た|る)(?:方|皆様|皆さま|者|お客様|利用者|会員)には?|(?:た|る)(?:方|皆様|皆さま|者|お客様|利用者|会員)は)[、,]?[^。]{0,60}"
    rf"(?:同意|承諾|承認|了承|合意|了解|納得)(?:に|を|が)?(?:した|された|あった|いただいた|いただけた|くださった|得た|得られた|なった){_AGREED}"
)
# A signature, a tick or a paper of consent is consent; silence is another matter.
_REAL_CONSENT: Final = re.compile(
    r"署名|サイン|押印|記名|捺印|同意書|承諾書|チェック|印を付け|同意する[」』]|(?:同意|承諾)(?:ボタン|欄)|クリック|みなしません|みなすことは(?:あ|ご|な|し|いた)"
)
# Who brings others in warrants that they agreed: no consent is taken for given.
_WARRANTED: Final = re.compile(
    r"(?:同意|承諾|了承)(?:を(?:得|取得し|取っ)|し|が(?:得られ|あっ))(?:て(?:いる|おり)|た|る)?(?:こと|旨)(?:を|について)?[^。、]{0,12}(?:保証|表明|確約|誓約)"
)
_SILENCE: Final = re.compile(r"異議|申し?出が?な")


def _takes_for_consent(text: str) -> bool:
    """Whether a sentence takes an act, mostly of use, for consent."""
    by_act = _BY_ACT.search(text) and not _SILENCE.search(text)
    real = _REAL_CONSENT.search(text) or _WARRANTED.search(text)
    by_use = _BY_USE.search(text) or _USE_IS_CONSENT.search(text)
    return bool((by_use or by_act) and not real)


@rule(
    "L-CON-01",
    "warn",
    "T",
    "APPI Art. 18(1)",
    "APPI Art. 27(1)",
    "APPI Art. 28(1)",
    "PPC GL 2-16",
    often=0.15,
)
def takes_use_for_consent(read: Reading) -> Iterator[Seen]:
    """Mere use of a service is taken for consent."""
    for s in read.sentences:
        if not _takes_for_consent(s.text):
            continue
        yield Seen(
            s.at,
            Text(
                "利用しただけで同意したものとして扱っています",
                "mere use is taken for consent",
            ),
            Text(
                "必要な同意は、内容を示して個別に得てください",
                "ask for each consent, saying for what",
            ),
            s.raw,
        )


@rule("L-CON-02", "warn", "T", often=0.1)
def contradicts_itself_on_consent(read: Reading) -> Iterator[Seen]:
    """Consent is asked beforehand in one clause and taken for given in another."""
    asked = re.compile(
        rf"(?:事前|あらかじめ)[^。]{{0,20}}同意[^。]{{0,12}}(?:ない|なく|なし|得ず)[^。]{{0,30}}(?:提供|開示)|{WITHOUT_CONSENT}[^。]{{0,40}}{GIVE}[^。]{{0,16}}{NOT}"
    )
    deemed = next((s for s in read.sentences if _takes_for_consent(s.text)), None)
    if deemed is not None and (asked.search(read.text) or _only_in_listed_cases(read)):
        yield Seen(
            deemed.at,
            Text(
                "事前の同意を約束しながら、利用で同意したとみなしています",
                "consent is promised beforehand and taken for given by use",
            ),
            Text("どちらかにそろえてください", "keep one of them"),
            deemed.raw,
        )


# Cases of which one must be given before data goes to others, consent being one of them.
_ONLY_IF: Final = re.compile(
    rf"(?:でなければ|でない限り|ない限り|以外(?:に|は|で)|を?除(?:き|いて|いては)|のほか(?:は|に)?)[^。]{{0,60}}{OTHERS}[^。]{{0,20}}{GIVE}[^。]{{0,20}}{NOT}|{OTHERS}[^。]{{0,30}}{GIVE}[^。]{{0,20}}(?:場合|とき)に限"
)
_CONSENTED: Final = re.compile(
    r"^[^。]{0,24}(?:同意|承諾|了承|許諾)(?:が|を|の)?[^。、]{0,8}(?:ある|あった|した|得た|得ている|いただいた|いただいている|された|場合|とき)"
)


def _only_in_listed_cases(read: Reading) -> bool:
    return any(
        node.children
        and _ONLY_IF.search(read.shadows[node.id])
        and any(_CONSENTED.search(read.shadows[c.id].strip()) for c in node.children)
        for node in read.outline.walk()
    )


_NOTICE: Final = r"(?:通知|予告|告知|お?断り|ことわり|ご?連絡|承諾|お?知らせ|ご?案内|周知|お?伝え)"
_SILENT: Final = re.compile(
    rf"(?:個別(?:の|に)?[^。、]{{0,8}}{_NOTICE}は?(?:いたし|し|行い|行わ)?(?:ません|ない)|{_NOTICE}(?:する|を(?:する|行う|得る|経る|得)|等)?(?:こと)?(?:なく|なしに?|せず|いたしかね|をせず|無く|を?(?:行わ|し)(?:ず|ない(?:で|まま)))"
    rf"|(?:事前|個別|あらかじめ|前もって|その都度)[^。、]{{0,10}}{_NOTICE}(?:等)?(?:は|を|も)?(?:いたし|し|行い|行わ|差し上げ|さしあげ|し(?:て)?おり|できかね)?(?:ません|ない(?!よう)|かね)"
    rf"|{_NOTICE}する(?:こと)?[はも]?(?:いたし|し|あり|行い)ません|{_NOTICE}(?:の?義務)?(?:は|を|も)?[^。、]{{0,8}}(?:省略|割愛|要しない|要しません|不要|負いません|負わない|差し控え)|(?:黙って|無断で|断りなく))"
)
_CHANGED: Final = r"(?:変更|改定|改訂|改正|修正|改め|変え|変わ|見直|書き換|書き直|差し?替え|更新)"
# A promise that nothing changes in silence is the opposite.
_NEVER_SILENT: Final = re.compile(
    rf"{_SILENT.pattern}[^。]{{0,40}}{_CHANGED}[^。]{{0,8}}(?:ことは?(?:ありません|ない|ございません|しません|いたしません)|しません|いたしません|できません|できない|行いません)"
)
_POSTED: Final = re.compile(
    r"掲載|掲示|公表|公開|表示|アップ|提示|(?<!記)載(?:せ|り|っ)|貼り?出|備え(?:置|付け)|(?:サイト|ページ)に出[しす]|(?:ページ|サイト|アプリ)[^。]{0,16}(?:開示|ご?確認|ご覧)|最新(?:の)?(?:版|内容|方針|ポリシー|もの|情報)[^。]{0,24}(?:確認|ご?覧|参照)"
)
# Force that begins with the posting; some days after it are notice.
_IN_FORCE: Final = re.compile(
    rf"(?:{_POSTED.pattern})(?:し|され|さ|いたし)?(?:た)?(?:時点?|日|瞬間|とき|と同時|こと|後(?:直ちに|ただちに|速やかに|すぐに)?|以降)[^。、]{{0,8}}(?:から|より|をもって|以降|で|に|により)[^。]{{0,20}}(?:効力|適用|発効|有効|施行|新しい|{_CHANGED})"
    r"|(?:掲載|掲示|公表|公開|表示)(?:をもって|により|と同時に)[^。]{0,16}(?:効力|適用|発効|有効|施行)"
)
_TOLD: Final = re.compile(
    r"(?:通知|お知らせ|ご?案内|告知|周知|ご連絡|お伝え)(?:し|いた|する|を|させ|いたし|申し|致)(?!なく|ることなく|せず|かね)|同意を得"
)
# Notice that is given only where somebody finds it needed is none to rely on.
_IF_NEEDED: Final = re.compile(r"(?:必要に応じ|適宜|必要な場合)[^。、]{0,30}")
# Notice of what is important leaves the other changes untold.
_IN_PART: Final = re.compile(r"(?:重要|重大|大事|大切|大きな|大幅な|著しい|実質的な|不利益)")
# Before it takes effect: 30日前までに, あらかじめお知らせ.
_AHEAD: Final = re.compile(
    r"(?:日|週間?|か月|ヶ月|カ月|ヵ月|(?:[一二三1-3]|ひと|ふた|前)月)(?:以上)?前|\d(?:日|週間|か月|ヶ月|カ月)[^。]{0,8}(?:経過|後)|(?:事前|あらかじめ|前もって|施行日?の?前|適用日?の?前)[^。]{0,40}(?:通知|お?知らせ|案内|告知|周知|連絡|掲|公表)"
)


def _of_change(read: Reading) -> list[Sentence]:
    """What is said about changes of the policy itself."""
    of_itself = re.compile(
        r"(?:ポリシー|方針|規約|本書|規程|規則|規定|本内容|ステートメント|宣言|(?:この|本)(?:文書|書面|ページ|文章|案内|取扱い?|きまり|お約束|内容))[^。]{0,40}(?:変更|改定|改訂|改正|修正|見直|改め|変え|変わ|書き換|書き直|差し?替え|更新)|(?:変更|改定|改訂|改正)後の"
        r"|(?:個人)?情報の取扱い?(?:の?(?:内容|方法|方針|基準|条件))?(?:等)?(?:は|を|が|について|に関して)[^。]{0,60}(?:変更|改定|改訂|見直)"
    )
    return [
        s
        for s in read.sentences
        if _NAMES_ITSELF.search(s.text)
        or (
            not s.under & {"purpose_change", "purposes", "rights", "procedure"}
            and ("change" in s.under or of_itself.search(s.text))
        )
    ]


# The policy itself by name, in a clause of whatever else.
_NAMES_ITSELF: Final = re.compile(
    rf"(?:ポリシー|(?:保護|取扱)方針|本(?:方針|規約|規程|規定|書|宣言|文書))(?:の(?:内容|全部又は一部|一部)?)?(?:は|を|の|が)?、?[^。、]{{0,16}}{_CHANGED}(?:を|する|し|され|いた|の?(?:際|場合|時)|が(?:あ|行))"
)


# What is taken for notice is none.
_DEEMED_TOLD: Final = re.compile(
    r"(?:通知|お知らせ|告知|周知|ご?案内)(?:を)?(?:した|いたした|行った|なされた|があった)(?:もの|こと)と(?:みな|し|な|いた)"
)


def _tells(text: str) -> bool:
    """Whether a sentence promises notice of a change, before or after it."""
    text = _DEEMED_TOLD.sub("", text)
    plain = _SILENT.sub("", text)
    return bool(_AHEAD.search(plain) or _TOLD.search(_SILENT.sub("", _IF_NEEDED.sub("", text))))


@rule("L-CHG-01", "warn", "T", "APPI Art. 21(3)", "PPC GL 3-1-2", often=0.35)
def changes_without_telling(read: Reading) -> Iterator[Seen]:
    """The policy may change without notice, or only by being posted; the law allows that, people do not expect it."""
    said = [s for s in _of_change(read) if not _NEVER_SILENT.search(s.text)]
    changes = [s for s in said if re.search(_CHANGED, s.text)]
    if not changes:
        return
    telling = [s for s in said if "cookie" not in s.under and _tells(s.text)]
    told = bool(telling)
    ahead = any(_AHEAD.search(_SILENT.sub("", s.text)) for s in telling)
    told_of_all = ahead or any(not _IN_PART.search(s.text) for s in telling)
    silent = next((s for s in changes if _SILENT.search(s.text)), None)
    forced = next((s for s in said if _IN_FORCE.search(s.text)), None)
    posted = next((s for s in said if _POSTED.search(s.text)), None)
    # Who goes on using it is taken to agree: nobody was told.
    deemed = next((s for s in said if _takes_for_consent(s.text)), None)
    found = silent or (not told_of_all and forced) or (not told and (posted or deemed))
    if found:
        yield Seen(
            found.at,
            Text(
                "変更が知らされないか、掲載だけで効力をもちます",
                "a change is not told, or takes effect by being posted",
            ),
            Text(
                "変更を知らせる方法と時期を書くことを勧めます",
                "better say how and when people are told",
            ),
            found.raw,
        )


@rule("L-CHG-02", "warn", "T", often=0.9)
def names_no_day_of_effect(read: Reading) -> Iterator[Seen]:
    """No day is named from which the policy holds."""
    made = r"(?:一部)?(?:改定|改訂|改正|制定|策定|更新|公表)"
    from_day = re.compile(
        rf"日(?:付け?|から|より|に)?(?:で)?{made}[・、/]?(?:及び|並びに|し、?|と)?(?:施行|適用|発効|実施)|(?:^|\n|[(・※])(?:施行|適用)(?:[・、/]|及び){made}日?[::]?[^\n。、]{{0,6}}年\d{{1,2}}月|"
        r"(?:\d{1,2}|[一二三四五六七八九十]|同じ?|即|当|本)日(?:から|より|以降|に|付(?:け)?で)?(?:施行|適用|発効|実施|効力|始め|使い始)|(?:^|\n)[^\n。、]{0,12}年(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:\d{1,2}|[一二三四五六七八九十]{1,3})日(?:から|より)(?:$|[\n。、/(])|(?:施行|適用|発効|実施)日?[::]|(?:施行|適用|発効|実施|効力)[^|\n。]{0,8}日[^\n]{0,20}\|\n?(?:[|:\-]+\n)?[^\n]{0,20}\d{4}年"
    )
    written = read.document is not None and read.document.dates.effective_on is not None
    told = any(d.kind == "effective" and d.on for d in read.outline.days)
    if written or told or from_day.search(read.text):
        return
    yield Seen(
        read.first("change", "dates"),
        Text("いつから効力をもつかが書かれていません", "no day of effect is named"),
        Text(
            "施行日と、変更までの期間を書いてください", "name the day, and the time before a change"
        ),
    )


# Whoever only looks at a site has no account there, and neither has whoever it merely mentions.
_ONLY_READS: Final = re.compile(
    r"(?:サイト|ページ|ブログ|作品|記事|投稿|動画|コンテンツ)[^。、]{0,12}を(?:読[むま]|閲覧(?:する|され|し)|ご?覧(?:になる|いただ)|見る|視聴(?:する|され))[^。、]{0,4}(?:方|人|皆)|採用[^。、]{0,8}応募|応募(?:する|した|される|された)(?:方|人|皆)|(?:ゲスト|未登録|未ログイン|会員でない|登録していない)(?:の)?(?:方|利用者|ユーザー|お客様)|(?:登録|会員登録|ログイン)(?:せずに|をせずに|しないで|なしで|不要で)[^。、]{0,12}(?:利用|使[うえ]|閲覧|購入|投稿|申込)"
)


@rule("L-CHG-03", "warn", "S", "APPI Art. 21(3)", "PPC GL 2-14", "PPC GL 2-15", often=0.1)
def tells_only_those_with_an_account(read: Reading) -> Iterator[Seen]:
    """Changes are told on the service only, and people without an account are in scope."""
    inside = re.compile(
        r"(?:本サービス|アプリ|マイページ|画面|ログイン後|会員(?:専用|用|限定)?の?(?:ページ|サイト)|ダッシュボード)[^。、]{0,16}(?:上|内|で|に(?!より))[^。]{0,20}(?:通知|お?知らせ|告知|表示|掲示|掲載)"
    )
    other = re.compile(
        r"メール|ウェブサイト|郵[送便]|サイト上|店頭|掲示板|書面|紙面|葉書|はがき|電話|当サイト|公表"
    )
    told = (s for s in read.sentences if s.under & {"purpose_change"})
    # The staff, who are trained, are no outsiders.
    outsiders = any("security" not in s.under for s in read.saying(WITHOUT_ACCOUNT)) or any(
        "cookie" not in s.under for s in read.saying(_ONLY_READS)
    )
    for s in (*_of_change(read), *told):
        if inside.search(s.text) and not other.search(s.text) and outsiders:
            yield Seen(
                s.at,
                Text(
                    "アカウントのない人に変更が伝わりません",
                    "people without an account are not told",
                ),
                Text("ウェブサイトなどでも知らせてください", "tell them on the website, too"),
                s.raw,
            )


def _about_purposes(read: Reading, id_: str) -> str:
    """The widest clause around one that is still about purposes."""
    above = read.outline.parent(id_)
    while above is not None and above.kind in {"purposes", "purpose_change"}:
        id_, above = above.id, read.outline.parent(above.id)
    return id_


def _with_next(read: Reading, said: list[Sentence]) -> Iterator[Sentence]:
    """These sentences, each with the one behind it in its clause."""
    for s in said:
        own = read.said(s.at)
        yield from own[own.index(s) : own.index(s) + 2]


# The word alone, among the purposes: なお、目的は見直すことがあります.
_AMONG_PURPOSES: Final = re.compile(
    rf"目的(?:は|を|が|については?)[^。]{{0,30}}{_CHANGED}[^。、]{{0,4}}(?:こと|場合)(?:が|も)(?:あ|ござ)|目的(?:は|を|が)[^。]{{0,20}}{_CHANGED}[^。、]{{0,4}}(?:ことが)?でき(?!な|ま?せん)"
)


@rule("L-CHG-04", "warn", "T", "APPI Art. 17(2)", "PPC GL 3-1-2", often=0.1)
def changes_purposes_without_limit(read: Reading) -> Iterator[Seen]:
    """Purposes may change, and nothing limits the change to what is related."""
    of_purpose = re.compile(
        r"(?:(?:利用|使用)(?:する|の)?目的|(?:上|上記|以上|前項|前条|前各号|これら|この|その|下記|記載)の[^。、]{0,4}目的|^目的(?=[はを])|使い(?:みち|道))(?:の|を|が|は、?|につき|については?)?[^。]{0,24}(?:変更|追加|変え|改め|見直|広げ|拡大|拡張)(?:を?する|を?し|され|の|でき|が|る|た|ます)|利用目的に[^。、]{0,16}(?:加え|追加)"
        r"|(?:利用|使用)(?:する)?目的の(?:変更|追加|見直し)(?:、|・|や|及び|又は|並びに)[^。]{0,40}(?:変更|改定|改訂|追加|見直し)(?:等|など)?(?:を(?:行[うい]|する|し|実施)|がある|があ[りっ])"
    )
    said = [
        s
        for s in (*read.saying(of_purpose), *read.saying(_AMONG_PURPOSES, "purposes"))
        if not re.search(
            r"変更前の利用目的|変更後の利用目的(?:を|に)(?:通知|公表|つい)|停止|請求|(?:変更|追加|変え|広げ)[^。、]{0,8}(?:しません|いたしません|ことは(?:あり|ござい)ません|ことはない|ことはでき(?:ません|ない))",
            s.text,
        )
    ]
    if not said:
        return
    around = "\n".join(read.whole(_about_purposes(read, s.at)) for s in said)
    limits = re.search(
        r"関連性|合理的に(?:関連|認め)|(?:変更前|もと|元|従前|従来|当初|最初)の[^。]{0,20}(?:関連|つながり|関係|から(?:予想|想定))|(?:目的|もの|範囲|内容)[^。]{0,16}関連|関連(?:のある|がある|すると|した)[^。]{0,10}(?:範囲|目的|認め)|(?:関わり|つながり)[^。]{0,12}(?:範囲|認め)",
        around,
    )
    itself = re.compile(
        r"(?:ポリシー|方針|本書|規程|規約|文書|宣言)[^。]{0,12}(?:変更|改定|改訂|改正)"
    )
    asked = (s for s in _with_next(read, said) if not itself.search(s.text))
    if not limits and not any("同意" in s.text for s in asked):
        yield Seen(
            said[0].at,
            Text(
                "利用目的の変更が、関連性のある範囲に限られていません",
                "a change of purpose is not limited to what is related",
            ),
            Text(
                "関連性があると合理的に認められる範囲に限ってください",
                "limit it to what is reasonably related",
            ),
            said[0].raw,
        )


_BY_LAW: Final = r"(?:法令|法律|個人情報保護法|(?<![一-龥])法(?![一-龥]))"
_A_CHANGE: Final = r"(?:変更|改定|改訂|改正|修正|見直|改め|改廃|場合|とき|内容|もの|事項)"
_CONSENT_BY_LAW: Final = re.compile(
    rf"{_BY_LAW}(?:上|により|に基づき|その他の法令上|で|の定め(?:で|により))?[、]?[^。]{{0,24}}(?:同意|承諾)(?:が|を|の)?(?:必要|(?:得る|いただく)必要|要し|要する|要す|要りま|要る|求め|得なければ|得ることが必要)[^。]{{0,16}}{_A_CHANGE}"
    rf"|(?:同意|承諾)(?:が|を|の)?[^。、]{{0,8}}{_BY_LAW}(?:上|により|で)[^。、]{{0,8}}(?:必要|要|求め|義務)[^。]{{0,12}}{_A_CHANGE}"
    rf"|{_BY_LAW}[^。、]{{0,12}}(?:必要|求められる|求める)(?:場合|とき|範囲|限り)[^。]{{0,16}}同意を(?:得|いただ|取得)"
)
# The sentence itself names the change: 利用目的を関連性のない範囲に変えるなど、法令上同意が必要な変更.
_NAMED_CHANGE: Final = re.compile(
    rf"(?:利用目的|目的|提供先|第三者|要配慮|共同利用|外国|項目)[^。、]{{0,24}}{_CHANGED}[^。]{{0,12}}(?:等|など|その他|であって|であり|場合、|とき、)[^。]{{0,40}}同意"
)


@rule(
    "L-CHG-05",
    "warn",
    "T",
    "APPI Art. 17(2)",
    "APPI Art. 18(1)",
    "APPI Art. 20(2)",
    "APPI Art. 27(1)",
    "APPI Art. 28(1)",
    often=0.15,
)
def leaves_open_which_changes_need_consent(read: Reading) -> Iterator[Seen]:
    """Some changes need consent, and which ones is not said."""
    for s in read.saying(_CONSENT_BY_LAW):
        listed = read.outline.by_id[s.at].children or _NAMED_CHANGE.search(s.text)
        if ("change" in s.under or re.search(_CHANGED, s.text)) and not listed:
            yield Seen(
                s.at,
                Text(
                    "どの変更に同意が必要なのかが書かれていません",
                    "which changes need consent is not said",
                ),
                Text("同意を得る変更を挙げてください", "list the changes that need consent"),
                s.raw,
            )
