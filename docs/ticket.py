"""The second decoder of docs/ticket-format.md, in plain Python: python3 ticket.py FILE...

Checks the file, decodes its masks, decodes or regenerates its weights bit for bit, and prints one line per parameter: its name,
the number of kept weights, the SHA-256 of its mask (one byte per weight; '-' if it has none) and of its values (32-bit floats).
"""
import bisect, collections, functools, hashlib, io, itertools, json, math, re, struct, sys
def require(right, what):
    if not right: raise SystemExit(f"This ticket cannot be read: {what}.")

def parse(words, shape, grid, found):
    """Consumes the words of layers up to the end of a block; returns the shape after them, (n, 0, 0) for a flat vector."""
    while words and words[0] not in "|]":
        name, kind, values = re.fullmatch(r"(?:([^=()]+)=)?([a-z-]+|\[)(?:\(([^()]*)\))?", words.pop(0)).groups()
        numbers = [int(n) for n in re.findall(r"\d+", values or "") if kind != "dropout"]
        options = dict(re.findall(r"([a-z-]+)=?(\d*)", values or ""))
        kept, grid = grid, shape if kind == "flatten" else grid if kind in ("relu", "dropout") else None
        if kind == "[":
            after = parse(words, shape, None, found)
            require(words.pop(0) == "|" and parse(words, shape, None, found) == after and words.pop(0) == "]", "the two sides of a block have different shapes")
            shape = after
        elif kind in ("linear", "conv", "depthwise-conv"):
            numbers, inputs, role = ([shape[0], *numbers], 1, "weight by channel") if kind[0] == "d" else (numbers, shape[0], "weight")
            kernel, convolves = numbers[1:2] * 2, kind != "linear"
            found.append((name + ".weight", (numbers[0], inputs, *kernel), "unpruned" not in options, role, None if convolves else kept))
            if "no-bias" not in options: found.append((name + ".bias", (numbers[0],), False, "bias", None))
            stride, padding = int(options.get("stride", 1)), int(options.get("padding", (kernel[0] - 1) // 2 if convolves else 0))
            shape = (numbers[0], *((n + 2 * padding - kernel[0]) // stride + 1 if convolves else 0 for n in shape[1:]))
        elif kind == "batch-norm":
            found += [(f"{name}.{part}", shape[:1], False, role, None) for part, role in (
                ("weight", "one"), ("bias", "zero"), ("running_mean", "zero"), ("running_var", "one"))]
        elif kind in ("max-pool", "average-pool"): shape = (shape[0], shape[1] // numbers[0], shape[2] // numbers[0])
        elif kind == "zero-pad": shape = (numbers[0], -(-shape[1] // numbers[1]), -(-shape[2] // numbers[1]))
        elif kind in ("flatten", "global-average-pool"): shape = (math.prod(shape) if kind == "flatten" else shape[0], 0, 0)
        else: require(kind in ("relu", "dropout"), f"it has an unknown layer {kind}")
    return shape

def parameters(description):
    """(name, shape, has a mask, role, shape of the images that its inputs form) of every parameter."""
    sizes, found = [int(n) for n in description.split()[0].split("x")], []
    squares = [(c, s, s) for c in (1, 3) for s in [math.isqrt(sizes[0] // c)] if s > 1 and c * s * s == sizes[0]]
    parse(description.split()[1:-1], (*sizes, 0, 0)[:3], squares[0] if squares and len(sizes) == 1 else None, found)
    return found

MOST, NEAR = 2815, ((0, 1, 3), (0, 2, 2), (1, -2, 1), (1, -1, 2), (1, 0, 3), (1, 1, 2), (1, 2, 1), (2, -1, 1), (2, 0, 2), (2, 1, 1))
POWERS = itertools.accumulate(range(MOST), lambda power, _: power * 4278222805 >> 32, initial=1 << 31)
BELOW = [max(1, (power << 16) // ((1 << 31) + power)) for power in POWERS]
PROBABILITIES = BELOW[:0:-1] + [65536 - probability for probability in BELOW]
LOGITS = [min(bisect.bisect_left(PROBABILITIES, 16 * step + 8), 2 * MOST) - MOST for step in range(4096)]

def count(file):
    byte = ord(file.read(1))
    return byte if byte < 128 else byte - 128 + 128 * count(file)
def decoder(data):
    file = io.BytesIO(data + bytes(4))
    low, high, code = 0, 0xFFFFFFFF, int.from_bytes(file.read(4), "big")
    def bit(probability):
        nonlocal low, high, code
        middle = low + ((high - low) * probability >> 16)
        is_set = code <= middle
        low, high = (low, middle) if is_set else (middle + 1, high)
        while (low ^ high) < 1 << 24:
            low, high, code = low << 8 & 0xFFFFFFFF, high << 8 & 0xFFFFFFFF | 255, code << 8 & 0xFFFFFFFF | ord(file.read(1) or b"\0")
        return is_set
    return bit
def mask(bit, kept, shape, grid):
    outputs, inputs = shape[0], math.prod(shape[1:])
    if kept in (0, outputs * inputs): return bytes([kept > 0]) * (outputs * inputs)
    density, bits = (kept << 22) // (outputs * inputs), bytearray(outputs * inputs)
    base, own, near = LOGITS[density >> 10], 32768, 49152
    fractions, sums = [density] * inputs, [[density, 8, base] for _ in range(19)]
    for output in range(outputs):
        nearby, rate = [0] * inputs, 65536 // (output + 9)
        for i in range(inputs):
            like = sums[nearby[i]]
            a, b = LOGITS[fractions[i] >> 10] - base, like[2] - base
            probability = PROBABILITIES[max(-MOST, min(MOST, base + (own * a + near * b + 32768 >> 16))) + MOST]
            bits[output * inputs + i] = is_set = bit(probability)
            error, target = 65536 * is_set - probability, is_set << 22
            own, near = own + (error * a + 8192 >> 14), near + (error * b + 8192 >> 14)
            fractions[i] += (target - fractions[i]) * rate >> 16
            like[0] += (target - like[0]) * (65536 // (like[1] + 1)) >> 16
            like[1:] = min(like[1] + 1, 1023), LOGITS[like[0] >> 10]
            for down, right, weight in NEAR if is_set and grid else ():
                if i // grid[2] % grid[1] + down < grid[1] and 0 <= i % grid[2] + right < grid[2]:
                    nearby[i + down * grid[2] + right] += weight
    require(sum(bits) == kept, "a layer keeps a different number of weights than stated")
    return bytes(bits)

def stream(seed, name):
    """64 random bits for every index: Philox 4x32-10 (Salmon et al. 2011), keyed by the seed and a name."""
    keys = struct.unpack("<II", hashlib.sha256(f"lottery/1/{seed}/{name}".encode()).digest()[:8])
    def bits(index):
        (key0, key1), c0, c1, c2, c3 = keys, index & 0xFFFFFFFF, index >> 32, 0, 0
        for _ in range(10):
            product0, product1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
            c0, c1, c2, c3 = (product1 >> 32) ^ c1 ^ key0, product1 & 0xFFFFFFFF, (product0 >> 32) ^ c3 ^ key1, product0 & 0xFFFFFFFF
            key0, key1 = (key0 + 0x9E3779B9) & 0xFFFFFFFF, (key1 + 0xBB67AE85) & 0xFFFFFFFF
        return c0 << 32 | c1
    return bits
def uniform(bits, i): return ((bits(i) >> 12) + 0.5) * 2.0**-52
def f32(x): return struct.unpack("<f", struct.pack("<f", x))[0]
def keep_sign(initial, value): return abs(value) if initial > 0 else -abs(value) if initial < 0 else value
def total(values): return functools.reduce(lambda a, b: a + b, values, 0.0)  # sum() rounds otherwise
def log(x):
    m, exponent = math.frexp(x)
    m, exponent = (m, exponent) if m * 2.0 > 1.4142135623730951 else (m * 2.0, exponent - 1)
    s, series = (m - 1.0) / (m + 1.0), 0.0
    for odd in range(23, 2, -2): series = (series + 1.0 / odd) * (s * s)
    return exponent * 6.93147180369123816490e-01 + (2.0 * s * series + exponent * 1.90821492927058770002e-10 + 2.0 * s)
RATIOS = [[float(n) for n in line.split()] for line in """2509.0809287301226727 33430.575583588128105 67265.770927008700853 45921.953931549871457 13731.693765509461125 1971.5909503065514427 133.14166789178437745 3.387132872796366608
5226.495278852854561 28729.085735721942674 39307.89580009271061 21213.794301586595867 5394.1960214247511077 687.1870074920579083 42.313330701600911252 1
7.7454501427834140764e-4 .0227238449892691845833 .24178072517745061177 1.27045825245236838258 3.64784832476320460504 5.7694972214606914055 4.6303378461565452959 1.42343711074968357734
1.05075007164441684324e-9 5.475938084995344946e-4 .0151986665636164571966 .14810397642748007459 .68976733498510000455 1.6763848301838038494 2.05319162663775882187 1
2.01033439929228813265e-7 2.71155556874348757815e-5 .0012426609473880784386 .026532189526576123093 .29656057182850489123 1.7848265399172913358 5.4637849111641143699 6.6579046435011037772
2.04426310338993978564e-15 1.4215117583164458887e-7 1.8463183175100546818e-5 7.868691311456132591e-4 .0148753612908506148525 .13692988092273580531 .59983220655588793769 1""".split("\n")]
def quantile(p):
    q = p - 0.5  # algorithm AS 241 (Wichura 1988): the z with P(Z < z) = p
    tail = math.sqrt(-log(p if q < 0 else 1.0 - p))
    r, which = (0.180625 - q * q, 0) if abs(q) <= 0.425 else (tail - 1.6, 2) if tail <= 5.0 else (tail - 5.0, 4)
    top, bottom = (functools.reduce(lambda result, next: result * r + next, ratio) for ratio in RATIOS[which:which + 2])
    return q * (top / bottom) if which == 0 else math.copysign(top / bottom, q)
def sampler(distribution, shape, role, bits, below=0.022750131948179207):
    fan_in, fan_out = math.prod(shape[1:]), math.prod(shape[2:]) * (1 if role == "weight by channel" else shape[0])
    variance = 2.0 / fan_in if distribution[:2] == "he" else 1.0 / fan_in if distribution[:2] == "le" else 2.0 / (fan_in + fan_out)
    if distribution.endswith("uniform"): return lambda i: f32((2.0 * uniform(bits, i) - 1.0) * math.sqrt(3.0 * variance))
    if distribution != "glorot-normal": return lambda i: f32(quantile(uniform(bits, i)) * (float(distribution[7:-1]) if distribution[0] == "n" else math.sqrt(variance)))
    return lambda i: f32(quantile(below + uniform(bits, i) * (1.0 - 2.0 * below)) * (math.sqrt(variance) / 0.87962566103423978))

def regenerate(recipe, distribution, name, shape, kept, role):
    """The values of one parameter from the seed; kept is None if it has no mask."""
    seed, level, action, every = recipe["seed"], recipe.get("level", 0), recipe["mask1"], range(math.prod(shape))
    if not role.startswith("weight"): return [1.0 if role == "one" else 0.0 for _ in every]
    own, same = lambda part: stream(seed, f"{part}/level-{level}/{name}"), "same-sign" in action
    initial, fresh = sampler(distribution, shape, role, stream(seed, "initial/" + name)), sampler(distribution, shape, role, own("mask-1/reinit"))
    positions = every if kept is None else [i for i in every if kept[i]]
    if recipe.get("fresh"): moved = map(sampler(distribution, shape, role, stream(seed, f"reinit/level-{level}" + (f"/draw-{recipe['draw']}/" if "draw" in recipe else "/") + name)), positions)
    elif kept is None or action == "rewind": moved = map(initial, positions)
    elif action.startswith("reinit"): moved = [keep_sign(initial(i), fresh(i)) if same else fresh(i) for i in positions]
    elif action.startswith(("constant", "noise")):
        number, bits, initials = re.search(r"\((.*)\)", action), own("mask-1/" + re.match("[a-z]+", action)[0]), [initial(i) for i in every]
        sigma = (lambda mean: math.sqrt(total((v - mean) * (v - mean) for v in initials) / len(initials)))(total(initials) / len(initials))
        size = float(number[1]) if number else 1.0 if action[0] == "n" else sigma
        if action[0] == "n": moved = [f32(initials[i] + size * sigma * quantile(uniform(bits, i))) for i in positions]
        else: moved = [keep_sign(initials[i] if same else 0, f32(size) if uniform(bits, i) < 0.5 else -f32(size)) for i in positions]
    else:
        bits, moved = own("mask-1/reshuffle/sign"), dict.fromkeys(positions)
        sign = {i: keep_sign(initial(i), 1 if uniform(bits, i) < 0.5 else -1) if same else 0 for i in positions}
        for side, part in ((1, "/positive"), (-1, "/negative"), (0, "")):
            here = [i for i in positions if sign[i] == side]
            others, bits = list(here), own("mask-1/reshuffle" + part)
            for last in range(len(here) - 1, 0, -1):
                other = bits(last) * (last + 1) >> 64
                others[last], others[other] = others[other], others[last]
            moved.update(zip(here, map(initial, others)))
    factor = f32(len(every) / max(1, len(positions))) if recipe.get("rescale") and kept is not None else 1.0
    values = [initial(i) if kept and recipe.get("mask0") == "initial" and not kept[i] else 0.0 for i in every]
    for i, value in zip(positions, moved.values() if isinstance(moved, dict) else moved): values[i] = f32(value * factor)
    return values

def stored(header, shape, kept, role, take):
    positions = [i for i in range(math.prod(shape)) if kept is None or header.get("dense") or kept[i]]
    form, values = header.get("values") if role.startswith("weight") else "f32", [0.0] * math.prod(shape)
    if header["kind"] == "signed" and kept is not None:
        (magnitude,), negative = take("f", 1), take("B", (len(positions) + 7) // 8)
        found = [-magnitude if negative[n >> 3] >> (n & 7) & 1 else magnitude for n in range(len(positions))]
    elif form == "i8":
        counts, found = collections.Counter(i // math.prod(shape[1:]) for i in positions), []
        for output in range(shape[0]):
            (step,), numbers = take("f", 1), take("b", counts[output])
            found += [f32(step * n) for n in numbers]
    else: found = take("e" if form == "f16" else "f", len(positions))
    for i, value in zip(positions, found): values[i] = value
    return values

def main(path):
    file = open(path, "rb").read()
    require(file[:7] == b"\x8fticket" and len(file) >= 56, "it does not start with the bytes of a ticket")
    length, head, masks = struct.unpack("<QII", file[8:24])
    require(file[7] == 1 and length == len(file), "its version is not 1, or its length is not the stated one")
    require(hashlib.sha256(file[:-32]).digest() == file[-32:], "its checksum does not match its content")
    require(24 + head + masks + 32 <= length, "it is too short for its header and masks")
    header, data = json.loads(file[24:24 + head]), io.BytesIO(file[24 + head + masks:-32])
    found, distribution = parameters(header["network"]), header["network"].split()[-1]
    packed = io.BytesIO(file[24 + head:24 + head + masks])
    counts = [count(packed) if one[2] else None for one in found]
    bit = decoder(packed.read())
    kept = [None if number is None else mask(bit, number, one[1], one[4]) for number, one in zip(counts, found)]
    take = lambda code, count: struct.unpack(f"<{count}{code}", data.read(struct.calcsize(f"<{count}{code}")))
    recipe, hashes = header["kind"] == "recipe", hashlib.sha256()
    for (name, shape, _, role, _), bits in zip(found, kept):
        values = regenerate(header, distribution, name, shape, bits, role) if recipe else stored(header, shape, bits, role, take)
        packed = struct.pack(f"<{len(values)}f", *values)
        hashes.update(packed)
        summary = (len(values), "-") if bits is None else (sum(bits), hashlib.sha256(bits).hexdigest())
        print(name, *summary, hashlib.sha256(packed).hexdigest())
    require(not recipe or hashes.digest()[:16] == data.read(16), "the weights of its seed are not the weights that were packed")
    require(not data.read(), "there are bytes after its last value")
for path in sys.argv[1:]: main(path)
