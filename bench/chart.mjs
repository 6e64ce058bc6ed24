/** How far each case is from its goal, as a chart. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/**
 * One bar a case and size: how many times better than the goal (to the right) or worse (to the left), on a logarithmic scale.
 * @returns SVG text.
 */
export function chart(lines) {
  const rows = lines
    .filter(({ goal, noGoal }) => noGoal !== true && (goal.least !== undefined || goal.most !== undefined))
    .map(({ number, title, what, size, goal, ratio }) => {
      const better = (value) => (goal.least === undefined ? goal.most / value : value / goal.least);
      const sides = [better(ratio.least), better(ratio.most)];
      return {
        name: `${number}. ${title}: ${what}, ${size.toLocaleString('en-US')}`,
        better: better(ratio.median),
        low: Math.min(...sides),
        high: Math.max(...sides),
      };
    });
  const { document } = parseHTML('<html><body></body></html>');
  const figure = Plot.plot({
    document,
    width: 1000,
    height: 60 + rows.length * 22,
    marginLeft: 440,
    style: { background: 'white', color: '#1b1b1f', fontSize: '12px' },
    x: { type: 'log', label: 'times better than the goal →', grid: true, tickFormat: (value) => `${value}×` },
    y: { label: null, domain: rows.map(({ name }) => name) },
    marks: [
      Plot.ruleY(rows, {
        y: 'name',
        x1: 1,
        x2: 'better',
        strokeWidth: 9,
        stroke: ({ better }) => (better >= 1 ? '#2f7d4f' : '#b3541e'),
      }),
      Plot.ruleY(rows, { y: 'name', x1: 'low', x2: 'high', stroke: '#1b1b1f', strokeWidth: 1.5 }),
      Plot.ruleX([1], { stroke: '#1b1b1f' }),
    ],
  });
  figure.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `${figure.outerHTML}\n`;
}
