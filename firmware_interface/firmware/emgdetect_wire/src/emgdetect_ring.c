#include "emgdetect_ring.h"

void emgd_ring_begin(emgd_ring *ring, uint8_t n_channels)
{
    ring->n_channels = n_channels;
    ring->n_sets = (uint16_t)(EMGD_RING_VALUES / n_channels);
    ring->in = 0;
    ring->out = 0;
    ring->next = 0;
    ring->newest_us = 0;
    ring->spilling = false;
    ring->overruns = 0;
    ring->first = 0;
}

static uint16_t after(const emgd_ring *ring, uint16_t place)
{
    place++;
    return place == ring->n_sets ? 0 : place;
}

void emgd_ring_put(emgd_ring *ring, const uint16_t *values, uint32_t clock_us)
{
    uint16_t in = ring->in;
    uint16_t behind = after(ring, in);

    if (behind == ring->out) {
        ring->spilling = true;
    }
    if (ring->spilling) {
        ring->overruns++;
    } else {
        uint16_t *place = ring->values + in * ring->n_channels;
        for (uint8_t i = 0; i < ring->n_channels; i++) {
            place[i] = values[i];
        }
        ring->in = behind;
    }
    ring->next++;
    ring->newest_us = clock_us;
}

bool emgd_ring_take(emgd_ring *ring, uint32_t period_us, uint16_t *values, uint32_t *counter,
                    uint32_t *clock_us)
{
    const uint16_t *place;

    if (ring->in == ring->out) {
        if (ring->spilling) {
            ring->first = ring->next;
            ring->spilling = false;
        }
        return false;
    }
    place = ring->values + ring->out * ring->n_channels;
    for (uint8_t i = 0; i < ring->n_channels; i++) {
        values[i] = place[i];
    }
    *counter = ring->first;
    *clock_us = ring->newest_us - (ring->next - 1 - ring->first) * period_us;
    ring->first++;
    ring->out = after(ring, ring->out);
    return true;
}
