"""One spelling of a mail address and of a telephone number: what finds people, and what masks are made from.

Text that is no address or no telephone number has no spelling: None, never a guess.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# RFC 5321, 4.5.3.1: 64 octets of local part, `@`, 255 of domain. Longer text was never deliverable.
LONGEST_MAIL: Final = 320

# Almost every address and number looks like these, and is spelt so already; what does not is looked at closely.
_PLAIN_MAIL: Final = re.compile(
    r"[a-z0-9_%+'-][a-z0-9._%+'-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,3}"
)
_PLAIN_PHONE: Final = re.compile(r"0([5789]0)-?(\d{4})-?(\d{4})", re.ASCII)
_EXTENSION: Final = re.compile(r"(?:内線|ext\.?|x|#).*$", re.IGNORECASE)
_SEPARATORS: Final = dict.fromkeys(map(ord, " \t\u00a0\u3000()-./‐‑‒–—―−ー"))


def mail(value: object) -> str | None:
    """One spelling of a mail address: NFKC, lower case, the domain as IDNA; what follows a `+` stays.

    A `+` part is kept: whether `a+b@x` reaches `a@x` is the mail server's secret, and a wrong guess joins two people.
    """
    if not isinstance(value, str):
        return None
    text = value.strip().lower()
    if _PLAIN_MAIL.fullmatch(text):
        return text
    if not text.isascii():
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower()).strip()
    local, at, domain = text.rpartition("@")
    if not (local and at and domain) or len(text) > LONGEST_MAIL or len(text.split()) != 1:
        return None
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii").lower()
        except UnicodeError:
            return None
    domain = domain.removesuffix(".")
    if not domain or domain.startswith(".") or ".." in domain or "\0" in text:
        return None
    return f"{local}@{domain}"


def phone(value: object) -> str | None:
    """A telephone number as E.164; a number without a country is a Japanese one. An extension is left out.

    Japanese national numbers have ten digits, or eleven for mobile, IP and data (020, 050, 070, 080, 090, 0800).
    """
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(
            value
        )  # a column of numbers has lost its leading zero: nothing safe is left of it
    if not isinstance(value, str):
        return None
    if plain := _PLAIN_PHONE.fullmatch(value):
        return "+81" + "".join(plain.groups())
    text = value.strip()
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    digits = text.translate(_SEPARATORS)
    if not (digits.isascii() and digits.isdigit()):
        digits = _EXTENSION.sub("", text).translate(_SEPARATORS)
    abroad = digits.startswith("+")
    digits = digits.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return None
    if not abroad and digits.startswith("010"):  # Japan's own prefix for calls abroad
        abroad, digits = True, digits[3:]
    if abroad and digits.startswith("81"):
        national = digits[2:].removeprefix("0")  # +81 (0)3 is written, and wrong, and meant
        return f"+81{national}" if len(national) in (9, 10) else None
    if abroad:
        return f"+{digits}" if 8 <= len(digits) <= 15 and digits[0] != "0" else None
    if digits[0] != "0" or digits[1:2] == "0":
        return None
    wanted = (10,) if digits[2:3] != "0" else (11,) if digits[1] in "5789" else (10, 11)
    return f"+81{digits[1:]}" if len(digits) in wanted else None
