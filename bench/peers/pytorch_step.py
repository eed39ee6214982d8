#!/usr/bin/env python3
"""Training steps of masked LeNet-300-100 in plain PyTorch: data in memory, Adam, masks re-applied after each step.

usage: pytorch_step.py FOLDER
FOLDER holds pixels.npy, labels.npy, orders.npy [epochs, examples] and, for each level L, L-weight-K.npy, L-bias-K.npy and
L-mask-K.npy of layers K = 0, 1, 2. Reads commands, one a line, and answers each with one line of JSON:
  check L N    train the network of level L for N steps: their mean loss
  time L N     train the network of level L for N steps: seconds
"""
import json, sys, time
import one_thread, numpy as np, torch, torch.nn as nn

BATCH = 60
folder = sys.argv[1]


def load(name):
    return torch.from_numpy(np.load(f'{folder}/{name}.npy'))


class Training:
    def __init__(self, level):
        self.net = nn.Sequential(nn.Linear(784, 300), nn.ReLU(), nn.Linear(300, 100), nn.ReLU(), nn.Linear(100, 10))
        linear = [layer for layer in self.net if isinstance(layer, nn.Linear)]
        with torch.no_grad():
            for k, layer in enumerate(linear):
                layer.weight.copy_(load(f'{level}-weight-{k}'))
                layer.bias.copy_(load(f'{level}-bias-{k}'))
        self.weights = [layer.weight for layer in linear]
        self.masks = [load(f'{level}-mask-{k}').float() for k in range(len(linear))]
        self.criterion = nn.CrossEntropyLoss()
        self.adam = torch.optim.Adam(self.net.parameters(), lr=1.2e-3)
        self.done = 0

    def step(self):
        epoch, place = divmod(self.done, orders.shape[1] // BATCH)
        i = orders[epoch, place * BATCH:(place + 1) * BATCH]
        self.adam.zero_grad()
        loss = self.criterion(self.net(X[i]), Y[i])
        loss.backward()
        self.adam.step()
        with torch.no_grad():
            for weight, mask in zip(self.weights, self.masks):
                weight.mul_(mask)
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
trainings = {}
for line in sys.stdin:
    command, level, steps = line.split()
    if level not in trainings:
        trainings[level] = Training(level)
    print(json.dumps(getattr(trainings[level], command)(int(steps))), flush=True)
