/**
 * Loaded into a host before everything else (`node --import`): times each statement that it sends, and writes at its end into the file that
 * `BENCH_STATEMENTS` names how long those took that name a table of its own, by the part that a case asks about.
 */
import { writeFileSync } from 'node:fs';
import pg from 'pg';

/** Statements that open work, or let something join it. */
const opens = (text) => text.includes('work_items') && !/contact_asks|notice_|events/.test(text);

const took = { opening: 0, all: 0, openings: 0 };
const query = pg.Client.prototype.query;

pg.Client.prototype.query = function timed(...args) {
  const text = typeof args[0] === 'string' ? args[0] : (args[0]?.text ?? '');
  const begun = performance.now();
  const note = () => {
    if (!/connector_host["\s]*\./.test(text)) return;
    const ms = performance.now() - begun;
    took.all += ms;
    if (!opens(text)) return;
    took.opening += ms;
    took.openings += 1;
  };
  const done = args.at(-1);
  if (typeof done === 'function') {
    args[args.length - 1] = (...result) => {
      note();
      done(...result);
    };
    return query.apply(this, args);
  }
  const answer = query.apply(this, args);
  if (typeof answer?.then === 'function') answer.then(note, () => undefined);
  return answer;
};

process.on('exit', () => writeFileSync(process.env.BENCH_STATEMENTS, JSON.stringify(took)));
