"""Whether a text promises how data are handled, or is of another kind: a program's readme, terms, an article, a notice.

What is no policy speaks of personal information too; only a policy says what somebody does with it.
"""

from __future__ import annotations

import re
from typing import Final

from chikai.policy.importing import words
from chikai.policy.importing.lines import shadow

_DATA: Final = re.compile(
    r"情報|データ|氏名|名前|住所|電話番号|メール|連絡先|cookie|クッキー|アクセス解析|アナリティクス|analytics|名簿|履歴|写真|記録|ログ|プライバシー",
    re.IGNORECASE,
)
_HANDLES: Final = r"利用|使用|取得|収集|提供|開示|管理|扱|保護|委託|共有|保存|保管|削除|消去|廃棄|訂正|停止|渡|使|預か|遵守|順守|守|送信|活用|対応|応じ|公表|通知|努め|尽く|講じ|集め|送|お聞き|伺|取り組|払"
# Between the verb and its ending stand only other verbs: `利用させていただく場合がござい`ます.
_VERBS: Final = "[ぁ-ん適切場合事致頂行努厳重正]{0,18}?"
_POLITE: Final = re.compile(
    rf"(?:{_HANDLES}){_VERBS}(?:ます|ません|ものとする|こととする)$|(?:ため|目的|のみ|だけ|もの)です$"
)
_PLAIN: Final = re.compile(rf"(?:{_HANDLES}){_VERBS}(?:する|しない|ない|う|す)$")
_ENDING: Final = 40  # signs
_OUGHT: Final = re.compile(r"(?:なければ|ては|なくては)な(?:らない|りません)")
# Who speaks of itself: `当社`, `本会`.
_SELF: Final = re.compile(
    r"(?<![担相該適妥本充])[当弊](?![該然時初日月年局])(?:[一-龥]|[ァ-ヶー]{2})|本[会校学院園館町市所]|組合|自治会|協会"
)
# Who does what with which data, one behind the other in a sentence.
_ENGLISH: Final = tuple(
    re.compile(rf"\b(?:{said})\b", re.IGNORECASE)
    for said in (
        "we|our|us|the (?:app|site|company|service|school)|this (?:app|site|website|policy)",
        "(?:collect|use|share|store|process|disclose|sell|keep|retain|protect|provide|gather|receive|handle|send|transfer)[a-z]*",
        "information|data|names?|e-?mails?|addresses|cookies?|logs?|analytics|records?",
    )
)
_COMMAND: Final = re.compile(
    r"^[ \t]*```|^[^\w\n]{0,3}(?:pip3?|npm|npx|yarn|pnpm|brew|cargo|go|gem|apt|apt-get|docker|git|composer)\s+(?:install|i|add|get|clone|run|pull|create|require)\b|`(?:pip3?|npm|yarn|brew|cargo|go|docker|git)\s[^`]+`",
    re.MULTILINE,
)
_OF_READMES: Final = re.compile(
    r"^[^\w\n]*(?:installation|install|getting started|quick ?start|usage|features|requirements|contributing|development|roadmap|licen[sc]e|changelog|how it works|configuration|インストール(?:方法)?|導入|使い方|使用方法|特徴|機能|動作環境|クイックスタート|開発(?:方法)?|コントリビュート|貢献|ライセンス|変更履歴)[^\w\n]*$",
    re.MULTILINE | re.IGNORECASE,
)
_TERMS: Final = re.compile(
    r"本(?:利用)?規約|本契約|本約款|[甲乙](?:は|に対し|が)|\b(?:these|the) terms\b|\bthis agreement\b",
    re.IGNORECASE,
)
_CALLED_TERMS: Final = re.compile(
    r"^\W*\S{0,16}(?:利用規約|会員規約|約款|契約書|terms (?:of (?:service|use)|and conditions))\W*$",
    re.IGNORECASE,
)
_EXPLAINS: Final = re.compile(
    r"(?:ポリシー|方針|規程)\S{0,8}(?:書き方|作り方|作成方法)|how to (?:write|create|make|draft)\b",
    re.IGNORECASE,
)
_ARTICLE: Final = re.compile(
    r"(?:ポリシー|方針|個人情報|保護法)\S{0,16}(?:とは(?:[?。!]|$)|解説|ポイント|注意点|改正)|(?:この|本)(?:記事|コラム)|\bthis (?:article|guide|post)\b|閣議決定|\bguide to\b",
    re.IGNORECASE,
)
_BUTTONS: Final = re.compile(
    r"^(?!.*。)(?=.*(?:同意|許可|承諾|accept|allow|agree))(?=.*(?:拒否|設定|閉じる|reject|decline|settings|manage)).{1,80}$",
    re.MULTILINE | re.IGNORECASE,
)
_LEADS_ON: Final = re.compile(
    r"(?:ポリシー|方針)(?:を|は|についてはこちらを?)(?:ご覧|ご確認|ご参照|こちら)|\b(?:read|see|view) (?:our|the) (?:privacy|cookie)",
    re.IGNORECASE,
)
_SHORT: Final = 800
_FIRST: Final = 6


def promises(text: str) -> int:
    """How many sentences say what the one who speaks does with data, or does not."""
    found = plain = 0
    for sentence in words.sentences(text):
        seen = shadow(sentence).strip().rstrip("。")
        ending = seen[-_ENDING:]
        if _DATA.search(seen) and not _OUGHT.search(ending):
            found += bool(_POLITE.search(ending))
            plain += bool(_PLAIN.search(ending))
    found += sum(map(_in_english, re.split(r"(?<=[.!?])\s|\n", text)))
    return found + (plain if _SELF.search(text) else 0)


def _in_english(sentence: str) -> bool:
    at = 0
    for said in _ENGLISH:
        match = said.search(sentence, at)
        if match is None:
            return False
        at = match.end()
    return True


def is_other(text: str, *, titled: bool) -> bool:
    """Whether a text is a readme, terms, an article on policies, or a bar that asks about cookies."""
    first = [line for line in text.split("\n") if line.strip()][:_FIRST]
    opening = "\n".join(shadow(line) for line in first)
    if _EXPLAINS.search(opening):
        return True
    said = promises(text)
    of_readmes = len(set(_OF_READMES.findall(text)))
    if said < 5 and (of_readmes > 2 or (of_readmes and _COMMAND.search(text))):
        return True
    if titled:
        return False
    if len(text) < _SHORT and _BUTTONS.search(text) and _LEADS_ON.search(text):
        return True
    if said > 3:
        return False
    if said < 3 and (len(_TERMS.findall(text)) > 2 or any(map(_CALLED_TERMS.match, first))):
        return True
    return bool(_ARTICLE.search(opening))
