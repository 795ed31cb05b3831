"""Of two editions that were both imported from texts, only what differs in the texts is told, wherever it stands."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chikai.policy import change, counterparts, load
from chikai.policy.document import Document, Text
from chikai.policy.importing import drafting, outline_of

SERVICES = ("Balus", "KATA", "オンライン講座", "設計相談室")
ITEMS = (
    "氏名、住所",
    "メールアドレス",
    "閲覧履歴",
    "クレジットカード番号",
    "生年月日",
    "端末の種類",
)
PURPOSES = (
    "商品を発送するため",
    "料金を請求するため",
    "お問い合わせに回答するため",
    "新しい機能を企画するため",
    "障害の原因を調べるため",
)
CLAUSES = (
    ("安全管理", "当社は、通信を暗号化し、利用する者を限ります。"),
    ("第三者提供", "当社は、法令に基づく場合を除き、同意なく第三者に提供しません。"),
    ("開示の請求", "当社は、ご本人から開示を求められたときは、遅滞なく開示します。"),
    ("ポリシーの変更", "当社は、本ポリシーを変更するときは、サイトで知らせます。"),
)


def imported(
    services: tuple[str, ...] = SERVICES[:3],
    items: tuple[str, ...] = ITEMS[:4],
    purposes: tuple[str, ...] = PURPOSES[:4],
    clauses: tuple[tuple[str, str], ...] = CLAUSES[:3],
) -> Document:
    listed = "、".join(f"サービス「{name}」" for name in services)
    parts = [
        ("取得する情報", "当社は、次の情報を取得します。", items),
        ("利用目的", "当社は、次の目的で利用します。", purposes),
        *((title, said, ()) for title, said in clauses),
    ]
    lines = [
        "プライバシーポリシー",
        "",
        f"株式会社見本（以下「当社」といいます。）は、{listed}について定めます。",
        "",
    ]
    for n, (title, lead, entries) in enumerate(parts, 1):
        lines += [f"第{n}条（{title}）", lead]
        lines += [f"({m}) {entry}" for m, entry in enumerate(entries, 1)] + [""]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "policy"
        drafting.folder(outline_of([("p.txt", "\n".join(lines))]), path)
        return load.read(path).document


OLD = imported()


def told(old: Document, new: Document) -> list[tuple[str, str]]:
    """What is told but for the numbers, which move with whatever is put in."""
    return [(c.kind, c.name.ja) for c in change.between(old, new) if c.kind != "numbering"]


def test_the_same_text_imported_twice_is_one_edition() -> None:
    assert told(OLD, imported()) == []
    assert {s.name.ja for s in OLD.services} == set(SERVICES[:3])
    assert len(OLD.purposes) == 4


@given(at=st.integers(0, 3), one=st.sampled_from(SERVICES[3:]))
@settings(max_examples=8, deadline=None)
def test_a_service_put_in_anywhere_is_that_service(at: int, one: str) -> None:
    new = imported(services=(*SERVICES[:at], one, *SERVICES[at:3]))
    assert told(OLD, new) == [("service_added", one)]
    assert told(new, OLD) == [("service_ended", one)]


@given(at=st.integers(0, 4), one=st.sampled_from(ITEMS[4:]))
@settings(max_examples=10, deadline=None)
def test_an_item_put_in_anywhere_is_that_item(at: int, one: str) -> None:
    new = imported(items=(*ITEMS[:at], one, *ITEMS[at:4]))
    assert told(OLD, new) == [("category_added", one)]
    assert told(new, OLD) == [("category_ended", one)]


@given(at=st.integers(0, 4))
@settings(max_examples=5, deadline=None)
def test_a_purpose_put_in_anywhere_is_that_purpose(at: int) -> None:
    new = imported(purposes=(*PURPOSES[:at], PURPOSES[4], *PURPOSES[at:4]))
    assert told(OLD, new) == [("purpose_added", PURPOSES[4])]
    assert told(new, OLD) == [("purpose_ended", PURPOSES[4])]


@given(at=st.integers(0, 3))
@settings(max_examples=4, deadline=None)
def test_a_clause_put_in_anywhere_is_that_clause(at: int) -> None:
    new = imported(clauses=(*CLAUSES[:at], CLAUSES[3], *CLAUSES[at:3]))
    assert [kind for kind, _ in told(OLD, new)] == ["clause_added"]
    assert [kind for kind, _ in told(new, OLD)] == ["clause_ended"]


@given(
    services=st.permutations(SERVICES[:3]),
    items=st.permutations(ITEMS[:4]),
    purposes=st.permutations(PURPOSES[:4]),
    clauses=st.permutations(CLAUSES[:3]),
)
@settings(max_examples=15, deadline=None)
def test_what_only_moved_has_neither_come_nor_gone(
    services: list[str],
    items: list[str],
    purposes: list[str],
    clauses: list[tuple[str, str]],
) -> None:
    new = imported(tuple(services), tuple(items), tuple(purposes), tuple(clauses))
    # The sentence that names the services in another order is another sentence.
    moved = [("wording", "前文")] if tuple(services) != SERVICES[:3] else []
    assert told(OLD, new) == moved


@pytest.mark.parametrize("at", range(4))
def test_a_purpose_in_other_words_is_the_same_purpose(at: int) -> None:
    reworded = PURPOSES[at].replace("ため", "目的")
    new = imported(purposes=(*PURPOSES[:at], reworded, *PURPOSES[at + 1 : 4]))
    assert told(OLD, new) == [("purpose_reworded", reworded)]


def test_an_id_that_a_person_gave_says_what_a_thing_is(levii: load.Draft) -> None:
    old = levii.document
    purpose = replace(old.purposes[0], name=Text("まったく別の言葉", "other words entirely"))
    new = replace(old, purposes=(purpose, *old.purposes[1:]))
    assert [(c.kind, c.refs) for c in change.between(old, new)] == [
        ("purpose_reworded", (purpose.id,))
    ]


def test_what_a_purpose_uses_is_compared_by_what_the_ids_mean() -> None:
    new = imported(services=("設計相談室", *SERVICES[:3]), items=("生年月日", *ITEMS[:4]))
    both = counterparts.by_new_ids(OLD, new)
    assert {s.name: s.id for s in both.services}.items() <= {
        s.name: s.id for s in new.services
    }.items()
    assert {c.name: c.id for c in both.categories}.items() <= {
        c.name: c.id for c in new.categories
    }.items()
    assert counterparts.by_new_ids(both, new) == both
