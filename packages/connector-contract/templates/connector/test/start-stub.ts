import { tokens, VendorStub } from './stub.js';

// Plays the vendor for a host that is tried out: npm run stub -- [port]
const stub = new VendorStub(Number(process.argv[2] ?? 4710));
const url = await stub.start();
const timer = setInterval(() => stub.advance(), 200);
process.stdout.write(
  `${JSON.stringify({ ready: true, url, token: tokens.full, config: stub.config('valid', url) })}\n`,
);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    clearInterval(timer);
    void stub.stop();
  });
}
