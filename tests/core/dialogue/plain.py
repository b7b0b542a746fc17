"""A front end in plain text: it speaks codes where a real one asks its catalogue, and understands a few commands."""

from collections.abc import Callable, Iterator

from core.dialogue import Aborted, Dialogue, Done, FileRef, Page, Problem, Question, Raw, Review, State, Step

Shown = Step | Page | Done


def render(step: Shown) -> Iterator[str]:
    match step:
        case Question():
            yield from _question(step)
        case Review():
            yield "[review]"
            yield from (note.label for note in step.notes)
            for number, line in enumerate(step.lines, start=1):
                yield f"{number}. {line.label} {' / '.join(line.values) or '-'}"
        case Page():
            yield "[page]"
            yield from (f"{name}: {_problem(problem)}" for name, problem in step.problems.items())
        case Aborted():
            yield f"[aborted {step.reason} {step.category}] {step.label}"
        case Done():
            yield f"[done] {' '.join(f'{name}={value}' for name, value in step.calculated.items())}"


def _question(step: Question) -> Iterator[str]:
    yield from (note.label for note in step.notes)
    mark = "" if step.required else " (skip)"
    yield f"[{step.progress.number}/{step.progress.total}]{' [edit]' if step.editing else ''} {step.label}{mark}"
    yield from (f"  {option.number} {option.label}{' *' if option.chosen else ''}" for option in step.options)
    if step.answer is not None and not step.options:
        parts = step.answer if isinstance(step.answer, tuple) else (step.answer,)
        yield f"  = {' / '.join(part.name if isinstance(part, FileRef) else str(part) for part in parts)}"
    elif step.default and not step.options:
        yield f"  ? {step.default}"
    if step.problem:
        yield f"  ! {_problem(step.problem)}"


def _problem(problem: Problem) -> str:
    params = "".join(f" {key}={value}" for key, value in problem.params.items())
    return f"{problem.code}{params}{': ' if problem.text else ''}{problem.text}"


class Talk:
    """One conversation: what is said goes to the engine, saved and read again each time."""

    def __init__(self, dialogue: Dialogue, language: str) -> None:
        self.dialogue = dialogue
        self.step: Shown = dialogue.start(language)

    def say(self, line: str) -> list[str]:
        assert not isinstance(self.step, Aborted | Done), "the conversation is over"
        state = State.from_json(self.step.state.to_json())
        self.step = self._do(state, line)
        return list(render(self.step))

    def _do(self, state: State, line: str) -> Shown:
        command, _, rest = line.partition(" ")
        verbs: dict[str, Callable[[], Shown]] = {
            "/back": lambda: self.dialogue.back(state),
            "/skip": lambda: self.dialogue.skip(state),
            "/keep": lambda: self.dialogue.keep(state),
            "/edit": lambda: self.dialogue.edit(state, rest),
            "/submit": lambda: self.dialogue.submit(state),
            "/speak": lambda: self.dialogue.speak(state, rest),
            "/file": lambda: self.dialogue.attach(state, _file(rest)),
            "/all": lambda: self.dialogue.answer_all(state, _answers(rest)),
        }
        return verbs.get(command, lambda: self.dialogue.advance(state, line))()


def _file(words: str) -> FileRef:
    name, media_type, size = words.split()
    return FileRef(f"id-{name}", name, int(size), media_type)


def _answers(pairs: str) -> dict[str, Raw]:
    """Read ``name=value;name=value`` as the fields of a page."""
    return dict(pair.partition("=")[::2] for pair in pairs.split(";"))
