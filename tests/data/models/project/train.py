import os
import sys
import time
import logging

import torch

from nets.classifier import Classifier
import options

logging.basicConfig(level=logging.INFO)
logger = logging.getLogger(__name__)

opts = options.Options()
start = time.time()
torch.manual_seed(opts.seed)

model = Classifier(opts.widths, opts.num_classes)
if os.path.exists(opts.weights):
    model.load_state_dict(torch.load(opts.weights))
logger.info("model with %d parameters", sum(p.numel() for p in model.parameters()))
optimizer = torch.optim.AdamW(model.parameters(), lr=opts.lr)


def train():
    for epoch in range(opts.epochs):
        logger.info("epoch %d after %.1f s", epoch, time.time() - start)


if __name__ == "__main__":
    sys.exit(train())
