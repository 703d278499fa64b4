"""What autograd needs of a forward, told of shapes alone.

storage    the memory of a tensor, and whether gradients are taken now
rules      what a call keeps for its backward, by the rule of its operation or layer
products   what products of matrices keep
attention  what attention keeps
"""
