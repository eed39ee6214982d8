// Kernels on a processor, thread by thread and block by block: slow, exact, and strict. One thread runs until it waits for others
// (SYNC, WARPSYNC, shuffles); then the next begins, on a stack of its own. A kernel that never waits runs on one stack, without a
// switch. Shared memory holds NaN at first. A barrier that not all threads reach ends the launch with an error. The order of threads
// and blocks can be turned round: a result that depends on it is a race.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>
#if !defined(__x86_64__) && !(defined(__aarch64__) && defined(__clang__))
#include <ucontext.h>
#define EMULATED_CONTEXTS
#endif

#define __device__
#define __global__
#define __shared__ static
#define __launch_bounds__(...)
#ifndef __restrict__
#define __restrict__ __restrict
#endif
#define INLINE static inline

namespace emulator {

const int MaxThreads = 1024, StackBytes = 64 << 10, MaxKernels = 4096;

struct Fibre
{
    void* stack;    // where it was left
    char* memory;
    int thread;
#if defined(EMULATED_CONTEXTS)
    ucontext_t context;
#endif
};

struct Kernel { const char* name; int parameters, threads; void (*run)(void (*)(), const uint64*); void (*function)(); };

static Kernel kernels[MaxKernels];
static int kernelCount;

static int tid, threads, warps, blockX, blockY, blockZ, gridX, gridY, gridZ;
static Fibre fibres[MaxThreads];
static Fibre* current;                    // what runs
static Fibre* idle[MaxThreads];           // stacks that no thread uses
static Fibre* ready[MaxThreads];          // a ring of fibres that can go on
static int idleCount, fibreCount, readyFirst, readyCount;
static Fibre* waiting[MaxThreads];        // at the block's barrier
static int waitingCount;
static Fibre* warpWaiting[MaxThreads];    // at the barrier of warp w: from 32 w on
static int warpCount[MaxThreads / 32];
static uint32 exchanged[2][MaxThreads];   // values of a shuffle; two sides, so that the next one needs no barrier before it
static unsigned char side[MaxThreads / 32];
static int started, finished;
static bool backwards, stuck;
static Fibre host;
static const Kernel* kernel;
static const uint64* arguments;
static char* shared;

#if defined(EMULATED_CONTEXTS)
inline void Switch(Fibre* from, Fibre* to) { swapcontext(&from->context, &to->context); }
#elif defined(__x86_64__)
__attribute__((naked, noinline)) static void Jump(void** save, void* load)
{
    __asm__("pushq %rbp\n pushq %rbx\n pushq %r12\n pushq %r13\n pushq %r14\n pushq %r15\n movq %rsp, (%rdi)\n movq %rsi, %rsp\n"
            "popq %r15\n popq %r14\n popq %r13\n popq %r12\n popq %rbx\n popq %rbp\n ret");
}
inline void Switch(Fibre* from, Fibre* to) { Jump(&from->stack, to->stack); }
#else
__attribute__((naked, noinline)) static void Jump(void** save, void* load)
{
    __asm__("sub sp, sp, #160\n stp x19, x20, [sp]\n stp x21, x22, [sp, #16]\n stp x23, x24, [sp, #32]\n stp x25, x26, [sp, #48]\n"
            "stp x27, x28, [sp, #64]\n stp x29, x30, [sp, #80]\n stp d8, d9, [sp, #96]\n stp d10, d11, [sp, #112]\n"
            "stp d12, d13, [sp, #128]\n stp d14, d15, [sp, #144]\n mov x9, sp\n str x9, [x0]\n mov sp, x1\n"
            "ldp x19, x20, [sp]\n ldp x21, x22, [sp, #16]\n ldp x23, x24, [sp, #32]\n ldp x25, x26, [sp, #48]\n"
            "ldp x27, x28, [sp, #64]\n ldp x29, x30, [sp, #80]\n ldp d8, d9, [sp, #96]\n ldp d10, d11, [sp, #112]\n"
            "ldp d12, d13, [sp, #128]\n ldp d14, d15, [sp, #144]\n add sp, sp, #160\n ret");
}
inline void Switch(Fibre* from, Fibre* to) { Jump(&from->stack, to->stack); }
#endif

inline void Go(Fibre* to)
{
    Fibre* from = current;
    current = to;
    Switch(from, to);
    tid = current->thread;
}

static void Body();

inline void Prepare(Fibre* fibre)
{
#if defined(EMULATED_CONTEXTS)
    getcontext(&fibre->context);
    fibre->context.uc_stack.ss_sp = fibre->memory;
    fibre->context.uc_stack.ss_size = StackBytes;
    fibre->context.uc_link = nullptr;
    makecontext(&fibre->context, Body, 0);
#elif defined(__x86_64__)
    void** top = (void**)(((uintptr_t)fibre->memory + StackBytes) & ~(uintptr_t)63);
    *--top = nullptr;
    *--top = (void*)Body;
    for (int i = 0; i < 6; i++) *--top = nullptr;
    fibre->stack = top;
#else
    uint64* top = (uint64*)(((uintptr_t)fibre->memory + StackBytes) & ~(uintptr_t)63) - 20;
    memset(top, 0, 160);
    top[11] = (uint64)(uintptr_t)Body;
    fibre->stack = top;
#endif
}

inline Fibre* Fresh()
{
    if (idleCount > 0) return idle[--idleCount];
    Fibre* fibre = &fibres[fibreCount++];
    if (!fibre->memory) fibre->memory = (char*)malloc(StackBytes);
    Prepare(fibre);
    return fibre;
}

inline Fibre* Pop()
{
    Fibre* next = ready[readyFirst];
    readyFirst = (readyFirst + 1) & (MaxThreads - 1);
    readyCount--;
    return next;
}

inline void Push(Fibre* fibre) { ready[(readyFirst + readyCount++) & (MaxThreads - 1)] = fibre; }

// Lets others run until this fibre is ready; when none can, not all threads will reach the barrier.
inline void Wait()
{
    if (started < threads) Go(Fresh());
    else if (readyCount > 0)
    {
        Fibre* next = Pop();
        if (next != current) Go(next);
    }
    else
    {
        stuck = true;
        Go(&host);
    }
}

// Runs threads until none is left to begin; its stack then waits for the next block.
static void Body()
{
    for (;;)
    {
        while (started < threads)
        {
            int next = started++;
            tid = current->thread = backwards ? threads - 1 - next : next;
            kernel->run(kernel->function, arguments);
            finished++;
        }
        idle[idleCount++] = current;
        if (readyCount > 0) Go(Pop());
        else
        {
            stuck = finished < threads;
            Go(&host);
        }
    }
}

inline void Sync()
{
    if (waitingCount + 1 < threads)
    {
        waiting[waitingCount++] = current;
        Wait();
        return;
    }
    for (int i = 0; i < waitingCount; i++) Push(waiting[i]);
    waitingCount = 0;
}

inline void WarpSync()
{
    int warp = tid >> 5;
    Fibre** line = warpWaiting + warp * 32;
    if (warpCount[warp] < 31)
    {
        line[warpCount[warp]++] = current;
        Wait();
        return;
    }
    for (int i = 0; i < 31; i++) Push(line[i]);
    warpCount[warp] = 0;
    side[warp] ^= 1;
}

// Writes this lane's value; after it, every lane's lies in the returned line.
inline const uint32* Exchange(uint32 value)
{
    int warp = tid >> 5;
    uint32* line = exchanged[side[warp]] + warp * 32;
    line[tid & 31] = value;
    WarpSync();
    return line;
}

template <class T> inline T Argument(const uint64* at) { T value; memcpy(&value, at, sizeof(T)); return value; }
template <class... A, size_t... I> inline void Call(void (*f)(A...), const uint64* a, std::index_sequence<I...>) { f(Argument<A>(a + I)...); }
template <class... A> void Run(void (*f)(), const uint64* a) { Call((void (*)(A...))f, a, std::index_sequence_for<A...>{}); }

struct Registration
{
    template <class... A> Registration(const char* name, int threads, void (*f)(A...))
    {
        kernels[kernelCount++] = {name, (int)sizeof...(A), threads, Run<A...>, (void (*)())f};
    }
};

inline int Find(const char* name)
{
    for (int i = 0; i < kernelCount; i++)
        if (strcmp(kernels[i].name, name) == 0) return i;
    return -1;
}

inline bool RunBlock(size_t sharedBytes)
{
    memset(shared, 0xff, sharedBytes + 64);
    started = finished = waitingCount = readyFirst = readyCount = 0;
    memset(warpCount, 0, sizeof warpCount);
    current = &host;
    Go(Fresh());
    for (size_t i = 0; i < 64; i++)
        if ((unsigned char)shared[sharedBytes + i] != 0xff) return false;
    return !stuck;
}

// 0, or what was wrong: 1 barrier, 2 shared memory passed.
inline int Launch(int which, int gx, int gy, int gz, int n, size_t sharedBytes, bool turned, const uint64* a)
{
    static size_t capacity = 0;
    if (capacity < sharedBytes + 128)
    {
        capacity = sharedBytes + (64 << 10);
        free(shared);
        shared = (char*)aligned_alloc(64, capacity / 64 * 64);
        capacity -= 64;
    }
    kernel = &kernels[which];
    arguments = a;
    threads = n;
    gridX = gx; gridY = gy; gridZ = gz;
    backwards = turned;
    stuck = false;
    int64 blocks = (int64)gx * gy * gz;
    for (int64 i = 0; i < blocks; i++)
    {
        int64 b = turned ? blocks - 1 - i : i;
        blockX = (int)(b % gx); blockY = (int)(b / gx % gy); blockZ = (int)(b / gx / gy);
        if (RunBlock(sharedBytes)) continue;
        // What still waits is given up: its stacks are made anew.
        idleCount = fibreCount = 0;
        return stuck ? 1 : 2;
    }
    return 0;
}
}

extern "C" __attribute__((visibility("default"))) int emulator_find(const char* name) { return emulator::Find(name); }
extern "C" __attribute__((visibility("default"))) int emulator_parameters(int kernel) { return emulator::kernels[kernel].parameters; }
extern "C" __attribute__((visibility("default"))) int emulator_threads(int kernel) { return emulator::kernels[kernel].threads; }
extern "C" __attribute__((visibility("default"))) int emulator_launch(
    int kernel, int gx, int gy, int gz, int threads, int64 shared, int turned, const uint64* arguments)
{
    return emulator::Launch(kernel, gx, gy, gz, threads, (size_t)shared, turned != 0, arguments);
}

#define KERNEL(threads, name) static const int name##_threads = threads; static void name##_kernel
#define KERNEL_OF(threads, blocks, name) KERNEL(threads, name)
#define EMULATE(name) static emulator::Registration name##_registration(#name, name##_threads, name##_kernel);

#define TID emulator::tid
#define NTHREADS emulator::threads
#define BX emulator::blockX
#define BY emulator::blockY
#define BZ emulator::blockZ
#define NBX emulator::gridX
#define NBY emulator::gridY
#define NBZ emulator::gridZ

INLINE float FMA(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
INLINE float MUL(float a, float b) { return a * b; }
INLINE float ADD(float a, float b) { return a + b; }
INLINE float SUB(float a, float b) { return a - b; }
INLINE float DIV(float a, float b) { return a / b; }
INLINE float SQRT(float a) { return __builtin_sqrtf(a); }
INLINE float RINT(float a) { return __builtin_rintf(a); }
INLINE double DFMA(double a, double b, double c) { return __builtin_fma(a, b, c); }
INLINE double DMUL(double a, double b) { return a * b; }
INLINE double DADD(double a, double b) { return a + b; }
INLINE double DSUB(double a, double b) { return a - b; }
INLINE double DDIV(double a, double b) { return a / b; }
INLINE double DSQRT(double a) { return __builtin_sqrt(a); }

INLINE void SYNC() { emulator::Sync(); }
INLINE void WARPSYNC() { emulator::WarpSync(); }
INLINE uint32 BALLOT(bool p)
{
    const uint32* line = emulator::Exchange(p);
    uint32 bits = 0;
    for (int i = 0; i < 32; i++) bits |= line[i] << i;
    return bits;
}
INLINE int SHFL(int v, int from) { return (int)emulator::Exchange((uint32)v)[from & 31]; }
INLINE int SHFLX(int v, int mask) { return (int)emulator::Exchange((uint32)v)[(TID & 31) ^ mask]; }
INLINE float SHFL(float v, int from) { return __builtin_bit_cast(float, emulator::Exchange(__builtin_bit_cast(uint32, v))[from & 31]); }
INLINE float SHFLX(float v, int mask) { return __builtin_bit_cast(float, emulator::Exchange(__builtin_bit_cast(uint32, v))[(TID & 31) ^ mask]); }
INLINE uint32 PRMT(uint32 a, uint32 b, uint32 selector)
{
    const uint64 bytes = (uint64)b << 32 | a;
    uint32 result = 0;
    for (int i = 0; i < 4; i++) result |= (uint32)(bytes >> 8 * (selector >> 4 * i & 7) & 255) << 8 * i;
    return result;
}
INLINE int UNI(int v) { return v; }
INLINE uint32 UNI(uint32 v) { return v; }
INLINE int ATOMIC_ADD(int* to, int v) { int before = *to; *to += v; return before; }
typedef const float* Place;
INLINE Place PLACE(const float* p) { return p; }
INLINE Place BEHIND(Place p, int values) { return p + values; }
template <int VALUES> INLINE void LOAD4(Place p, float& a, float& b, float& c, float& d)
{
    p += VALUES;
    if ((uintptr_t)p % 16 != 0) __builtin_trap();
    a = p[0]; b = p[1]; c = p[2]; d = p[3];
}
INLINE void COPY16(void* to, const void* from) { memcpy(to, from, 16); }
INLINE void COMMIT() {}
template <int N> INLINE void WAIT() {}
#define SHARED(T, name) T* name = (T*)emulator::shared
