import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { describeConnectorContract } from '../../src/testkit/index.js';
import { acmeOptions } from './acme/acme.js';

describeConnectorContract({ ...acmeOptions(), runner: { describe, test, beforeAll, afterAll } });
