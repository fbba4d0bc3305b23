/* The timer's callback runs in a task of its own, above the sketch and the radio: jitter is some tens of
 * microseconds. A late call is made up for, so that the count stays right. Not yet run on a board. */
#include "sampling.h"

#include <Arduino.h>
#include <Preferences.h>
#include <emgdetect_ring.h>
#include <esp_timer.h>

static_assert(RATE_HZ >= 1 && RATE_HZ <= 2000, "between 1 and 2000 samples a second");
static_assert(sizeof PINS <= EMGD_MAX_CHANNELS, "too many channels");

static emgd_ring ring;
static portMUX_TYPE guard = portMUX_INITIALIZER_UNLOCKED;

static void onTimer(void *)
{
  uint16_t values[N_CHANNELS];
  uint32_t now = (uint32_t)esp_timer_get_time();
  for (uint8_t i = 0; i < N_CHANNELS; i++) {
    values[i] = analogRead(PINS[i]);
  }
  portENTER_CRITICAL(&guard);
  emgd_ring_put(&ring, values, now);
  portEXIT_CRITICAL(&guard);
}

void samplingBegin()
{
  emgd_ring_begin(&ring, N_CHANNELS);
  analogReadResolution(SAMPLING_BITS);
  esp_timer_create_args_t settings = {};
  settings.callback = onTimer;
  settings.name = "samples";
  esp_timer_handle_t timer;
  esp_timer_create(&settings, &timer);
  esp_timer_start_periodic(timer, PERIOD_US);
}

bool samplingTake(uint16_t *values, uint32_t *counter, uint32_t *clock)
{
  portENTER_CRITICAL(&guard);
  bool taken = emgd_ring_take(&ring, PERIOD_US, values, counter, clock);
  portEXIT_CRITICAL(&guard);
  return taken;
}

uint16_t samplingOverruns()
{
  return ring.overruns;
}

uint8_t nextBootNumber()
{
  Preferences kept;
  kept.begin("emgdetect");
  uint8_t number = kept.getUChar("boot") + 1;
  kept.putUChar("boot", number);
  kept.end();
  return number;
}
