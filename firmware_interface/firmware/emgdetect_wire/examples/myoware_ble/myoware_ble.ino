/* MyoWare 2.0 Wireless Shield (or another ESP32 with a muscle sensor) over Bluetooth, for emgdetect.
 *
 * Needs the library NimBLE-Arduino 2.x, from the library manager. Wiring and settings: config.h.
 * Samples are counted from power-up, connected or not, so that a lost link costs exactly what it lasted.
 */
#include <emgdetect_board.h>
#include <emgdetect_wire.h>

#include "config.h"
#include "ble_link.h"
#include "sampling.h"

static const emgd_description DESCRIPTION = {
  SAMPLING_RATE_MILLIHERTZ, VREF_MILLIVOLT, SAMPLING_BITS, false, 0, N_CHANNELS, CHANNELS, BOARD_NAME
};
/* Longer than over USB: the fewer notifications, the less there is to lose. */
static const uint8_t BATCH_MS = 40;
static emgd_board board;
static bool wasLinked = false;
static uint16_t room = 0;

static void hear(const char *line)
{
  while (*line) {
    emgd_board_hear(&board, (uint8_t)*line++, millis());
  }
}

static void followLink()
{
  bool isLinked = linkIsUp();
  if (wasLinked && !isLinked) {
    hear("\nSTOP\n");
  }
  wasLinked = isLinked;
  if (linkRoom() != room) {
    room = linkRoom();
    emgd_board_limit(&board, room < EMGD_MAX_FRAME ? (uint8_t)room : EMGD_MAX_FRAME, BATCH_MS);
  }
}

void setup()
{
#ifdef LED_PIN
  pinMode(LED_PIN, OUTPUT);
#endif
  linkBegin();
  emgd_board_begin(&board, &DESCRIPTION, nextBootNumber(), EMGD_WAITING, linkSend);
  samplingBegin();
}

void loop()
{
  followLink();
  uint8_t byte;
  while (linkReceive(&byte)) {
    emgd_board_hear(&board, byte, millis());
  }

  uint16_t values[N_CHANNELS];
  uint32_t counter;
  uint32_t clock;
  bool isIdle = true;
  while (samplingTake(values, &counter, &clock)) {
    emgd_board_sample(&board, counter, clock, 0, values);
    isIdle = false;
  }

  uint32_t now = millis();
  emgd_board_tick(&board, now, samplingOverruns());
#ifdef LED_PIN
  digitalWrite(LED_PIN, emgd_board_light(&board, wasLinked, now) ? HIGH : LOW);
#endif
  if (isIdle) {
    delay(1); /* lets the radio's own task run */
  }
}
