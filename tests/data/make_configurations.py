"""Ask omegaconf and easydict what their configurations answer, and keep it in configurations.json.

Run with omegaconf 2.4.0 and easydict 1.14: python tests/data/make_configurations.py

A case is lines of Python and an expression, with its value or the class of what it raises.
"""

import json
from pathlib import Path

from easydict import EasyDict
from omegaconf import OmegaConf

DATA = "{'a': 1, 'b': {'c': [1, {'d': 2}], 'e': None}, 'f': 'text'}"
EASY, OMEGA = f"c = EasyDict({DATA})", f"c = OmegaConf.create({DATA})"
BOTH = [
    ("", "[c.a, c['a'], c.b.c[1].d, c['b']['c'][1]['d'], c.b.e]"),
    ("", "[sorted(c), len(c), 'a' in c, 'z' in c, c.get('z', 3), c.get('a')]"),
    ("c.a = 5; c['n'] = {'m': 1}", "[c['a'], c.n.m]"),
    ("c.b.c[0] = 7", "c['b']['c'][0]"),
    ("", "[key for key, value in c.items() if isinstance(value, int)]"),
    ("", "(lambda a, **rest: a + len(rest))(**c)"),
    ("", "[hasattr(c, 'z'), getattr(c, 'z', 4), hasattr(c.b, 'c')]"),
    ("del c['a']", "'a' in c"),
    ("", "c.z"), ("", "c['z']"), ("", "[len(c.b.c), list(c.b.c)[0], c.b.c[0:1][0]]"),
    ("c.pop('a')", "sorted(c)"),
]  # fmt: skip
CASES = [
    *[(f"{make}; {lines}", value) for make in (EASY, OMEGA) for lines, value in BOTH],
    ("c = EasyDict(x=1, y=EasyDict(z=2))", "[c.x, c.y.z, isinstance(c, dict), type(c.y).__name__]"),
    (f"{EASY}; c.update({{'a': 3, 'q': {{'r': 1}}}})", "[c.a, c.q.r]"),
    (OMEGA, "OmegaConf.to_container(c)"), (OMEGA, "isinstance(c, dict)"),
    (f"{OMEGA}; d = OmegaConf.merge(c, {{'b': {{'e': 4}}, 'g': 5}})",
     "[d.b.e, d.b.c[0], d.g, d.a]"),
    (OMEGA, "[OmegaConf.select(c, 'b.c'), OmegaConf.select(c, 'b.z.y', default=1)][1]"),
    (OMEGA, "[OmegaConf.is_config(c), OmegaConf.is_list(c.b.c), OmegaConf.is_dict(c.b)]"),
    ("c = OmegaConf.create({'a': '???'})", "c.a"),
    ("c = OmegaConf.create({'a': '???'})", "'a' in c"),
]  # fmt: skip


def main():
    """Write what they answer."""
    found = []
    for lines, value in CASES:
        names = {"EasyDict": EasyDict, "OmegaConf": OmegaConf}
        case = {"lines": lines, "value": value}
        try:
            exec(lines, names)
            case["is"] = eval(value, names)
        except Exception as error:
            case["raises"] = type(error).__name__
        found.append(case)
    text = ",\n".join(json.dumps(case) for case in found)
    path = Path(__file__).with_name("configurations.json")
    path.write_text(f"[\n{text}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
