"""Somebody's own implementation of an operation, checked against the references.

check       the check of a file from its beginning to its end
several     the check of many files
choice      which function of the file is meant
operations  the operations: everything about each, in one place
layouts     how tensors are laid out
cases       the cases that each operation is asked
calls/      how a function is called
process     the process that it runs in, from outside
nursery     processes that have slow libraries from the beginning
child/      the same from inside
compare     what a function returned, compared with what it should have
diagnosis   which known mistake gives the very results
separates   what those cases share that fail
windows     how windows lie over an input, and wrong ways to lay them
mistakes/   the known mistakes
example     the worked example, which is wrong
"""
