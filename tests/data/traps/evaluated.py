import torch.nn as nn

kinds = ['Linear(4, 8)', 'ReLU()', 'Linear(8, 2)']
model = nn.Sequential(*[eval('nn.' + kind) for kind in kinds])
