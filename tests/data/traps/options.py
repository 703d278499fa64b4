import argparse
import torch.nn as nn

parser = argparse.ArgumentParser(description='all kinds of options')
parser.add_argument('data', nargs='?', default='imagenet')
parser.add_argument('-w', '--width', default=12, type=int)
parser.add_argument('--hidden-dims', type=lambda s: [int(n) for n in s.split(',')], default='8,16')
parser.add_argument('--kernels', nargs='+', type=int, default=[3, 5])
parser.add_argument('--no-bias', dest='bias', action='store_false')
parser.add_argument('--deep', action='store_true')
parser.add_argument('--scale', type=float)
parser.add_argument('--act', choices=['ReLU', 'GELU'], default='GELU')
group = parser.add_argument_group('more')
group.add_argument('--classes', type=int, default=4)
parser.set_defaults(width=10)
args, unknown = parser.parse_known_args()
args.extra = 6 if args.scale is None else 60

layers, c = [], 3
for k, w in zip(args.kernels, [args.width] + args.hidden_dims):
    layers += [nn.Conv1d(c, w, k, bias=args.bias), getattr(nn, args.act)()]
    c = w
if args.deep:
    layers.append(nn.Conv1d(c, c, 1))
layers.append(nn.Conv1d(c, args.extra, 1))
layers.append(nn.Conv1d(args.extra, vars(args)['classes'], 1))
model = nn.Sequential(*layers)
