/* Stand-in for the Uno R4's Arduino core: names and signatures only, to compile against. */
#pragma once
#include <cstdint>
#include <cstring>

#define HIGH 1
#define LOW 0
#define OUTPUT 1
#define LED_BUILTIN 13
static const uint8_t A0 = 14, A1 = 15, A2 = 16;

unsigned long millis();
unsigned long micros();
void pinMode(uint8_t pin, int mode);
void digitalWrite(uint8_t pin, int level);
int analogRead(uint8_t pin);
void analogReadResolution(int bits);
void noInterrupts();
void interrupts();

struct Stream {
    void begin(unsigned long baud);
    int available();
    int read();
    size_t write(const uint8_t *bytes, size_t nBytes);
};
extern Stream Serial;
