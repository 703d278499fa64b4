"""Installed packages: where they are looked for, what is read of them, and what never is."""

import sys

import pytest

from convcalc.reading.files import MOST_FILES, Project
from convcalc.reading.texts.folders import Packages, folders, within
from convcalc.reading.values import Unknown


def written(folder, files):
    """Write files below a folder, by their paths."""
    for path, words in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(words, encoding="utf-8")
    return folder


def names_of(folder, program, packages):
    """Return the names of a program that uses packages, and the project that read it."""
    path = folder / "program.py"
    path.write_text(program, encoding="utf-8")
    project = Project(path, lambda name: None, packages=packages)
    project.main.read()
    return project.main.names, project


@pytest.fixture
def site(tmp_path):
    return tmp_path / "site-packages"


# -- Where they lie --------------------------------------------------------------------------------


def environment(folder, version="3.12", below="lib/python{}/site-packages"):
    (folder / below.format(version)).mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text("home = /usr/bin\n", encoding="utf-8")
    return folder / below.format(version)


def test_the_order_of_the_folders(tmp_path, monkeypatch):
    given, active, conda = (
        environment(tmp_path / each, "3.11") for each in ("given", "active", "conda")
    )
    beside = environment(tmp_path / "project" / ".venv")
    environment(tmp_path / "venv")  # further up than the nearest
    ours = tmp_path / "ours" / "dist-packages"
    ours.mkdir(parents=True)
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "active"))
    monkeypatch.setenv("CONDA_PREFIX", str(tmp_path / "conda"))
    monkeypatch.setattr(sys, "path", [str(ours), str(tmp_path)])
    path = tmp_path / "project" / "models" / "net.py"
    assert folders(path, [tmp_path / "given"]) == [given, active, conda, beside, ours]
    assert folders(path, [given])[0] == given


def test_an_environment_without_its_configuration_is_none(tmp_path, monkeypatch):
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    monkeypatch.setattr(sys, "path", [])
    (tmp_path / ".venv" / "lib" / "python3.12" / "site-packages").mkdir(parents=True)
    assert folders(tmp_path / "net.py") == []


def test_the_newest_python_of_an_environment_comes_first(tmp_path):
    found = [environment(tmp_path, version) for version in ("3.9", "3.13", "3.10")]
    assert list(within(tmp_path)) == [found[1], found[2], found[0]]
    windows = environment(tmp_path / "w", below="Lib/site-packages")
    assert list(within(tmp_path / "w")) == [windows]


# -- What is read of them -----------------------------------------------------------------------

GATHERED = {
    "zoo/__init__.py": "from .models import *\nfrom .registry import make\n",
    "zoo/models/__init__.py": "from .cat import *\nfrom .dog import *\nfrom .fish import *\n",
    "zoo/models/cat.py": "__all__ = ['Cat']\nclass Cat: legs = 4\ndef hidden(): pass\n",
    "zoo/models/dog.py": "class Dog: legs = 4\ntail = 1\n_own = 2\n",
    "zoo/models/fish.py": "class Fish: legs = 0\ntail = 5\n",
    "zoo/registry.py": "def make(name):\n    import zoo\n    return getattr(zoo, name)()\n",
}


def test_only_the_file_that_has_a_name_is_read(tmp_path, site):
    packages = Packages([written(site, GATHERED)])
    names, project = names_of(tmp_path, "import zoo\nlegs = zoo.make('Dog').legs\n", packages)
    assert names["legs"] == 4
    begun = {each.name for each in project.files.values() if each.begun}
    assert "zoo/models/dog.py" in begun
    assert not begun & {"zoo/models/cat.py", "zoo/models/fish.py"}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("zoo.models.tail", 5),  # the last that gives a name
        ("hasattr(zoo, 'hidden'), hasattr(zoo, '_own')", (False, False)),
        ("sorted(name for name in vars(zoo.models) if name[0] in 'CDF')", ["Cat", "Dog", "Fish"]),
    ],
)
def test_names_that_are_gathered_are_those_of_python(tmp_path, site, expression, value):
    packages = Packages([written(site, GATHERED)])
    names, _ = names_of(tmp_path, f"import zoo\nfound = {expression}\n", packages)
    assert names["found"] == value


def test_a_name_that_was_there_gives_way_to_one_that_is_gathered(tmp_path, site):
    files = {"a/__init__.py": "size = 1\nfrom .b import *\nkept = size\n", "a/b.py": "size = 2\n"}
    names, _ = names_of(tmp_path, "from a import kept\nfound = kept\n",
                        Packages([written(site, files)]))  # fmt: skip
    assert names["found"] == 2


LAZY = {
    "lazy/__init__.py": (
        "from typing import TYPE_CHECKING\nimport sys\n"
        "if TYPE_CHECKING:\n    from .bert import *\n    from .vit import *\n"
        "else:\n    sys.modules[__name__] = Lazy(__name__)\n"
    ),
    "lazy/bert/__init__.py": (
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from .modeling_bert import *\n"
        "else:\n    import sys\n    sys.modules[__name__] = Lazy(__file__)\n"
    ),
    "lazy/bert/modeling_bert.py": "__all__ = ['BertModel']\nclass BertModel: width = 768\n",
    "lazy/vit/__init__.py": "raise RuntimeError('not needed')\n",
}


def test_a_table_of_lazy_imports_is_followed(tmp_path, site):
    packages = Packages([written(site, LAZY)])
    names, project = names_of(
        tmp_path, "from lazy import BertModel\nfound = BertModel.width\n", packages
    )
    assert names["found"] == 768
    assert not any(each.begun for each in project.files.values() if "vit" in each.name)


def test_modules_are_found_while_a_program_runs(tmp_path, site):
    program = (
        "import importlib, importlib.util, importlib.metadata, sys\n"
        "cat = importlib.import_module('.cat', 'zoo.models').Cat.legs\n"
        "there = importlib.util.find_spec('zoo') is not None\n"
        "gone = importlib.util.find_spec('nothing') is None\n"
        "origin = importlib.util.find_spec('zoo').origin\n"
        "same = sys.modules['zoo.models'].Cat.legs, sys.modules[__name__].cat, 'n' in sys.modules\n"
    )
    names, _ = names_of(tmp_path, program, Packages([written(site, GATHERED)]))
    assert names["cat"] == 4
    assert isinstance(names["origin"], Unknown)
    assert (names["there"], names["gone"]) == (True, True)
    assert names["same"] == (4, 4, False)


def test_a_file_beside_the_program_comes_before_a_package(tmp_path, site):
    written(tmp_path, {"zoo.py": "legs = 3\n"})
    names, project = names_of(tmp_path, "import zoo\nlegs = zoo.legs\n",
                              Packages([written(site, GATHERED)]))  # fmt: skip
    assert names["legs"] == 3
    assert list(project.installed.notes()) == []


def test_the_note_names_package_version_and_folder(tmp_path, site):
    written(site, {**GATHERED, "Zoo-1.2.dist-info/METADATA": "", "zoo_more-3.dist-info/RECORD": ""})
    _, project = names_of(tmp_path, "import zoo\nlegs = zoo.Dog.legs\n", Packages([site]))
    assert list(project.installed.notes()) == [f"zoo 1.2 is read from {site}."]


def test_a_package_takes_texts_without_an_order_in_any(tmp_path, site):
    files = {"kinds.py": "found = {}\nfor each in {'b', 'a'}:\n    found[each] = len(found)\n"
                         "listed = list({'d', 'c'})\n"}  # fmt: skip
    program = "import kinds\ncount = len(kinds.found), len(kinds.listed)\nown = [*{'b', 'a'}]\n"
    names, _ = names_of(tmp_path, program, Packages([written(site, files)]))
    assert names["count"] == (2, 2)
    assert isinstance(names["own"], Unknown)


# -- What never is ------------------------------------------------------------------------------


def test_no_line_of_a_pth_file_is_read_and_nothing_is_executed(tmp_path, site):
    mark = tmp_path / "executed"
    written(site, {
        "evil.pth": f"import pathlib; pathlib.Path({str(mark)!r}).touch()\n{tmp_path}/elsewhere\n",
        "evil/__init__.py": f"import os\nos.system('touch {mark}')\n"
                            f"open({str(mark)!r}, 'w')\nsize = 3\n",
    })  # fmt: skip
    written(tmp_path / "elsewhere", {"added.py": "size = 4\n"})
    names, project = names_of(
        tmp_path, "import evil\nfound = evil.size\nimport added\nother = added.size\n",
        Packages([site]),
    )  # fmt: skip
    assert names["found"] == 3
    assert isinstance(names["other"], Unknown)
    assert not mark.exists()
    assert not any("added" in each.name for each in project.files.values())


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize("whole", [True, False])
def test_no_link_is_followed_out_of_the_folder(tmp_path, site, whole):
    outside = written(
        tmp_path / "etc", {"__init__.py": "secret = 1\n", "passwd.py": "secret = 1\n"}
    )
    site.mkdir()
    if whole:
        (site / "evil").symlink_to(outside)
    else:
        written(site, {"evil/__init__.py": "from .passwd import secret\n"})
        (site / "evil" / "passwd.py").symlink_to(outside / "passwd.py")
    names, project = names_of(tmp_path, "import evil\nfound = evil.secret\n", Packages([site]))
    assert isinstance(names["found"], Unknown)
    assert "link out of" in names["found"].why
    assert not any(outside in path.parents for path in project.files)


def test_a_package_of_very_many_files_is_bounded(tmp_path, site):
    count = MOST_FILES + 50
    files = {f"many/m{at}.py": f"from .m{at + 1} import *\n" for at in range(count)}
    written(site, {"many/__init__.py": "from .m0 import *\n", **files, f"many/m{count}.py": ""})
    names, _ = names_of(tmp_path, "import many\nfound = many.m0.name\n", Packages([site]))
    assert isinstance(names.get("found", Unknown("")), Unknown)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"\xff\xfe\x00", "not a text in UTF-8"), (b"x = 1\n" * 200_000, "more than"),
     (b"def f(:\n", "line 1"), (b"a = '\x00'\n", "null byte")],
)  # fmt: skip
def test_files_that_cannot_be_read(tmp_path, site, content, sentence):
    written(site, {"bad/__init__.py": ""})
    (site / "bad" / "__init__.py").write_bytes(content)
    names, project = names_of(tmp_path, "import bad\nfound = bad.name\n", Packages([site]))
    ended = project.main.ended
    said = names["found"].why if ended is None else str(ended)
    assert "bad/__init__.py" in said
    assert sentence in said


def test_the_standard_library_and_torch_are_never_read_from_there(tmp_path, site):
    written(site, {"math.py": "pi = 3\n", "typing_extensions.py": "x = 1\n"})
    names, project = names_of(
        tmp_path, "import math\nimport typing_extensions\nfound = math.pi\n", Packages([site])
    )
    assert names["found"] > 3
    assert not any(site in path.parents for path in project.files)
