"""Questions about one layer.

question    a layer as somebody asks about it, made into one of the vocabulary's
line        the line of PyTorch that builds a layer
shape       what comes out, and how it unfolds
params      how many weights it has, and how much work it does
demo/       a layer with its numbers, step by step
solve       which layers turn this shape into that one
"""
