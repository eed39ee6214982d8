#!/usr/bin/env python3
"""Learning a supermask on LeNet-300-100 in plain PyTorch: frozen weights, Bernoulli masks, SGD on the scores.

usage: pytorch_supermask.py FOLDER
FOLDER holds pixels.npy, labels.npy, orders.npy [epochs, examples] and weight-K.npy of layers K = 0, 1, 2; biases are
zero. Reads commands, one a line, and answers each with one line of JSON:
  check plain|rescaled N    learn for N steps: their mean loss
  time plain|rescaled N     learn for N steps: seconds
"""
import json, sys, time
import one_thread, numpy as np, torch
import torch.nn.functional as F

BATCH = 250
folder = sys.argv[1]


def load(name):
    return torch.from_numpy(np.load(f'{folder}/{name}.npy'))


class Learning:
    def __init__(self, rescaled):
        self.rescaled = rescaled
        self.weights = [load(f'weight-{k}') for k in range(3)]
        self.scores = [torch.zeros_like(weight, requires_grad=True) for weight in self.weights]
        self.sgd = torch.optim.SGD(self.scores, lr=100, momentum=0.9)
        self.done = 0

    def net(self, x):
        for k, (weight, score) in enumerate(zip(self.weights, self.scores)):
            p = torch.sigmoid(score)
            mask = torch.bernoulli(p.detach()) + p - p.detach()
            masked = weight * mask
            if self.rescaled:
                masked = masked * (mask.numel() / mask.sum())
            x = F.linear(x, masked)
            if k < 2:
                x = F.relu(x)
        return x

    def step(self):
        epoch, place = divmod(self.done, orders.shape[1] // BATCH)
        i = orders[epoch, place * BATCH:(place + 1) * BATCH]
        self.sgd.zero_grad()
        loss = F.cross_entropy(self.net(X[i]), Y[i])
        loss.backward()
        self.sgd.step()
        self.done += 1
        return loss

    def check(self, steps):
        return sum(self.step().item() for _ in range(steps)) / steps

    def time(self, steps):
        start = time.perf_counter()
        for _ in range(steps):
            self.step()
        return time.perf_counter() - start


X, Y = load('pixels').float() / 255, load('labels').long()
orders = load('orders').long()
learnings = {}
for line in sys.stdin:
    command, kind, steps = line.split()
    if kind not in learnings:
        learnings[kind] = Learning(kind == 'rescaled')
    print(json.dumps(getattr(learnings[kind], command)(int(steps))), flush=True)
