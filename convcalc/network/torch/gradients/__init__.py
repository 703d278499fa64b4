"""What autograd needs of a forward, told of shapes alone.

storage     the memory of a tensor, and whether gradients are taken now
contexts    decorators and contexts, in which gradients are taken or not
rules       what a call keeps for its backward, by the rule of its operation or layer
steps       functions that PyTorch makes of others, taken step by step again
products    what products of matrices keep
matrices    what is kept of matrices that are taken apart, and of what is made of several
statistics  what is kept of numbers that are counted, ordered and weighed together
losses      what losses keep
attention   what attention keeps
"""
