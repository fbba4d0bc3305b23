/* Samples at an even rate, by a timer of the ESP32. */
#ifndef SAMPLING_H
#define SAMPLING_H

#include <stdint.h>

#include "config.h"

#define SAMPLING_BITS 12
/* The timer counts whole microseconds, so the true rate may be a little off RATE_HZ; the true one is told. */
#define PERIOD_US ((1000000UL + RATE_HZ / 2) / RATE_HZ)
#define SAMPLING_RATE_MILLIHERTZ ((uint32_t)((1000000000UL + PERIOD_US / 2) / PERIOD_US))

void samplingBegin();

/* The oldest sample that was not taken yet, with its number and the board's clock in microseconds. */
bool samplingTake(uint16_t *values, uint32_t *counter, uint32_t *clock);

/* How many samples there was no room for, modulo 65536. */
uint16_t samplingOverruns();

/* A number that is another one after each power-up. */
uint8_t nextBootNumber();

#endif
