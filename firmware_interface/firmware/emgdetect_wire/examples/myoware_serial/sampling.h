/* Samples at an exact rate, by a timer: one file for each family of boards does it. */
#ifndef SAMPLING_H
#define SAMPLING_H

#include <stdint.h>

#include "config.h"

#if defined(__AVR__)
#define SAMPLING_BITS 10
#define TIMER_HZ (F_CPU / 8)
#elif defined(ARDUINO_ARCH_RENESAS)
#define SAMPLING_BITS 14
#define TIMER_HZ 1000000UL
#else
#error "This sketch is for Uno, Nano, Mega and Uno R4. For an ESP32 take myoware_ble."
#endif

static_assert(RATE_HZ >= 31 && RATE_HZ <= 2500, "RATE_HZ has to be between 31 and 2500");
/* Two bytes a value, with what goes around them: 86 % of 115200 baud. */
static_assert(RATE_HZ * N_CHANNELS <= 4500, "RATE_HZ is too fast for that many channels");

/* The timer counts whole ticks, so the true rate may be a little off RATE_HZ; the true one is what is told. */
#define TICKS ((TIMER_HZ + RATE_HZ / 2) / RATE_HZ)
#define SAMPLING_RATE_MILLIHERTZ ((uint32_t)((TIMER_HZ * 1000ULL + TICKS / 2) / TICKS))

void samplingBegin();

/* The oldest sample that was not taken yet, with its number and the board's clock in microseconds. */
bool samplingTake(uint16_t *values, uint32_t *counter, uint32_t *clock);

/* How many samples there was no room for, modulo 65536. */
uint16_t samplingOverruns();

/* A number that is another one after each power-up. */
uint8_t nextBootNumber();

#endif
