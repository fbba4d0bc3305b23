/* Stand-in for NimBLE-Arduino 2.x: the same names and signatures, for the few that the sketch uses. */
#pragma once
#include <cstdint>
#include <string>

struct NIMBLE_PROPERTY {
    enum : uint32_t { WRITE_NR = 4, WRITE = 8, NOTIFY = 16 };
};

class NimBLEConnInfo {
  public:
    uint16_t getConnHandle() const
    {
        return 1;
    }
};

class NimBLEAttValue {
  public:
    std::string bytes;
    uint16_t length() const
    {
        return (uint16_t)bytes.size();
    }
    const uint8_t *data() const
    {
        return (const uint8_t *)bytes.data();
    }
};

class NimBLECharacteristic;
class NimBLECharacteristicCallbacks {
  public:
    virtual ~NimBLECharacteristicCallbacks() {}
    virtual void onWrite(NimBLECharacteristic *, NimBLEConnInfo &) {}
};

class NimBLECharacteristic {
  public:
    std::string uuid;
    NimBLEAttValue value;
    NimBLECharacteristicCallbacks *callbacks = nullptr;
    void setCallbacks(NimBLECharacteristicCallbacks *wanted)
    {
        callbacks = wanted;
    }
    NimBLEAttValue getValue() const
    {
        return value;
    }
    bool notify(const uint8_t *bytes, size_t nBytes, uint16_t connection = 0xFFFF) const;
};

class NimBLEService {
  public:
    NimBLECharacteristic *createCharacteristic(const char *uuid, uint32_t properties);
    bool start();
};

class NimBLEServer;
class NimBLEServerCallbacks {
  public:
    virtual ~NimBLEServerCallbacks() {}
    virtual void onConnect(NimBLEServer *, NimBLEConnInfo &) {}
    virtual void onDisconnect(NimBLEServer *, NimBLEConnInfo &, int) {}
    virtual void onMTUChange(uint16_t, NimBLEConnInfo &) {}
};

class NimBLEServer {
  public:
    NimBLEServerCallbacks *callbacks = nullptr;
    void setCallbacks(NimBLEServerCallbacks *wanted, bool isOwned = true);
    NimBLEService *createService(const char *uuid);
    void updateConnParams(uint16_t connection, uint16_t shortest, uint16_t longest, uint16_t latency, uint16_t timeout);
};

class NimBLEAdvertising {
  public:
    bool addServiceUUID(const char *uuid);
    bool setName(const std::string &name);
    void enableScanResponse(bool isOn);
    bool start(uint32_t ms = 0);
};

class NimBLEDevice {
  public:
    static bool init(const std::string &name);
    static bool setMTU(uint16_t mtu);
    static NimBLEServer *createServer();
    static NimBLEAdvertising *getAdvertising();
    static bool startAdvertising(uint32_t ms = 0);
};
