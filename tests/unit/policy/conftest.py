"""A small policy folder, which a test may spoil, and the example's own."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from chikai.policy import load
from chikai.policy.load import Draft

ROOT = Path(__file__).resolve().parents[3]
LEVII = ROOT / "examples" / "levii"

STRUCTURE = """\
format = 1
edition = "1"

[controller]
name = { ja = "株式会社見本", en = "Mihon Inc." }
kind = "company"
representative = { ja = "見本 一郎", en = "Ichiro Mihon" }

[controller.desk]
mail = "desk@mihon.example"

[[service]]
id = "shop"
name = { ja = "店", en = "Shop" }

[[category]]
id = "name"
name = { ja = "氏名", en = "name" }
clause = "1.1"
kinds = ["name"]

[[purpose]]
id = "delivery"
name = { ja = "配送", en = "delivery" }
clause = "2"
stop = "switch"
stop_effect = { ja = "届かなくなります。", en = "Nothing is delivered." }
[purpose.uses]
shop = ["name"]

[[recipient]]
id = "carrier"
name = { ja = "運送 株式会社", en = "Carrier Inc." }
kind = "entrusted"
clause = "3"
purposes = ["delivery"]
categories = ["name"]

[[right]]
kind = "disclose"
clause = "3"

[[clause]]
id = "1"
by = ["policy.load"]
kind = "items"

[[clause]]
id = "2"
kind = "purposes"
"""
JAPANESE = """\
# プライバシーポリシー

<!-- 1 -->
## 1 情報の項目

<!-- 1.1 -->
- 氏名

<!-- 2 -->
## 2 利用目的

株式会社見本は、商品を届けるために使います。

<!-- 3 -->
## 3 窓口

苦情は、下のところで受け付けます。
"""
ENGLISH = """\
# Privacy Policy

<!-- 1 -->
## 1 Items

<!-- 1.1 -->
- name

<!-- 2 -->
## 2 Purposes

Mihon Inc. uses it to deliver goods.

<!-- 3 -->
## 3 Desk

Complaints are received here.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small policy without a fault."""
    (tmp_path / "policy.toml").write_text(STRUCTURE, encoding="utf-8")
    (tmp_path / "ja.md").write_text(JAPANESE, encoding="utf-8")
    (tmp_path / "en.md").write_text(ENGLISH, encoding="utf-8")
    return tmp_path


@pytest.fixture
def change(folder: Path) -> Callable[..., Path]:
    """Replace a text in a file of the small policy; the old text must be there."""

    def change(old: str, new: str, file: str = "policy.toml") -> Path:
        text = (folder / file).read_text(encoding="utf-8")
        assert re.search(re.escape(old), text), f"{old!r} is not in {file}"
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
        return folder

    return change


@pytest.fixture
def small(folder: Path) -> Draft:
    """The small policy, read."""
    return load.read(folder)


@pytest.fixture(scope="session")
def levii() -> Draft:
    """The example's policy, read."""
    return load.read(LEVII)


@pytest.fixture
def levii_folder(tmp_path: Path) -> Path:
    """A copy of the example's policy."""
    for name in ("policy.toml", "ja.md", "en.md"):
        shutil.copy(LEVII / name, tmp_path / name)
    return tmp_path
