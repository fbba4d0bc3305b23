/* The firmware's plain C behind flat functions, for Python's ctypes: one board, whose link is a buffer. */
#include <string.h>

#include "emgdetect_board.h"
#include "emgdetect_ring.h"
#include "emgdetect_wire.h"

static emgd_description description;
static char name[256];
static emgd_board board;
static emgd_ring ring;
static emgd_listener listener;
static uint8_t sent[1 << 20];
static uint32_t n_sent;

static void keep(const uint8_t *bytes, uint8_t n_bytes)
{
    memcpy(sent + n_sent, bytes, n_bytes);
    n_sent += n_bytes;
}

void host_describe(uint32_t rate_millihertz, uint8_t bits, bool is_signed, uint16_t vref_millivolt,
                   uint8_t watched, const char *called)
{
    strncpy(name, called, sizeof name - 1);
    description = (emgd_description){
        .rate_millihertz = rate_millihertz,
        .vref_millivolt = vref_millivolt,
        .bits = bits,
        .is_signed = is_signed,
        .watched = watched,
        .name = name,
    };
}

void host_channel(uint8_t role, uint32_t gain_milli)
{
    description.channels[description.n_channels++] = (emgd_channel){role, gain_milli};
}

void host_begin(uint8_t boot, uint8_t state)
{
    n_sent = 0;
    emgd_board_begin(&board, &description, boot, (emgd_state)state, keep);
}

void host_limit(uint8_t max_bytes, uint8_t max_ms)
{
    emgd_board_limit(&board, max_bytes, max_ms);
}

void host_battery(uint8_t percent)
{
    board.battery = percent;
}

void host_hear(const uint8_t *bytes, uint32_t n_bytes, uint32_t now_ms)
{
    for (uint32_t i = 0; i < n_bytes; i++) {
        emgd_board_hear(&board, bytes[i], now_ms);
    }
}

/* Samples one after the other, all channels together, by a clock that is the counter. */
void host_samples(uint32_t counter, const uint16_t *values, uint32_t n_samples, uint8_t off)
{
    for (uint32_t i = 0; i < n_samples; i++, counter++) {
        uint32_t clock = (uint32_t)((uint64_t)counter * 1000000000u / description.rate_millihertz);
        emgd_board_sample(&board, counter, clock, off, values + i * description.n_channels);
    }
}

void host_tick(uint32_t now_ms, uint16_t overruns)
{
    emgd_board_tick(&board, now_ms, overruns);
}

bool host_light(bool is_linked, uint32_t now_ms)
{
    return emgd_board_light(&board, is_linked, now_ms);
}

uint32_t host_take_sent(uint8_t *out)
{
    uint32_t n = n_sent;
    memcpy(out, sent, n);
    n_sent = 0;
    return n;
}

uint32_t host_crc(const uint8_t *bytes, uint16_t n_bytes)
{
    return emgd_crc(0, bytes, n_bytes);
}

uint16_t host_tag(void)
{
    return emgd_tag(&description);
}

int host_listen(uint8_t byte)
{
    return (int)emgd_listen(&listener, byte);
}

void host_ring_begin(uint8_t n_channels)
{
    emgd_ring_begin(&ring, n_channels);
}

void host_ring_put(const uint16_t *values, uint32_t clock_us)
{
    emgd_ring_put(&ring, values, clock_us);
}

bool host_ring_take(uint32_t period_us, uint16_t *values, uint32_t *counter, uint32_t *clock_us)
{
    return emgd_ring_take(&ring, period_us, values, counter, clock_us);
}

uint16_t host_ring_overruns(void)
{
    return ring.overruns;
}
