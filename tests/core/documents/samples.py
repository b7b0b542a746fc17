"""Documents of measures as they are served: everybody in them is invented."""

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
