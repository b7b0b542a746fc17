"""The figures of signing in, in one place. They protect the installation and decide nothing about anybody."""

from datetime import timedelta
from typing import Final

# NIST SP 800-63B (2017), 5.1.1.2 asks for eight characters at least; a passphrase that locks a key deserves more.
SHORTEST_SECRET: Final = 12
LONGEST_SECRET: Final = 200

# NIST SP 800-63B (2017), 4.2.3: signed in anew after 12 hours in any case, and after 30 minutes without a request.
SESSION_LASTS: Final = timedelta(hours=12)
SESSION_IDLE: Final = timedelta(minutes=30)
SEEN_EVERY: Final = timedelta(minutes=1)  # finer than this the last use is not written down

TOKEN_LONGEST: Final = timedelta(days=366)  # a machine's secret is renewed at least once a year

# A few slips are free; then each costs twice the wait of the one before, and nobody is shut out for long.
FREE_TRIES: Final = 3
FIRST_WAIT: Final = timedelta(seconds=5)
LONGEST_WAIT: Final = timedelta(minutes=15)
TRIES_KEPT: Final = timedelta(days=1)

OPENING_LASTS: Final = timedelta(minutes=30)  # as long as one sits over one item
SHORTEST_REASON: Final = 5
LONGEST_REASON: Final = 500

LONGEST_REPEAT_KEY: Final = 200
REPEATS_KEPT: Final = timedelta(days=1)  # nobody repeats a request of yesterday
SESSIONS_KEPT: Final = timedelta(days=30)  # ended ones, so that a person can see where they were signed in
