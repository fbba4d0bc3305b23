/* Stand-in for the ESP32's store of settings. */
#pragma once
#include <cstdint>

class Preferences {
  public:
    bool begin(const char *name, bool isReadOnly = false);
    uint8_t getUChar(const char *key, uint8_t otherwise = 0);
    size_t putUChar(const char *key, uint8_t value);
    void end();
};
