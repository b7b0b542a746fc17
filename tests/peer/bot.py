"""A bot as the server knows it: its chats, its updates, what it asked for."""

from collections import deque
from dataclasses import dataclass

from tests.peer.delivery import Delivery
from tests.peer.description import Json, Refused
from tests.peer.limits import Limits
from tests.peer.state import Chat, Fault, File, Message, Pressed, Profile, World
from tests.peer.switches import Switches

_KEPT = 200_000  # requests that the log keeps
_DAY = 86_400
PRESS_LASTS = 150


@dataclass(frozen=True, slots=True)
class Request:
    """A line of the log of requests."""

    at: float
    method: str
    chat: object
    code: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was accepted."""

    at: float
    method: str
    chat: int


class Bot:
    """Everything that belongs to one token."""

    def __init__(self, world: World, token: str, *, username: str, reads_groups: bool = False) -> None:
        self.world = world
        self.token = token
        self.json: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": username,
            "username": username,
        }
        self.reads_groups = reads_groups
        self.revoked = False
        self.down = False
        self.in_flight = 0
        self.chats: dict[int, Chat] = {}
        self.pressed: dict[str, Pressed] = {}
        self.profile = Profile()
        self.limits = Limits()
        self.switches = Switches()
        self.faults: list[Fault] = []
        self.requests: deque[Request] = deque(maxlen=_KEPT)
        self.sent: deque[Sent] = deque(maxlen=_KEPT)
        self.delivery = Delivery(world, lost=self.switches.lose_answer, is_down=lambda: self.down)
        self._last_message = 0

    @property
    def me(self) -> Json:
        """What ``getMe`` answers."""
        return {
            **self.json,
            "can_join_groups": True,
            "can_read_all_group_messages": self.reads_groups,
            "supports_inline_queries": False,
        }

    @property
    def busy(self) -> bool:
        """Whether an update is pending or a request is being carried out."""
        return bool(self.in_flight or self.delivery.pending)

    def chat(self, given: object) -> Chat:
        """Return the chat in which the bot may write; raises ``Refused``."""
        chat = self.known_chat(given)
        if chat.migrated_to is not None:
            raise Refused(
                "group chat was upgraded to a supergroup chat",
                kind="access",
                parameters={"migrate_to_chat_id": chat.migrated_to},
            )
        if chat.closed is not None:
            raise Refused(chat.closed, 403, kind="access")
        return chat

    def known_chat(self, given: object) -> Chat:
        """Return a chat, whether the bot may write in it or not; raises ``Refused``."""
        number = int(given) if isinstance(given, str) and given.lstrip("-").isdigit() else given
        if not isinstance(number, int) or number not in self.chats:
            raise Refused("chat not found", kind="state")
        return self.chats[number]

    def add(self, chat: Chat, sender: Json, content: Json, **more: object) -> Message:
        """Add a message to a chat; ids count over all chats of the bot, as in private chats and basic groups."""
        self._last_message += 1
        message = Message(self._last_message, sender, int(self.world.clock.now()), content, **more)  # type: ignore[arg-type]
        chat.messages[message.id] = message
        self.touch(chat)
        return message

    def touch(self, chat: Chat) -> None:
        """Say that a chat has changed."""
        chat.version += 1
        self.world.changes.tell()

    def tell(self, kind: str, body: Json, queue: tuple[str, int], *, lasts: float = _DAY) -> int | None:
        """Send the bot an update, if it wants that type; return its id."""
        return self.delivery.add(kind, body, queue, lasts) if self.delivery.wants(kind) else None

    def file_id(self, file: File) -> str:
        """Return the id under which this bot, and no other, finds the file."""
        return f"BQAC{self.json['id']}-{file.unique}"

    def file(self, file_id: str) -> File | None:
        """Return the file of such an id."""
        prefix = f"BQAC{self.json['id']}-"
        return self.world.files.get(file_id.removeprefix(prefix)) if file_id.startswith(prefix) else None

    def note(self, method: str, refused: Refused) -> None:
        """Remember what was refused on the peer's own account."""
        self.faults.append(Fault(method, refused.kind, refused.code, refused.description))
