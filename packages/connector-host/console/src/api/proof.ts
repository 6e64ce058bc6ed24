/**
 * The session's second half, which only pages of this host have: the browser sends the cookie to every port of the name. It is kept for as
 * long as the tab, and handed to further tabs of this console that ask for it.
 */
const place = 'console-session-proof';

/** Only pages of the same origin hear each other here, and an origin has its port. */
const tabs = new BroadcastChannel('console-session');

/** How long another tab may take to answer, in milliseconds. */
const patience = 300;

type Message = { readonly ask: true } | { readonly proof: string };

let lastActive = Date.now();
function noteActivity(): void {
  lastActive = Date.now();
}
for (const kind of ['pointerdown', 'keydown', 'wheel'] as const) {
  window.addEventListener(kind, noteActivity, { passive: true, capture: true });
}

tabs.addEventListener('message', ({ data }: MessageEvent<Message>) => {
  const proof = sessionStorage.getItem(place);
  if ('ask' in data && proof !== null) tabs.postMessage({ proof } satisfies Message);
});

/** Keeps the proof of a session that began; `undefined` forgets it. */
export function keepProof(proof: string | undefined): void {
  if (proof === undefined) sessionStorage.removeItem(place);
  else sessionStorage.setItem(place, proof);
}

/** Whether this tab can call: it has the proof, or another tab gave it. */
export async function findProof(): Promise<boolean> {
  if (sessionStorage.getItem(place) !== null) return true;
  const given = await new Promise<string | undefined>((resolve) => {
    const hear = ({ data }: MessageEvent<Message>) => {
      if ('proof' in data) resolve(data.proof);
    };
    tabs.addEventListener('message', hear);
    setTimeout(() => {
      tabs.removeEventListener('message', hear);
      resolve(undefined);
    }, patience);
    tabs.postMessage({ ask: true } satisfies Message);
  });
  if (given !== undefined) keepProof(given);
  return given !== undefined;
}

/** Headers of every call. The page also asks by itself, which is no activity of the person who has it open. */
export function sessionHeaders(): Record<string, string> {
  const proof = sessionStorage.getItem(place);
  const idle = Math.floor((Date.now() - lastActive) / 1000);
  return proof === null ? {} : { 'x-session-proof': proof, 'x-idle-seconds': String(Math.min(idle, 999_999)) };
}
