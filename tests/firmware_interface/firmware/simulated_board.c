/* An Arduino Uno that is not there: runs firmware on the simulated chip, its USB port being a pseudo-terminal.
 *
 *     simulated_board FIRMWARE.elf SPEED
 *
 * SPEED 1 keeps the pace of a real board and, like one, loses what nobody reads; 0 goes as fast as the machine
 * and waits for the reader, so that nothing is lost. The first line it prints is "PTY /dev/pts/N". SIGUSR1
 * presses the reset button; SIGTERM, or the end of the parent, pulls the plug.
 *
 * Conversion n since power-up, whichever channel it is of, reads the top ten bits of n * 2654435761 modulo
 * 2^32 (Knuth's multiplicative hash), so that every sample tells its place.
 *
 * Links libsimavr (GPL-3), which is why this is a test tool and no part of the package.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <avr_adc.h>
#include <avr_timer.h>
#include <avr_uart.h>
#include <sim_avr.h>
#include <sim_elf.h>
#include <sim_interrupts.h>

enum {
    CLOCK_HZ = 16000000,
    SLICE = CLOCK_HZ / 1000, /* cycles between looks at the outside */
    SUPPLY_MV = 5000,
    FULL_SCALE = 1023,
    TIMER1_COMPARE_B = 12 /* interrupt vector of the ATmega328P */
};

typedef struct {
    avr_t *avr;
    uint32_t conversions;
    int port;
    bool waits; /* for its reader */
    bool may_talk;
    uint8_t out[4096];
    size_t n_out;
} board;

static volatile sig_atomic_t wants_reset = 0;
static volatile sig_atomic_t wants_end = 0;

static void on_signal(int number)
{
    if (number == SIGUSR1) {
        wants_reset = 1;
    } else {
        wants_end = 1;
    }
}

static void die(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

static void be_quiet(avr_t *avr, const int level, const char *format, va_list arguments)
{
    (void)avr, (void)level, (void)format, (void)arguments;
}

/* The converter asks for millivolts; it rounds down when it makes counts of them. */
static void on_conversion(struct avr_irq_t *irq, uint32_t value, void *param)
{
    board *self = param;
    union {
        uint32_t value;
        avr_adc_mux_t mux;
    } asked = {.value = value};
    uint32_t count = (self->conversions++ * 2654435761u) >> 22;
    uint32_t millivolts = (count * SUPPLY_MV + FULL_SCALE - 1) / FULL_SCALE;

    (void)irq;
    avr_raise_irq(avr_io_getirq(self->avr, AVR_IOCTL_ADC_GETIRQ, ADC_IRQ_ADC0 + (int)asked.mux.src), millivolts);
}

/* On the chip a compare match starts the converter by itself; simavr 1.6 has the input but not the wire. */
static void on_compare(struct avr_irq_t *irq, uint32_t value, void *param)
{
    board *self = param;

    (void)irq;
    if (value) {
        avr_raise_irq(avr_io_getirq(self->avr, AVR_IOCTL_ADC_GETIRQ, ADC_IRQ_IN_TRIGGER), 1);
    }
}

static void send_out(board *self)
{
    struct pollfd port = {.fd = self->port, .events = POLLOUT};
    size_t done = 0;

    while (done < self->n_out && !wants_end) {
        ssize_t n = write(self->port, self->out + done, self->n_out - done);
        if (n > 0) {
            done += (size_t)n;
        } else if (!self->waits) {
            break;
        } else {
            poll(&port, 1, 100);
        }
    }
    self->n_out = 0;
}

static void on_byte(struct avr_irq_t *irq, uint32_t value, void *param)
{
    board *self = param;

    (void)irq;
    self->out[self->n_out++] = (uint8_t)value;
    if (self->n_out == sizeof self->out) {
        send_out(self);
    }
}

static void on_room(struct avr_irq_t *irq, uint32_t value, void *param)
{
    (void)irq;
    if (value) {
        ((board *)param)->may_talk = true;
    }
}

static void on_full(struct avr_irq_t *irq, uint32_t value, void *param)
{
    (void)irq;
    if (value) {
        ((board *)param)->may_talk = false;
    }
}

static void take_in(board *self)
{
    avr_irq_t *input = avr_io_getirq(self->avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_INPUT);
    uint8_t byte;

    while (self->may_talk && read(self->port, &byte, 1) == 1) {
        avr_raise_irq(input, byte);
    }
}

static void open_port(board *self)
{
    struct termios raw;
    int far_end;

    self->port = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (self->port < 0 || grantpt(self->port) || unlockpt(self->port)) {
        die("no pseudo-terminal");
    }
    /* Held open so that the line stays up while no reader is there. */
    far_end = open(ptsname(self->port), O_RDWR | O_NOCTTY);
    if (far_end < 0 || tcgetattr(far_end, &raw)) {
        die("no far end");
    }
    cfmakeraw(&raw);
    tcsetattr(far_end, TCSANOW, &raw);
}

static void power_up(board *self, const char *path)
{
    elf_firmware_t firmware;
    uint32_t flags = 0;

    memset(&firmware, 0, sizeof firmware);
    if (elf_read_firmware(path, &firmware)) {
        die(path);
    }
    self->avr = avr_make_mcu_by_name("atmega328p");
    avr_init(self->avr);
    self->avr->frequency = CLOCK_HZ;
    avr_load_firmware(self->avr, &firmware);
    self->avr->frequency = CLOCK_HZ;
    self->avr->vcc = self->avr->avcc = self->avr->aref = SUPPLY_MV;
    avr_ioctl(self->avr, AVR_IOCTL_UART_SET_FLAGS('0'), &flags);
}

static void wire(board *self)
{
    avr_t *avr = self->avr;

    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_ADC_GETIRQ, ADC_IRQ_OUT_TRIGGER), on_conversion, self);
    avr_irq_register_notify(avr_get_interrupt_irq(avr, TIMER1_COMPARE_B) + AVR_INT_IRQ_PENDING, on_compare, self);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUTPUT), on_byte, self);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUT_XON), on_room, self);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUT_XOFF), on_full, self);
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void keep_pace(const board *self, double began, double speed)
{
    double ahead = (double)self->avr->cycle / CLOCK_HZ / speed - (seconds() - began);

    if (ahead > 0) {
        usleep((useconds_t)(ahead * 1e6));
    }
}

static int run(board *self, double speed)
{
    double began = seconds();
    avr_cycle_count_t next = 0;

    while (!wants_end) {
        int state = avr_run(self->avr);
        if (state == cpu_Done || state == cpu_Crashed) {
            return 1;
        }
        if (self->avr->cycle < next) {
            continue;
        }
        next = self->avr->cycle + SLICE;
        send_out(self);
        take_in(self);
        if (wants_reset) {
            wants_reset = 0;
            self->conversions = 0;
            avr_reset(self->avr);
        }
        if (speed > 0) {
            keep_pace(self, began, speed);
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    static board self;
    double speed = argc == 3 ? atof(argv[2]) : 1;
    int result;

    if (argc != 3) {
        fprintf(stderr, "usage: simulated_board FIRMWARE.elf SPEED\n");
        return 2;
    }
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    signal(SIGUSR1, on_signal);
    signal(SIGTERM, on_signal);
    avr_global_logger_set(be_quiet);
    self.waits = speed <= 0;
    self.may_talk = true;
    open_port(&self);
    printf("PTY %s\n", ptsname(self.port));
    fflush(stdout);
    power_up(&self, argv[1]);
    wire(&self);
    result = run(&self, speed);
    fprintf(stderr, "AVR %.6f s\n", (double)self.avr->cycle / CLOCK_HZ);
    return result;
}
