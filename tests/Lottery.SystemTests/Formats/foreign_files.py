"""Writes files as other programs do, and beside each the numbers that must be read from it.

foreign_files.py KIND FOLDER, with KIND numpy, torch, onnx or sklearn. Of a file NAME, NAME.expected holds 32-bit floats: every
parameter in the network's order (of weights), or the scores of NAME.input (of models), or the features (of tables); NAME.mask
holds a byte for each prunable weight.
"""
import json
import os
import struct
import sys

import numpy as np

kind, folder = sys.argv[1:]


def path(name):
    return os.path.join(folder, name)


def expect(name, arrays, mask=None):
    with open(path(name + ".expected"), "wb") as file:
        for array in arrays:
            file.write(np.ascontiguousarray(array, dtype="<f4").tobytes())
    if mask is not None:
        with open(path(name + ".mask"), "wb") as file:
            for array in mask:
                file.write(np.ascontiguousarray(array, dtype=np.uint8).tobytes())


def safetensors(name, arrays):
    header, data = {}, b""
    for key, array in arrays.items():
        kinds = {"float64": "F64", "float32": "F32", "float16": "F16", "int64": "I64", "int32": "I32", "int16": "I16", "int8": "I8", "uint8": "U8", "bool": "BOOL"}
        content = np.ascontiguousarray(array).tobytes()
        header[key] = {"dtype": kinds[str(array.dtype)], "shape": list(array.shape), "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    with open(path(name), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def numpy_files():
    random = np.random.default_rng(5)
    names = ["fc1.weight", "fc1.bias", "output.weight", "output.bias"]
    shapes = [(3, 4), (3,), (2, 3), (2,)]
    real = {name: (random.standard_normal(shape) + 2).astype(np.float32) for name, shape in zip(names, shapes)}
    whole = {name: random.integers(1, 100, shape) for name, shape in zip(names, shapes)}
    for number, values in enumerate([real, {n: v.astype(np.float16) for n, v in real.items()}, {n: v.astype(np.float64) for n, v in real.items()}]
                                    + [{n: v.astype(t) for n, v in whole.items()} for t in ("int64", "int32", "int16", "int8", "uint8")]):
        np.savez(path(f"{number}.npz"), **values)
        np.savez_compressed(path(f"{number}c.npz"), note=np.array("made by numpy"), step=np.int64(7), **values)
        safetensors(f"{number}.safetensors", {**values, "step": np.array([7])})
        for name in (f"{number}.npz", f"{number}c.npz", f"{number}.safetensors"):
            expect(name, [values[n] for n in names])
    np.savez(path("turned.npz"), **{n: np.asfortranarray(v) for n, v in real.items()})
    expect("turned.npz", [real[n] for n in names])
    mask = {n: random.random(shape) < 0.5 for n, shape in zip(names, shapes)}
    zeros = {n: v * mask[n] if n.endswith("weight") else v for n, v in real.items()}
    np.savez(path("zeros.npz"), **zeros)
    expect("zeros.npz", [zeros[n] for n in names], [mask[n] for n in names if n.endswith("weight")])


def torch_files():
    import torch
    from torch import nn
    from torch.nn.utils import prune

    torch.manual_seed(5)
    net = nn.Sequential()
    net.add_module("fc1", nn.Linear(4, 3))
    net.add_module("relu", nn.ReLU())
    net.add_module("output", nn.Linear(3, 2))

    def save(name, state, given=None, mask=None, **options):
        torch.save(state, path(name), **options)
        expect(name, [value.detach().float().numpy() for value in (given or net.state_dict()).values()], mask)

    state = net.state_dict()
    save("zip.pth", state)
    save("older.pth", state, _use_new_zipfile_serialization=False)
    save("protocol4.pth", state, pickle_protocol=4)
    save("parameters.pth", dict(net.named_parameters()))
    save("double.pth", {n: v.double() for n, v in state.items()})
    for name, kind in (("half", torch.half), ("bfloat16", torch.bfloat16)):
        narrow = {n: v.to(kind) for n, v in state.items()}
        save(f"{name}.pth", narrow, narrow)
        save(f"{name}-older.pth", narrow, narrow, _use_new_zipfile_serialization=False)
    save("strided.pth", {n: v.t().contiguous().t() if v.dim() == 2 else v for n, v in state.items()})
    joined = torch.cat([v.flatten() for v in state.values()])
    views, start = {}, 0
    for n, v in state.items():
        views[n] = joined[start:start + v.numel()].view(v.shape)
        start += v.numel()
    save("views.pth", views)
    save("views-older.pth", views, _use_new_zipfile_serialization=False)
    optimizer = torch.optim.Adam(net.parameters())
    net(torch.randn(5, 4)).sum().backward()
    optimizer.step()
    state = net.state_dict()
    save("checkpoint.pth", {"epoch": 3, "state_dict": nn.DataParallel(net).state_dict(), "optimizer": optimizer.state_dict(), "best": np.float64(0.5), "arch": "mlp"})
    save("checkpoint-older.pth", {"model": state, "optimizer": optimizer.state_dict()}, _use_new_zipfile_serialization=False)
    torch.save(net, path("module.refused"))
    torch.save(list(net.parameters()), path("list.refused"))
    torch.jit.script(net).save(path("script.refused"))
    for layer in (net.fc1, net.output):
        prune.l1_unstructured(layer, "weight", amount=0.5)
    masks = [net.fc1.weight_mask.numpy(), net.output.weight_mask.numpy()]
    kept = {"a": net.fc1.weight, "b": net.fc1.bias, "c": net.output.weight, "d": net.output.bias}
    save("pruned.pth", net.state_dict(), kept, masks)
    for layer in (net.fc1, net.output):
        prune.remove(layer, "weight")
    save("removed.pth", net.state_dict(), {"a": net.fc1.weight, "b": net.fc1.bias, "c": net.output.weight, "d": net.output.bias}, masks)


def onnx_files():
    import torch
    from torch import nn

    class Block(nn.Module):
        def __init__(self, inside, outside, stride):
            super().__init__()
            self.conv1 = nn.Conv2d(inside, outside, 3, stride, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(outside)
            self.conv2 = nn.Conv2d(outside, outside, 3, 1, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(outside)
            self.short = nn.Sequential() if inside == outside else nn.Sequential(nn.Conv2d(inside, outside, 1, stride, bias=False), nn.BatchNorm2d(outside))

        def forward(self, x):
            return torch.relu(self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x))))) + self.short(x))

    torch.manual_seed(5)
    networks = {
        "mlp": (nn.Sequential(nn.Flatten(), nn.Linear(48, 9), nn.ReLU(), nn.Linear(9, 3), nn.LogSoftmax(1)), [3, 4, 4]),
        "convolutions": (nn.Sequential(
            nn.Conv2d(2, 6, 3, padding=1), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 6, 3, padding=1, groups=6), nn.ReLU(),
            nn.AvgPool2d(2), nn.Dropout(), nn.Flatten(), nn.Linear(24, 3)), [2, 8, 8]),
        "residual": (nn.Sequential(
            nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), Block(4, 4, 1), Block(4, 8, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 3)), [3, 8, 8]),
    }
    for name, (net, shape) in networks.items():
        net(torch.randn(64, *shape))  # gives batch normalization statistics
        net.eval()
        inputs = torch.randn(4, *shape)
        for opset in range(11, 18):
            for folded in (False, True):
                file = f"{name}-{opset}-{'folded' if folded else 'plain'}.onnx"
                how = torch.onnx.TrainingMode.EVAL if folded else torch.onnx.TrainingMode.PRESERVE
                torch.onnx.export(net, inputs, path(file), opset_version=opset, do_constant_folding=folded, training=how,
                                  input_names=["x"], dynamic_axes={"x": {0: "N"}})
                inputs.numpy().tofile(path(file + ".input"))
                expect(file, [net(inputs).detach().numpy()])


def sklearn_files():
    from sklearn import datasets

    for name, load in (("iris", datasets.load_iris), ("digits", datasets.load_digits), ("wine", datasets.load_wine), ("breast-cancer", datasets.load_breast_cancer)):
        data = load()
        os.makedirs(path(name))
        columns = [str(feature).replace(",", " ") for feature in data.feature_names]
        rows = np.column_stack([data.data, data.target])
        for part, some in (("train", rows[::2]), ("test", rows[1::2])):
            np.savetxt(path(f"{name}/{part}.csv"), some, delimiter=",", header=",".join(columns + ["target"]), comments="", fmt="%.17g")
            expect(f"{name}/{part}", [some])
        if name == "iris":
            import pandas
            frame = datasets.load_iris(as_frame=True).frame
            os.makedirs(path("pandas"))
            for part, some in (("train", frame[::2]), ("test", frame[1::2])):
                some.to_csv(path(f"pandas/{part}.tsv"), sep="\t", index=False)
                expect(f"pandas/{part}", [some.to_numpy()])


{"numpy": numpy_files, "torch": torch_files, "onnx": onnx_files, "sklearn": sklearn_files}[kind]()
