"""A torch whose tensors are only shapes, in plain Python.

- `errors`: what PyTorch raises where shapes don't fit, with what is known of it.
- `watch`: who is told what happens: nobody, or a network's trace.
- `dtypes`: the kinds of numbers, in one table.
- `sizes`, `strides`, `fields`: the sizes of a tensor, where its numbers lie in memory, and what its
  positions see of the network's input.
- `batch`: how many samples there are, as a number in a program.
- `tensor`: a tensor; what its operators and methods do stands in `functions`.
- `functions`: torch's functions, a file per chapter.
- `module`: nn.Module; `states`: its states, hooks and copies.
- `containers`: nn.Sequential and its like.
- `layers`: a class for each of PyTorch's layers and losses; `layer_texts`: what they show.
- `init`, `nn`, `namespace`: the names of torch.nn.init, torch.nn and torch.
- `written`: classes of torch.nn that are made of others, in the Python that is read.
"""
