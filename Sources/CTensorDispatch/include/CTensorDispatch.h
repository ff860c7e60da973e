#pragma once
// Run-time dispatch for kernels written in Swift. A trampoline is compiled for a wider instruction set, and the Swift
// body that it names is inlined into it and so compiled for that set too. The only arithmetic here is the fused
// multiply-add, which Swift has no vector spelling for that is safe on processors without one.
#include <stdbool.h>

typedef float mlops_float4 __attribute__((ext_vector_type(4)));
typedef float mlops_float8 __attribute__((ext_vector_type(8)));
typedef float mlops_float16 __attribute__((ext_vector_type(16)));

#define MLOPS_INLINE static inline __attribute__((always_inline))

#if defined(__clang__)
#pragma clang fp contract(on)
#endif
MLOPS_INLINE float mlops_mad1(float a, float b, float c) { return a * b + c; }
MLOPS_INLINE mlops_float4 mlops_mad4(mlops_float4 a, mlops_float4 b, mlops_float4 c) { return a * b + c; }
MLOPS_INLINE mlops_float8 mlops_mad8(mlops_float8 a, mlops_float8 b, mlops_float8 c) { return a * b + c; }
MLOPS_INLINE mlops_float16 mlops_mad16(mlops_float16 a, mlops_float16 b, mlops_float16 c) { return a * b + c; }

/// Tells the processor that the thread waits in a loop.
MLOPS_INLINE void mlops_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

#if defined(__x86_64__)
MLOPS_INLINE bool mlops_has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
MLOPS_INLINE bool mlops_has_avx512(void) {
    return mlops_has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
}

#define MLOPS_AVX2 __attribute__((target("avx2,fma")))
#define MLOPS_AVX512 __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")))
/// Declares the Swift bodies of a kernel (`name_8`, `name_16`, for vectors of so many floats) and the
/// trampolines into the wider two (`name_avx2`, `name_avx512`).
#define MLOPS_KERNEL(name)                                              \
    void name##_8(const void *_Nonnull arguments);                      \
    void name##_16(const void *_Nonnull arguments);                     \
    static inline MLOPS_AVX2 void name##_avx2(const void *_Nonnull a) { \
        [[clang::always_inline]] name##_8(a);                           \
    }                                                                   \
    static inline MLOPS_AVX512 void name##_avx512(const void *_Nonnull a) { \
        [[clang::always_inline]] name##_16(a);                          \
    }

MLOPS_KERNEL(mlops_product)
MLOPS_KERNEL(mlops_winograd)
MLOPS_KERNEL(mlops_winograd_input)
MLOPS_KERNEL(mlops_winograd_gradient)
MLOPS_KERNEL(mlops_depthwise)
MLOPS_KERNEL(mlops_elementwise)
MLOPS_KERNEL(mlops_finish)
MLOPS_KERNEL(mlops_pair)
MLOPS_KERNEL(mlops_rows)
MLOPS_KERNEL(mlops_channels)
MLOPS_KERNEL(mlops_normalized)
MLOPS_KERNEL(mlops_pooling)
MLOPS_KERNEL(mlops_unpooling)
MLOPS_KERNEL(mlops_optimizer)
#endif
