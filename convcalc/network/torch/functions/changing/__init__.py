"""Functions that change a tensor in its place.

in_place  the methods that do
init      torch.nn.init
"""
