import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { describeConnectorContract } from 'connector-contract/testkit';
import { options } from './contract.js';

describeConnectorContract({ ...options, runner: { describe, test, beforeAll, afterAll } });
