"""JSON to dataclasses, by the types of their fields: what the program writes is declared once."""

from dataclasses import Field, fields, is_dataclass
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


def decode(kind: type[T], value: Any) -> T:
    """`value`, as `json` reads it, as a `kind`. Fields that a newer program adds are left out.

    Raises ValueError where a field is missing, or is no `kind`.
    """
    try:
        decoded: T = _decode(kind, value)
    except (KeyError, TypeError) as wrong:
        raise ValueError(f"not as expected of a {kind.__name__}: {wrong!r}") from wrong
    return decoded


def _decode(kind: Any, value: Any) -> Any:
    if is_dataclass(kind):
        return _record(kind, value)
    if get_origin(kind) is tuple:
        return tuple(_decode(get_args(kind)[0], item) for item in value)
    if isinstance(kind, UnionType):
        return None if value is None else _decode(_present(kind), value)
    if kind is datetime:
        return datetime.fromisoformat(value.replace("Z", "+00:00"))
    return date.fromisoformat(value) if kind is date else value


def _record(kind: Any, value: dict[str, Any]) -> Any:
    hints = get_type_hints(kind)
    given = {own.name: value[key(own)] for own in fields(kind) if key(own) in value}
    return kind(**{name: _decode(hints[name], part) for name, part in given.items()})


def key(own: "Field[Any]") -> str:
    """What a field is called in JSON."""
    return str(own.metadata.get("key", own.name))


def _present(kind: Any) -> Any:
    """The X of `X | None`."""
    return next(part for part in get_args(kind) if part is not NoneType)
