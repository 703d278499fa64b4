"""Networks that are written without a class's source: made into a tree of modules.

literals    arguments as print(model) shows them, and values as people type them
printed     what print(model) shows, line by line
builder     the modules of it
layer_list  layers written in Python, without a class
"""
