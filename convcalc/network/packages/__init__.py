"""What is known of other libraries than torch.

- `einops`: its functions and layers.
- `numpy`: the functions that models work out their sizes with.
- `lightning`, `huggingface`: bases that are nn.Module as far as shapes go, or nothing.
- `known_libraries`: those that train, load, log and draw, and leave alone what they are given.
"""
