"""torch's functions and the methods of its tensors, as rules for shapes: a file per chapter.

The texts are made by tests/data/make_function_signatures.py, once a function is registered.

signatures.txt  what torch's functions take: the names of their arguments, and of what types
kinds.txt       the kinds of numbers that they refuse
limits.txt      the values that their arguments may have
names.txt       the names that PyTorch's modules have
signatures      how these four are read
registry        how a function is registered under its names, and what its call does
creating        tensors that are made from sizes and numbers, or of another kind
pointwise       functions of every number alone
paired          functions of numbers in the same places; operators
shaping         the same numbers in another shape, and parts of an axis
joining         tensors put together, and taken apart
reducing        one number of many along an axis; numbers put in order
matrices/       products of matrices, and what matrices are made of
fourier         Fourier transforms
indexing        items of a tensor, and functions that read or write at places
layered         what a layer's class does, done to tensors
functional      torch.nn.functional, where a layer does the same
losses          losses of torch.nn.functional
changing/       functions that change a tensor in its place
as_layers/      functions that keep what a layer keeps, and layers that keep what functions do
attributes      the attributes of a tensor, and the methods about its gradient
"""
