"""What stands beside the layers among the classes of torch.nn.

checks  what PyTorch checks of a layer when it is made, and when it is called
losses  a class for each of its losses
"""
