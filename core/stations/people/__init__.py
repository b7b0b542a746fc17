"""Who is at the stations: the roster, the chats and links by which they are known, lists that bring them in."""
