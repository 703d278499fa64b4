#!/usr/bin/env python
# coding: utf-8

# # Exercise 3: export of a notebook

# In[1]:


get_ipython().run_line_magic("matplotlib", "inline")
import numpy as np
import surely_not_installed as nothing
from surely_not_installed.somewhere import something

nothing.setup(seed=1)
IMAGES = np.load("images_that_are_not_here.npy")
STRIDE = 1

# In[2]:


get_ipython().system("pip install surely_not_installed")


def padded(x, p):
    return np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])


def conv2d(x, w, b=None, stride=STRIDE, pad=0) -> "np.ndarray":
    x = padded(x, pad)
    kh, kw = w.shape[2:]
    rows, cols = (x.shape[2] - kh) // stride + 1, (x.shape[3] - kw) // stride + 1
    y = np.zeros((len(x), len(w), rows, cols))
    for i in range(rows):
        for j in range(cols):
            part = x[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            y[:, :, i, j] = np.tensordot(part, w, ((1, 2, 3), (1, 2, 3)))
    return y if b is None else y + b.reshape(1, -1, 1, 1)


def unfold(x: nothing.Image, kernel_size: something, stride=1):
    kh, kw = kernel_size
    return np.stack(
        [
            x[:, :, i : i + kh, j : j + kw].reshape(len(x), -1)
            for i in range(0, x.shape[2] - kh + 1, stride)
            for j in range(0, x.shape[3] - kw + 1, stride)
        ],
        axis=1,
    )


# In[3]:


model = nothing.Model(conv2d)
for epoch in range(10**9):
    loss = model.step(IMAGES)
    print(epoch, loss)

while True:
    conv2d(IMAGES, IMAGES)

if __name__ == "__main__":
    raise SystemExit(model.evaluate())
