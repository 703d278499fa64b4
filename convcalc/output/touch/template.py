"""A page filled into its template, in its colours: one file, which needs nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from convcalc.output.picture import THEMES
from convcalc.text import own_text

HERE = Path(__file__).parent

COLOURS = {
    "light": {"line": "#d0d5db", "soft": "#eef1f4", "tint": "85% 84%", "shade": "60% 45%"},
    "dark": {"line": "#3a4048", "soft": "#24282f", "tint": "50% 25%", "shade": "60% 55%"},
}
"""The colours of lines and backgrounds; saturation and lightness of a hue."""


def written(name: str) -> str:
    """Return a file that pages are made of, as it stands."""
    return own_text(HERE / name)


def filled(name: str, parts: Mapping[str, str]) -> str:
    """Return a template with its parts in the places of their names: {{title}}."""
    return re.sub(r"\{\{(\w+)\}\}", lambda part: parts[part[1]], written(name))


def colours(theme: str | None) -> dict[str, str]:
    """Return the parts of a template for its colours: a theme's, or those of its reader's system.

    They are variables of CSS, in `light` those that hold unless it is `dark`.
    """
    if theme is not None:
        return {"scheme": theme, "light": _variables(theme), "dark": ""}
    dark = f"@media screen and (prefers-color-scheme:dark){{:root{{{_variables('dark')}}}}}"
    return {"scheme": "light dark", "light": _variables("light"), "dark": dark}


def _variables(theme: str) -> str:
    named = THEMES[theme] | COLOURS[theme]
    return "".join(f"--{name}:{colour};" for name, colour in named.items())
