/* What a board does between its sensor and its link: listen, describe itself, pack samples, show a light.
 *
 * The same for USB and Bluetooth: a sketch hands in samples, received bytes and the time, and gets told what
 * to send. Numbers in brackets are rows of section 2.1 of firmware_interface/README.md.
 */
#ifndef EMGDETECT_BOARD_H
#define EMGDETECT_BOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "emgdetect_wire.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EMGD_DESCRIBE_EVERY_MS 2000 /* [2.1.40] */
#define EMGD_PLOT_LINES_PER_SECOND 250

typedef enum { EMGD_WAITING = 0, EMGD_STREAMING = 1, EMGD_PLOTTING = 2 } emgd_state;

typedef void (*emgd_sender)(const uint8_t *bytes, uint8_t n_bytes);

typedef struct {
    const emgd_description *description;
    emgd_sender send;
    emgd_listener listener;
    emgd_frame frame;   /* of samples, being filled */
    uint32_t expected;  /* number of the sample that continues it */
    uint32_t said_ms;   /* when the description was sent last */
    uint32_t lost_ms;   /* when samples were lost last */
    uint16_t tag;
    uint16_t plot_every; /* samples to a line of text */
    uint16_t overruns;
    uint8_t boot;
    uint8_t batch; /* samples to a frame */
    uint8_t in_frame;
    uint8_t off;
    uint8_t battery; /* percent, the sketch keeps it up to date */
    uint8_t state;
    bool is_losing;
} emgd_board;

/* boot: a number that differs from one power-up to the next. state: what it does unasked. */
void emgd_board_begin(emgd_board *board, const emgd_description *description, uint8_t boot, emgd_state state,
                      emgd_sender send);

/* Send frames of at most so many bytes, and at least every so many milliseconds. */
void emgd_board_limit(emgd_board *board, uint8_t max_bytes, uint8_t max_ms);

/* Take a received byte. */
void emgd_board_hear(emgd_board *board, uint8_t byte, uint32_t now_ms);

/* Take one sample of each channel. off: bit i is set while the electrodes of channel i are off. */
void emgd_board_sample(emgd_board *board, uint32_t counter, uint32_t clock_us, uint8_t off,
                       const uint16_t *values);

/* Do what is due; call it often. overruns: how many samples the sketch itself had to drop so far. */
void emgd_board_tick(emgd_board *board, uint32_t now_ms, uint16_t overruns);

/* Whether the light is on at this moment. */
bool emgd_board_light(const emgd_board *board, bool is_linked, uint32_t now_ms);

#ifdef __cplusplus
}
#endif
#endif
