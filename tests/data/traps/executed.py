import torch.nn as nn

code = '''
width = 24
def make():
    return nn.Linear(4, width)
'''
exec(code)
model = nn.Sequential(make(), nn.ReLU())
