"""Names of invented people: rare compound surnames with words from nature, so that nobody real is meant."""

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Final

_SURNAMES: Final = """
澹台 公冶 宗政 濮阳 太叔 申屠 公孙 仲孙 轩辕 令狐 钟离 宇文 长孙 鲜于 闾丘 司徒 亓官 司空 夹谷 公良
"""
_GIVEN_NAMES: Final = """
听雨 望舒 扶疏 折柳 知白 临溪 照野 漱石 枕流 映雪 踏莎 采薇 秋水 长风 晚晴 初霁 疏桐 寒汀 白露 朝云
暮山 远岫 青禾 素荷 幽兰 晓星 松涛 竹影 梅溪 鹤汀 雁南 沐风 观澜 听泉 半夏 南烛 苇杭 清和 景明 惊蛰
霁月 流萤 新桐 石泉 春山
"""


def invented_names(random: Random) -> Iterator[str]:
    """Give 900 distinct names, in an order that depends on ``random`` alone."""
    names = ["".join(pair) for pair in product(_SURNAMES.split(), _GIVEN_NAMES.split())]
    random.shuffle(names)
    return iter(names)
