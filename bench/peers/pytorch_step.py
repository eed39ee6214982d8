#!/usr/bin/env python3
"""Training steps of a masked LeNet-300-100 in plain PyTorch: data in memory, Adam, masks re-applied after each step.

usage: pytorch_step.py FOLDER
FOLDER holds pixels.npy, labels.npy, orders.npy [epochs, examples] and, for each level L, L-weight-K.npy, L-bias-K.npy and
L-mask-K.npy of layers K = 0, 1, 2. Reads commands, one a line, and answers each with one line of JSON:
  level L    take the weights and masks of level L and a fresh optimizer
  check N    train N steps: their mean loss
  time N     train N steps: seconds
"""
import json, sys, time
import one_thread, numpy as np, torch, torch.nn as nn

BATCH = 60
folder = sys.argv[1]


def load(name):
    return torch.from_numpy(np.load(f'{folder}/{name}.npy'))


X, Y = load('pixels').float() / 255, load('labels').long()
orders = load('orders').long()
per_epoch = orders.shape[1] // BATCH
net = nn.Sequential(nn.Linear(784, 300), nn.ReLU(), nn.Linear(300, 100), nn.ReLU(), nn.Linear(100, 10))
linear = [layer for layer in net if isinstance(layer, nn.Linear)]
criterion = nn.CrossEntropyLoss()


def begin(level):
    global masks, adam, done
    masks, done = [load(f'{level}-mask-{k}').float() for k in range(len(linear))], 0
    with torch.no_grad():
        for k, layer in enumerate(linear):
            layer.weight.copy_(load(f'{level}-weight-{k}'))
            layer.bias.copy_(load(f'{level}-bias-{k}'))
    adam = torch.optim.Adam(net.parameters(), lr=1.2e-3)


def step():
    global done
    epoch, place = divmod(done, per_epoch)
    i = orders[epoch, place * BATCH:(place + 1) * BATCH]
    adam.zero_grad()
    loss = criterion(net(X[i]), Y[i])
    loss.backward()
    adam.step()
    with torch.no_grad():
        for layer, mask in zip(linear, masks):
            layer.weight.mul_(mask)
    done += 1
    return loss


def answer(**values):
    print(json.dumps(values), flush=True)


for line in sys.stdin:
    command, number = line.split()[0], int(line.split()[1])
    if command == 'level':
        begin(number)
        answer(level=number)
    elif command == 'check':
        answer(loss=sum(step().item() for _ in range(number)) / number)
    elif command == 'time':
        start = time.perf_counter()
        for _ in range(number):
            step()
        answer(seconds=time.perf_counter() - start)
