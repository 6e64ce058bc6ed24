import { describePlugin } from './plugin.js';
import { configApi } from './sandbox-vendor.js';

describePlugin(configApi, {
  D11: 'the Config API has no list of what it took, so after a lost answer a person decides',
});
