"""What is loaded to answer: start-up is most of a small question's time, and grows unseen.

A module more in a list here is one that everybody waits for who asks this. Where that is meant,
`--update-golden` writes the lists anew.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHAPE = ["shape", "--in", "3x32x32", "--k", "3", "--p", "1"]
SEQUENTIAL = (
    "Sequential(\n  (0): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))\n  (1): ReLU()\n)\n"
)
ASKED = {
    "shape --format json": [*SHAPE, "--format", "json"],
    "shape": SHAPE,
    "net, printed layers as JSON": ["net", "printed.txt", "--in", "3x8x8", "--format", "json"],
    "net, printed layers": ["net", "printed.txt", "--in", "3x8x8"],
}
"""Light questions; each is named with what is loaded for it beyond the one before."""
PROGRAM = (
    "import sys\n"
    "from convcalc.cli import cli\n"
    "cli(sys.argv[1:], standalone_mode=False)\n"
    "own = {name for name in sys.modules if name.split('.')[0] == 'convcalc'}\n"
    "print(*sorted(own | {'rich'} & sys.modules.keys()), file=sys.stderr)\n"
)


def loaded(arguments, folder):
    """Return the modules of the package that a question loads, and Rich if it does."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=60,
        check=True,
    )
    return done.stderr.splitlines()[-1].split()


def test_what_a_question_loads(golden, tmp_path):
    (tmp_path / "printed.txt").write_text(SEQUENTIAL, encoding="utf-8")
    lists = []
    before = set()
    for name, arguments in ASKED.items():
        modules = loaded(arguments, tmp_path)
        lines = [f"+ {each}" for each in modules if each not in before]
        lines += [f"- {each}" for each in sorted(before - set(modules))]
        lists.append("\n".join([name, *lines]) + "\n")
        before = set(modules)
    golden("loaded.txt", "\n".join(lists))


def test_printed_layers_load_no_function_of_torch(tmp_path):
    """What is printed calls layers alone: the functions are a third of what a source loads."""
    (tmp_path / "printed.txt").write_text(SEQUENTIAL, encoding="utf-8")
    modules = loaded(ASKED["net, printed layers"], tmp_path)
    functions = {
        each.rpartition(".")[2]
        for each in modules
        if each.startswith("convcalc.network.torch.functions.")
    }
    assert functions == {"as_layers", "grading", "layered", "registry", "signatures"}
    assert not {"convcalc.network.choice", "convcalc.network.torch.namespace"} & {*modules}
