// JPEG and PNG over libjpeg and libpng, behind calls that return a status. Both libraries report errors by
// longjmp, which Swift can't cross; nothing else is done here.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// How a call ended; the message says why it failed.
typedef enum {
    CODEC_OK = 0,
    CODEC_CORRUPT = 1,
    CODEC_UNSUPPORTED = 2,
    CODEC_NO_MEMORY = 3,
} codec_status;

/// The room that `message` must have, ending zero included.
#define CODEC_MESSAGE_SIZE 256

/// A JPEG whose header was read.
typedef struct codec_jpeg codec_jpeg;

/// Reads the header; allocates nothing that depends on the sizes. `bytes` must stay until `codec_jpeg_close`, which is
/// called once when this call ended well, and takes null too. One thread at a time uses an opened JPEG.
codec_status codec_jpeg_open(
    const uint8_t *bytes, size_t count, codec_jpeg **opened, uint32_t *width, uint32_t *height, char *message);
void codec_jpeg_close(codec_jpeg *jpeg);

/// Decodes, once, into `rgb`, which has room for 3 × width × height bytes. The sizes are those of the header divided by
/// `denominator` (1, 2, 4 or 8) and rounded up.
codec_status codec_jpeg_decode(
    codec_jpeg *jpeg, unsigned denominator, uint8_t *rgb, uint32_t width, uint32_t height, char *message);

/// Reads the sizes from the header; allocates nothing that depends on them.
codec_status codec_png_header(
    const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height, char *message);

/// Decodes into `rgb`, which has room for 3 × width × height bytes; a picture of other sizes is corrupt.
codec_status codec_png_decode(
    const uint8_t *bytes, size_t count, uint8_t *rgb, uint32_t width, uint32_t height, char *message);

/// Encodes 3 × width × height bytes. The result is freed with `free`.
codec_status codec_jpeg_encode(
    const uint8_t *rgb, uint32_t width, uint32_t height, int quality, uint8_t **bytes, size_t *count, char *message);
codec_status codec_png_encode(
    const uint8_t *rgb, uint32_t width, uint32_t height, uint8_t **bytes, size_t *count, char *message);
