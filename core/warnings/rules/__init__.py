"""The rules of warnings, pure: terms, effects, what an assessment may lead to, who decides, and the lifecycle."""
