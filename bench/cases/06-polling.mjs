/** Status calls a day for people whose deletions stay open for thirty days, by virtual clock, with the host's own rule for the next look. */
import { nextPoll } from '../../packages/connector-host/dist/lifecycle/following/next-poll.js';
import { spread } from '../spread.mjs';

export const title = 'Polling';
export const goal = { name: 'most calls in a day', most: 2_400 };
export const sizes = [100_000, 1_000_000, 10_000_000];

const DAY = 86_400_000;
const DAYS = 30;

/** A random number that is the same in every run. */
function dice(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export async function run({ size, repeats }) {
  const open = Math.ceil(size / 5_000);
  const most = [];
  const mean = [];
  for (let seed = 1; seed <= repeats; seed += 1) {
    const random = dice(seed);
    const days = Array.from({ length: DAYS }, () => 0);
    for (let one = 0; one < open; one += 1) {
      for (let now = 0; ; ) {
        now = nextPoll({ acceptedAt: 0, now, open, random: random() });
        if (now >= DAYS * DAY) break;
        days[Math.floor(now / DAY)] += 1;
      }
    }
    most.push(Math.max(...days));
    mean.push(days.reduce((sum, calls) => sum + calls, 0) / DAYS);
  }
  return [
    {
      what: `${open} open regulations for 30 days`,
      size,
      ratio: spread(most),
      figures: {
        'ours, calls in the busiest day': spread(most),
        'ours, calls a day': spread(mean),
        'a look at each regulation every hour, calls a day': spread([open * 24]),
        'a look for each person every hour, calls a day': spread([size * 24]),
      },
    },
  ];
}
