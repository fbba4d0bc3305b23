/* Everything there is to set. Change a number, upload again. */
#ifndef CONFIG_H
#define CONFIG_H

#include <Arduino.h>
#include <emgdetect_board.h>

/* Take the slashes away for an NPG Lite (ESP32-C6) in place of a MyoWare. */
// #define BOARD_NPG_LITE

#ifdef BOARD_NPG_LITE
#include "config_npg_lite.h"
#else

/* What the computer shows; up to 31 letters. With two boards, give each its own: "left calf". */
#ifndef BOARD_NAME
#define BOARD_NAME "MyoWare Wireless Shield"
#endif

/* Samples a second of each channel: 1 to 2000. */
#ifndef RATE_HZ
#define RATE_HZ 1000
#endif

/* On the Wireless Shield A3 is ENV, A4 is RAW and A5 is REF. RAW is the one to record. For ENV or REF as
 * well, take the slashes away. On an ESP32 without the shield, put the pin's number (one of ADC1). */
#ifndef RAW_PIN
#define RAW_PIN A4
#endif
// #define ENV_PIN A3
// #define REF_PIN A5

/* What the converter's full range is, about: an ESP32's is not very even, so microvolts are good to 10 %. */
#ifndef VREF_MILLIVOLT
#define VREF_MILLIVOLT 3300
#endif

/* How much the sensor amplifies. MyoWare 2.0: RAW 200; ENV 200 * (1 + potentiometer in kilo-ohm), which
 * nobody knows before measuring it: 0. With 0 the values are shown as plain counts. */
#ifndef RAW_GAIN
#define RAW_GAIN 200
#endif
#ifndef ENV_GAIN
#define ENV_GAIN 0
#endif

/* The light. Where the core knows none, put the pin's number here, or leave it dark. */
#ifdef LED_BUILTIN
#define LED_PIN LED_BUILTIN
#endif

#include <emgdetect_myoware.h>

#endif

#endif
