#include "CImageCodecs.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

// More scans than any encoder writes. A small file of endless scans would otherwise keep a core busy for minutes.
#define MAX_SCANS 200

// All that changes after setjmp lives here, in memory, so that longjmp leaves it defined.
typedef struct {
    struct jpeg_error_mgr errors;  // first: libjpeg hands back a pointer to it
    jmp_buf escape;
    char *message;
    codec_status status;
    unsigned char *row;
    unsigned char *encoded;
    unsigned long encoded_count;
} jpeg_state;

static void fail(j_common_ptr common) {
    jpeg_state *state = (jpeg_state *)common->err;
    char text[JMSG_LENGTH_MAX];
    common->err->format_message(common, text);
    snprintf(state->message, CODEC_MESSAGE_SIZE, "%s", text);
    switch (common->err->msg_code) {
    case JERR_OUT_OF_MEMORY:
        state->status = CODEC_NO_MEMORY;
        break;
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_NOT_COMPILED:
    case JERR_SOF_UNSUPPORTED:
        state->status = CODEC_UNSUPPORTED;
        break;
    default:
        state->status = CODEC_CORRUPT;
    }
    longjmp(state->escape, 1);
}

// libjpeg goes on after a warning and fills what is missing with gray. Only warnings that lose no pixel may pass.
static void take_message(j_common_ptr common, int level) {
    if (level >= 0) return;
    switch (common->err->msg_code) {
    case JWRN_ADOBE_XFORM:
    case JWRN_EXTRANEOUS_DATA:
    case JWRN_JFIF_MAJOR:
    case JWRN_TOO_MUCH_DATA:
        return;
    default:
        fail(common);
    }
}

static void stay_silent(j_common_ptr common) { (void)common; }

static void limit_scans(j_common_ptr common) {
    j_decompress_ptr decoder = (j_decompress_ptr)common;
    if (decoder->input_scan_number > MAX_SCANS) {
        common->err->msg_code = JERR_BAD_PROGRESSION;
        fail(common);
    }
}

static void set_up(jpeg_state *state, char *message) {
    memset(state, 0, sizeof *state);
    jpeg_std_error(&state->errors);
    state->errors.error_exit = fail;
    state->errors.emit_message = take_message;
    state->errors.output_message = stay_silent;
    state->message = message;
    message[0] = 0;
}

struct codec_jpeg {
    struct jpeg_decompress_struct decoder;
    struct jpeg_progress_mgr progress;
    jpeg_state state;
};

void codec_jpeg_close(codec_jpeg *jpeg) {
    if (!jpeg) return;
    jpeg_destroy_decompress(&jpeg->decoder);
    free(jpeg->state.row);
    free(jpeg);
}

codec_status codec_jpeg_open(
    const uint8_t *bytes, size_t count, codec_jpeg **opened, uint32_t *width, uint32_t *height, char *message
) {
    *opened = NULL;
    message[0] = 0;
    codec_jpeg *jpeg = calloc(1, sizeof *jpeg);
    if (!jpeg) return CODEC_NO_MEMORY;
    set_up(&jpeg->state, message);
    jpeg->decoder.err = &jpeg->state.errors;
    if (setjmp(jpeg->state.escape)) {
        codec_status status = jpeg->state.status;
        codec_jpeg_close(jpeg);
        return status;
    }
    jpeg_create_decompress(&jpeg->decoder);
    jpeg->progress.progress_monitor = limit_scans;
    jpeg->decoder.progress = &jpeg->progress;
    jpeg_mem_src(&jpeg->decoder, (unsigned char *)bytes, count);
    jpeg_read_header(&jpeg->decoder, TRUE);
    *width = jpeg->decoder.image_width;
    *height = jpeg->decoder.image_height;
    *opened = jpeg;
    return CODEC_OK;
}

// Adobe writes CMYK inverted, and so, in practice, does everyone: 0 is full ink.
static void take_inverted_cmyk(const unsigned char *row, uint8_t *rgb, uint32_t width) {
    for (uint32_t x = 0; x < width; x++, row += 4, rgb += 3) {
        for (int c = 0; c < 3; c++) {
            unsigned product = (255u - row[c]) * row[3] + 128;
            rgb[c] = (uint8_t)(row[3] - ((product + (product >> 8)) >> 8));
        }
    }
}

codec_status codec_jpeg_decode(
    codec_jpeg *jpeg, unsigned denominator, uint8_t *rgb, uint32_t width, uint32_t height, char *message
) {
    j_decompress_ptr decoder = &jpeg->decoder;
    jpeg->state.message = message;
    message[0] = 0;
    if (setjmp(jpeg->state.escape)) return jpeg->state.status;
    int is_cmyk = decoder->jpeg_color_space == JCS_CMYK || decoder->jpeg_color_space == JCS_YCCK;
    decoder->out_color_space = is_cmyk ? JCS_CMYK : JCS_RGB;
    decoder->scale_num = 1;
    decoder->scale_denom = denominator;
    decoder->dct_method = JDCT_ISLOW;
    decoder->do_fancy_upsampling = TRUE;
    jpeg_calc_output_dimensions(decoder);
    if (decoder->output_width != width || decoder->output_height != height) {
        snprintf(message, CODEC_MESSAGE_SIZE, "the sizes are not those of the header");
        return CODEC_CORRUPT;
    }
    if (is_cmyk && !(jpeg->state.row = malloc((size_t)width * 4))) return CODEC_NO_MEMORY;
    jpeg_start_decompress(decoder);
    while (decoder->output_scanline < height) {
        uint8_t *target = rgb + (size_t)decoder->output_scanline * width * 3;
        JSAMPROW row = is_cmyk ? jpeg->state.row : target;
        jpeg_read_scanlines(decoder, &row, 1);
        if (is_cmyk) take_inverted_cmyk(jpeg->state.row, target, width);
    }
    jpeg_finish_decompress(decoder);
    return CODEC_OK;
}

codec_status codec_jpeg_encode(
    const uint8_t *rgb, uint32_t width, uint32_t height, int quality, uint8_t **bytes, size_t *count, char *message
) {
    jpeg_state state;
    struct jpeg_compress_struct encoder;
    set_up(&state, message);
    memset(&encoder, 0, sizeof encoder);
    encoder.err = &state.errors;
    if (setjmp(state.escape)) {
        jpeg_destroy_compress(&encoder);
        free(state.encoded);
        return state.status;
    }
    jpeg_create_compress(&encoder);
    jpeg_mem_dest(&encoder, &state.encoded, &state.encoded_count);
    encoder.image_width = width;
    encoder.image_height = height;
    encoder.input_components = 3;
    encoder.in_color_space = JCS_RGB;
    jpeg_set_defaults(&encoder);
    jpeg_set_quality(&encoder, quality, TRUE);
    encoder.dct_method = JDCT_ISLOW;
    jpeg_start_compress(&encoder, TRUE);
    while (encoder.next_scanline < height) {
        JSAMPROW row = (JSAMPROW)(rgb + (size_t)encoder.next_scanline * width * 3);
        jpeg_write_scanlines(&encoder, &row, 1);
    }
    jpeg_finish_compress(&encoder);
    jpeg_destroy_compress(&encoder);
    *bytes = state.encoded;
    *count = state.encoded_count;
    return CODEC_OK;
}
