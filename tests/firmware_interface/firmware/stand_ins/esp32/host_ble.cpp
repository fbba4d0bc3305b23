/* The Bluetooth sketch on a computer: the stand-ins do what the test says, and keep what the sketch sends.
 *
 * Time passes only where the test or the sketch lets it; the timer's callback comes when it is due. The
 * converter reads the same key as that of the simulated Uno: the top bits of a hash of the conversion's number.
 */
#include <Arduino.h>
#include <NimBLEDevice.h>
#include <Preferences.h>
#include <esp_timer.h>

#include <map>
#include <string>

void setup();
void loop();

EspClass ESP;
static uint64_t nowUs = 0;
static uint64_t nextUs = 0;
static uint64_t periodUs = 0;
static void (*onTimer)(void *) = nullptr;
static uint32_t conversions = 0;
static uint8_t bits = 12;
static bool isLit = false;
static uint8_t boot = 0;
static NimBLEServer server;
static NimBLEService service;
static NimBLEAdvertising advertising;
static NimBLEConnInfo connection;
static std::map<std::string, NimBLECharacteristic> characteristics;
static std::string advertised;
static bool isAdvertising = false;
static bool isConnected = false;
static uint16_t mtu = 23;
static uint32_t refusals = 0;
static std::string sent; /* notifications: length in one byte, then the bytes */
static uint16_t longestInterval = 0;

static void pass(uint64_t us)
{
    uint64_t until = nowUs + us;
    while (periodUs && nextUs <= until) {
        nowUs = nextUs;
        nextUs += periodUs;
        onTimer(nullptr);
    }
    nowUs = until;
}

void portENTER_CRITICAL(portMUX_TYPE *guard)
{
    guard->isHeld = true;
}
void portEXIT_CRITICAL(portMUX_TYPE *guard)
{
    guard->isHeld = false;
}
uint32_t millis()
{
    return (uint32_t)(nowUs / 1000);
}
void delay(uint32_t ms)
{
    pass(ms * 1000ull);
}
void pinMode(uint8_t, uint8_t) {}
void digitalWrite(uint8_t, uint8_t level)
{
    isLit = level == HIGH;
}
uint16_t analogRead(uint8_t)
{
    return (uint16_t)((conversions++ * 2654435761u) >> (32 - bits));
}
void analogReadResolution(uint8_t wanted)
{
    bits = wanted;
}
bool Preferences::begin(const char *, bool)
{
    return true;
}
uint8_t Preferences::getUChar(const char *, uint8_t)
{
    return boot;
}
size_t Preferences::putUChar(const char *, uint8_t value)
{
    boot = value;
    return 1;
}
void Preferences::end() {}
int64_t esp_timer_get_time()
{
    return (int64_t)nowUs;
}
int esp_timer_create(const esp_timer_create_args_t *settings, esp_timer_handle_t *)
{
    onTimer = settings->callback;
    return 0;
}
int esp_timer_start_periodic(esp_timer_handle_t, uint64_t period)
{
    periodUs = period;
    nextUs = nowUs + period;
    return 0;
}
bool NimBLECharacteristic::notify(const uint8_t *bytes, size_t nBytes, uint16_t) const
{
    if (!isConnected || nBytes + 3 > mtu || refusals) {
        refusals -= refusals ? 1 : 0;
        return false;
    }
    sent.push_back((char)nBytes);
    sent.append((const char *)bytes, nBytes);
    return true;
}
NimBLECharacteristic *NimBLEService::createCharacteristic(const char *uuid, uint32_t)
{
    characteristics[uuid].uuid = uuid;
    return &characteristics[uuid];
}
bool NimBLEService::start()
{
    return true;
}
void NimBLEServer::setCallbacks(NimBLEServerCallbacks *wanted, bool)
{
    callbacks = wanted;
}
NimBLEService *NimBLEServer::createService(const char *)
{
    return &service;
}
void NimBLEServer::updateConnParams(uint16_t, uint16_t, uint16_t longest, uint16_t, uint16_t)
{
    longestInterval = longest;
}
bool NimBLEAdvertising::addServiceUUID(const char *uuid)
{
    advertised += uuid;
    return true;
}
bool NimBLEAdvertising::setName(const std::string &name)
{
    advertised += " " + name;
    return true;
}
void NimBLEAdvertising::enableScanResponse(bool) {}
bool NimBLEAdvertising::start(uint32_t)
{
    isAdvertising = true;
    return true;
}
bool NimBLEDevice::init(const std::string &)
{
    return true;
}
bool NimBLEDevice::setMTU(uint16_t)
{
    return true;
}
NimBLEServer *NimBLEDevice::createServer()
{
    return &server;
}
NimBLEAdvertising *NimBLEDevice::getAdvertising()
{
    return &advertising;
}
bool NimBLEDevice::startAdvertising(uint32_t)
{
    isAdvertising = true;
    return true;
}

extern "C" {
void ble_setup(void)
{
    setup();
}

/* Let the sketch run for so long. */
void ble_run(uint32_t ms)
{
    uint64_t until = nowUs + ms * 1000ull;
    while (nowUs < until) {
        loop();
        pass(100);
    }
}

/* A computer connects, and agrees on the size of messages when it likes. */
void ble_connect(void)
{
    isConnected = true;
    isAdvertising = false;
    mtu = 23;
    server.callbacks->onConnect(&server, connection);
}
void ble_agree(uint16_t agreed)
{
    mtu = agreed;
    server.callbacks->onMTUChange(agreed, connection);
}
void ble_disconnect(void)
{
    isConnected = false;
    server.callbacks->onDisconnect(&server, connection, 8);
}
void ble_write(const char *uuid, const char *bytes, uint32_t nBytes)
{
    NimBLECharacteristic &target = characteristics[uuid];
    target.value.bytes.assign(bytes, nBytes);
    target.callbacks->onWrite(&target, connection);
}

/* The radio is full for so many tries. */
void ble_refuse(uint32_t times)
{
    refusals = times;
}

uint32_t ble_take_sent(char *out)
{
    uint32_t n = (uint32_t)sent.size();
    memcpy(out, sent.data(), n);
    sent.clear();
    return n;
}
const char *ble_advertised(void)
{
    return advertised.c_str();
}
bool ble_is_advertising(void)
{
    return isAdvertising;
}
bool ble_is_lit(void)
{
    return isLit;
}
uint16_t ble_longest_interval(void)
{
    return longestInterval;
}
}
