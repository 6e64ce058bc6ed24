import 'reflect-metadata';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import nock from 'nock';

// nock patches the HTTP modules of the whole worker: without restore() the next test file inherits a broken network.
beforeAll(() => {
  if (!nock.isActive()) nock.activate();
  nock.disableNetConnect();
  nock.enableNetConnect(/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/);
});
afterEach(() => {
  nock.cleanAll();
});
afterAll(() => {
  nock.restore();
});
