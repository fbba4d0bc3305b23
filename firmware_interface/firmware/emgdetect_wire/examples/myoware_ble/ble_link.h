/* The Bluetooth side: one service, one characteristic that sends and one that listens. */
#ifndef BLE_LINK_H
#define BLE_LINK_H

#include <stdint.h>

/* Show up as "emgdetect-1A2B" and wait for a computer. */
void linkBegin();

bool linkIsUp();

/* How many bytes one notification takes. */
uint16_t linkRoom();

/* Send bytes, in pieces if need be; waits while the radio is full, and gives up when the link is gone. */
void linkSend(const uint8_t *bytes, uint8_t nBytes);

/* The next byte the computer has sent, if any. */
bool linkReceive(uint8_t *byte);

#endif
