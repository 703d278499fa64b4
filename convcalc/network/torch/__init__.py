"""A torch whose tensors are only shapes, in plain Python: it can be tried without a reader.

errors               what PyTorch raises where shapes don't fit, with what is known of it
watch                who is told what happens: nobody, or a network's trace
dtypes               the kinds of numbers, in one table
sizes                the sizes of a tensor, and what those of several make together
strides              how far apart its numbers lie in memory
fields               what its positions see of the network's input
batch                how many samples there are, as a number in a program
tensor               a tensor
gradients/           what autograd needs of a forward
functions/           what its operators and methods do, and torch's functions
rooms/               torch's functions by their names, each loaded with its file
states               the states, hooks and copies of modules
module               nn.Module
containers           nn.Sequential and its like
layer_texts          what layers show of themselves
layers               a class for each of PyTorch's layers and losses
classes/             what is checked of layers, and the classes of losses
written/             classes of torch.nn that are made of others, in the Python that is read
nn                   the names of torch.nn
namespace            the names of torch
"""
