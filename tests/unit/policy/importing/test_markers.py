"""A number at the beginning of a line numbers what follows, unless it counts it."""

from __future__ import annotations

import pytest

from chikai.policy.importing import lines, markers

# Words that begin with a sign that may also be a counter.
WORDS = (
    "人の生命、身体 人事 人材 人権 人格 人間関係 人的 人体 項目 項目名 件名 件数 回答 回線 回数 回収 本人 年齢 年収 年代 年金 "
    "年末調整 年会費 月額 月謝 月会費 日本 日付 日時 日程 日常 日報 日中の連絡先 個人情報 個別 点検 社員 社名 社内 社会 社外 社団 "
    "部署 部門 号室 号棟 名前 名称 名簿 名刺 名義 名目 種類 種別 条件 条項 時刻 時期 時間帯 時給 時系列 分析 分類 分野 分割 分担 "
    "秒数 階層 階数 番号 番地 円滑な運営 円建て 歳入 歳出 才能 週次 台帳 冊子 枚数 通知 通話 度数 割引 倍率 代理人 代表者 組織 品名 "
    "便名 泊数 席次 面談 所属 戸籍 軒数 口座 課金 級別 期間 段階 章立て"
).split()
COUNTED = (
    "3 年間保存します。|5 人の担当者がいます。|10 名様に限ります。|3 つの目的|2 回目以降|5 社以上|12 月 1 日|30 分以内|5日以内に|3人で|20歳未満の方|"
    "2か月前|3営業日以内|2 週間|3階|5号|2 件まで|3 日ほど|12月末|18歳以上|1.5 時間|2 年度"
).split("|")


def _begins(said: str) -> bool:
    return bool(markers.candidates(next(iter(lines.read(said, 0)))))


@pytest.mark.parametrize("form", ["{} {}", "{}　{}", "{}. {}", "1.{} {}", "{}{}", "（{}）{}"])
@pytest.mark.parametrize("word", WORDS)
def test_no_word_is_taken_for_a_counter(word: str, form: str) -> None:
    assert _begins(form.format(2, word)), word


@pytest.mark.parametrize("said", COUNTED)
def test_a_number_that_counts_numbers_nothing(said: str) -> None:
    assert not _begins(said)
