#include "emgdetect_wire.h"

#include <string.h>

enum { SYNC_0 = 0xE3, SYNC_1 = 0x47, TYPE = 3, BOOT = 4, LENGTH = 5 };

/* Four bits at a time: 64 bytes of table are all that a small board can spare. */
static const uint32_t CRC_OF_NIBBLE[16] = {
    0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
    0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C,
};

uint32_t emgd_crc(uint32_t crc, const uint8_t *bytes, uint16_t n_bytes)
{
    crc = ~crc;
    while (n_bytes--) {
        crc ^= *bytes++;
        crc = (crc >> 4) ^ CRC_OF_NIBBLE[crc & 15];
        crc = (crc >> 4) ^ CRC_OF_NIBBLE[crc & 15];
    }
    return ~crc;
}

void emgd_frame_begin(emgd_frame *frame, emgd_type type, uint8_t boot)
{
    frame->bytes[0] = SYNC_0;
    frame->bytes[1] = SYNC_1;
    frame->bytes[2] = EMGD_VERSION;
    frame->bytes[TYPE] = (uint8_t)type;
    frame->bytes[BOOT] = boot;
    frame->bytes[LENGTH] = 0;
    frame->length = EMGD_HEADER;
}

void emgd_put8(emgd_frame *frame, uint8_t value)
{
    if (frame->length < EMGD_HEADER + EMGD_MAX_PAYLOAD) {
        frame->bytes[frame->length++] = value;
    }
}

void emgd_put16(emgd_frame *frame, uint16_t value)
{
    emgd_put8(frame, (uint8_t)value);
    emgd_put8(frame, (uint8_t)(value >> 8));
}

void emgd_put32(emgd_frame *frame, uint32_t value)
{
    emgd_put16(frame, (uint16_t)value);
    emgd_put16(frame, (uint16_t)(value >> 16));
}

void emgd_frame_close(emgd_frame *frame)
{
    uint32_t crc;

    frame->bytes[LENGTH] = (uint8_t)(frame->length - EMGD_HEADER);
    crc = emgd_crc(0, frame->bytes + 2, (uint16_t)(frame->length - 2));
    for (uint8_t i = 0; i < EMGD_CHECKSUM; i++) {
        frame->bytes[frame->length++] = (uint8_t)(crc >> (8 * i));
    }
}

void emgd_samples_begin(emgd_frame *frame, uint8_t boot, uint32_t counter, uint32_t clock_us, uint16_t tag,
                        uint8_t off, uint8_t n_channels)
{
    emgd_frame_begin(frame, EMGD_SAMPLES, boot);
    emgd_put32(frame, counter);
    emgd_put32(frame, clock_us);
    emgd_put16(frame, tag);
    emgd_put8(frame, off);
    emgd_put8(frame, n_channels);
}

uint8_t emgd_batch(const emgd_description *description, uint8_t max_bytes, uint8_t max_ms)
{
    const uint8_t around = EMGD_HEADER + EMGD_SAMPLES_HEADER + EMGD_CHECKSUM;
    uint8_t bytes = max_bytes < 64 || max_bytes > EMGD_MAX_FRAME ? EMGD_MAX_FRAME : max_bytes;
    uint8_t fitting = (uint8_t)((bytes - around) / (2 * description->n_channels));
    uint32_t in_time = description->rate_millihertz / 1000 * max_ms / 1000;

    if (in_time > fitting) {
        return fitting;
    }
    return in_time < 1 ? 1 : (uint8_t)in_time;
}

void emgd_describe(emgd_frame *frame, uint8_t boot, const emgd_description *description)
{
    uint8_t name_length = 0;

    while (name_length < EMGD_MAX_NAME && description->name[name_length]) {
        name_length++;
    }
    emgd_frame_begin(frame, EMGD_DESCRIPTION, boot);
    emgd_put8(frame, EMGD_FIRMWARE_MAJOR);
    emgd_put8(frame, EMGD_FIRMWARE_MINOR);
    emgd_put32(frame, description->rate_millihertz);
    emgd_put8(frame, description->bits);
    emgd_put8(frame, description->is_signed ? 1 : 0);
    emgd_put16(frame, description->vref_millivolt);
    emgd_put8(frame, description->watched);
    emgd_put8(frame, description->n_channels);
    for (uint8_t i = 0; i < description->n_channels; i++) {
        emgd_put8(frame, description->channels[i].role);
        emgd_put32(frame, description->channels[i].gain_milli);
    }
    emgd_put8(frame, name_length);
    for (uint8_t i = 0; i < name_length; i++) {
        emgd_put8(frame, (uint8_t)description->name[i]);
    }
    emgd_frame_close(frame);
}

uint16_t emgd_tag(const emgd_description *description)
{
    emgd_frame frame;

    emgd_describe(&frame, 0, description);
    return (uint16_t)emgd_crc(0, frame.bytes + EMGD_HEADER, frame.bytes[LENGTH]);
}

void emgd_status(emgd_frame *frame, uint8_t boot, uint8_t battery, uint8_t state, uint16_t overruns)
{
    emgd_frame_begin(frame, EMGD_STATUS, boot);
    emgd_put8(frame, battery);
    emgd_put8(frame, state);
    emgd_put16(frame, overruns);
    emgd_frame_close(frame);
}

static emgd_command command_of(const emgd_listener *listener)
{
    if (listener->length == 0) {
        return EMGD_NOTHING;
    }
    if (listener->length == 5 && !memcmp(listener->line, "START", 5)) {
        return EMGD_START;
    }
    if (listener->length == 4 && !memcmp(listener->line, "STOP", 4)) {
        return EMGD_STOP;
    }
    if (listener->length == 4 && !memcmp(listener->line, "PLOT", 4)) {
        return EMGD_PLOT;
    }
    return EMGD_UNKNOWN;
}

emgd_command emgd_listen(emgd_listener *listener, uint8_t byte)
{
    emgd_command command;

    if (byte == '\r' || byte == '\n') {
        command = command_of(listener);
        listener->length = 0;
        return command;
    }
    if (byte >= 'a' && byte <= 'z') {
        byte = (uint8_t)(byte - ('a' - 'A'));
    }
    /* What no longer fits is longer than any command; the length says so. */
    if (listener->length < sizeof listener->line) {
        listener->line[listener->length++] = (char)byte;
    }
    return EMGD_NOTHING;
}
