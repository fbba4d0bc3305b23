/* Uno, Nano, Mega: timer 1 starts the converter without any program in between, so the first channel has
 * no jitter at all. The others follow within 0.12 ms each. */
#ifdef __AVR__

#include "sampling.h"

#include <Arduino.h>
#include <avr/eeprom.h>
#include <avr/interrupt.h>
#include <emgdetect_ring.h>

/* Timer 1 cannot be slower than sampling.h allows. As to fast: a conversion takes 14 clocks of 8 us, and the
 * interrupt after it, with its copying, less than 20 us. */
static_assert(N_CHANNELS * (14 * 8 + 20) < 1000000 / RATE_HZ, "the converter is not that fast");

static emgd_ring ring;
static uint16_t values[N_CHANNELS];
static uint8_t channel = 0;

static uint8_t inputOf(uint8_t pin)
{
  return pin >= A0 ? pin - A0 : pin;
}

static void listenTo(uint8_t place)
{
  uint8_t input = inputOf(PINS[place]);
#ifdef MUX5
  ADCSRB = (ADCSRB & ~_BV(MUX5)) | (input & 8 ? _BV(MUX5) : 0);
#endif
  ADMUX = _BV(REFS0) | (input & 7);
}

ISR(ADC_vect)
{
  values[channel] = ADC;
  channel++;
  if (channel < N_CHANNELS) {
    listenTo(channel);
    ADCSRA |= _BV(ADSC);
    return;
  }
  channel = 0;
  listenTo(0);
  /* Nobody serves the timer's own interrupt, and only a flag that rises anew starts the converter. */
  TIFR1 = _BV(OCF1B);
  emgd_ring_put(&ring, values, micros());
}

void samplingBegin()
{
  emgd_ring_begin(&ring, N_CHANNELS);
  TCCR1A = 0;
  TCCR1B = _BV(WGM12) | _BV(CS11);
  OCR1A = TICKS - 1;
  OCR1B = TICKS - 1;
  ADCSRB = _BV(ADTS2) | _BV(ADTS0);
  listenTo(0);
  TCNT1 = 0;
  TIFR1 = _BV(OCF1B);
  ADCSRA = _BV(ADEN) | _BV(ADATE) | _BV(ADIE) | _BV(ADPS2) | _BV(ADPS1) | _BV(ADPS0);
}

bool samplingTake(uint16_t *out, uint32_t *counter, uint32_t *clock)
{
  noInterrupts();
  bool taken = emgd_ring_take(&ring, (1000000UL + RATE_HZ / 2) / RATE_HZ, out, counter, clock);
  interrupts();
  return taken;
}

uint16_t samplingOverruns()
{
  noInterrupts();
  uint16_t overruns = ring.overruns;
  interrupts();
  return overruns;
}

uint8_t nextBootNumber()
{
  uint8_t *place = 0;
  uint8_t number = eeprom_read_byte(place) + 1;
  eeprom_update_byte(place, number);
  return number;
}

#endif
