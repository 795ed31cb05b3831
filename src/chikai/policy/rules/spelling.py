"""Loanwords that policies use, and how a slip spells them: two signs exchanged, one left out, or a like-looking one.

The misspellings are made from the words, so that a word which nobody slipped on yet is known, too. One that stands
within another word of the list is none.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS: Final = (
    "プライバシー ポリシー サービス アカウント メールアドレス アドレス パスワード セキュリティ インターネット ウェブサイト ホームページ キャンペーン"
    " アンケート マーケティング クレジットカード ダイレクトメール ダウンロード アップロード インストール アクセスログ アプリケーション ブラウザ ユーザー"
    " サーバー クッキー コンテンツ コンピュータ プログラム システム データベース プロフィール スマートフォン カスタマー サポート パートナー"
    " トラブル ガイドライン メンテナンス マネジメント スタッフ オンライン ログイン リンク キャンセル ポイント セミナー イベント グループ"
    " ファイアウォール フォーム マイナンバー パーソナル オプトアウト コンサルティング コミュニケーション ニュースレター メールマガジン"
).split()
# Signs that are taken for each other, by eye or by key.
_ALIKE: Final = ("バパ", "ビピ", "ブプ", "ベペ", "ボポ", "シツ", "ソン", "イィ", "ツッ", "ヤャ", "ユュ", "ヨョ", "アァ", "エェ", "オォ")  # fmt: skip
_RUN: Final = re.compile(r"[ァ-ヴー]{4,40}")
# A word that loses a sign and is shorter than this may be another word.
_LONG: Final = 6


def _slips_of(word: str) -> Iterator[str]:
    for at in range(len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for at, sign in enumerate(word):
        yield from (
            word[:at] + other + word[at + 1 :]
            for pair in _ALIKE
            if sign in pair
            for other in pair.replace(sign, "")
        )
        if len(word) >= _LONG and 0 < at < len(word) - 1 and sign != "ー":
            yield word[:at] + word[at + 1 :]


@cache
def _misspellings() -> frozenset[str]:
    made = {slip for word in _WORDS for slip in _slips_of(word)}
    return frozenset(slip for slip in made if not any(slip in word for word in _WORDS))


@cache
def _lengths() -> tuple[int, ...]:
    return tuple(sorted({len(slip) for slip in _misspellings()}))


def misspelt(text: str) -> Iterator[str]:
    """The loanwords of a text that look misspelt."""
    known = _misspellings()
    for run in {m[0] for m in _RUN.finditer(text)}:
        for at in range(len(run)):
            for length in _lengths():
                if run[at : at + length] in known and at + length <= len(run):
                    yield run[at : at + length]
