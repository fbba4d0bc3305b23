/* Stand-in for the ESP32's Arduino core: only what the sketch uses, with a clock that the test turns. */
#pragma once
#include <cstdint>
#include <cstdio>
#include <cstring>

#define HIGH 1
#define LOW 0
#define OUTPUT 1
#define LED_BUILTIN 13
enum : uint8_t { A0 = 0, A1 = 1, A2 = 2, A3 = 3, A4 = 4, A5 = 5 };

struct portMUX_TYPE {
    bool isHeld;
};
#define portMUX_INITIALIZER_UNLOCKED {false}
void portENTER_CRITICAL(portMUX_TYPE *guard);
void portEXIT_CRITICAL(portMUX_TYPE *guard);

uint32_t millis();
void delay(uint32_t ms);
void pinMode(uint8_t pin, uint8_t mode);
void digitalWrite(uint8_t pin, uint8_t level);
uint16_t analogRead(uint8_t pin);
void analogReadResolution(uint8_t bits);

struct EspClass {
    uint64_t getEfuseMac()
    {
        return 0x2B1A44332211; /* the last two bytes are the chip's own */
    }
};
extern EspClass ESP;
