"""Functions that do what a layer of the same name does, and keep what it keeps.

activations  activations and dropouts
tables       rows of a table, looked up by index
composed     what layers keep that are made of other operations
grading      what of a layer's result needs a gradient
"""
