#include "CImageCodecs.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

// The bytes that are read, or those that are written, and where to put the message.
typedef struct {
    const uint8_t *source;
    size_t source_count;
    uint8_t *written;
    size_t written_count;
    size_t capacity;
    char *message;
    codec_status status;
} png_state;

static void fail(png_structp png, png_const_charp text) {
    png_state *state = png_get_error_ptr(png);
    snprintf(state->message, CODEC_MESSAGE_SIZE, "%s", text);
    longjmp(png_jmpbuf(png), 1);
}

static void stay_silent(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static void take(png_structp png, png_bytep target, size_t count) {
    png_state *state = png_get_io_ptr(png);
    if (count > state->source_count) png_error(png, "premature end of the file");
    memcpy(target, state->source, count);
    state->source += count;
    state->source_count -= count;
}

static void put(png_structp png, png_bytep source, size_t count) {
    png_state *state = png_get_io_ptr(png);
    if (count > state->capacity - state->written_count) {
        size_t capacity = 2 * state->capacity + count + 4096;
        uint8_t *written = realloc(state->written, capacity);
        if (!written) {
            state->status = CODEC_NO_MEMORY;
            png_error(png, "out of memory");
        }
        state->written = written;
        state->capacity = capacity;
    }
    memcpy(state->written + state->written_count, source, count);
    state->written_count += count;
}

static void flush(png_structp png) { (void)png; }

static void set_up(png_state *state, const uint8_t *bytes, size_t count, char *message) {
    memset(state, 0, sizeof *state);
    state->source = bytes;
    state->source_count = count;
    state->message = message;
    state->status = CODEC_CORRUPT;
    message[0] = 0;
}

// Decodes, or, where `rgb` is null, reads the header only.
static codec_status read_png(
    png_state *state, uint8_t *rgb, uint32_t *width, uint32_t *height
) {
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, state, fail, stay_silent);
    if (!png) return CODEC_NO_MEMORY;
    png_infop info = png_create_info_struct(png);
    if (!info) {
        png_destroy_read_struct(&png, NULL, NULL);
        return CODEC_NO_MEMORY;
    }
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_read_struct(&png, &info, NULL);
        return state->status;
    }
    png_set_user_limits(png, 0x7fffffff, 0x7fffffff);  // the caller has limits of its own
    png_set_read_fn(png, state, take);
    png_read_info(png, info);
    if (!rgb) {
        *width = png_get_image_width(png, info);
        *height = png_get_image_height(png, info);
    } else {
        if (*width != png_get_image_width(png, info) || *height != png_get_image_height(png, info)) {
            png_error(png, "the sizes are not those of the header");
        }
        png_set_palette_to_rgb(png);
        png_set_expand_gray_1_2_4_to_8(png);
        png_set_strip_16(png);
        png_set_gray_to_rgb(png);
        png_set_strip_alpha(png);
        int passes = png_set_interlace_handling(png);
        png_read_update_info(png, info);
        if (png_get_rowbytes(png, info) != (size_t)*width * 3) png_error(png, "the rows are not RGB");
        for (int pass = 0; pass < passes; pass++) {
            for (uint32_t y = 0; y < *height; y++) png_read_row(png, rgb + (size_t)y * *width * 3, NULL);
        }
        png_read_end(png, NULL);
    }
    png_destroy_read_struct(&png, &info, NULL);
    return CODEC_OK;
}

codec_status codec_png_header(
    const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height, char *message
) {
    png_state state;
    set_up(&state, bytes, count, message);
    return read_png(&state, NULL, width, height);
}

codec_status codec_png_decode(
    const uint8_t *bytes, size_t count, uint8_t *rgb, uint32_t width, uint32_t height, char *message
) {
    png_state state;
    set_up(&state, bytes, count, message);
    return read_png(&state, rgb, &width, &height);
}

codec_status codec_png_encode(
    const uint8_t *rgb, uint32_t width, uint32_t height, uint8_t **bytes, size_t *count, char *message
) {
    png_state state;
    set_up(&state, NULL, 0, message);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &state, fail, stay_silent);
    if (!png) return CODEC_NO_MEMORY;
    png_infop info = png_create_info_struct(png);
    if (!info) {
        png_destroy_write_struct(&png, NULL);
        return CODEC_NO_MEMORY;
    }
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_write_struct(&png, &info);
        free(state.written);
        return state.status;
    }
    png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
    png_set_write_fn(png, &state, put, flush);
    png_set_IHDR(
        png, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
        PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (uint32_t y = 0; y < height; y++) png_write_row(png, rgb + (size_t)y * width * 3);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    *bytes = state.written;
    *count = state.written_count;
    return CODEC_OK;
}
