"""The texts of files, before anything of them is followed.

data       JSON, however deep it is nested
folders    where installed packages lie, and the files of one
notebooks  the code cells of a notebook as one text of Python
sources    the texts of files, and their syntax
stars      the names that `from … import *` gives, looked up when one of them is needed
"""
