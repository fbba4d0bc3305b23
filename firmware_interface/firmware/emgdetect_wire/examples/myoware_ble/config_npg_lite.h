/* NPG Lite of Upside Down Labs, three channels. Its gain is not published, so values are plain counts. The
 * pin that other boards have their light on drives its vibration motor, so there is no light. */
#ifndef CONFIG_NPG_LITE_H
#define CONFIG_NPG_LITE_H

#define BOARD_NAME "NPG Lite"
#define RATE_HZ 500
#define VREF_MILLIVOLT 3300

static const uint8_t PINS[] = {A0, A1, A2};

#define CHANNELS \
  { \
    {EMGD_RAW, 0}, {EMGD_RAW, 0}, {EMGD_RAW, 0}, \
  }

enum { N_CHANNELS = 3 };

#endif
