/* The channels of a MyoWare from what config.h says: PINS, CHANNELS and N_CHANNELS.
 *
 * RAW comes first: where a timer starts the converter, it is sampled exactly on time.
 */
#ifndef EMGDETECT_MYOWARE_H
#define EMGDETECT_MYOWARE_H

#include <stdint.h>

#include "emgdetect_wire.h"

static const uint8_t PINS[] = {
    RAW_PIN,
#ifdef ENV_PIN
    ENV_PIN,
#endif
#ifdef REF_PIN
    REF_PIN,
#endif
};

enum { N_CHANNELS = sizeof PINS / sizeof PINS[0] };

#define CHANNELS {CHANNEL_RAW CHANNEL_ENV CHANNEL_REF}
#define CHANNEL_RAW {EMGD_RAW, RAW_GAIN * 1000UL},
#ifdef ENV_PIN
#define CHANNEL_ENV {EMGD_ENV, ENV_GAIN * 1000UL},
#else
#define CHANNEL_ENV
#endif
#ifdef REF_PIN
#define CHANNEL_REF {EMGD_REF, 0},
#else
#define CHANNEL_REF
#endif

#endif
