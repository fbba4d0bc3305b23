/* Uno R4 Minima and WiFi: a timer's interrupt reads the converter, which takes some 20 us a channel.
 * Written after the core's documentation and not yet run on a board. */
#ifdef ARDUINO_ARCH_RENESAS

#include "sampling.h"

#include <Arduino.h>
#include <EEPROM.h>
#include <FspTimer.h>
#include <emgdetect_ring.h>

static emgd_ring ring;
static FspTimer timer;

static void onTimer(timer_callback_args_t *)
{
  uint16_t values[N_CHANNELS];
  uint32_t now = micros();
  for (uint8_t i = 0; i < N_CHANNELS; i++) {
    values[i] = (uint16_t)analogRead(PINS[i]);
  }
  emgd_ring_put(&ring, values, now);
}

void samplingBegin()
{
  emgd_ring_begin(&ring, N_CHANNELS);
  analogReadResolution(SAMPLING_BITS);
  uint8_t type = 0;
  int8_t which = FspTimer::get_available_timer(type);
  if (which < 0) {
    FspTimer::force_use_of_pwm_reserved_timer();
    which = FspTimer::get_available_timer(type, true);
  }
  timer.begin(TIMER_MODE_PERIODIC, type, (uint8_t)which, SAMPLING_RATE_MILLIHERTZ / 1000.0f, 50.0f, onTimer);
  timer.setup_overflow_irq();
  timer.open();
  timer.start();
}

bool samplingTake(uint16_t *out, uint32_t *counter, uint32_t *clock)
{
  noInterrupts();
  bool taken = emgd_ring_take(&ring, (1000000UL + RATE_HZ / 2) / RATE_HZ, out, counter, clock);
  interrupts();
  return taken;
}

uint16_t samplingOverruns()
{
  return ring.overruns;
}

uint8_t nextBootNumber()
{
  uint8_t number = EEPROM.read(0) + 1;
  EEPROM.write(0, number);
  return number;
}

#endif
