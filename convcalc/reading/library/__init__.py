"""The standard library's modules that models use, in the Python that is read.

Each bears its module's name. What they need of Python's own they import from `_native.types` and
the like, and what they ask of the reader from `_reader`; both stand in `natives`, which has the
modules that need no text at all.

__future__         what has long been so
argparse           arguments, which have their defaults
contextlib         what stands behind `with`
copy               copies, shallow and deep
dataclasses        classes from their annotations
functools          caches, reductions, wrappers
logging            loggers, which write nowhere
operator           operators as functions
os                 an empty environment, without files
os.path            paths as texts
pathlib            paths as objects
random             what isn't known
sys                what is the same wherever a program runs
types              the types of functions, and simple namespaces
typing_extensions  what typing has
warnings           warnings, shown nowhere
"""
