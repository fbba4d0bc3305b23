/* Written for NimBLE-Arduino 2.x; the numbers in brackets are rows of section 2.1 of the wire table. */
#include "ble_link.h"

#include <Arduino.h>
#include <NimBLEDevice.h>

static const char *const SERVICE = "9bccc593-1c99-4014-b36f-b12420a65a97"; /* [2.1.60] */
static const char *const DATA = "9bccc594-1c99-4014-b36f-b12420a65a97";    /* [2.1.61] */
static const char *const CONTROL = "9bccc595-1c99-4014-b36f-b12420a65a97"; /* [2.1.62] */
static const uint16_t SMALLEST_MTU = 23;
static const uint16_t WANTED_MTU = 247;
static const uint8_t NOTIFICATION_HEADER = 3;
/* Units of 1.25 ms and of 10 ms. Windows takes the longest interval that is offered, so it has to be short. */
static const uint16_t SHORTEST_INTERVAL = 12;
static const uint16_t LONGEST_INTERVAL = 24;
static const uint16_t SUPERVISION_TIMEOUT = 400;
static const uint16_t PATIENCE_MS = 1000;

static NimBLECharacteristic *data;
static volatile bool isUp = false;
static volatile uint16_t mtu = SMALLEST_MTU;

/* Filled by the radio's task, emptied by the sketch; commands are a few bytes, rarely. */
static volatile uint8_t heard[64];
static volatile uint8_t heardIn = 0;
static volatile uint8_t heardOut = 0;

class OnLink : public NimBLEServerCallbacks {
  void onConnect(NimBLEServer *server, NimBLEConnInfo &info) override
  {
    mtu = SMALLEST_MTU;
    isUp = true;
    server->updateConnParams(info.getConnHandle(), SHORTEST_INTERVAL, LONGEST_INTERVAL, 0, SUPERVISION_TIMEOUT);
  }

  void onDisconnect(NimBLEServer *, NimBLEConnInfo &, int) override
  {
    isUp = false;
    NimBLEDevice::startAdvertising();
  }

  void onMTUChange(uint16_t changed, NimBLEConnInfo &) override
  {
    mtu = changed;
  }
};

class OnControl : public NimBLECharacteristicCallbacks {
  void onWrite(NimBLECharacteristic *control, NimBLEConnInfo &) override
  {
    NimBLEAttValue value = control->getValue();
    for (uint16_t i = 0; i < value.length(); i++) {
      uint8_t behind = (uint8_t)((heardIn + 1) % sizeof heard);
      if (behind != heardOut) {
        heard[heardIn] = value.data()[i];
        heardIn = behind;
      }
    }
  }
};

static OnLink onLink;
static OnControl onControl;

void linkBegin()
{
  char name[16];
  uint64_t chip = ESP.getEfuseMac();
  snprintf(name, sizeof name, "emgdetect-%02X%02X", (unsigned)(chip >> 32 & 0xFF), (unsigned)(chip >> 40 & 0xFF));
  NimBLEDevice::init(name);
  NimBLEDevice::setMTU(WANTED_MTU);
  NimBLEServer *server = NimBLEDevice::createServer();
  server->setCallbacks(&onLink, false);
  NimBLEService *service = server->createService(SERVICE);
  data = service->createCharacteristic(DATA, NIMBLE_PROPERTY::NOTIFY);
  NimBLECharacteristic *control = service->createCharacteristic(CONTROL, NIMBLE_PROPERTY::WRITE | NIMBLE_PROPERTY::WRITE_NR);
  control->setCallbacks(&onControl);
  service->start();
  /* The service's number fills the advertisement; the name goes into the answer to a scan. */
  NimBLEAdvertising *advertising = NimBLEDevice::getAdvertising();
  advertising->enableScanResponse(true);
  advertising->addServiceUUID(SERVICE);
  advertising->setName(name);
  advertising->start();
}

bool linkIsUp()
{
  return isUp;
}

uint16_t linkRoom()
{
  return mtu - NOTIFICATION_HEADER;
}

void linkSend(const uint8_t *bytes, uint8_t nBytes)
{
  uint32_t began = millis();
  while (nBytes && isUp) {
    uint16_t room = linkRoom();
    uint8_t piece = nBytes < room ? nBytes : (uint8_t)room;
    if (data->notify(bytes, piece)) {
      bytes += piece;
      nBytes -= piece;
    } else if (millis() - began > PATIENCE_MS) {
      return;
    } else {
      delay(2);
    }
  }
}

bool linkReceive(uint8_t *byte)
{
  if (heardIn == heardOut) {
    return false;
  }
  *byte = heard[heardOut];
  heardOut = (uint8_t)((heardOut + 1) % sizeof heard);
  return true;
}
