"""Records: entries, how they are filed, signed, sent ahead, or entered by staff."""
