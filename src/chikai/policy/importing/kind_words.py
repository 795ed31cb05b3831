"""What a clause, a day and a recipient are, in words: as the reading of a text is shown to people."""

from __future__ import annotations

from typing import Final

from chikai.policy.document import Text

# What a clause is about, as the reading found it.
CLAUSE: Final = {
    "scope": Text("適用の範囲", "scope"),
    "definition": Text("用語", "definitions"),
    "items": Text("情報の項目", "data items"),
    "purposes": Text("利用目的", "purposes"),
    "purpose_change": Text("利用目的の変更", "change of purpose"),
    "third_party": Text("第三者提供", "provision to third parties"),
    "foreign": Text("外国への提供", "provision abroad"),
    "joint": Text("共同利用", "joint use"),
    "entrust": Text("委託", "entrustment"),
    "security": Text("安全管理", "safeguards"),
    "retention": Text("保存期間", "retention"),
    "rights": Text("本人の権利", "rights"),
    "rights.purpose": Text("利用目的の通知", "notice of the purpose"),
    "rights.disclose": Text("開示", "disclosure"),
    "rights.correct": Text("訂正等", "correction"),
    "rights.suspend": Text("利用停止等", "suspension"),
    "procedure": Text("手続き", "procedure"),
    "fee": Text("手数料", "fee"),
    "anonymised": Text("匿名加工情報", "anonymised information"),
    "cookie": Text("Cookie等", "cookies"),
    "desk": Text("窓口", "desk"),
    "complaint": Text("苦情", "complaints"),
    "change": Text("ポリシーの変更", "changes of the policy"),
    "dates": Text("日付", "dates"),
    "controller": Text("事業者", "operator"),
    "minors": Text("未成年", "minors"),
    "law": Text("法令", "law"),
}
RECIPIENT: Final = {
    "entrusted": Text("委託先", "entrusted"),
    "joint": Text("共同利用者", "joint use"),
    "consent": Text("同意による提供先", "with consent"),
    "succession": Text("事業の承継先", "succession"),
    "law": Text("法令による提供先", "by law"),
    "foreign": Text("外国にある提供先", "abroad"),
}
DAY: Final = {
    "made": Text("制定日", "made"),
    "updated": Text("改定日", "updated"),
    "effective": Text("施行日", "effective"),
    "other": Text("日付", "other"),
}
FACT: Final = {
    "name": Text("事業者", "name"),
    "representative": Text("代表者", "representative"),
    "address": Text("所在地", "address"),
    "postal_code": Text("郵便番号", "postal_code"),
    "desk": Text("窓口", "desk"),
    "officer": Text("責任者", "officer"),
    "phone": Text("電話", "phone"),
    "mail": Text("メール", "mail"),
    "url": Text("ページ", "url"),
}
