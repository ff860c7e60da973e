#pragma once
// Run-time dispatch for kernels written in Swift. A trampoline is compiled for a wider instruction set, and the Swift
// body that it names is inlined into it and so compiled for that set too. The only arithmetic here is what Swift has no
// vector spelling for: the fused multiply-add, sums of products of 8- and 16-bit integers, and conversions of vectors.
#include <stdbool.h>

typedef float mlops_float4 __attribute__((ext_vector_type(4)));
typedef float mlops_float8 __attribute__((ext_vector_type(8)));
typedef float mlops_float16 __attribute__((ext_vector_type(16)));

typedef int mlops_int4 __attribute__((ext_vector_type(4)));
typedef int mlops_int8 __attribute__((ext_vector_type(8)));
typedef int mlops_int16 __attribute__((ext_vector_type(16)));
typedef unsigned char mlops_byte4 __attribute__((ext_vector_type(4)));
typedef unsigned char mlops_byte8 __attribute__((ext_vector_type(8)));
typedef unsigned char mlops_byte16 __attribute__((ext_vector_type(16)));

#define MLOPS_INLINE static inline __attribute__((always_inline))

#if defined(__clang__)
#pragma clang fp contract(on)
#endif
MLOPS_INLINE float mlops_mad1(float a, float b, float c) { return a * b + c; }
MLOPS_INLINE mlops_float4 mlops_mad4(mlops_float4 a, mlops_float4 b, mlops_float4 c) { return a * b + c; }
MLOPS_INLINE mlops_float8 mlops_mad8(mlops_float8 a, mlops_float8 b, mlops_float8 c) { return a * b + c; }
MLOPS_INLINE mlops_float16 mlops_mad16(mlops_float16 a, mlops_float16 b, mlops_float16 c) { return a * b + c; }

/// Declares conversions of vectors of `n` numbers: integers to the nearest floats, the lowest byte of each integer, and
/// bytes to integers.
#define MLOPS_CONVERSIONS(n)                                                                                        \
    MLOPS_INLINE mlops_float##n mlops_floats##n(mlops_int##n a) { return __builtin_convertvector(a, mlops_float##n); } \
    MLOPS_INLINE mlops_byte##n mlops_bytes##n(mlops_int##n a) { return __builtin_convertvector(a, mlops_byte##n); }    \
    MLOPS_INLINE mlops_int##n mlops_integers##n(mlops_byte##n a) { return __builtin_convertvector(a, mlops_int##n); }
MLOPS_CONVERSIONS(4)
MLOPS_CONVERSIONS(8)
MLOPS_CONVERSIONS(16)

#if defined(__x86_64__)
typedef short mlops_pairs4 __attribute__((vector_size(16)));
#else
typedef short mlops_short8 __attribute__((ext_vector_type(8)));
#define MLOPS_EVEN(v) __builtin_convertvector(__builtin_shufflevector(v, v, 0, 2, 4, 6), mlops_int4)
#define MLOPS_ODD(v) __builtin_convertvector(__builtin_shufflevector(v, v, 1, 3, 5, 7), mlops_int4)
#endif
/// c + a·b, where each lane of `a` and `b` holds two 16-bit integers: pmaddwd and paddd with SSE2.
MLOPS_INLINE mlops_int4 mlops_dot4(mlops_int4 a, mlops_int4 b, mlops_int4 c) {
#if defined(__x86_64__)
    return (mlops_int4)__builtin_ia32_pmaddwd128((mlops_pairs4)a, (mlops_pairs4)b) + c;
#else
    mlops_short8 x = (mlops_short8)a, y = (mlops_short8)b;
    return c + (MLOPS_EVEN(x) * MLOPS_EVEN(y) + MLOPS_ODD(x) * MLOPS_ODD(y));
#endif
}

// Choices and bits of lanes: in Swift they are loops over lanes, of which the compiler inlines only so many into a body.
typedef unsigned mlops_bits4 __attribute__((ext_vector_type(4)));
typedef unsigned mlops_bits8 __attribute__((ext_vector_type(8)));
typedef unsigned mlops_bits16 __attribute__((ext_vector_type(16)));
#define MLOPS_LANES(width)                                                                                     \
    /* The lanes of `a` where `x` is below `limit`, else of `b`. */                                            \
    MLOPS_INLINE mlops_float##width mlops_choose##width(                                                       \
        mlops_float##width x, mlops_float##width limit, mlops_float##width a, mlops_float##width b) {          \
        return x < limit ? a : b;                                                                              \
    }                                                                                                          \
    /* x · 2ⁿ, where n are the lowest nine bits of `exponent`. */                                              \
    MLOPS_INLINE mlops_float##width mlops_scale##width(mlops_float##width x, mlops_float##width exponent) {    \
        return (mlops_float##width)((mlops_bits##width)x + ((mlops_bits##width)exponent << 23));               \
    }
MLOPS_LANES(4)
MLOPS_LANES(8)
MLOPS_LANES(16)
MLOPS_INLINE float mlops_choose1(float x, float limit, float a, float b) { return x < limit ? a : b; }

// Ask for the cache line at an address, which need not be readable, in the first or the second level of the cache.
MLOPS_INLINE void mlops_prefetch_first(const void *_Nonnull address) { __builtin_prefetch(address, 0, 3); }
MLOPS_INLINE void mlops_prefetch_second(const void *_Nonnull address) { __builtin_prefetch(address, 0, 2); }

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

MLOPS_INLINE bool mlops_has_vnni(void) { return mlops_has_avx512() && __builtin_cpu_supports("avx512vnni"); }

#define MLOPS_AVX2 __attribute__((target("avx2,fma")))
#define MLOPS_AVX512 __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")))
#define MLOPS_VNNI __attribute__((target("avx512vnni,avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")))
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

/// The same for a kernel whose wider body needs the 8-bit products of AVX-512 VNNI.
#define MLOPS_INTEGER_KERNEL(name)                                      \
    void name##_8(const void *_Nonnull arguments);                      \
    void name##_16(const void *_Nonnull arguments);                     \
    static inline MLOPS_AVX2 void name##_avx2(const void *_Nonnull a) { \
        [[clang::always_inline]] name##_8(a);                           \
    }                                                                   \
    static inline MLOPS_VNNI void name##_vnni(const void *_Nonnull a) { \
        [[clang::always_inline]] name##_16(a);                          \
    }

// Not always inlined: a body that is compiled for the baseline, which never runs, calls them; in the trampoline they
// become the one instruction.
typedef int mlops_lanes16 __attribute__((vector_size(64)));
typedef short mlops_pairs8 __attribute__((vector_size(32)));
/// c + a·b, where each lane of `a` and `b` holds two 16-bit integers: vpmaddwd and vpaddd.
static inline MLOPS_AVX2 mlops_int8 mlops_dot8(mlops_int8 a, mlops_int8 b, mlops_int8 c) {
    return (mlops_int8)__builtin_ia32_pmaddwd256((mlops_pairs8)a, (mlops_pairs8)b) + c;
}
/// c + a·b, where each lane of `a` holds four bytes without sign, and of `b` four with: vpdpbusd.
static inline MLOPS_VNNI mlops_int16 mlops_dot16(mlops_int16 a, mlops_int16 b, mlops_int16 c) {
    return (mlops_int16)__builtin_ia32_vpdpbusd512((mlops_lanes16)c, (mlops_lanes16)a, (mlops_lanes16)b);
}

MLOPS_INTEGER_KERNEL(mlops_integers)
MLOPS_KERNEL(mlops_requantize)
MLOPS_KERNEL(mlops_quantize)
MLOPS_KERNEL(mlops_product)
MLOPS_KERNEL(mlops_product_columns)
MLOPS_KERNEL(mlops_walk)
MLOPS_KERNEL(mlops_walk_narrow)
MLOPS_KERNEL(mlops_winograd)
MLOPS_KERNEL(mlops_winograd_input)
MLOPS_KERNEL(mlops_winograd_gradient)
MLOPS_KERNEL(mlops_winograd_small)
MLOPS_KERNEL(mlops_winograd_pooled)
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
