"""What is planted: nobody but those whom it concerns may ever see it, and no disk may hold it in clear."""

import io
import secrets
from typing import Final

from PIL import Image

_RUN: Final = secrets.token_hex(6)  # no run finds what another one left

SOURCE: Final = "127.0.0.77"
"""The address from which everybody comes."""

_WORDS: Final = {
    "report: what": "收了八罐龙井茶",
    "report: facts": "窗口后面第三张桌子边上，他暗示要先表示一下",
    "report: subject": "分管蓝鹊事务的副主任",
    "report: place": "雾桥渡口的旧粮仓门前",
    "reporter: name": "澹台听雨",
    "reporter: contact": "tingyu@heron.example.",
    "draft: what": "还没有写完的那一半经过",
    "draft: facts": "写了一半就放下的那些细节",
    "withdrawn: facts": "后来撤回了的那些话",
    "added facts": "补充：第二天他又来过一次",
    "typed for a receipt": "把手机号码错当成了回执码",
    "file: name": "沈家弄口拍到的账本",
    "file: text": "账本第七页写着四千六百元",
    "file: EXIF": "GPS 31.2304N 121.4737E heron ",
    "file: cut off": "上传到一半就断了的影像",
    "file: too large": "超过了大小的那段录像",
    "file: wrong type": "扩展名不对的那个文件",
    "refused: text": "没有写全就交上来的那些话",
    "lost: text": "数据库锁住的时候交上来的话",
    "broken: text": "出了错的时候交上来的话",
    "killed: text": "断电的时候交上来的话",
    "chat: first name": "仲孙知白",
    "chat: user name": "heron_",
    "chat: phone": "+8613800",
    "chat: origin": "转来这句话的邻居",
    "chat: what": "窗口上挂着一只鸟笼",
    "chat: facts": "在聊天里说的那些经过",
    "chat: caption": "照片下面写的那一句",
    "chat: file name": "聊天里发来的照片",
    "retaliation": "反映以后被调离窗口的那一天：",
    "chat: retaliation": "在聊天里说的打击报复",
    "chat: added": "在聊天里补充的一句",
    "chat: typed for a receipt": "在聊天里错当成回执码",
    "chat: token": "100:heron-token-",
    "user agent": "Heronbrowser/7.3 (Kestrel OS) ",
    "language": "x-heron-",
    "cookie": "cookie-of-another-site-",
    "query": "wodeming-",
    "password": "the password of the clerk ",
    "passphrase": "the passphrase of the clerk ",
    "wrong password": "a password of another house ",
    "wrong passphrase": "a passphrase of another house ",
    "password as user name": "typed-into-the-wrong-field-",
    "reason": "初次阅看，提出办理意见：蓝鹊",
    "answer": "您反映的情况已经收到，正在了解：蓝鹊",
    "question": "请问那天还有谁在场：蓝鹊",
    "idempotency key": "heron-idempotency-",
}

PLANTED: Final[dict[str, str | bytes]] = {
    **{name: f"{words}{_RUN}" for name, words in _WORDS.items()},
    "chat: id": str(7_000_000_000 + secrets.randbelow(999_999_999)),
    "source address": SOURCE,
    "forwarded address": "203.0.113.177",
    "forwarded address, version 6": "2001:db8:77:7a::f00d",
}
"""Every marker by name; a run adds the secrets that it is given on its way: receipts, cookies, keys."""


def words(name: str) -> str:
    """Return a marker that is text."""
    return str(PLANTED[name])


def photograph() -> bytes:
    """Return a JPEG that says where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = words("file: EXIF")  # ImageDescription
    file = io.BytesIO()
    Image.new("RGB", (32, 24), "teal").save(file, "JPEG", exif=exif, comment=words("file: EXIF").encode())
    return file.getvalue()


def film(name: str, size: int) -> bytes:
    """Return what passes for a film of ``size`` bytes, marked all through."""
    head = b"\0\0\0\x18ftypmp42"
    return head + (words(name).encode() * (size // 20))[: size - len(head)]
