"""The forms in which findings leave."""

import json
from dataclasses import replace

from chikai.policy import findings, lint
from chikai.policy.document import Text


def test_text_shows_place_rule_quote_caret_and_remedy(levii):
    text = lint.as_text(lint.findings(replace(levii, accepted=())))
    head, quote, caret, fix, *_ = text.splitlines()
    assert (
        head
        == f"{levii.places['2.1']} L-REF-02 誤り: 2(2) は情報の項目の条項で、利用目的の条項ではありません"
    )
    assert quote == "    | 2(2)に定める利用目的の範囲内で利用し"
    assert caret == "    | " + "^" * 36  # sixteen wide signs and four narrow ones
    assert fix == "    = 直し方: 2(3) を指すように直してください"


def test_text_speaks_english_and_counts(levii):
    text = lint.as_text(lint.findings(levii), "en")
    assert "L-DIS-03 accepted: the representative's name" in text
    assert "article: APPI Art. 32(1)" in text
    assert text.rstrip().endswith("accepted 12")
    assert "-- usual gaps" in text
    assert "[checked against the official text]" in text
    assert "[not checked against the official text]" in text


def test_json_has_the_promised_fields(levii):
    rows = json.loads(lint.as_json(lint.findings(levii), "en"))["findings"]
    assert set(rows[0]) == {
        "rule", "severity", "clause", "file", "line", "quote", "message", "fix", "article", "checked", "accepted", "group"
    }  # fmt: skip
    by_rule = {row["rule"]: row for row in rows}
    assert by_rule["L-REF-02"]["file"] == "ja.md"
    assert by_rule["L-REF-02"]["accepted"]
    assert by_rule["L-DIS-03"]["checked"] is True
    assert by_rule["L-REF-02"]["article"] is None
    assert by_rule["L-REF-02"]["checked"] is None  # nothing to check where no article is cited
    assert by_rule["L-CAT-04"]["checked"] is False


def test_sarif_carries_the_articles_and_whether_they_were_checked(levii):
    run = json.loads(lint.as_sarif(lint.findings(levii), language="en"))["runs"][0]
    rules = {r["id"]: r for r in run["tool"]["driver"]["rules"]}
    assert rules["L-DIS-03"]["properties"]["articles"][0]["checked"] is True
    assert "[checked against the official text]" in rules["L-DIS-03"]["help"]["text"]
    assert rules["L-CAT-04"]["properties"]["articles"][0]["checked"] is False
    assert "properties" not in rules["L-REF-02"]
    seen = {r["ruleId"]: r.get("properties") for r in run["results"]}
    assert seen["L-CAT-04"]["checked"] is False
    assert seen["L-REF-02"] is None


def test_github_annotations_stay_on_one_line_and_name_the_file(levii):
    found = lint.findings(replace(levii, accepted=()))
    odd = replace(found[0], message=Text("一\n二%", "a"), fix=Text("三", "b"))
    (line,) = lint.as_github([odd], folder="examples/levii/").splitlines()
    assert line.startswith(f"::error file=examples/levii/ja.md,line={odd.line},title=L-REF-02::")
    assert line.endswith("一%0A二%25 三")


def test_accepted_findings_are_notices_and_suppressed(levii):
    found = lint.findings(levii)
    assert "::error" not in lint.as_github(found)
    log = json.loads(lint.as_sarif(found, folder="policy"))
    results = log["runs"][0]["results"]
    assert log["version"] == "2.1.0"
    assert sum("suppressions" in r for r in results) == 12
    assert (
        results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "policy/ja.md"
    )
    rules = {r["id"] for r in log["runs"][0]["tool"]["driver"]["rules"]}
    assert {r["ruleId"] for r in results} == rules


def test_nothing_found_is_said_as_such_and_promises_nothing():
    for language in ("ja", "en"):
        said = lint.as_text([], language)
        assert said.strip()
        assert "適法" not in said
        assert "compl" not in said


def test_a_long_quote_is_cut_where_the_terminal_ends():
    assert findings.clipped("短い引用") == "短い引用"
    cut = findings.clipped("長い引用。" * 40)
    assert cut.endswith("…")
    assert len(cut) < 40


def test_a_sarif_place_is_a_valid_address_for_every_file_name(levii):
    odd = replace(lint.findings(levii)[0], place="個人情報 方針.md:3")
    (result,) = json.loads(lint.as_sarif([odd]))["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "%E5%80%8B%E4%BA%BA%E6%83%85%E5%A0%B1%20%E6%96%B9%E9%87%9D.md"
