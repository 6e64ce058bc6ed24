import { afterAll, beforeAll, describe, test } from '@jest/globals';
import nock from 'nock';
import { describeConnectorContract } from '../../src/testkit/index.js';
import { acmeOptions } from './acme/acme.js';

// The kit plays broken connections: they must reach the socket as they are.
beforeAll(() => nock.restore());

describeConnectorContract({ ...acmeOptions(), runner: { describe, test, beforeAll, afterAll } });
