"""The parts of a promise as Japanese policies word them: who speaks, what is done with data, to whom, unless what.

Parts of patterns over a shadow (see `reading`), so that each rule asks for the same thing in the same many words. None
of them goes beyond one sentence, and each repetition is bounded.
"""

from __future__ import annotations

from typing import Final

# Whoever publishes the policy, as it calls itself: 当社, 当法人, 弊店, 私たち, 組合, 運営者.
SELF: Final = (
    r"(?:当(?!該|然|初|日|時|面|事者|たる|た[りっ])[一-龥ァ-ヴー]{1,8}|弊[社店]|本(?:会|法人|組合|学園|校)(?![員計])"
    r"|私(?:たち|共|ども)|(?<!事業)運営者|(?<!一)組合(?!員)|管理者)"
)
# What is done when data goes to somebody else.
GIVE: Final = r"(?:提供(?!者|元|の?任意)|開示|共有|公開|譲渡|貸与|引き?渡|渡(?:す|し|さ|る|り))"
# Somebody else than the person and the operator.
OTHERS: Final = r"(?:第三者|(?<!その)他(?:者|社|人)|(?:ほか|他)の(?:人|者|方|会社|企業|事業者)|よその(?:人|方|会社)|外部|社外|部外者)"
# The end of a sentence that says no.
NOT: Final = r"(?:ません|ない(?!場合|とき|限り|で)|なし|ございません|禁じ|禁止)"
# Consent that was not given; `同意がない限り` is its mirror and stands here, too.
WITHOUT_CONSENT: Final = r"(?:同意|承諾|了承|了解|許可|許諾)(?:を|が|の|も)?[^。、]{0,12}?(?:なく|なし|無く|無し|無断|ない|得ず|得ないで|いただかず)"
# What excepts the cases that stand beside it.
EXCEPT: Final = r"(?:この限り|別(?:です|とし|とする|扱い|と(?:いた|考え))|除[きくいか]|のぞ[きくい]|以外(?:に|は|で|の|、)|ほか(?:は|に|、)|限り(?:では|で)?|例外)"
# That somebody found something so, without saying by what measure.
JUDGED: Final = r"(?:判断|認め|認定|考え|思料|みな|思われ)"
FIT: Final = r"(?:必要|適切|適当|相当|妥当|不要|困難|不適切|不適当|合理的|ふさわし)"
# What the operator alone decides: 当社が必要と認める, 当会において適切であると判断した.
AT_DISCRETION: Final = (
    rf"(?:{SELF}|(?<![一-龥ァ-ヶー])(?:会社|法人))(?:の|が|は|にて|において|で)?[^。、]{{0,20}}{FIT}(?:性)?(?:が|で)?(?:ある|あり|は?ない|はなく)?(?:も?のと|と|がないと|に)?{JUDGED}"
    rf"|(?:{FIT}|不当|正当|濫用|悪質|もっとも)[^。、]{{0,16}}(?:と|に)、?(?:{SELF}|(?<![一-龥ァ-ヶー])(?:会社|法人))(?:が|にて|において|で)[^。、]{{0,8}}{JUDGED}"
    rf"|{SELF}(?:の)?(?:判断|裁量|任意)(?:に(?:より|よる|よって)|で|の(?:もと|下)で)"
)
# Consent, or something else, that is hard to get.
HARD: Final = r"(?:(?:いただく|いただける|得る|とる|取る|もらう|頂戴する)(?:こと|見込み|時間)?(?:が|は)?(?:でき|な[いく])|いただけな|(?:いただく|頂く|得る|取る)ことができ(?:ない|ません)|困難|難し|難しい|得られな|得ることができな|得ることができません|取得できな|取れな|いとまがな|余裕がな|緊急|急を要)"
# What goes to nobody else, under whatever heading; and what persons ask for.
KEPT_FROM_OTHERS: Final = r"第三者(?:に|へ)(?:対し(?:て)?)?、?[^。]{0,24}(?:開示|提供)[^。]{0,20}(?:ません|しない|ない(?:。|$))"
ASKED_BY_PERSONS: Final = r"請求|停止|訂正|(?:本人|お客様|利用者|会員|ユーザー|患者)[^。]{0,16}(?:から|より|の)[^。]{0,12}(?:求め|申し?出|依頼)"
