"""Python that is read and never executed: programs followed on Python's own values.

It knows nothing of tensors, and could stand alone: `files.read` follows a text. What it reads is
made by its caller or by a table; one gate stands before all attributes.

exceptions   what ends a reading, and where something was raised
values       what a value is asked, where Python's own values aren't enough; what isn't known
attributes   the one gate through which a program reaches attributes
bounds       every limit, and the guards of steps, time and memory
syntax       Python's own parser, and what the pieces of a text are
texts/       the texts of files, before anything of them is followed
reader       where a reading is in a program: scopes, calls, and what follows what
functions    functions that are read: their arguments, and how their bodies are followed
expressions  how each kind of expression is followed
classes      how a class that is read is made: a real one of Python's
patterns     the patterns of a match statement
statements   how each kind of statement is followed
generators   how the body of a function that yields is followed
skipped      what a statement that isn't understood makes unknown
calls        how a value is called
library/     what programs find: Python's built-in names, and its standard library
files        a file's names, its imports, and the files beside it; the one way in
"""
