// From the first paint to the running app, in steps that a person can read out over the phone, and the way to a new
// version. The page knows the names of all files; this file knows none.
//
// What it agrees with the app (web/src), on `window`:
//   start.js → app   "soban-update"    a new version waits (also kept as <html data-update="waiting">)
//   app → start.js   "soban-activate"  the person wants it now: it takes over, and the page reloads once
// #start goes as soon as the module has started; the app has mounted by then.

const STEPS = [
  "Bước 1/3: tải ứng dụng",
  "Bước 2/3: khởi động",
  "Bước 3/3: mở sổ",
];

// What may go wrong, with the code to read out and what to do.
const FAILURES = {
  "KĐ-01": "Trình duyệt này quá cũ. Hãy cập nhật Chrome trên điện thoại rồi mở lại.",
  "KĐ-02": "Chưa tải được ứng dụng. Hãy ra chỗ có sóng rồi thử lại. Sổ đã ghi trên máy vẫn còn nguyên.",
  "KĐ-03": "Ứng dụng không khởi động được. Sổ đã ghi trên máy vẫn còn nguyên. Hãy thử lại; nếu vẫn vậy, báo mã lỗi cho cán bộ phụ trách.",
  "KĐ-04": "Địa chỉ này chưa an toàn (thiếu https), nên máy không giữ sổ được. Hãy hỏi cán bộ phụ trách địa chỉ đúng.",
};

const SLOW_MS = 15000;
const TAKE_OVER_MS = 4000;
const LOOK_AGAIN_MS = 60 * 60 * 1000;

const byId = (id) => document.getElementById(id);

class Failure extends Error {
  constructor(code, cause) {
    super(String(cause ?? code));
    this.code = code;
  }
}

const say = (step) => {
  byId("start-step").textContent = STEPS[step];
};

const show = (failure) => {
  const box = byId("start");
  if (!box) return;
  box.setAttribute("role", "alert");
  byId("start-step").textContent = FAILURES[failure.code];
  byId("start-note").textContent = `Mã lỗi: ${failure.code}`;
  const detail = document.createElement("p");
  detail.className = "start-detail";
  detail.textContent = failure.message;
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = "Thử lại";
  again.addEventListener("click", () => location.reload());
  box.append(again, detail);
};

const within = (ms, promise) => Promise.race([promise, new Promise((late) => setTimeout(late, ms, null))]);

const tookOver = () =>
  new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", () => done(true), { once: true }));

// A new version that waits takes over now if no other window uses the old one: nothing is open yet that it could
// disturb. True if this page must be loaded anew.
const takeOverIfAlone = async () => {
  const registration = await navigator.serviceWorker.getRegistration("./");
  const waiting = registration?.waiting;
  if (!waiting || !registration.active) return false;
  const changed = tookOver();
  const answer = new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => done(data);
    waiting.postMessage("activate-if-alone", [port2]);
  });
  return (await within(TAKE_OVER_MS, answer)) === true && (await within(TAKE_OVER_MS, changed)) === true;
};

// The page does not preload it: a worker that still streams an answer nobody reads never gives way to the next one.
const fetchModule = async () => {
  const answer = await fetch(new URL(byId("module").content, document.baseURI));
  // Some Wi-Fi answers everything with a page of its own.
  if (!answer.ok || answer.headers.get("content-type") !== "application/wasm") throw new Error(`HTTP ${answer.status}`);
  return answer;
};

const codeOf = (error) => {
  if (error instanceof WebAssembly.CompileError) return "KĐ-01";
  // What breaks off while it is read is a TypeError; so is a module that does not fit, but that names WebAssembly.
  return error instanceof TypeError && !error.message.includes("WebAssembly") ? "KĐ-02" : "KĐ-03";
};

const load = async () => {
  if (typeof WebAssembly !== "object" || !("indexedDB" in window)) throw new Failure("KĐ-01");
  if (!window.isSecureContext) throw new Failure("KĐ-04", location.origin);
  say(0);
  byId("start-note").textContent = "";
  const slow = setTimeout(() => {
    byId("start-note").textContent = "Mạng chậm, vẫn đang tải. Hãy giữ màn hình mở.";
  }, SLOW_MS);
  try {
    const [glue, module] = await Promise.all([import(byId("glue").href), fetchModule()]).catch((error) => {
      throw new Failure("KĐ-02", error);
    });
    say(1);
    await glue.default({ module_or_path: module });
    say(2);
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(codeOf(error), error);
  } finally {
    clearTimeout(slow);
  }
  byId("start")?.remove();
};

const announce = () => {
  document.documentElement.dataset.update = "waiting";
  window.dispatchEvent(new CustomEvent("soban-update"));
};

// Keeps the app for use without a network, and says when a newer one is here.
const keep = async () => {
  const workers = navigator.serviceWorker;
  const registration = await workers.register("./sw.js", { scope: "./", updateViaCache: "none" });
  const announceWhenWaiting = (worker) =>
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && registration.waiting && workers.controller) announce();
    });
  announceWhenWaiting(registration.installing);
  registration.addEventListener("updatefound", () => announceWhenWaiting(registration.installing));
  if (registration.waiting && workers.controller) announce();
  window.addEventListener("soban-activate", () => {
    const { waiting } = registration;
    if (!waiting) return;
    tookOver().then(() => location.reload());
    waiting.postMessage("activate");
  });
  // A phone may keep the app open for weeks; a browser looks for a new version only when a page is loaded.
  let looked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || Date.now() - looked < LOOK_AGAIN_MS) return;
    looked = Date.now();
    registration.update().catch(() => {});
  });
};

const start = async () => {
  if (await takeOverIfAlone().catch(() => false)) {
    location.reload();
    return;
  }
  await load();
  // Without it the app works, but only where there is a network; the next start tries again.
  await keep().catch((error) => console.warn("service worker:", error));
};

let newVersion = false;
navigator.serviceWorker?.addEventListener("controllerchange", () => (newVersion = true));

start().catch((error) => {
  // The version this page belongs to was replaced while it loaded: its files are gone, and the new page is here.
  if (newVersion) location.reload();
  else show(error instanceof Failure ? error : new Failure("KĐ-03", error));
});
