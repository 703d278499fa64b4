"""The texts of files, before anything of them is followed.

data       JSON, however deep it is nested
notebooks  the code cells of a notebook as one text of Python
sources    the texts of files, and their syntax
"""
