"""What each of PyTorch's layers does: a frozen class each, with PyTorch's name and arguments.

A new one is told to `vocabulary`; what it shows of itself stands in network/torch/layer_texts, and
PyTorch's file in ROOMS of network/torch/layers. What PyTorch says of it is kept by
tests/data/make_layers.py and make_layer_truth.py.

base           what they have in common, and shapes that know which size counts the samples
convolution    convolutions and transposed convolutions
pooling        poolings, and what undoes them
linear         linear maps, tables of embeddings, distances
activation     activations and dropouts
normalisation  batch, layer, group and instance normalisations
padding        layers that pad
resizing       upsampling and shuffling of pixels
reshaping      flatten, unflatten, unfold and fold
recurrent      recurrent networks and their cells
attention      attention
vocabulary     every layer by its name
"""
