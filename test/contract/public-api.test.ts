import { describePlugin } from './plugin.js';
import { publicApi } from './sandbox-vendor.js';

describePlugin(publicApi);
