"""PyTorch on one thread, and the library that it multiplies matrices with. Run as a program, says what it found as JSON."""
import ctypes, json, os, platform, re, sys

# Read when PyTorch is loaded. OpenBLAS has threads of its own, of which torch.set_num_threads knows nothing.
for name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS', 'VECLIB_MAXIMUM_THREADS'):
    os.environ[name] = '1'
for name in ('OPENBLAS_CORETYPE', 'OPENBLAS_L2_SIZE'):
    os.environ.pop(name, None)

import torch

torch.set_num_threads(1)


def blas():
    """Name, version and processor of an optimized BLAS; None for the reference BLAS, several times slower."""
    info = dict(re.findall(r'(\w+)=([^,\s]+)', torch.__config__.show()))
    if torch.backends.mkl.is_available():
        return 'MKL'
    if info.get('BLAS_INFO') == 'accelerate':
        return 'Accelerate'
    loaded = loaded_libraries()
    if any(re.search(r'/blas/libblas\.so', path) for path in loaded):
        return None
    for path in loaded:
        if 'openblas' in path:
            return openblas(path)
    return 'OpenBLAS' if info.get('BLAS_INFO') == 'open' else None


def loaded_libraries():
    try:
        with open('/proc/self/maps') as maps:
            return sorted({line.split()[-1] for line in maps if '.so' in line})
    except OSError:
        return []


def openblas(path):
    """For example 'OpenBLAS 0.3.21 Cooperlake'."""
    try:
        config = ctypes.CDLL(path).openblas_get_config
    except AttributeError:
        return 'OpenBLAS'
    config.restype = ctypes.c_char_p
    words = config().decode().split()
    options = {'DYNAMIC_ARCH', 'NO_AFFINITY', 'NO_LAPACK', 'NO_LAPACKE', 'NO_CBLAS', 'USE64BITINT', 'USE_OPENMP', 'NO_WARMUP'}
    return ' '.join(word for word in words if word not in options and '=' not in word)


if __name__ == '__main__':
    print(json.dumps(dict(python=platform.python_version(), torch=torch.__version__, blas=blas(), program=sys.executable)))
