"""Websites and apps in scope, and what a policy says of the cookies, logs and transmissions that they make.

A site on which a notice is posted, one of somebody else, and one that is made for a customer are not in scope.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules.rule import Seen, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.rules.reading import Reading

_SITE: Final = re.compile(
    r"サイト|アプリ|(?:ウェブ|web)[^。、]{1,6}サービス|ウェブ(?:サービス|ページ|上|フォーム|会員)|web(?:サービス|ページ|上|フォーム|会員)|(?:オンライン|ネット|インターネット)(?:ショップ|ストア|通販|販売|ショッピング|サービス|予約|申込|上)"
    r"|ec(?:ショップ|モール|ストア)|(?:問い合わせ|申込|予約|応募|登録|入力|資料請求)フォーム"
)
# What somebody does there, or what the operator does with it.
_USED: Final = re.compile(
    r"取得|収集|利用|使用|登録|申込|注文|予約|購入|入力|送信|アクセス|閲覧|訪問|運営|運用|における|において|ダウンロード|インストール|問い合わせ|いただ(?:き|く)|お聞き|伺|提供する|提供の|会員|お客様|預か|記録|寄付|受講|利用者|投稿|応募"
)
_ADDRESS: Final = re.compile(r"\(?https?:[^()、。\s]{0,80}\)?")
_NOT_ITS_OWN: Final = re.compile(
    # where a notice is posted or found, or a desk is reached
    r"フォーム(?:又は|、|や|・|より|から|にて|で|まで|に|へ)[^。]{0,24}(?:連絡|申し?出|問い合わせ|お願い|寄せ|承り|受け?付け)"
    r"|(?:サイト|アプリ|ページ|ウェブ)(?:上|内)?(?:に|で|にて|への|において|等)?[^。、]{0,12}(?:掲載|掲示|公表|公開|お知らせ|告知|通知|周知|表示)"
    r"|(?:サイト|ページ)(?:の[^。、]{0,8})?(?:を|で|にて|から|より|にも?)?[^。、]{0,6}(?:ご覧|ご?確認|ご?参照)|以下の(?:ウェブ)?サイト"
    # of somebody else
    r"|(?:各社|他社|保険会社|事業者|企業|第三者|外部|リンク(?:先|する)|提携|委員会|協力会社|(?<![当本])団体|他|google|省|庁)(?:の|が運営する)?[^。、]{0,10}サイト"
    r"|(?:求人|就職|転職|支援)(?:情報|等の支援)?サイト|サイト(?:へ|への|等へ)の?リンク"
    # made as work for others
    r"|(?:サイト|アプリ(?:ケーション)?|ウェブ|web)[^。、]{0,6}(?:の)?(?:制作|作成|開発|構築|デザイン|保守)"
)
_TOLD: Final = re.compile(
    r"cookie|(?<![プブタナア])ログ(?!イン|アウト|オン|ラ)|アクセス(?:解析|履歴|情報|状況|データ|記録|分析)|アナリティクス|analytics|外部送信|ipアドレス|閲覧(?:履歴|状況|情報|記録|行動)"
    r"|ビーコン|端末(?:情報|の?識別|の種類|id)|広告(?:識別子|id)|トラッキング|リファラ|ブラウザの?(?:種類|情報|種別)|ローカルストレージ|localstorage|自動的に(?:取得|収集|記録|送信)|行動(?:履歴|ターゲティング)"
)


@rule(
    "L-CAT-04",
    "warn",
    "S",
    "Telecommunications Business Act Art. 27-12",
    often=0.4,
    since=date(2023, 6, 16),
)
def forgets_what_a_website_sends(read: Reading) -> Iterator[Seen]:
    """A website or app is in scope, and nothing is said about cookies, logs or what is sent to others."""
    if _TOLD.search(read.text):
        return
    for s in read.saying(_SITE):
        own = _NOT_ITS_OWN.sub("", _ADDRESS.sub("", s.text))
        if _SITE.search(own) and _USED.search(own):
            yield Seen(
                s.at,
                Text(
                    "ウェブサイトのCookieやログ、外部への送信について書かれていません",
                    "nothing is said about cookies, logs or external transmission of the website",
                ),
                Text(
                    "取得するログ、Cookieと送信先を書いてください",
                    "name the logs, the cookies and where they are sent",
                ),
                s.raw,
            )
            return
