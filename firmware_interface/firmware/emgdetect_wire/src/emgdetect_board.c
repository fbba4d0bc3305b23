#include "emgdetect_board.h"

#include <string.h>

enum { SHOW_LOSS_MS = 5000 };

static void say(emgd_board *board, const char *text)
{
    board->send((const uint8_t *)text, (uint8_t)strlen(text));
}

static void greet(emgd_board *board)
{
    say(board, "emgdetect board, ");
    say(board, board->description->name);
    say(board, ": send START, STOP or PLOT\r\n");
}

static void describe(emgd_board *board, uint32_t now_ms)
{
    emgd_frame frame;

    emgd_describe(&frame, board->boot, board->description);
    board->send(frame.bytes, frame.length);
    emgd_status(&frame, board->boot, board->battery, board->state, board->overruns);
    board->send(frame.bytes, frame.length);
    board->said_ms = now_ms;
}

static void flush(emgd_board *board)
{
    if (board->in_frame) {
        emgd_frame_close(&board->frame);
        board->send(board->frame.bytes, board->frame.length);
        board->in_frame = 0;
    }
}

void emgd_board_begin(emgd_board *board, const emgd_description *description, uint8_t boot, emgd_state state,
                      emgd_sender send)
{
    uint32_t every = description->rate_millihertz / 1000 / EMGD_PLOT_LINES_PER_SECOND;

    memset(board, 0, sizeof *board);
    board->description = description;
    board->boot = boot;
    board->state = (uint8_t)state;
    board->send = send;
    board->battery = EMGD_BATTERY_UNKNOWN;
    board->tag = emgd_tag(description);
    board->plot_every = every < 1 ? 1 : (uint16_t)every;
    emgd_board_limit(board, EMGD_MAX_FRAME, 25);
    greet(board);
    if (state == EMGD_STREAMING) {
        describe(board, 0);
    }
}

void emgd_board_limit(emgd_board *board, uint8_t max_bytes, uint8_t max_ms)
{
    flush(board);
    board->batch = emgd_batch(board->description, max_bytes, max_ms);
}

void emgd_board_hear(emgd_board *board, uint8_t byte, uint32_t now_ms)
{
    switch (emgd_listen(&board->listener, byte)) {
    case EMGD_START: /* also while it streams: computers repeat it in case the board was reset */
        board->state = EMGD_STREAMING;
        describe(board, now_ms);
        break;
    case EMGD_STOP:
        flush(board);
        board->state = EMGD_WAITING;
        break;
    case EMGD_PLOT:
        flush(board);
        board->state = EMGD_PLOTTING;
        break;
    case EMGD_UNKNOWN:
        if (board->state == EMGD_WAITING) {
            greet(board);
        }
        break;
    case EMGD_NOTHING:
        break;
    }
}

static uint8_t put_number(char *text, uint16_t value)
{
    char digits[5];
    uint8_t n_digits = 0;

    do {
        digits[n_digits++] = (char)('0' + value % 10);
        value = (uint16_t)(value / 10);
    } while (value);
    for (uint8_t i = 0; i < n_digits; i++) {
        text[i] = digits[n_digits - 1 - i];
    }
    return n_digits;
}

/* A line the Arduino plotter understands, as "RAW:512,ENV:30". */
static void plot(emgd_board *board, const uint16_t *values)
{
    static const char NAMES[4][4] = {"ADC", "RAW", "ENV", "REF"};
    const emgd_description *description = board->description;
    char line[EMGD_MAX_CHANNELS * 11 + 2];
    uint8_t length = 0;

    for (uint8_t i = 0; i < description->n_channels; i++) {
        uint8_t role = description->channels[i].role;
        uint16_t value = values[i];
        if (i) {
            line[length++] = ',';
        }
        memcpy(line + length, NAMES[role > EMGD_REF ? EMGD_OTHER : role], 3);
        length += 3;
        line[length++] = ':';
        if (description->is_signed && value > 0x7FFF) {
            line[length++] = '-';
            value = (uint16_t)(0 - value);
        }
        length = (uint8_t)(length + put_number(line + length, value));
    }
    line[length++] = '\r';
    line[length++] = '\n';
    board->send((const uint8_t *)line, length);
}

static void pack(emgd_board *board, uint32_t counter, uint32_t clock_us, uint8_t off, const uint16_t *values)
{
    uint8_t n_channels = board->description->n_channels;

    if (counter != board->expected || off != board->off) {
        flush(board);
    }
    if (!board->in_frame) {
        emgd_samples_begin(&board->frame, board->boot, counter, clock_us, board->tag, off, n_channels);
        board->off = off;
    }
    for (uint8_t i = 0; i < n_channels; i++) {
        emgd_put16(&board->frame, values[i]);
    }
    board->expected = counter + 1;
    if (++board->in_frame >= board->batch) {
        flush(board);
    }
}

void emgd_board_sample(emgd_board *board, uint32_t counter, uint32_t clock_us, uint8_t off,
                       const uint16_t *values)
{
    if (board->state == EMGD_STREAMING) {
        pack(board, counter, clock_us, off, values);
    } else if (board->state == EMGD_PLOTTING && counter % board->plot_every == 0) {
        plot(board, values);
    }
}

void emgd_board_tick(emgd_board *board, uint32_t now_ms, uint16_t overruns)
{
    if (overruns != board->overruns) {
        board->overruns = overruns;
        board->lost_ms = now_ms;
        board->is_losing = true;
    }
    if (now_ms - board->lost_ms >= SHOW_LOSS_MS) {
        board->is_losing = false;
    }
    if (board->state == EMGD_STREAMING && now_ms - board->said_ms >= EMGD_DESCRIBE_EVERY_MS) {
        describe(board, now_ms);
    }
}

bool emgd_board_light(const emgd_board *board, bool is_linked, uint32_t now_ms)
{
    uint32_t in_cycle = now_ms % 4000;

    if (!is_linked) { /* two flashes every other second */
        in_cycle %= 2000;
        return in_cycle < 60 || (in_cycle >= 240 && in_cycle < 300);
    }
    if (board->is_losing) { /* quick */
        return in_cycle % 200 < 100;
    }
    switch (board->state) {
    case EMGD_STREAMING: /* a night lamp it is not: one flash in four seconds */
        return in_cycle < 40;
    case EMGD_PLOTTING:
        return true;
    default: /* slow */
        return in_cycle % 2000 < 1000;
    }
}
