"""Regenerates the initial weights of LeNet-300-100 from a seed, with nothing but the standard library.

    python3 initial_weights.py SEED

prints the SHA-256 of each parameter's little-endian 32-bit floats (row-major, [out, in]). Double precision,
+ - * / and sqrt alone, so that every machine finds the same bits.
"""

import hashlib
import math
import struct
import sys

WEIGHTS = [("fc1.weight", 300, 784), ("fc2.weight", 100, 300), ("output.weight", 10, 100)]

BELOW_MINUS_TWO = 0.022750131948179207     # P(Z < -2)
TRUNCATED_DEVIATION = 0.87962566103423978  # of a standard normal number truncated to -2 ... 2


def philox(index, key0, key1):
    """64 bits of Philox 4x32-10 at the counter (index, 0, 0, 0); Salmon et al. 2011."""
    c0, c1, c2, c3 = index & 0xFFFFFFFF, index >> 32, 0, 0
    for _ in range(10):
        product0, product1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1 = (product1 >> 32) ^ c1 ^ key0, product1 & 0xFFFFFFFF
        c2, c3 = (product0 >> 32) ^ c3 ^ key1, product0 & 0xFFFFFFFF
        key0, key1 = (key0 + 0x9E3779B9) & 0xFFFFFFFF, (key1 + 0xBB67AE85) & 0xFFFFFFFF
    return c0 << 32 | c1


def log(x):
    """The natural logarithm: x = 2^exponent * m, log m = 2 artanh((m - 1) / (m + 1))."""
    m, exponent = math.frexp(x)  # m in [1/2, 1)
    m, exponent = m * 2.0, exponent - 1
    if m > 1.4142135623730951:
        m, exponent = m * 0.5, exponent + 1
    s = (m - 1.0) / (m + 1.0)
    square, series = s * s, 0.0
    for odd in range(23, 2, -2):
        series = (series + 1.0 / odd) * square
    return exponent * 6.93147180369123816490e-01 + (
        2.0 * s * series + exponent * 1.90821492927058770002e-10 + 2.0 * s)


# Algorithm AS 241 (Wichura 1988): top and bottom of a ratio of polynomials, highest power first.
CENTRAL = ([2.5090809287301226727e+3, 3.3430575583588128105e+4, 6.7265770927008700853e+4, 4.5921953931549871457e+4,
            1.3731693765509461125e+4, 1.9715909503065514427e+3, 1.3314166789178437745e+2, 3.3871328727963666080e+0],
           [5.2264952788528545610e+3, 2.8729085735721942674e+4, 3.9307895800092710610e+4, 2.1213794301586595867e+4,
            5.3941960214247511077e+3, 6.8718700749205790830e+2, 4.2313330701600911252e+1, 1.0])
TAIL = ([7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e+0,
         3.64784832476320460504e+0, 5.76949722146069140550e+0, 4.63033784615654529590e+0, 1.42343711074968357734e+0],
        [1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
         6.89767334985100004550e-1, 1.67638483018380384940e+0, 2.05319162663775882187e+0, 1.0])


def ratio(r, polynomials):
    top, bottom = polynomials[0][0], polynomials[1][0]
    for a, b in zip(polynomials[0][1:], polynomials[1][1:]):
        top, bottom = top * r + a, bottom * r + b
    return top / bottom


def quantile(p):
    """The z with P(Z < z) = p, for p that lies within two standard deviations."""
    q = p - 0.5
    if abs(q) <= 0.425:
        return q * ratio(0.180625 - q * q, CENTRAL)
    z = ratio(math.sqrt(-log(p if q < 0 else 1.0 - p)) - 1.6, TAIL)
    return -z if q < 0 else z


def glorot_normal(seed, name, outputs, inputs):
    """The weights of one layer: truncated at two standard deviations, rescaled to the nominal one."""
    digest = hashlib.sha256(f"lottery/1/{seed}/initial/{name}".encode()).digest()
    key0, key1 = struct.unpack("<II", digest[:8])
    scale = math.sqrt(2.0 / (inputs + outputs)) / TRUNCATED_DEVIATION
    for index in range(outputs * inputs):
        uniform = ((philox(index, key0, key1) >> 12) + 0.5) * 2.0**-52
        yield quantile(BELOW_MINUS_TWO + uniform * (1.0 - 2.0 * BELOW_MINUS_TWO)) * scale


def main(seed):
    for name, outputs, inputs in WEIGHTS:
        values = list(glorot_normal(seed, name, outputs, inputs))
        print(name, hashlib.sha256(struct.pack(f"<{len(values)}f", *values)).hexdigest())


main(int(sys.argv[1]))
