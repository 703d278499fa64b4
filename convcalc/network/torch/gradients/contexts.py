"""Decorators and contexts, of which some say whether gradients are taken within."""

from __future__ import annotations

from collections.abc import Callable
from types import MethodType

from convcalc.network.torch.errors import misfit
from convcalc.network.torch.gradients.storage import AUTOCAST, GRADIENTS
from convcalc.network.torch.watch import WATCHER
from convcalc.reading.values import Needed, Unknown, Value


class Around(Value):
    """A decorator or context, with settings or without: shapes in it are what they are outside."""

    __slots__ = ("name", "takes")

    def __init__(self, name: str, takes: str = "") -> None:
        self.name = name
        self.takes = takes.split()

    def __repr__(self) -> str:
        return self.name

    def __call__(self, *given: object, **named: object) -> object:
        """Return a function as it is; itself, where it is given settings."""
        function = given[0] if given and callable(given[0]) else None
        strange = next((name for name in named if name not in self.takes), None)
        if strange is not None or len(given) > len(self.takes) + (function is not None):
            raise misfit(f"{self.name}() takes no argument {strange or 'more'}", TypeError)
        return self if function is None else function

    def __enter__(self) -> Around:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        """Let an error pass."""


class Within(Value):
    """A function that is called within a context, as a decorator makes it."""

    __slots__ = ("context", "function")

    def __init__(self, function: Callable[..., object], context: Grading | Autocast) -> None:
        self.function = function
        self.context = context

    def get(self, name: str) -> object:
        """Return what the function itself has."""
        return getattr(self.function, name)

    def __call__(self, /, *arguments: object, **named: object) -> object:
        """Call the function within the context."""
        with self.context.again():
            return self.function(*arguments, **named)

    def __get__(self, owner: object, cls: type | None = None) -> object:
        return self if owner is None else MethodType(self, owner)

    def __repr__(self) -> str:
        return repr(self.function)


class Grading(Around):
    """A context in which gradients are taken or not, also as a decorator; or from here on."""

    __slots__ = ("before", "mode", "outside")

    def __init__(self, name: str, takes: str = "", mode: bool = False) -> None:
        super().__init__(name, takes)
        self.mode = mode
        self.outside = GRADIENTS.get()
        self.before: list[bool] = []

    def again(self) -> Grading:
        """Return the same context, to be entered anew."""
        return Grading(self.name, mode=self.mode)

    def __call__(self, *given: object, **named: object) -> object:
        """Return a function that is called so, or a context; set it from here on where it says."""
        function = super().__call__(*given, **named)
        if function is not self:
            return Within(function, self)  # type: ignore[arg-type]
        made = self.again()
        if self.takes:
            asked = given[0] if given else named.get("mode", True)
            if isinstance(asked, Unknown):
                raise Needed(asked)
            made.mode = bool(asked) is (self.name == "set_grad_enabled")
        if self.name == "set_grad_enabled":
            GRADIENTS.set(made.mode)
        return made

    def __enter__(self) -> Grading:
        sets = self.name == "set_grad_enabled"
        self.before.append(self.outside if sets else GRADIENTS.get())
        GRADIENTS.set(self.mode)
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        GRADIENTS.set(self.before.pop())


class Autocast(Around):
    """A context in which operations take another kind of numbers, which isn't followed."""

    __slots__ = ("before", "enabled")

    def __init__(self, name: str, takes: str = "", enabled: object = True) -> None:
        super().__init__(name, takes)
        self.enabled = enabled
        self.before: list[bool] = []

    def again(self) -> Autocast:
        """Return the same context, to be entered anew."""
        return Autocast(self.name, " ".join(self.takes), self.enabled)

    def __call__(self, *given: object, **named: object) -> object:
        """Return a function that is called so, or the context with its settings."""
        made = super().__call__(*given, **named)
        if made is not self:
            return Within(made, self)  # type: ignore[arg-type]
        asked = {**dict(zip(self.takes, given, strict=False)), **named}
        return Autocast(self.name, " ".join(self.takes), asked.get("enabled", True))

    def __enter__(self) -> Autocast:
        if self.enabled:
            WATCHER.get().keeps_unknown("autocast")
        self.before.append(AUTOCAST.get())
        AUTOCAST.set(bool(self.enabled))
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        AUTOCAST.set(self.before.pop())
