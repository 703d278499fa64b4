"""What programs find: Python's built-in names, and the standard library's modules that models use.

A module is Python's own where that is safe, or else a text in the Python that is read, which bears
the module's name. What the texts need of Python's own they import from `_native.types` and the
like, and what they ask of the reader from `_reader`; both stand in `natives`.

plain               the built-in names
natives             the modules that are Python's own: collections, enum, itertools, math, re …
_files              open(), of JSON files beside a program alone
_records            namedtuple and NamedTuple
__future__          what has long been so
argparse            arguments, which have their defaults
contextlib          what stands behind `with`
copy                copies, shallow and deep
dataclasses         classes from their annotations
functools           caches, reductions, wrappers
importlib           modules, which are found and never executed
importlib.metadata  their versions
importlib.util      whether they are there
logging             loggers, which write to no file
operator            operators as functions
os                  an empty environment, without files
os.path             paths as texts
pathlib             paths as objects
random              what isn't known
sys                 what is the same wherever a program runs
types               the types of functions, and simple namespaces
typing_extensions   what typing has
warnings            warnings, which write to no file
"""
