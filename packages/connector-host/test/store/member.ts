/** A process of its own that uses the embedded server until its standard input ends. */
import { openLog } from '../../src/log.js';
import { joinServer } from '../../src/store/embedded/server.js';

const server = await joinServer({ dataDir: process.env['MEMBER_DATA'] ?? '', log: openLog({ level: 'fatal' }) });
process.stdout.write('ready\n');
process.stdin.resume();
process.stdin.on('end', () => void server.leave());
