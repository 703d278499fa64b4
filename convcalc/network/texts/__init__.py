"""Networks that are written without a class's source: made into a tree of modules.

wrapped     texts as people copy them: between prompts or fences, in one line
instead     what people have instead of a model, met by its name
literals    arguments as print(model) shows them, and values as people type them
printed     what print(model) shows, line by line
builder     the modules of it
layer_list  layers written in Python, without a class
"""
