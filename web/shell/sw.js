// The app without a network. Cached whole, keyed by the build, and nothing clever: the files that the build lists are
// answered from the cache, everything else is the network's. A new version waits until a page asks for it, so nothing
// changes under a running app. The officer's desk and the feeds lie beside the app and are the network's. The build writes its name and its list here.

const BUILD = "{{build}}";
const FILES = ["{{files}}"];

const SCOPE = self.registration.scope;
// Several registers may live on one host, each below its path.
const MINE = `soban ${SCOPE} `;
const CACHE = MINE + BUILD;
const PAGE = new URL("index.html", SCOPE).href;
const BESIDE = /^(api|desk|odata)(\/|$)/;
const DIGESTS = new Map(FILES.map(([path, digest]) => [new URL(path, SCOPE).href, digest]));

// Exactly the bytes of this build, or none: a login page of some Wi-Fi, or a file of the next build, does not pass the
// digest. A name under app/ follows from the content, so an older build's copy or the browser's own will do.
const fetched = async (url, digest) => {
  const get = async (cache) => {
    const answer = await fetch(url, { cache, integrity: digest, credentials: "same-origin", redirect: "error" });
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return answer;
  };
  if (!url.startsWith(`${SCOPE}app/`)) return get("reload");
  return (await caches.match(url, { ignoreVary: true })) ?? get("default").catch(() => get("reload"));
};

const fill = async () => {
  try {
    const answers = await Promise.all([...DIGESTS].map(async ([url, digest]) => [url, await fetched(url, digest)]));
    const cache = await caches.open(CACHE);
    await Promise.all(answers.map(([url, answer]) => cache.put(url, answer)));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
};

const tidy = async () => {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(MINE) && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
};

const kept = async (url, request) => {
  const cache = await caches.open(CACHE);
  return (await cache.match(url, { ignoreVary: true })) ?? fetch(request);
};

const activateIfAlone = async (port) => {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const alone = windows.filter(({ url }) => url.startsWith(SCOPE)).length <= 1;
  port.postMessage(alone);
  if (alone) await self.skipWaiting();
};

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const [url] = request.url.split(/[?#]/);
  if (request.method !== "GET" || !url.startsWith(SCOPE) || BESIDE.test(url.slice(SCOPE.length))) return;
  if (request.mode === "navigate") event.respondWith(kept(PAGE, request));
  else if (DIGESTS.has(url)) event.respondWith(kept(url, request));
});

self.addEventListener("message", (event) => {
  if (event.data === "activate") event.waitUntil(self.skipWaiting());
  if (event.data === "activate-if-alone") event.waitUntil(activateIfAlone(event.ports[0]));
});
