/* The wire of emgdetect's own boards: frames, checksum, description, commands.
 *
 * Plain C99 without Arduino, so that a computer can test it. Numbers in brackets are rows of section 2.1
 * of firmware_interface/README.md. Everything on the wire is little-endian.
 */
#ifndef EMGDETECT_WIRE_H
#define EMGDETECT_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EMGD_VERSION 1        /* of the wire [2.1.2] */
#define EMGD_FIRMWARE_MAJOR 1 /* of this code [2.1.20] */
#define EMGD_FIRMWARE_MINOR 0 /* [2.1.21] */

#define EMGD_HEADER 6
#define EMGD_CHECKSUM 4
#define EMGD_MAX_PAYLOAD 234
#define EMGD_MAX_FRAME 244 /* one notification at the usual ATT MTU of 247 */
#define EMGD_MAX_CHANNELS 8
#define EMGD_MAX_NAME 31
#define EMGD_SAMPLES_HEADER 12
#define EMGD_BATTERY_UNKNOWN 255

typedef enum { EMGD_SAMPLES = 1, EMGD_DESCRIPTION = 2, EMGD_STATUS = 3 } emgd_type;

typedef enum { EMGD_OTHER = 0, EMGD_RAW = 1, EMGD_ENV = 2, EMGD_REF = 3 } emgd_role;

/* What a channel is, and how much its signal was amplified: thousandths, 0 where nobody knows. */
typedef struct {
    uint8_t role;
    uint32_t gain_milli;
} emgd_channel;

typedef struct {
    uint32_t rate_millihertz;
    uint16_t vref_millivolt;
    uint8_t bits;
    bool is_signed;
    uint8_t watched; /* bit i: the hardware notices when the electrodes of channel i come off */
    uint8_t n_channels;
    emgd_channel channels[EMGD_MAX_CHANNELS];
    const char *name;
} emgd_description;

/* A frame while it is filled, and then as it is sent. */
typedef struct {
    uint8_t bytes[EMGD_MAX_FRAME];
    uint8_t length;
} emgd_frame;

/* The CRC-32 of Ethernet and zip over the bytes; begin with crc = 0. */
uint32_t emgd_crc(uint32_t crc, const uint8_t *bytes, uint16_t n_bytes);

/* Begin a frame, put its payload in, and close it with length and checksum. Beyond the largest payload
 * nothing is put in. */
void emgd_frame_begin(emgd_frame *frame, emgd_type type, uint8_t boot);
void emgd_put8(emgd_frame *frame, uint8_t value);
void emgd_put16(emgd_frame *frame, uint16_t value);
void emgd_put32(emgd_frame *frame, uint32_t value);
void emgd_frame_close(emgd_frame *frame);

/* Begin a frame of samples; the values follow with emgd_put16, all channels of a sample together. */
void emgd_samples_begin(emgd_frame *frame, uint8_t boot, uint32_t counter, uint32_t clock_us, uint16_t tag,
                        uint8_t off, uint8_t n_channels);

/* How many samples of each channel one frame takes: no longer than so many bytes, and no more than come in
 * so many milliseconds. A link that takes less than 64 bytes at a time cuts frames anyway. At least 1. */
uint8_t emgd_batch(const emgd_description *description, uint8_t max_bytes, uint8_t max_ms);

/* A whole frame that says what the board sends, and the tag by which sample frames refer to it. */
void emgd_describe(emgd_frame *frame, uint8_t boot, const emgd_description *description);
uint16_t emgd_tag(const emgd_description *description);

/* A whole frame that says how the board is. */
void emgd_status(emgd_frame *frame, uint8_t boot, uint8_t battery, uint8_t state, uint16_t overruns);

/* What the computer says: one word a line. */
typedef enum { EMGD_NOTHING, EMGD_START, EMGD_STOP, EMGD_PLOT, EMGD_UNKNOWN } emgd_command;

typedef struct {
    char line[6];
    uint8_t length;
} emgd_listener;

/* Take one byte and say which command it completes, if any. Capitals do not matter. */
emgd_command emgd_listen(emgd_listener *listener, uint8_t byte);

#ifdef __cplusplus
}
#endif
#endif
