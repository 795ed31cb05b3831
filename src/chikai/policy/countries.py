"""The countries that policies name, by the words for them.

Law: APPI Art. 28(1).
"""

from __future__ import annotations

from typing import Final

# Each name as a pattern, with its ISO 3166 code.
IN_JAPANESE: Final = (
    (r"アメリカ(?:合衆国)?|米国|\bUSA?\b", "US"),
    (r"中国|中華人民(?:共和国)?", "CN"),
    (r"シンガポール", "SG"),
    (r"ベトナム", "VN"),
    (r"韓国|大韓民国", "KR"),
    (r"台湾", "TW"),
    (r"インド(?!ネシア)", "IN"),
    (r"フィリピン", "PH"),
    (r"英国|イギリス", "GB"),
    (r"ドイツ", "DE"),
    (r"アイルランド", "IE"),
    (r"オーストラリア|豪州", "AU"),
    (r"カナダ", "CA"),
    (r"フランス", "FR"),
    (r"オランダ", "NL"),
    (r"スイス", "CH"),
    (r"イタリア", "IT"),
    (r"スペイン", "ES"),
    (r"インドネシア", "ID"),
    (r"マレーシア", "MY"),
    (r"ミャンマー", "MM"),
    (r"香港", "HK"),
    (r"ニュージーランド", "NZ"),
    (r"ブラジル", "BR"),
    (r"イスラエル", "IL"),
    (r"(?<![ァ-ヶー])タイ(?:王国)?(?![ァ-ヶー])", "TH"),
)
# Whose law the commission holds to be equal to Japan's, so that a recipient there is none in a foreign country.
EQUAL: Final = frozenset(("GB", "DE", "IE", "FR", "NL", "IT", "ES"))
