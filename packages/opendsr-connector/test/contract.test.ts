import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { type ContractVendor, describeConnectorContract } from 'connector-contract/testkit';
import { openDsrModule } from '../src/module.js';
import { Authority } from './processor/authority.js';
import { credentials, DOMAIN, Processor } from './processor/processor.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

let authority: Authority;
let processor: Processor;

const vendor: ContractVendor = {
  async start() {
    authority = await Authority.create();
    processor = new Processor(await authority.issue({ names: [DOMAIN] }));
    return processor.start();
  },
  stop: () => processor.stop(),
  reset() {
    processor.requests.clear();
    processor.refused.clear();
  },
  config(kind, origin) {
    processor.certificateAt = `${origin}/certificate.pem`;
    const bearerToken = {
      valid: credentials.full,
      'wrong-credential': 'no-such-token-8d1e',
      'missing-permission': credentials.readOnly,
    }[kind];
    return { baseUrl: `${origin}/v2`, bearerToken, processorDomain: DOMAIN };
  },
  state: () => [...processor.requests.values()].map((request) => ({ ...request })),
  erased: () => processor.erased(),
  advance: () => processor.advance(),
  refuse: (value) => void processor.refused.add(value),
};

describeConnectorContract({
  load: async () => openDsrModule({ authorities: [authority.certificate] }),
  manifest: JSON.parse(read('../manifests/opendsr.json')),
  package: { json: JSON.parse(read('../package.json')), manifestPath: './manifests/opendsr.json' },
  documentation: read('../SETUP.md'),
  entry: new URL('../dist/module.js', import.meta.url),
  fixtures: {
    savedConfigs: [
      { baseUrl: 'https://opendsr.processor.example/v2', bearerToken: 'abc' },
      {
        baseUrl: 'https://opengdpr.processor.example/v1',
        protocol: 'opengdpr-1',
        authKind: 'key-secret',
        apiKey: 'a-key',
        apiSecret: 'a-secret',
        regulation: 'ccpa',
        asyncDeletionBehavior: 'complete-on-submit',
        identityFormat: 'sha256',
        controllerId: '4308',
        processorDomain: 'opengdpr.processor.example',
        certificateUrl: 'https://static.processor.example/cert.pem',
      },
      { baseUrl: 'https://x.example', authKind: 'basic', username: 'me', password: 'pw', verifySignatures: false },
    ],
  },
  vendor,
  optOuts: { D23: 'the protocol has no word for a request that failed' },
  runner: { describe, test, beforeAll, afterAll },
});
