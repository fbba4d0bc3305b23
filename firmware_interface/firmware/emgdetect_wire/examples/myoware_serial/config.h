/* Everything there is to set. Change a number, upload again. */
#ifndef CONFIG_H
#define CONFIG_H

#include <Arduino.h>
#include <emgdetect_board.h>

/* What the computer shows; up to 31 letters. With two boards, give each its own: "left calf". */
#ifndef BOARD_NAME
#define BOARD_NAME "MyoWare on Arduino"
#endif

/* Samples a second of each channel: 31 to 2500, with two channels up to 2250, with three up to 1500. */
#ifndef RATE_HZ
#define RATE_HZ 1000
#endif

/* Where the sensor's outputs are plugged in. RAW is the one to record. For ENV or REF as well, take the
 * slashes away; the more channels, the more bytes. */
#ifndef RAW_PIN
#define RAW_PIN A0
#endif
// #define ENV_PIN A1
// #define REF_PIN A2

/* The voltage of the board's converter: 5000 on Uno, Nano and Uno R4 (USB). Measure the 5V pin for better
 * microvolts. */
#ifndef VREF_MILLIVOLT
#define VREF_MILLIVOLT 5000
#endif

/* How much the sensor amplifies. MyoWare 2.0: RAW 200; ENV 200 * (1 + potentiometer in kilo-ohm), which
 * nobody knows before measuring it: 0. With 0 the values are shown as plain counts. */
#ifndef RAW_GAIN
#define RAW_GAIN 200
#endif
#ifndef ENV_GAIN
#define ENV_GAIN 0
#endif

/* What the board does before it is told anything: EMGD_WAITING (one line of text, then silence),
 * EMGD_PLOTTING (text for the plotter) or EMGD_STREAMING (frames at once). */
#ifndef POWER_UP
#define POWER_UP EMGD_WAITING
#endif

#ifndef LED_PIN
#define LED_PIN LED_BUILTIN
#endif

#include <emgdetect_myoware.h>

#endif
