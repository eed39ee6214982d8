#!/usr/bin/env python3
"""Training steps in plain PyTorch on an NVIDIA card, with masks re-applied after each step, in three forms:

  eager    PyTorch's defaults, one kernel after the other
  graph    the best that a user gets who tunes: a whole step as one CUDA graph, TF32, channels_last, a fused optimizer, cuDNN's search
           for the fastest kernels
  batched  many replicates of LeNet-300-100 at once, their layers as batched products (torch.bmm), as a graph, tuned in the same way

The batch lies on the card already: nothing is read, shuffled or moved. A mask costs the same at every density.

Prints one JSON document: what it ran on, and for each measurement the median over rounds of the milliseconds of a step (of all
replicates together). Without CUDA or without PyTorch it says so in one sentence and exits with 3. On a processor (--device cpu) the
same steps run without graphs and without what only a card has, as a test of this program.
"""
import argparse, contextlib, json, platform, re, statistics, sys, time

NOT_HERE = 3

try:
    import torch, torch.nn as nn, torch.nn.functional as F
except ImportError as problem:
    print(f'PyTorch is not here: {problem}.', file=sys.stderr)
    sys.exit(NOT_HERE)

KEPT = 0.2


class Block(nn.Module):
    """Two convolutions and a shortcut, which is zero-padded where the number of channels grows."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.stride, self.grow = stride, outputs - inputs
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.body(x)
        if self.grow:
            x = F.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, self.grow // 2, self.grow // 2))
        return F.relu(y + x)


def lenet():
    return nn.Sequential(nn.Linear(784, 300), nn.ReLU(), nn.Linear(300, 100), nn.ReLU(), nn.Linear(100, 10))


def convolutional(count):
    layers, inputs, side = [], 3, 32
    for i, outputs in enumerate([64, 64, 128, 128, 256, 256][:count]):
        layers += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU()]
        inputs = outputs
        if i % 2:
            layers += [nn.MaxPool2d(2)]
            side //= 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(inputs * side * side, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 10))


def residual():
    blocks, width = [], 16
    for outputs, stride in [(16, 1)] * 3 + [(32, 2), (32, 1), (32, 1), (64, 2), (64, 1), (64, 1)]:
        blocks.append(Block(width, outputs, stride))
        width = outputs
    return nn.Sequential(nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(), *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def vgg():
    layers, inputs = [], 3
    for stage, (outputs, count) in enumerate([(64, 2), (128, 2), (256, 4), (512, 4), (512, 4)]):
        if stage:
            layers += [nn.MaxPool2d(2)]
        for _ in range(count):
            layers += [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
            inputs = outputs
    return nn.Sequential(*layers, nn.AvgPool2d(2), nn.Flatten(), nn.Linear(512, 10))


class Replicates(nn.Module):
    """Many networks LeNet-300-100, each with examples of its own."""

    def __init__(self, count):
        super().__init__()
        sizes = [784, 300, 100, 10]
        self.weights = nn.ParameterList(nn.Parameter(torch.randn(count, i, o) * (2 / (i + o)) ** 0.5) for i, o in zip(sizes, sizes[1:]))
        self.biases = nn.ParameterList(nn.Parameter(torch.zeros(count, 1, o)) for o in sizes[1:])

    def forward(self, x):
        for k, (weight, bias) in enumerate(zip(self.weights, self.biases)):
            x = torch.bmm(x, weight) + bias
            if k < 2:
                x = F.relu(x)
        return x


ADAM, SGD = (torch.optim.Adam, dict(lr=3e-4)), (torch.optim.SGD, dict(lr=0.03, momentum=0.9, weight_decay=1e-4))

# How each is made, its batch and its optimizer.
NETWORKS = {
    'lenet-300-100': (lenet, 60, ADAM),
    'conv-2': (lambda: convolutional(2), 60, ADAM),
    'conv-4': (lambda: convolutional(4), 60, ADAM),
    'conv-6': (lambda: convolutional(6), 60, ADAM),
    'resnet-20': (residual, 128, SGD),
    'vgg-19': (vgg, 64, SGD),
}


class Training:
    """A network on a device with its batch, masks and optimizer."""

    def __init__(self, net, x, y, optimizer, device, is_tuned):
        self.on_card, self.is_tuned = device.type == 'cuda', is_tuned
        self.net, self.x, self.y = net.to(device), x.to(device), y.to(device)
        if is_tuned and x.dim() == 4:
            self.net = self.net.to(memory_format=torch.channels_last)
            self.x = self.x.to(memory_format=torch.channels_last)
        self.weights = [parameter for name, parameter in self.net.named_parameters() if 'bias' not in name and parameter.dim() > 1]
        self.masks = [(torch.rand_like(weight) < KEPT).to(weight.dtype) for weight in self.weights]
        self.optimizer = self.make(*optimizer)

    def make(self, kind, options):
        tuned = dict(fused=True) if self.is_tuned and self.on_card else {}
        if tuned and kind is torch.optim.Adam:
            tuned['capturable'] = True
        try:
            return kind(self.net.parameters(), **options, **tuned)
        except TypeError:  # SGD was not fused before PyTorch 2.3
            return kind(self.net.parameters(), **options, foreach=True)

    def step(self):
        self.optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(self.net(self.x).flatten(0, -2), self.y.flatten())
        if self.y.dim() > 1:
            loss = loss * len(self.y)  # the mean of each replicate, as if it were alone
        loss.backward()
        self.optimizer.step()
        with torch.no_grad():
            if self.is_tuned:
                torch._foreach_mul_(self.weights, self.masks)
            else:
                for weight, mask in zip(self.weights, self.masks):
                    weight.mul_(mask)

    def as_graph(self):
        """The whole step, recorded."""
        beside = torch.cuda.Stream()
        beside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(beside):
            for _ in range(5):
                self.step()
        torch.cuda.current_stream().wait_stream(beside)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self.step()
        return graph.replay


@contextlib.contextmanager
def tuning(is_tuned):
    """TF32 in all products and cuDNN's search, as long as it lasts; PyTorch's defaults otherwise."""
    torch.set_float32_matmul_precision('high' if is_tuned else 'highest')
    torch.backends.cudnn.benchmark = is_tuned
    try:
        yield
    finally:
        torch.set_float32_matmul_precision('highest')
        torch.backends.cudnn.benchmark = False


def seconds_of(step, steps, on_card):
    if not on_card:
        start = time.perf_counter()
        for _ in range(steps):
            step()
        return time.perf_counter() - start
    start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    start.record()
    for _ in range(steps):
        step()
    end.record()
    end.synchronize()
    return start.elapsed_time(end) / 1e3


def time_step(training, options, is_graph):
    """Milliseconds of a step: the median over rounds, after one that is not counted. Three, then as many as time allows."""
    step = training.as_graph() if is_graph else training.step
    seconds_of(step, options.steps, training.on_card)
    rounds, most = [], time.perf_counter() + options.seconds
    while len(rounds) < min(3, options.rounds) or len(rounds) < options.rounds and time.perf_counter() < most:
        rounds.append(seconds_of(step, options.steps, training.on_card))
    return 1e3 * statistics.median(rounds) / options.steps, len(rounds)


def measure(network, form, replicates, device, options):
    make, batch, optimizer = NETWORKS[network]
    batch = options.batch or batch
    result = dict(network=network, batch=batch, form=form, replicates=replicates, milliseconds=None, rounds=0, problem=None)
    torch.manual_seed(1)
    try:
        with tuning(is_tuned=form != 'eager'):
            many = (replicates,) if form == 'batched' else ()
            x = torch.randn(*many, batch, *((784,) if network == 'lenet-300-100' else (3, 32, 32)))
            net = Replicates(replicates) if many else make()
            training = Training(net, x, torch.randint(0, 10, (*many, batch)), optimizer, device, is_tuned=form != 'eager')
            result['milliseconds'], result['rounds'] = time_step(training, options, is_graph=training.on_card and form != 'eager')
    except RuntimeError as problem:
        result['problem'] = (str(problem).strip().splitlines() or ['PyTorch gave no reason'])[0]
    return result


def named_device(text):
    if not re.fullmatch(r'cpu|cuda(:\d+)?', text):
        raise argparse.ArgumentTypeError(f"'{text}' is not cuda, cuda:N or cpu")
    return torch.device(text)


def main():
    parser = argparse.ArgumentParser(prog='pytorch_gpu.py', description='Times training steps in PyTorch; prints one JSON document.')
    parser.add_argument('--network', choices=NETWORKS, help='this one alone')
    parser.add_argument('--device', type=named_device, default='cuda', help='cuda, cuda:N or cpu')
    parser.add_argument('--steps', type=int, default=50, help='steps of a round')
    parser.add_argument('--rounds', type=int, default=15, help='at most so many rounds, and at least three if they are more')
    parser.add_argument('--seconds', type=float, default=2, help='no further round after so many seconds')
    parser.add_argument('--batch', type=int, help="examples of a batch, in place of each network's own")
    parser.add_argument('--replicates', type=int, default=132, help='replicates at once')
    options = parser.parse_args()
    device = options.device
    if device.type == 'cuda':
        if not torch.cuda.is_available() or (device.index or 0) >= torch.cuda.device_count():
            print(f'PyTorch {torch.__version__} finds no card {device.index or 0} with CUDA here.', file=sys.stderr)
            sys.exit(NOT_HERE)
        torch.cuda.set_device(device.index or 0)
    timings = []
    for network in [options.network] if options.network else NETWORKS:
        forms = [('eager', 1), ('graph', 1)] + ([('batched', options.replicates)] if network == 'lenet-300-100' else [])
        timings += [measure(network, form, replicates, device, options) for form, replicates in forms]
    name = torch.cuda.get_device_name(device) if device.type == 'cuda' else platform.processor() or platform.machine()
    print(json.dumps(dict(torch=torch.__version__, cuda=torch.version.cuda, device=name, steps=options.steps, timings=timings)))


if __name__ == '__main__':
    main()
