// Kernels that show what the emulator does.
#include "port.h"

KERNEL(96, reverse)(int* to)
{
    SHARED(int, all);
    all[TID] = 1000 * BX + TID;
    SYNC();
    to[BX * 96 + TID] = all[95 - TID];
}
EMULATE(reverse)

KERNEL(64, exchange)(int* integers, double* doubles, float* sums)
{
    integers[TID] = SHFL(100 * TID, ((TID & 31) + 1) & 31);
    integers[64 + TID] = SHFLX(100 * TID, 5);
    integers[128 + TID] = (int)BALLOT((TID & 31) % 3 == 0);
    integers[192 + TID] = SHFL16(100 * TID, 3);
    doubles[TID] = SHFLX(1.0 / (1 + TID), 16);
    doubles[64 + TID] = SHFL(1.0 / (1 + TID), 31 - (TID & 31));
    sums[TID] = SUM16(1.0f / (1 + TID));
}
EMULATE(exchange)

KERNEL(32, random)(uint32* to, uint64 key)
{
    RandomBits b = PHILOX(TID, 7, (uint32)key, (uint32)(key >> 32));
    to[4 * TID] = b.w0;
    to[4 * TID + 1] = b.w1;
    to[4 * TID + 2] = b.w2;
    to[4 * TID + 3] = b.w3;
}
EMULATE(random)

KERNEL(64, half_syncs)()
{
    if (TID < 32) SYNC();
}
EMULATE(half_syncs)

KERNEL(64, half_shuffles)()
{
    if (TID % 2) SHFL(1, 0);
}
EMULATE(half_shuffles)

KERNEL(64, last_writes)(int* to)
{
    *to = TID;
}
EMULATE(last_writes)

KERNEL(32, add_one)(int* to)
{
    if (TID < 16) to[TID]++;
}
EMULATE(add_one)
