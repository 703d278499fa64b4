"""The standard library's modules that models use, in the Python that is read.

Each bears its module's name. What they need of Python's own types they import from `_native`, and
what they ask of the reader from `_reader`.

__future__         what has long been so
_calls             how what a call is given gets its names, for namedtuple and dataclass
argparse           arguments, which have their defaults
bisect             places in what is in order
collections        namedtuple, Counter, ChainMap and the like
collections.abc    the abstract classes of containers
contextlib         what stands behind `with`
copy               copies, shallow and deep
dataclasses        classes from their annotations
enum               enumerations
functools          caches, reductions, wrappers
heapq              heaps
inspect            signatures, and questions about kinds
itertools          iterators
keyword            Python's reserved words
logging            loggers, which write nowhere
numbers            the abstract classes of numbers
operator           operators as functions
os                 an empty environment, without files
os.path            paths as texts
pathlib            paths as objects
random             what isn't known
statistics         means and the like
sys                what is the same wherever a program runs
textwrap           texts in lines
types              the types of functions, and simple namespaces
typing             what is said of types
typing_extensions  the same
warnings           warnings, shown nowhere
"""
