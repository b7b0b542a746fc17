"""Contents of messages that are neither text nor file, for ``Person.posts``; and origins of forwarded ones."""

from tests.peer.description import Json
from tests.peer.state import START

POLL: Json = {
    "poll": {
        "id": "1",
        "question": "?",
        "options": [{"text": "A", "voter_count": 0, "persistent_id": "0"}],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": True,
        "members_only": False,
    }
}
CONTACT: Json = {"contact": {"phone_number": "+8613800000000", "first_name": "Mei"}}
LOCATION: Json = {"location": {"latitude": 30.0, "longitude": 120.0}}
FROM_HIDDEN: Json = {"type": "hidden_user", "date": START, "sender_user_name": "Mei"}


def from_user(id: int, name: str) -> Json:  # noqa: A002 - Telegram's word
    """Return the origin of a message forwarded from somebody who does not hide."""
    return {"type": "user", "date": START, "sender_user": {"id": id, "is_bot": False, "first_name": name}}
