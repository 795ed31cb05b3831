"""Words that name personal data, with the kinds of content that they stand for.

The kinds are those of `policy.kinds`; a word that is known but has no kind has an empty one.
"""

from __future__ import annotations

import re
from typing import Final

from chikai.policy.importing.lines import shadow

_WORDS: Final[tuple[tuple[str, str], ...]] = (
    (r"氏名|(?:お|御)?名前|姓名|本名|担当者名|患者名|保護者名|世帯主", "name"),
    (r"フリガナ|ふりがな|カナ氏名", "kana"),
    (r"ニックネーム|ハンドル|表示名|ユーザー(?:名|ネーム)|アカウント名|プロフィール", "nickname"),
    (r"住所|居住地|所在地|(?:お)?送り先|お?届け先|配送先|お住まい", "address"),
    (r"郵便番号", "postal_code"),
    (r"電話番号|(?:お)?電話|携帯(?:電話)?番号|fax|ファクス|ファックス", "phone"),
    (
        r"(?:電子)?(?<!ダイレクト)メール(?!マガジン)(?:アドレス)?|e-?mail|eメール|(?<!IP)(?<!ip)(?<!ＩＰ)(?<!ip )(?<!IP )アドレス(?!帳)",
        "email",
    ),
    (r"連絡先", "contact"),
    (r"会社名|法人名|貴社名|社名|企業名|団体名|組織名|屋号|事業所名", "company"),
    (r"勤務先|部署|役職|所属|職業|職種|学校名|学年|学部", "workplace"),
    (r"生年月日|誕生日|年齢|年代", "birth"),
    (r"性別", "sex"),
    (r"クレジットカード|カード番号|カード情報", "card"),
    (r"口座|金融機関|銀行", "bank"),
    (r"決済|支払|請求先|料金|課金", "payment"),
    (r"購入|購買|注文|取引履歴|商品の?名|ご?予約", "usage"),
    (
        r"利用履歴|閲覧(?!者)|入退(?:室|館|場)|アクセス(?:ログ|履歴|状況|日時|元)|(?<![ァ-ヶー])ログ(?!イン)|(?:サーバー?|エラー|操作|クラッシュ|システム|イベント)ログ|利用状況|行動履歴|[一-龥ァ-ヶー]履歴(?!書)|クラッシュレポート|操作|検索",
        "usage",
    ),
    (r"ip ?アドレス|ip address|接続元", "ip"),
    (r"cookie|クッキー|識別子|広告id|idfa|端末(?:id|識別|情報|固有)", "cookie_id"),
    (
        r"ブラウザ|user ?agent|ユーザーエージェント|(?<![a-z])os(?![a-z])|オペレーティング|端末|デバイス|機種|リファラ|参照元|ドメイン名|言語設定",
        "user_agent",
    ),
    (r"位置情報|gps|現在地", "location"),
    (
        r"パスワード|ログインid|認証情報|(?:会員|ユーザー|アカウント|ログイン)id|(?:会員|製造|シリアル|車両|受付|契約|顧客|社員|学籍|組合員|証券|口座|管理|登録)番号|(?<![a-z])id(?![a-z])",
        "credential",
    ),
    (r"写真|画像|映像|動画|肖像|顔|音声|録音|録画|通話", "photo"),
    (
        r"問い?合わ?せ|(?:ご)?相談|メッセージ|(?:ご)?意見|(?:ご)?要望|感想|アンケート|(?:ご)?回答",
        "message",
    ),
    (r"履歴書|職務経歴|学歴|職歴|経歴|志望|資格|スキル|成績|免許", "career"),
    (
        r"健康|病歴|既往|診療|保険証|検査|服薬|薬剤|アレルギー|障害|身長|体重|症状|疾患|病名|要配慮|所見|処方|治療",
        "health",
    ),
    (r"家族|扶養|続柄|緊急連絡|配偶者|同居|世帯", "family"),
    (
        r"国籍|本籍|戸籍|マイナンバー|個人番号|運転免許|旅券|パスポート|身分証|本人確認書類|在留",
        "identity",
    ),
    (r"収入|年収|資産|給与|賃金|所得|納税|勤続|信用情報|与信", "income"),
    (r"趣味|嗜好|興味・?関心|属性|国・?地域|地域|都道府県", ""),
    (
        r"任意に提供|入力(?:する|した|された|いただ)|投稿|コメント|送信(?:する|した|された)|記述|コンテンツ|入力フォーム|自由記",
        "free_text",
    ),
    (r"申し?込み?(?:内容|人数|情報|日)|契約(?:内容|情報)|登録情報|サービスの利用に関する", ""),
)
_KNOWN: Final = tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in _WORDS)
_FAR: Final = 12
_ANY: Final = re.compile("|".join(f"(?:{pattern})" for pattern, _ in _WORDS), re.IGNORECASE)


def named(text: str) -> bool:
    """Whether words name personal data."""
    return bool(_ANY.search(text))


def cut(before: str, after: str) -> bool:
    """Whether the end of one line and the beginning of the next are one word for data: `電` and `話番号`."""
    here = min(len(before), _FAR)
    said = before[-here:] + after[:_FAR]
    return any(match.start() < here < match.end() for match in _ANY.finditer(said))


def kinds(text: str) -> tuple[str, ...]:
    """The kinds of content that words stand for, each once, in their order here."""
    seen = shadow(text)
    return tuple(dict.fromkeys(kind for pattern, kind in _KNOWN if kind and pattern.search(seen)))
