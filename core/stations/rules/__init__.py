"""The rules of the stations, pure: when a round runs, how an obligation goes on, who is told when."""
