/* Stand-in for the Uno R4's timers. */
#pragma once
#include <cstdint>

typedef enum { TIMER_MODE_PERIODIC } timer_mode_t;
struct timer_callback_args_t;
typedef void (*GPTimerCbk_f)(timer_callback_args_t *);

class FspTimer {
  public:
    static int8_t get_available_timer(uint8_t &type, bool force = false);
    static void force_use_of_pwm_reserved_timer();
    bool begin(timer_mode_t mode, uint8_t type, uint8_t channel, float hertz, float duty, GPTimerCbk_f callback = nullptr, void *context = nullptr);
    bool setup_overflow_irq(uint8_t priority = 12, void (*handler)() = nullptr);
    bool open();
    bool start();
};
