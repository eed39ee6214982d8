#!/usr/bin/env python3
"""Iterative magnitude pruning of LeNet-300-100 on MNIST in plain PyTorch, as one writes it without a framework.

The data set in memory, no data loader; 55,000 images to train on, 5,000 to validate once an epoch, 10,000 to test once a
level. Adam 1.2e-3, batches of 60, masks re-applied after each step. A level removes 20 % of the kept weights of a layer with
the smallest magnitudes, 10 % of the output layer's, and rewinds the others to the first initialization. One thread.

usage: pytorch_imp.py MNIST EPOCHS LEVELS SEED
MNIST is the folder of the four idx files, plain or gzipped. Prints one line of JSON a level: level, density, seconds
(training and validation), accuracy (test, 0-1).
"""
import gzip, json, os, sys, time
import one_thread, numpy as np, torch, torch.nn as nn

BATCH = 60


def idx(folder, name):
    path = os.path.join(folder, name)
    with open(path, 'rb') if os.path.exists(path) else gzip.open(path + '.gz') as file:
        data = file.read()
    shape = np.frombuffer(data, '>i4', data[3], offset=4)
    return torch.from_numpy(np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape).copy())


def examples(folder, part):
    return idx(folder, part + '-images-idx3-ubyte').flatten(1).float() / 255, idx(folder, part + '-labels-idx1-ubyte').long()


def reapply(weights, masks):
    with torch.no_grad():
        for weight, mask in zip(weights, masks):
            weight.mul_(mask)


def train_epoch(net, weights, masks, adam, criterion, X, Y, order):
    for start in range(0, len(order) - BATCH + 1, BATCH):
        i = order[start:start + BATCH]
        adam.zero_grad()
        criterion(net(X[i]), Y[i]).backward()
        adam.step()
        reapply(weights, masks)


def prune(weights, masks):
    for weight, mask, percent in zip(weights, masks, (20, 20, 10)):
        gone = int(mask.sum()) * percent // 100
        scores = torch.where(mask.bool(), weight.detach().abs(), torch.full_like(weight, float('inf'))).flatten()
        mask.view(-1)[scores.argsort()[:gone]] = 0


def main(folder, epochs, levels, seed):
    (X, Y), (test_X, test_Y) = examples(folder, 'train'), examples(folder, 't10k')
    torch.manual_seed(seed)
    shuffled = torch.randperm(len(X))
    validation, training = shuffled[:5000], shuffled[5000:]
    net = nn.Sequential(nn.Linear(784, 300), nn.ReLU(), nn.Linear(300, 100), nn.ReLU(), nn.Linear(100, 10))
    weights = [layer.weight for layer in net if isinstance(layer, nn.Linear)]
    for layer in net:
        if isinstance(layer, nn.Linear):
            nn.init.xavier_normal_(layer.weight)
            nn.init.zeros_(layer.bias)
    first = [parameter.detach().clone() for parameter in net.parameters()]
    masks = [torch.ones_like(weight) for weight in weights]
    criterion = nn.CrossEntropyLoss()
    for level in range(levels + 1):
        with torch.no_grad():
            for parameter, value in zip(net.parameters(), first):
                parameter.copy_(value)
        reapply(weights, masks)
        adam = torch.optim.Adam(net.parameters(), lr=1.2e-3)
        start = time.perf_counter()
        for _ in range(epochs):
            train_epoch(net, weights, masks, adam, criterion, X, Y, training[torch.randperm(len(training))])
            with torch.no_grad():
                criterion(net(X[validation]), Y[validation]).item()
        seconds = time.perf_counter() - start
        with torch.no_grad():
            accuracy = (net(test_X).argmax(1) == test_Y).float().mean().item()
        density = sum(mask.sum().item() for mask in masks) / sum(mask.numel() for mask in masks)
        print(json.dumps(dict(level=level, density=density, seconds=seconds, accuracy=accuracy)), flush=True)
        prune(weights, masks)


main(sys.argv[1], *map(int, sys.argv[2:5]))
