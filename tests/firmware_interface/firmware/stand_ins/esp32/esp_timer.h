/* Stand-in for the ESP32's timers. */
#pragma once
#include <cstdint>

struct esp_timer_create_args_t {
    void (*callback)(void *);
    void *arg;
    int dispatch_method;
    const char *name;
    bool skip_unhandled_events;
};
typedef struct esp_timer *esp_timer_handle_t;
int64_t esp_timer_get_time();
int esp_timer_create(const esp_timer_create_args_t *settings, esp_timer_handle_t *made);
int esp_timer_start_periodic(esp_timer_handle_t timer, uint64_t period_us);
