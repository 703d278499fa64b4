"""What is known of other libraries than torch.

einops           its functions and layers
numpy            the functions that models work out their sizes with
lightning        its module, which is nn.Module as far as shapes go
huggingface      the base that saves and loads a model, and leaves it alone
known_libraries  those that train, load, log and draw, and leave alone what they are given
"""
