"""Text that is not what it looks like: signs nobody sees, markup, formulas; and how it is shown."""

from __future__ import annotations

import re
import unicodedata

#: What moves a cursor, turns a line round or ends it. A line feed and a tab may be meant.
_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
#: What else is not seen. A joiner is part of some scripts, so it counts beside Latin letters alone.
_UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069"
    "\u3164\ufeff\ufff9-\ufffb\ue000-\uf8ff\ud800-\udfff\U000e0000-\U000e0fff]"
    "|(?<=[A-Za-z0-9 ])[\u200c\u200d]|[\u200c\u200d](?=[A-Za-z0-9 ])"
)
_MARKUP = re.compile(
    r"<[/!?]?[A-Za-z][^<>]{0,500}>|&(?:[A-Za-z]{2,8}|#[0-9]{1,6}|#x[0-9a-fA-F]{1,6});"
)
#: Plain text that none of these can be in, which is nearly all there is.
_PLAIN = re.compile(r"(?![=+@-])[ -%'-;=-~]*")
#: What a spreadsheet would work out.
_FORMULA = re.compile(r"=(?=\S)|[+@-](?=[A-Za-z(])[^\s]*[(|!]")


def plain(text: str) -> str:
    """The text with every sign that a terminal would obey written out.

    Examples
    --------
    >>> print(plain("red \\x1b[31m"))
    red \\u001b[31m
    """
    return _STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", text.replace("\r\n", "\n"))


def unseen(text: str) -> str:
    """The first sign of a text that nobody sees; empty if there is none.

    Examples
    --------
    >>> unseen("a\u00adb") == "\u00ad", unseen("a b")
    (True, '')
    """
    found = _UNSEEN.search(text.replace("\r\n", "\n"))
    return found[0] if found else ""


def fault_of_label(text: str) -> str:
    """What is wrong with a label of a table, in words; nothing if it is what it looks like.

    Examples
    --------
    >>> fault_of_label("high volume"), fault_of_label("a\\u202eb")
    ('', "holds the invisible character '\\\\u202e' (RIGHT-TO-LEFT OVERRIDE); remove it")
    """
    if _PLAIN.fullmatch(text):
        return ""
    if sign := unseen(text):
        name = unicodedata.name(sign, "a control character")
        return f"holds the invisible character {sign!a} ({name}); remove it"
    if markup := _MARKUP.search(text):
        return f"holds the markup {markup[0][:40]!r}; write plain text"
    if _FORMULA.match(text):
        return f"{text[:40]!r} is a formula to a spreadsheet; enter what it stands for"
    return ""
