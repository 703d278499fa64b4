"""Somebody's own implementation of an operation, checked against the references.

check                 the check from its beginning to its end
operations            the operations: everything about each, in one place
cases                 the cases that each is asked
parameters            what each parameter of a function is for
call                  how a function is called
process               the process that it runs in, from outside
child                 the same from inside: a program of its own
compare               what a function returned, compared with what it should have
windows               how windows lie over an input, and wrong ways to lay them
tensors               what mistakes do to nested lists
mistakes              what a known mistake is
mistakes_of_patches   how people get unfold and fold wrong
mistakes_of_conv2d    how people get conv2d wrong
mistakes_of_backward  how people get the backward pass wrong
example               the worked example, which is wrong
"""
