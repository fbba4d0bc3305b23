/* MyoWare muscle sensor on an Arduino Uno, Nano or Uno R4, over USB, for emgdetect.
 *
 * Wiring and settings: config.h. What the light says: the README beside the library.
 * Samples are taken by a timer, counted, and sent in frames with a checksum; text lines for the Arduino
 * plotter come after the word PLOT in the serial monitor.
 */
#include <emgdetect_board.h>
#include <emgdetect_wire.h>

#include "config.h"
#include "sampling.h"

static const emgd_description DESCRIPTION = {
  SAMPLING_RATE_MILLIHERTZ, VREF_MILLIVOLT, SAMPLING_BITS, false, 0, N_CHANNELS, CHANNELS, BOARD_NAME
};
static emgd_board board;

static void sendBytes(const uint8_t *bytes, uint8_t nBytes)
{
  Serial.write(bytes, nBytes);
}

void setup()
{
  pinMode(LED_PIN, OUTPUT);
  Serial.begin(115200);
  emgd_board_begin(&board, &DESCRIPTION, nextBootNumber(), POWER_UP, sendBytes);
  samplingBegin();
}

void loop()
{
  while (Serial.available()) {
    emgd_board_hear(&board, (uint8_t)Serial.read(), millis());
  }

  uint16_t values[N_CHANNELS];
  uint32_t counter;
  uint32_t clock;
  if (samplingTake(values, &counter, &clock)) {
    emgd_board_sample(&board, counter, clock, 0, values);
  }

  uint32_t now = millis();
  emgd_board_tick(&board, now, samplingOverruns());
  digitalWrite(LED_PIN, emgd_board_light(&board, true, now) ? HIGH : LOW);
}
