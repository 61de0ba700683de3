// What Rust crates cannot ask of the browser, in as few words as possible. Every function is called by
// `glue.rs` and by nothing else.

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

export const idb_open = (name, shelves) =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      for (const shelf of shelves) request.result.createObjectStore(shelf);
    };
    request.onsuccess = () => {
      // A tab that deletes the database must not wait for this one.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });

export const idb_close = (database) => database.close();

export const idb_delete = (name) =>
  new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve(null);
    request.onerror = () => reject(request.error);
  });

export const idb_get = async (database, shelf, keys) => {
  const store = database.transaction(shelf, "readonly").objectStore(shelf);
  return Promise.all(keys.map((key) => settled(store.get(key))));
};

export const idb_all = async (database, shelf) => {
  const store = database.transaction(shelf, "readonly").objectStore(shelf);
  return Promise.all([settled(store.getAllKeys()), settled(store.getAll())]);
};

// Resolves when it is on disk, not when it is queued.
export const idb_write = (database, puts) =>
  new Promise((resolve, reject) => {
    const shelves = [...new Set(puts.map(([shelf]) => shelf))];
    if (shelves.length === 0) return resolve(null);
    const transaction = database.transaction(shelves, "readwrite", { durability: "strict" });
    transaction.oncomplete = () => resolve(null);
    transaction.onabort = () => reject(transaction.error ?? new DOMException("", "AbortError"));
    for (const [shelf, key, value] of puts) {
      const store = transaction.objectStore(shelf);
      if (value === null) store.delete(key);
      else store.put(value, key);
    }
  });

// Holds a lock of this origin until the page goes or `release` is called; false if another tab has it.
export const hold_lock = (name, steal) =>
  new Promise((resolve) => {
    if (!navigator.locks) return resolve(() => {});
    let released = false;
    const options = steal ? { steal: true } : { ifAvailable: true };
    navigator.locks
      .request(name, options, (lock) => {
        if (!lock) return resolve(null);
        return new Promise((release) =>
          resolve(() => {
            released = true;
            release();
          }),
        );
      })
      .catch(() => {
        if (!released) window.dispatchEvent(new CustomEvent("soban-lock-lost", { detail: name }));
      });
  });

export const persist = async () => {
  if (!navigator.storage?.persist) return "unknown";
  if (await navigator.storage.persisted()) return "granted";
  return (await navigator.storage.persist()) ? "granted" : "refused";
};

export const storage_estimate = async () => {
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return [usage, quota];
};

export const post = async (url, headers, body, timeout_ms) => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeout_ms);
  try {
    return await fetch(url, {
      method: "POST", headers, body, signal: stop.signal,
      cache: "no-store", credentials: "omit", redirect: "error",
    });
  } finally {
    clearTimeout(timer);
  }
};

// The next bytes of a response's body; null at its end. Silence beyond the timeout is a cut.
export const next_chunk = async (reader, timeout_ms) => {
  let timer;
  const silence = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new DOMException("", "TimeoutError")), timeout_ms);
  });
  try {
    const { done, value } = await Promise.race([reader.read(), silence]);
    return done ? null : value;
  } finally {
    clearTimeout(timer);
  }
};

export const sleep = (ms) => new Promise((later) => setTimeout(later, ms));

// `start.js` listens: it tells the waiting service worker to take over, and reloads when it has.
export const activate_update = () => window.dispatchEvent(new CustomEvent("soban-activate"));

export const where = () =>
  new Promise((resolve, reject) => {
    if (!navigator.geolocation) return reject(new DOMException("", "NotSupportedError"));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve([coords.latitude, coords.longitude, coords.altitude ?? 0, coords.accuracy]),
      (error) => reject(new DOMException("", ["", "NotAllowedError", "NotFoundError", "TimeoutError"][error.code])),
      // Who asks again wants a better answer, not the last one.
      { enableHighAccuracy: true, timeout: 30000, maximumAge: 0 },
    );
  });

// The share sheet if it takes files, else a download. True if it was shared.
export const hand_over = async (name, type, bytes) => {
  const file = new File([bytes], name, { type });
  if (navigator.canShare?.({ files: [file] })) {
    try {
      await navigator.share({ files: [file], title: name });
      return true;
    } catch (error) {
      if (error.name === "AbortError") return false;
    }
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  return true;
};

// The text of a QR code before the camera; null if the person stops, an error if there is no such camera.
export const can_scan = () => "BarcodeDetector" in window && !!navigator.mediaDevices?.getUserMedia;
export const scan = async (video) => {
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  video.srcObject = stream;
  await video.play();
  try {
    while (video.isConnected) {
      const [code] = await detector.detect(video);
      if (code) return code.rawValue;
      await new Promise((later) => setTimeout(later, 200));
    }
    return null;
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
};
