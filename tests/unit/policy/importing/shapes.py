"""Texts that grow by one thing alone, such as clauses, entries of a list or signs of one line."""

from collections.abc import Callable, Mapping
from typing import Final

TITLE: Final = "プライバシーポリシー\n"
PAGE: Final = "<html><h1>プライバシーポリシー</h1>"
PURPOSES: Final = f"{TITLE}第1条（利用目的）\n次の目的で利用します。\n"


def each(piece: Callable[[int], str]) -> Callable[[int], str]:
    """As many pieces as are asked for, each made from its number."""
    return lambda n: "".join(piece(i) for i in range(1, n + 1))


SHAPES: Final[Mapping[str, Callable[[int], str]]] = {
    "short lines": lambda n: TITLE + "利\n" * n,
    "short lines apart": lambda n: TITLE + "利用\n\n" * n,
    "clauses with references": lambda n: (
        TITLE
        + each(lambda i: f"{i % 99 + 1}. 利用目的\n(1) 氏名を第{i % 99}条のとおり利用するため\n")(n)
    ),
    "articles": lambda n: (
        TITLE + each(lambda i: f"第{i % 999 + 1}条（委託）\n次の業務を委託します。\n(1) 配送\n")(n)
    ),
    "entries": lambda n: PURPOSES + each(lambda i: f"・サービス{i}を提供するため\n")(n),
    "entries without markers": lambda n: (
        PURPOSES + each(lambda i: f"サービス{i}を提供するため\n")(n)
    ),
    "lists again": lambda n: TITLE + "1 利用目的\n" + "(1) 提供のため\n" * n,
    "markers in turn": lambda n: (
        TITLE
        + "1 利用目的\n"
        + each(lambda i: f"({i % 7 + 1}) 提供のため\n{'・●◆■'[i % 4]}氏名\n")(n)
    ),
    "numerals in turn": lambda n: (
        TITLE
        + each(lambda i: f"{(i - 1) % 60 + 1}{'.,、:'[i % 4]} 利用目的\n発送のため利用します。\n")(
            n
        )
    ),
    "prose between numbers": lambda n: (
        TITLE
        + "1 利用目的\n"
        + each(lambda i: f"({i % 97 + 2}) 提供のため\n\nなお、当社は提供します。\n\n")(n)
    ),
    "one purpose and one item a sentence": lambda n: (
        TITLE
        + "第1条（利用目的）\n"
        + each(lambda i: f"当社は、氏名{i}をサービス{i}の提供のため利用します。")(n)
    ),
    "a table": lambda n: PURPOSES + each(lambda i: f"| 氏名{i} | 提供のため |\n")(n),
    "recipients": lambda n: (
        TITLE
        + "第1条（第三者提供）\n次の者に提供します。\n"
        + each(lambda i: f"・株式会社甲{i}\n")(n)
    ),
    "recipients in one line": lambda n: (
        TITLE + "第1条（委託）\n委託先：" + each(lambda i: f"株式会社甲{i}、")(n)
    ),
    "services": lambda n: (
        TITLE
        + "当社は、"
        + each(lambda i: f"「サービス{i}」、")(n)
        + "を提供します。\n1 目的\n提供\n"
    ),
    "references in a circle": lambda n: (
        TITLE
        + each(
            lambda i: f"第{i % 999 + 1}条（開示）\n請求に応じます。\n前項の手数料は無料です。\n"
        )(n)
    ),
    "references in one line": lambda n: (
        TITLE + "第1条（開示）\n" + each(lambda i: f"第{i % 90}条第{i % 9}項及び")(n)
    ),
    "a long lead": lambda n: (
        TITLE + "第1条（利用目的）\n" + "情報" * n + "次のとおりです。\n" + "・目的のため\n" * n
    ),
    "desks": lambda n: (
        TITLE + each(lambda i: f"お問い合わせ窓口\n東京都千代田区{i}\na{i}@example.jp\n\n")(n)
    ),
    "an address cut again and again": lambda n: TITLE + "1 窓口\nhttps://a/\n" + "b/\n" * n,
    "headings": lambda n: (
        TITLE + each(lambda i: f"## 利用目的{i}\n\n提供のため利用します。\n\n")(n)
    ),
    "days": lambda n: TITLE + each(lambda i: f"2{i % 1000:03}年{i % 12 + 1}月1日改定\n")(n),
    "lists within lists": lambda n: f"{PAGE}<h2>利用目的</h2>" + "<ul><li>のため" * n + "</ul>" * n,
    "rows": lambda n: f"{PAGE}<table>" + "<tr><td>氏名</td><td>提供のため</td></tr>" * n,
    "entries that stand in one line": lambda n: PURPOSES + "・目的のため" + " ・目的のため" * n,
}
# What a pattern could search again from every sign, had it no bound.
LONG: Final[Mapping[str, Callable[[int], str]]] = {
    "blanks": lambda n: f"{TITLE}1 取得する情報\n氏名：氏名{' ' * n}住所を取得します。\n",
    "wide blanks": lambda n: f"{TITLE}1 利用目的\n利用目的：提供の{'　' * n}ため\n",
    "a title": lambda n: f"{PAGE[:-5]}{'プライバシーポリシー' * (n // 10)}</h1><p>個人情報</p>",
    "line ends in a cell": lambda n: f"{PAGE}<table><tr><td>a{'<br>  ' * (n // 6)}b</table>",
    "numbers in circles": lambda n: f"{TITLE}1 取得する情報\n取得する情報：{'①氏名' * (n // 3)}",
    "brackets": lambda n: f"{TITLE}1 利用目的\n{'「『（' * (n // 3)}\n",
    "mail without an end": lambda n: f"{TITLE}1 窓口\n{'a' * n}@{'b' * n}\n以下の窓口まで。\n",
    "digits": lambda n: f"{TITLE}第{'1' * n}条\n",
}
