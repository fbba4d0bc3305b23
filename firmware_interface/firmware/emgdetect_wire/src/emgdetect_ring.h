/* Samples on their way from the interrupt that takes them to the loop that sends them.
 *
 * Every sample is counted, also those there is no room for: what is missing later shows in the counter.
 * One side puts and the other takes; on a chip with several cores, or where an interrupt may strike while
 * 16 or 32 bits are moved, the sketch guards the calls that say so.
 */
#ifndef EMGDETECT_RING_H
#define EMGDETECT_RING_H

#include <stdbool.h>
#include <stdint.h>

#include "emgdetect_wire.h"

#ifndef EMGD_RING_VALUES
#ifdef __AVR__
#define EMGD_RING_VALUES 256 /* a quarter of a second at 1 kHz; the Uno has 2 kB of memory in all */
#else
#define EMGD_RING_VALUES 8192 /* Bluetooth may pause for seconds */
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    uint16_t values[EMGD_RING_VALUES];
    uint8_t n_channels;
    uint16_t n_sets; /* that fit */
    volatile uint16_t in;
    volatile uint16_t out;
    volatile uint32_t next;     /* number of the next set that is put in */
    volatile uint32_t newest_us; /* when the newest was put in */
    volatile bool spilling;     /* it was full: nothing is kept until all is taken out */
    volatile uint16_t overruns; /* sets that were not kept */
    uint32_t first;             /* number of the next set that is taken out */
} emgd_ring;

void emgd_ring_begin(emgd_ring *ring, uint8_t n_channels);

/* Put one sample of each channel in, taken at clock_us. For the interrupt. */
void emgd_ring_put(emgd_ring *ring, const uint16_t *values, uint32_t clock_us);

/* Take the oldest one out, with its number and when it was taken. False if there is none. Guard it. */
bool emgd_ring_take(emgd_ring *ring, uint32_t period_us, uint16_t *values, uint32_t *counter,
                    uint32_t *clock_us);

#ifdef __cplusplus
}
#endif
#endif
