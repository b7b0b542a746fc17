"""A stateful peer that speaks the Telegram Bot API as its official server does; a process of its own."""
