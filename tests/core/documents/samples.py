"""Documents as they are served and taken out: everybody in them is invented."""

from datetime import date

from core.documents import WrittenBook, WrittenMinutes
from core.documents.meetings import Attendance, Section
from core.policy.profile import load
from core.warnings import Document
from core.warnings.rules.forms import FOLLOWING, TALKS, WITH_TERM, months_of

INQUIRY = "inquiry"
TALK = {
    "held_on": "2026-10-08",
    "talked_by": "钟离知夏",
    "reasons": "说明了查明的情况和纪律要求。",
    "view": "本人认识到这样做不妥；当天确有两个小时没有安排工作。",
    "corrections": "今后严格执行考勤制度。",
    "dissent": "",
    "person_signed": "yes",
}


def a_document(form: str, *, profile: str = "seed", is_served: bool = True, **changes: object) -> Document:
    """What the document of a measure says, issued on 30 September and served on 8 October."""
    runs = form in WITH_TERM and is_served
    fields: dict[str, object] = {
        "form": form,
        "profile": profile,
        "body": "leading_group_office",
        "issuer": "云汀区领导小组办公室",
        "district": "云汀区（虚构）",
        "year": 2026,
        "number": 7,
        "issued_on": "2026-09-30",
        "name": "公冶望舒",
        "post": "望江街道办事处主任",
        "is_team": False,
        "manifestation": "M2",
        "conduct_on": "",
        "facts": "2026年3月2日上午上班时间，在办公楼三层茶水间打扑克约一小时。\n同日外出没有按规定请假。",
        "reasons": "以上情况有考勤记录和本人说明证实，违反工作纪律；本人能够认识。",
        "requirements": "严格遵守上班和请假纪律，认真履行分管职责。",
        "ancillary": ("written_self_criticism",) if form in WITH_TERM else (),
        "months": months_of(form, load(profile)),
        "served_on": "2026-10-08" if is_served else "",
        "last_day": {"admonition": "2027-04-08", "suspension": "2027-10-08"}[form] if runs else "",
        "talk": TALK if form in TALKS else None,
        "before": _before(form) if form in FOLLOWING else None,
    }
    return Document(**fields | changes)  # type: ignore[arg-type]


def _before(form: str) -> dict[str, str]:
    is_suspension = form in {"restore_post", "reassign_non_leading", "demote_deputy_section", "demote_ordinary"}
    return {
        "form": "suspension" if is_suspension else "admonition",
        "year": "2025",
        "number": "3",
        "served_on": "2025-09-01",
        "last_day": "2026-09-01" if is_suspension else "2026-03-01",
        "pay": "按新任职级执行",
    }


def a_record_book() -> WrittenBook:
    """The record book of an invented station."""
    entries = (
        (
            "1．2026年6月12日　记录人：澹台听雨",
            "公冶望舒 · 区水利局 副局长",
            "参加社区服务",
            "周末到社区做志愿服务，帮独居老人打扫院子",
            "正面情况，予以肯定",
        ),
        (
            "2．2026年6月20日　记录人：钟离知夏",
            "亓官寒汀 · 区教育局 副局长",
            "公车、公家的人办私事",
            "下班后用单位的车接亲戚",
            "不作处理",
        ),
    )
    return WrittenBook(
        title="柳岸社区干部监督联络站记录簿",
        particulars=[
            Attendance("记录时间：", "2026年第二季度"),
            Attendance("报　　送：", "澹台听雨（2026年6月23日）"),
            Attendance("站长签字：", "夹谷景明（2026年6月24日）"),
        ],
        sections=[
            Section(
                head,
                [
                    f"是哪一位？{who}",
                    f"是哪方面的事？{matter}",
                    f"简单说，是一件什么事？{what}",
                    f"调阅意见：{result}。",
                ],
            )
            for head, who, matter, what, result in entries
        ],
        closing=["以上共2条。"],
        issuer="柳岸社区干部监督联络站",
        day="2026年6月24日",
        signed_on=date(2026, 6, 24),
        taken_out="闾丘新桐于2026-09-30 09:08取出",
    )


def heads_minutes() -> WrittenMinutes:
    """The minutes of an invented meeting of heads."""
    stations = [f"{name}社区干部监督联络站" for name in ("柳岸", "桃蹊", "梧桐", "石桥", "南塘", "湖滨")]
    heads = ("闾丘新桐", "夹谷景明", "公良苇杭", "濮阳朝云")
    return WrittenMinutes(
        mark="联络站长汇报会纪要",
        number="2026年第二季度",
        issuer="区委组织部",
        day="2026年7月20日",
        title="2026年第二季度联络站长汇报会纪要",
        opening=["2026年7月20日09:30，在区委三楼会议室召开汇报会。应到联络站6个，站长到会4个，代为参加1个，缺席1个。"],
        sections=[
            Section("会议议程", ["1．听取各站二季度情况汇报", "2．通报报送情况", "3．部署下半年工作"]),
            Section("会议情况", ["各站汇报了二季度情况。", "会议要求按时报送，平时遇到的才记，不打听、不跟踪。"]),
        ],
        attendance=[
            Attendance("站长出席：", "、".join(f"{one}（{name}）" for one, name in zip(stations, heads, strict=False))),
            Attendance("代为参加：", stations[4]),
            Attendance("缺席：", stations[5]),
        ],
        held_on=date(2026, 7, 20),
        taken_out="闾丘新桐于2026-09-30 09:08取出",
    )
