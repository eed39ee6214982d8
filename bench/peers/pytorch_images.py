#!/usr/bin/env python3
"""Training steps of Conv-2/4/6 (batch 60, Adam) and ResNet-20 (batch 128, SGD 0.9, weight decay 1e-4) in plain PyTorch, dense, on
random images: a mask that is multiplied in would only make them slower.

usage: pytorch_images.py THREADS
Reads commands, one a line, and answers each with one line of JSON:
  time NETWORK N   train the network for N steps: seconds
  memory           the most memory that the process has held so far, in bytes
"""
import json, sys, time
import one_thread, torch, torch.nn as nn
from pytorch_gpu import convolutional, residual

torch.set_num_threads(int(sys.argv[1]))


class Training:
    def __init__(self, name):
        batch = 128 if name == 'resnet-20' else 60
        self.net = residual() if name == 'resnet-20' else convolutional(int(name[-1]))
        self.x, self.y = torch.randn(batch, 3, 32, 32), torch.randint(0, 10, (batch,))
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4) if name == 'resnet-20' \
            else torch.optim.Adam(self.net.parameters(), lr=2e-4)

    def time(self, steps):
        start = time.perf_counter()
        for _ in range(steps):
            self.optimizer.zero_grad()
            self.criterion(self.net(self.x), self.y).backward()
            self.optimizer.step()
        return time.perf_counter() - start


def most_memory():
    # Not getrusage: what it tells begins with the memory of the process that started this one.
    with open('/proc/self/status') as status:
        return next(1024.0 * int(line.split()[1]) for line in status if line.startswith('VmHWM:'))


trainings = {}
for line in sys.stdin:
    words = line.split()
    if words[0] == 'memory':
        print(json.dumps(most_memory()), flush=True)
        continue
    if words[1] not in trainings:
        trainings[words[1]] = Training(words[1])
    print(json.dumps(trainings[words[1]].time(int(words[2]))), flush=True)
