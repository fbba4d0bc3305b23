/* Stand-in for the Uno R4's EEPROM library. */
#pragma once
#include <cstdint>

struct EEPROMClass {
    uint8_t read(int place);
    void write(int place, uint8_t value);
};
extern EEPROMClass EEPROM;
