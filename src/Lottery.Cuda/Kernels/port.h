// One source for two compilers: clang makes PTX of it without a CUDA header or toolkit, and any C++ compiler with -DEMULATED makes
// a library that runs the same kernels on a processor (emulator.h).
//
// Every result has the bits of the processor's engine, so floating-point arithmetic is written with the macros below alone: each
// is one operation, rounded once to nearest. Max, min, comparisons and negation need none. Integers, and conversions from integers
// and between float and double, are exact or rounded to nearest by the language.
//
//   KERNEL(128, name)(const float* x, int count) { ... }     a kernel of at most 128 threads a block; 128 is a multiple of 32
//   KERNEL_OF(256, 2, name)(...) { ... }                     the same; two blocks have the registers of a multiprocessor between them
//   EMULATE(name)                                            after its body
#pragma once

typedef unsigned char uint8;
typedef unsigned short uint16;
typedef unsigned int uint32;
typedef long long int64;
typedef unsigned long long uint64;

#define UNROLL _Pragma("unroll")

#if defined(EMULATED)
#include "emulator.h"
#else

#define __device__ __attribute__((device))
#define __global__ __attribute__((global))
#define __shared__ __attribute__((shared))
#define __launch_bounds__(...) __attribute__((launch_bounds(__VA_ARGS__)))
#define __restrict__ __restrict
#define INLINE static __inline__ __attribute__((device, always_inline))

#define KERNEL(threads, name) extern "C" __global__ void __launch_bounds__(threads) name
#define KERNEL_OF(threads, blocks, name) extern "C" __global__ void __launch_bounds__(threads, blocks) name
#define EMULATE(name)

// The thread in its block, the threads of a block, the block in its grid, the blocks of the grid.
#define TID ((int)__nvvm_read_ptx_sreg_tid_x())
#define NTHREADS ((int)__nvvm_read_ptx_sreg_ntid_x())
#define BX ((int)__nvvm_read_ptx_sreg_ctaid_x())
#define BY ((int)__nvvm_read_ptx_sreg_ctaid_y())
#define BZ ((int)__nvvm_read_ptx_sreg_ctaid_z())
#define NBX ((int)__nvvm_read_ptx_sreg_nctaid_x())
#define NBY ((int)__nvvm_read_ptx_sreg_nctaid_y())
#define NBZ ((int)__nvvm_read_ptx_sreg_nctaid_z())

// Single precision: a * b + c rounded once, products, sums, differences, quotients, square roots; to the nearest integer, halves to even.
#define FMA(a, b, c) __nvvm_fma_rn_f(a, b, c)
#define MUL(a, b) __nvvm_mul_rn_f(a, b)
#define ADD(a, b) __nvvm_add_rn_f(a, b)
#define SUB(a, b) __nvvm_add_rn_f(a, -(b))
#define DIV(a, b) __nvvm_div_rn_f(a, b)
#define SQRT(a) __nvvm_sqrt_rn_f(a)
#define RINT(a) __builtin_rintf(a)

// The same in double precision.
#define DFMA(a, b, c) __nvvm_fma_rn_d(a, b, c)
#define DMUL(a, b) __nvvm_mul_rn_d(a, b)
#define DADD(a, b) __nvvm_add_rn_d(a, b)
#define DSUB(a, b) __nvvm_add_rn_d(a, -(b))
#define DDIV(a, b) __nvvm_div_rn_d(a, b)
#define DSQRT(a) __nvvm_sqrt_rn_d(a)

// All threads of the block, or of the warp, wait for each other; what they wrote before is seen after.
#define SYNC() __syncthreads()
#define WARPSYNC() __nvvm_bar_warp_sync(0xffffffffu)

// The bits in which a condition holds, lane by lane, and the value of another lane. All 32 lanes take part.
INLINE uint32 BALLOT(bool p) { return __nvvm_vote_ballot_sync(0xffffffffu, p); }
INLINE int SHFL(int v, int from) { return __nvvm_shfl_sync_idx_i32(0xffffffffu, v, from, 31); }
INLINE int SHFLX(int v, int mask) { return __nvvm_shfl_sync_bfly_i32(0xffffffffu, v, mask, 31); }
INLINE float SHFL(float v, int from) { return __nvvm_shfl_sync_idx_f32(0xffffffffu, v, from, 31); }
INLINE float SHFLX(float v, int mask) { return __nvvm_shfl_sync_bfly_f32(0xffffffffu, v, mask, 31); }
// What all lanes have alike, known to be alike to the compiler.
INLINE int UNI(int v) { return SHFL(v, 0); }
INLINE uint32 UNI(uint32 v) { return (uint32)SHFL((int)v, 0); }

// Four bytes chosen from eight: nibble i of the selector, 0 to 7, is the number of byte i of the result; a has the bytes 0 to 3, b 4 to 7.
INLINE uint32 PRMT(uint32 a, uint32 b, uint32 selector) { return (uint32)__nvvm_prmt((int)a, (int)b, (int)selector); }

// Integers alone: the order of such sums does not show.
INLINE int ATOMIC_ADD(int* to, int v) { return __nvvm_atom_add_gen_i((volatile int*)to, v); }

// A place in shared memory, as instructions have it, so many values behind another place, and the four values so far behind it, 16-byte
// aligned: one instruction, where the compiler may make four of the load of a struct.
typedef uint32 Place;
INLINE uint32 SharedAddress(const void* p)
{
    uint32 a;
    asm("{ .reg .u64 t; cvta.to.shared.u64 t, %1; cvt.u32.u64 %0, t; }" : "=r"(a) : "l"(p));
    return a;
}
INLINE Place PLACE(const float* p) { return SharedAddress(p); }
INLINE Place BEHIND(Place p, int values) { return p + 4 * values; }
template <int VALUES> INLINE void LOAD4(Place p, float& a, float& b, float& c, float& d)
{
    asm volatile("ld.shared.v4.f32 {%0, %1, %2, %3}, [%4+%5];" : "=f"(a), "=f"(b), "=f"(c), "=f"(d) : "r"(p), "n"(4 * VALUES) : "memory");
}

// Sixteen bytes from global to shared memory, both 16-byte aligned: copied while the thread goes on where the target has it (sm_80).
// COMMIT closes a group of copies, WAIT<n> waits until all but the newest n groups are there (for this thread: SYNC follows).
#if __CUDA_ARCH__ >= 800
INLINE void COPY16(void* to, const void* from) { asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(SharedAddress(to)), "l"(from) : "memory"); }
INLINE void COMMIT() { asm volatile("cp.async.commit_group;" ::: "memory"); }
template <int N> INLINE void WAIT() { asm volatile("cp.async.wait_group %0;" ::"n"(N) : "memory"); }
#else
struct __attribute__((aligned(16))) SixteenBytes { uint32 w[4]; };
INLINE void COPY16(void* to, const void* from) { *(SixteenBytes*)to = *(const SixteenBytes*)from; }
INLINE void COMMIT() {}
template <int N> INLINE void WAIT() {}
#endif

// The block's shared memory, as many bytes as the launch asks for, 16-byte aligned. Once in a kernel.
#define SHARED(T, name) extern __shared__ __attribute__((aligned(16))) char name##_bytes[]; T* name = (T*)name##_bytes
#endif

// ---- What follows is the same for both --------------------------------------------------------------------------------------------------

INLINE uint32 FLOAT_BITS(float v) { return __builtin_bit_cast(uint32, v); }
INLINE float BITS_FLOAT(uint32 v) { return __builtin_bit_cast(float, v); }
INLINE uint64 DOUBLE_BITS(double v) { return __builtin_bit_cast(uint64, v); }
INLINE double BITS_DOUBLE(uint64 v) { return __builtin_bit_cast(double, v); }
INLINE uint32 SHFL(uint32 v, int from) { return (uint32)SHFL((int)v, from); }
INLINE uint32 SHFLX(uint32 v, int mask) { return (uint32)SHFLX((int)v, mask); }
INLINE uint64 SHFL(uint64 v, int from) { return (uint64)SHFL((uint32)(v >> 32), from) << 32 | SHFL((uint32)v, from); }
INLINE uint64 SHFLX(uint64 v, int mask) { return (uint64)SHFLX((uint32)(v >> 32), mask) << 32 | SHFLX((uint32)v, mask); }
INLINE double SHFL(double v, int from) { return BITS_DOUBLE(SHFL(DOUBLE_BITS(v), from)); }
INLINE double SHFLX(double v, int mask) { return BITS_DOUBLE(SHFLX(DOUBLE_BITS(v), mask)); }
// The value of lane 0 ... 15 of the thread's own half of the warp.
template <class T> INLINE T SHFL16(T v, int from) { return SHFL(v, (TID & 16) | from); }

// The engine's sum of sixteen lanes, in every lane of the half warp: lane j + lane j + 8, then + 4, then + 2, then + 1.
INLINE float SUM16(float v)
{
    v = ADD(v, SHFLX(v, 8));
    v = ADD(v, SHFLX(v, 4));
    v = ADD(v, SHFLX(v, 2));
    return ADD(v, SHFLX(v, 1));
}

INLINE uint32 MULHI(uint32 a, uint32 b) { return (uint32)((uint64)a * b >> 32); }
INLINE int MIN(int a, int b) { return a < b ? a : b; }
INLINE int MAX(int a, int b) { return a > b ? a : b; }

// Philox 4x32-10 at the counter (c0, c1, 0, 0): four words of random bits (Numerics/Philox.cs).
struct RandomBits { uint32 w0, w1, w2, w3; };
INLINE RandomBits PHILOX(uint32 c0, uint32 c1, uint32 key0, uint32 key1)
{
    uint32 c2 = 0, c3 = 0;
    UNROLL for (int round = 0; round < 10; round++)
    {
        uint64 p0 = (uint64)0xD2511F53u * c0, p1 = (uint64)0xCD9E8D57u * c2;
        c0 = (uint32)(p1 >> 32) ^ c1 ^ key0;
        c1 = (uint32)p1;
        c2 = (uint32)(p0 >> 32) ^ c3 ^ key1;
        c3 = (uint32)p0;
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
    return {c0, c1, c2, c3};
}

// What changes from step to step, in one row a step (Training/StepRow.cs writes it). Kernels get the address of the cursor, which
// holds the address of the row; the last kernel of a step moves the cursor to the next row.
struct StepRow
{
    uint64 first;                                    // where in the orders the batch begins
    uint32 slot;                                     // where in the array of losses the step's goes
    uint32 nesterov;                                 // not 0: Nesterov's momentum
    uint32 crop0, crop1, flip0, flip1;               // keys of the streams that move and flip images
    float beta1, rest1, beta2, rest2, rate, epsilon, shrink;  // Adam; shrink is 1 without decay
    float momentum, decay;                           // SGD, with its rate above
    uint32 count;                                    // the batch's examples
    uint64 keys[1];                                  // of each dropout layer, then of each sampled mask: low word key 0, high word key 1
};
