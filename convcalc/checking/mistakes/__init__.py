"""Known mistakes, each imitated, so that a wrong result can be recognised by being equal to it.

Wrong ways to lay windows, which are every operation's, are in `windows` beside this folder.

mistake   what a known mistake is, and what goes wrong in any operation
patches   how people get unfold and fold wrong
conv2d    how people get conv2d wrong
backward  how people get the backward pass wrong
tensors   what mistakes do to nested lists
"""
